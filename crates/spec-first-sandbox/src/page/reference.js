// The reference of the served document. Swagger UI is loaded last, because it is the largest part.
import { complete } from "./access.js";
import { ask, byId, element, perform } from "./control.js";

/** The number of operations from which they are shown by tag only. */
const MANY = 60;

/** How many statuses and examples are offered. */
const OFFERED = 200;

function load(name, attributes) {
  return new Promise((resolve, reject) => {
    const made = Object.assign(document.createElement(name), attributes);
    made.onload = resolve;
    made.onerror = () => reject(new Error("the reference cannot be loaded: reload the page"));
    document.head.append(made);
  });
}

/** Shows the reference in this element. */
export async function start(viewer) {
  const [served, chosen] = await Promise.all([
    ask("GET", "/document"),
    ask("GET", "/examples"),
    showFlaws(),
    load("link", { rel: "stylesheet", href: "/_sandbox/page/swagger-ui.css" }),
    load("script", { src: "/_sandbox/page/swagger-ui.js" }),
  ]);
  // Must come after the style sheet that it overrides.
  await load("link", { rel: "stylesheet", href: "/_sandbox/page/reference.css" });
  complete(viewer);
  const preferences = preferencesOf(served).slice(0, OFFERED);
  byId("prefer").append(...preferences.map((each) => Object.assign(element("option", "", each), { value: each })));
  offerShapes(preferences.filter((each) => each.startsWith("example=")).map((each) => each.slice(8)), chosen.examples);
  const operations = Object.values(served.paths ?? {}).reduce((sum, item) => sum + Object.keys(item).length, 0);
  return new Promise((resolve) => {
    globalThis.SwaggerUIBundle({
      url: "/_sandbox/document",
      domNode: viewer,
      presets: [globalThis.SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      deepLinking: false,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      docExpansion: operations < MANY ? "list" : "none",
      tryItOutEnabled: true,
      // Otherwise, a document that is served elsewhere is sent to the vendor's validator.
      validatorUrl: null,
      // Otherwise, the browser prompts for a password on a 401, and withholds the response until then.
      requestInterceptor: (request) => {
        const prefer = byId("prefer").value;
        if (prefer) request.headers.Prefer = prefer;
        return Object.assign(request, { credentials: "omit" });
      },
      onComplete: resolve,
    });
  });
}

/** Offers the examples that replies to every program look like. */
function offerShapes(names, chosen) {
  const plain = names.map((name) => (name.startsWith('"') ? JSON.parse(name) : name));
  const several = plain.length > 1 ? [["each of these in turn", plain]] : [];
  const shapes = [...plain.map((name) => [`the example ${name}`, [name]]), ...several];
  const current = JSON.stringify(chosen);
  if (chosen.length > 0 && !shapes.some(([, each]) => JSON.stringify(each) === current)) {
    shapes.push([chosen.join(", then "), chosen]);
  }
  const shape = byId("shape");
  shape.append(...shapes.map(([label, each]) => Object.assign(element("option", "", label), { value: JSON.stringify(each) })));
  shape.value = current;
  byId("shapes").hidden = shapes.length === 0;
  shape.addEventListener("change", perform(() => ask("PUT", "/examples", shape.value), "Every program gets these answers now."));
}

/** What `Prefer` may ask for: the statuses and the named examples of the responses, each once. */
function preferencesOf(served) {
  const [codes, names] = [new Set(), new Set()];
  const visit = (node) => {
    if (typeof node !== "object" || node === null) return;
    for (const [key, value] of Object.entries(node)) {
      if (key === "responses" && value) Object.keys(value).filter((code) => /^[2-5]\d\d$/.test(code)).forEach((code) => codes.add(code));
      else if (key === "examples" && value && !Array.isArray(value)) Object.keys(value).forEach((name) => names.add(name));
      visit(value);
    }
  };
  visit([served.paths, served.components?.responses]);
  const quoted = [...names].map((name) => (/^[\w.-]+$/.test(name) ? name : JSON.stringify(name)));
  return [...[...codes].sort().map((code) => `code=${code}`), ...quoted.map((name) => `example=${name}`)];
}

/** Lists what is wrong with the document and was worked around. */
async function showFlaws() {
  const { flaws } = await ask("GET", "/flaws");
  byId("flaws").hidden = flaws.length === 0;
  byId("flaws").querySelector("summary").textContent = `Problems in the document (${flaws.length})`;
  byId("known-flaws").append(...flaws.flatMap(({ flaw, help }) => [element("dt", "", flaw), element("dd", "", help)]));
}
