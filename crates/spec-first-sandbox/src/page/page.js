// Starts the parts of the page.
import { ask, byId, perform, say } from "./control.js";
import * as faults from "./faults.js";
import * as forms from "./forms.js";
import * as reference from "./reference.js";
import * as requests from "./requests.js";
import * as state from "./state.js";

async function introduce() {
  const { version, title, baseUrl, nonconformingResponses, forms: listed } = await ask("GET", "/");
  forms.show(listed);
  byId("title").textContent = title;
  byId("version").textContent = `sandbox ${version}`;
  byId("base-url").textContent = baseUrl;
  document.title = title;
  if (nonconformingResponses > 0) {
    say(`${nonconformingResponses} responses of the sandbox did not conform to the document and were replaced with a 500.`, true);
  }
}

for (const choice of document.getElementsByName("theme")) {
  choice.checked = choice.value === globalThis.theme.chosen;
  choice.addEventListener("change", () => globalThis.theme.choose(choice.value));
}

const copy = () => navigator.clipboard.writeText(byId("base-url").textContent);
byId("copy").addEventListener("click", perform(copy, "Address copied."));

const reset = async () => {
  await ask("POST", "/reset");
  requests.empty();
  state.refresh();
  await faults.refresh();
};
byId("reset").addEventListener("click", perform(reset, "The sandbox was reset to its initial state."));

const parts = [introduce(), requests.start(state.refresh, faults.recount), faults.start(), reference.start(byId("viewer"))];
for (const part of await Promise.allSettled(parts)) {
  if (part.status === "rejected") say(part.reason.message, true);
}
