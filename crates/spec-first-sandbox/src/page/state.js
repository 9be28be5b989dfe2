// The current state, with changes highlighted.
import { ask, byId, element } from "./control.js";

/** How many entries are shown. */
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

/** Each member of the state that is an object is a collection of entries; deliveries come last. */
function show(state) {
  const { deliveries, ...others } = state;
  const collections = [...Object.entries(others), ["deliveries", deliveries]].filter(([, entries]) => isObject(entries));
  const cards = [];
  const sections = collections.map(([collection, entries]) => {
    const shown = Object.entries(entries).map(([key, entry]) => card(key, entry, before?.[collection]?.[key], "h4"));
    cards.push(...shown);
    return element("section", "collection", element("h3", "", collection), ...shown);
  });
  byId("entries").replaceChildren(...sections);
  before = Object.fromEntries(collections);
  reveal(byId("state"), byId("entries").querySelector(".is-changed"));
  const more = (state.total ?? cards.length) - cards.length;
  if (more > 0) note(`${more} more: GET /_sandbox/state lists all.`);
  else if (!state.stateful) note("No operation in this document keeps state.");
  else note(state.note ?? "");
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

/** A heading with the fields of an entry; those that differ from what was known are marked. */
export function card(key, entry, known, level = "h3") {
  const fields = element("dl");
  for (const [name, value] of Object.entries(fieldsOf(entry))) {
    const isChanged = before && JSON.stringify(fieldsOf(known)[name]) !== JSON.stringify(value);
    const shown = element("dd", isChanged ? "is-changed" : "", text(value));
    if (isChanged) shown.append(element("span", "mark", "changed"));
    fields.append(element("dt", "", name), shown);
  }
  return element("article", "entry", element(level, "", key), fields);
}

/** A value that is not an object is shown as its only field. */
const fieldsOf = (entry) => (isObject(entry) ? entry : { value: entry });

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value) => (value === null ? "—" : typeof value === "string" ? value : JSON.stringify(value));
