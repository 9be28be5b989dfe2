// The faults in force, and a line to set one.
import { ask, byId, element, perform } from "./control.js";

/** How long requests are gathered before the faults are counted again, in milliseconds. */
const PAUSE = 300;

let hasRules = false;
let waiting = null;

/** Shows what is in force and what there is, and wires the form. */
export async function start() {
  byId("clear-faults").addEventListener("click", perform(remove, "Nothing goes wrong any more."));
  byId("fault-form").addEventListener("submit", set);
  const faults = await refresh();
  for (const { fault, meaning } of faults.known) {
    const name = element("code", "", fault);
    byId("fault-examples").append(Object.assign(element("option", "", meaning), { value: fault }));
    byId("known-faults").append(element("dt", "", name), element("dd", "", meaning));
  }
}

/** Asks for the faults again, and shows those in force. */
export async function refresh() {
  const faults = await ask("GET", "/faults");
  show(faults);
  return faults;
}

/** Counts again how often each fault struck, soon. */
export function recount() {
  if (!hasRules) return;
  waiting ??= setTimeout(() => {
    waiting = null;
    // The next request brings the next attempt.
    refresh().catch(() => {});
  }, PAUSE);
}

function show({ rules }) {
  hasRules = rules.length > 0;
  byId("no-faults").hidden = hasRules;
  byId("clear-faults").hidden = !hasRules;
  const items = rules.map(({ rule, struck }) =>
    element("li", "", element("code", "", rule), element("span", "struck", `struck ${struck}×`)));
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
