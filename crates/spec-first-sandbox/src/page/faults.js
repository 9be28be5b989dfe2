// The active faults, and a form to set one.
import { ask, byId, element, perform } from "./control.js";

/** Delay before the counts are refreshed after a request, in milliseconds. */
const PAUSE = 300;

let hasRules = false;
let waiting = null;

/** Shows the active and the available faults, and sets up the form. */
export async function start() {
  byId("clear-faults").addEventListener("click", perform(remove, "The faults are removed."));
  byId("fault-form").addEventListener("submit", set);
  const faults = await refresh();
  for (const { fault, meaning } of faults.known) {
    const name = Object.assign(element("button", "quiet", element("code", "", fault)), { type: "button" });
    name.addEventListener("click", (event) => {
      byId("fault").value = fault;
      set(event);
    });
    byId("fault-examples").append(Object.assign(element("option", "", meaning), { value: fault }));
    byId("known-faults").append(element("dt", "", name), element("dd", "", meaning));
  }
}

/** Fetches the faults and shows the active ones. */
export async function refresh() {
  const faults = await ask("GET", "/faults");
  show(faults);
  return faults;
}

/** Schedules a refresh of the counts. */
export function recount() {
  if (!hasRules) return;
  waiting ??= setTimeout(() => {
    waiting = null;
    // The next request tries again.
    refresh().catch(() => {});
  }, PAUSE);
}

function show({ rules }) {
  hasRules = rules.length > 0;
  byId("no-faults").hidden = hasRules;
  byId("clear-faults").hidden = !hasRules;
  const items = rules.map(({ rule, applied }) =>
    element("li", "", element("code", "", rule), element("span", "applied", `applied ${applied}×`)));
  byId("fault-list").replaceChildren(...items);
}

async function remove() {
  await ask("DELETE", "/faults");
  await refresh();
  byId("fault").focus();
}

async function set(event) {
  event.preventDefault();
  const [line, problem] = [byId("fault"), byId("fault-problem")];
  try {
    show(await ask("PUT", "/faults", line.value, "text/plain"));
    problem.textContent = "";
    line.removeAttribute("aria-invalid");
  } catch (error) {
    problem.textContent = error.message;
    line.setAttribute("aria-invalid", "true");
  }
}
