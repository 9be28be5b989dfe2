// The reference of the served document. Swagger UI is loaded last, because it is the largest part.
import { complete } from "./access.js";

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
  await Promise.all([
    load("link", { rel: "stylesheet", href: "/_sandbox/page/swagger-ui.css" }),
    load("script", { src: "/_sandbox/page/swagger-ui.js" }),
  ]);
  // Must come after the style sheet that it overrides.
  await load("link", { rel: "stylesheet", href: "/_sandbox/page/reference.css" });
  complete(viewer);
  return new Promise((resolve) => {
    globalThis.SwaggerUIBundle({
      url: "/_sandbox/document",
      domNode: viewer,
      presets: [globalThis.SwaggerUIBundle.presets.apis],
      layout: "BaseLayout",
      deepLinking: false,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      docExpansion: "list",
      tryItOutEnabled: true,
      // Otherwise, a document that is served elsewhere is sent to the vendor's validator.
      validatorUrl: null,
      // Otherwise, the browser prompts for a password on a 401, and withholds the response until then.
      requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
      onComplete: resolve,
    });
  });
}
