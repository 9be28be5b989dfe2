// The current integrations, with changes highlighted.
import { ask, byId, element } from "./control.js";

/** How many integrations are shown. */
const SHOWN = 50;

/** Delay before a change is shown, in milliseconds. */
const PAUSE = 150;

let before = null;
let waiting = null;

/** Schedules a refresh of the state; calls in quick succession are combined. */
export function refresh() {
  waiting ??= setTimeout(async () => {
    waiting = null;
    try {
      show(await ask("GET", `/state?limit=${SHOWN}`));
    } catch (error) {
      note(error.message);
    }
  }, before ? PAUSE : 0);
}

function show({ integrations, total, everyProject, stateful }) {
  const projects = Object.entries(integrations);
  const shown = projects.map(([project, integration]) => card(project, integration));
  byId("integrations").replaceChildren(...shown);
  before = integrations;
  reveal(byId("state"), byId("integrations").querySelector(".is-changed"));
  const more = total - projects.length;
  if (more > 0) note(`${more} more: GET /_sandbox/state lists all.`);
  else if (!stateful) note("No operation in this document is stateful.");
  else if (everyProject) note("Any other project gets an integration on first use.");
  else if (total === 0) note("No project has an integration.");
  else note("");
}

/** Scrolls a change into view within its panel, without scrolling the page. */
function reveal(panel, changed) {
  if (!changed || panel.scrollHeight <= panel.clientHeight) return;
  const distance = changed.getBoundingClientRect().bottom - panel.getBoundingClientRect().bottom;
  if (distance > 0) panel.scrollTop += distance + changed.clientHeight;
}

function note(text) {
  byId("state-note").hidden = text === "";
  byId("state-note").textContent = text;
}

function card(project, integration) {
  const fields = element("dl");
  const known = before?.[project];
  for (const [name, value] of Object.entries(integration)) {
    const isChanged = before && JSON.stringify(known?.[name]) !== JSON.stringify(value);
    const shown = element("dd", isChanged ? "is-changed" : "", text(value));
    if (isChanged) shown.append(element("span", "mark", "changed"));
    fields.append(element("dt", "", name), shown);
  }
  return element("article", "integration", element("h3", "", project), fields);
}

const text = (value) => (value === null ? "—" : typeof value === "string" ? value : JSON.stringify(value));
