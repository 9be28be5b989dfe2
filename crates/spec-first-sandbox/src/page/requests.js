// The requests as they arrive, newest first.
import { ask, byId, element, perform } from "./control.js";

/** How many requests are shown; the sandbox keeps more. */
const SHOWN = 200;

/** Delay before a broken stream is reopened, in milliseconds. */
const RETRY = 1000;

const list = byId("request-list");
let stream = null;
let last = 0;
/** How often the record was cleared, as last reported. */
let clears;
let isPaused = false;
let pending = [];
let retrying;

/** Shows the requests; calls `onState` whenever the state may have changed, and `onRequests` when requests arrive. */
export async function start(onState, onRequests) {
  await listNewest();
  const open = () => openStream({ onState, onRequests, open });
  const follow = () => {
    close();
    if (document.hidden || isPaused) return show("waiting", isPaused ? "paused" : "waiting");
    open();
  };
  // Browsers limit the connections to a host, so a hidden page must not occupy one.
  document.addEventListener("visibilitychange", follow);
  byId("pause").addEventListener("click", (event) => {
    isPaused = !isPaused;
    event.target.setAttribute("aria-pressed", isPaused);
    follow();
  });
  byId("clear").addEventListener("click", perform(forget, "Requests cleared."));
  byId("filter").addEventListener("input", () => [...list.children].forEach(filter));
  follow();
}

/** Clears the list after the sandbox cleared its record. */
export function empty() {
  pending = [];
  list.replaceChildren();
  byId("dropped").hidden = true;
  count();
}

async function forget() {
  await ask("DELETE", "/requests");
  empty();
}

async function listNewest() {
  const { count: total } = await ask("GET", `/requests?after=${Number.MAX_SAFE_INTEGER}&limit=1`);
  const { requests, dropped } = await ask("GET", `/requests?after=${Math.max(0, total - SHOWN)}`);
  byId("dropped").hidden = dropped === 0;
  byId("dropped").textContent = `${dropped} older requests were dropped to make room.`;
  pending.push(...requests);
  draw();
  last = Math.max(last, requests.at(-1)?.number ?? total);
}

function openStream({ onState, onRequests, open }) {
  stream = new EventSource(`/_sandbox/events?after=${last}`);
  stream.onopen = () => show("open", "live");
  stream.onerror = () => {
    close();
    show("broken", "not reachable");
    retrying = setTimeout(open, RETRY);
  };
  stream.addEventListener("state", onState);
  stream.addEventListener("cleared", (event) => {
    const { times } = JSON.parse(event.data);
    if (clears !== undefined && clears !== times) empty();
    clears = times;
  });
  stream.addEventListener("request", (event) => {
    last = Number(event.lastEventId) || last;
    if (pending.length === 0) requestAnimationFrame(announceAndDraw);
    onRequests();
    pending.push(event.data);
    // A load test sends more than anyone can read, so skip what would not be shown.
    if (pending.length > 2 * SHOWN) pending = pending.slice(-SHOWN);
  });
}

function close() {
  clearTimeout(retrying);
  stream?.close();
  stream = null;
}

function show(state, text) {
  byId("connection").dataset.state = state;
  byId("connection").textContent = text;
}

function announceAndDraw() {
  const came = draw();
  if (came.length === 0) return;
  const { method, target, status } = came.at(-1);
  const others = came.length > 1 ? `${came.length} requests, the last one: ` : "";
  byId("announcement").textContent = `${others}${method} ${target} returned ${status}`;
}

function draw() {
  const came = pending.slice(-SHOWN).map((each) => (typeof each === "string" ? JSON.parse(each) : each));
  pending = [];
  list.prepend(...came.map(entry).reverse());
  while (list.childElementCount > SHOWN) list.lastElementChild.remove();
  count();
  return came;
}

function count() {
  byId("request-count").textContent = list.childElementCount;
  byId("no-requests").hidden = list.childElementCount > 0;
}

function entry(request) {
  const summary = element(
    "summary",
    "",
    element("span", "method", request.method),
    element("span", "target", request.target),
    element("span", `status ${kind(request.status)}`, String(request.status)),
    element("span", "facts", facts(request)),
    ...request.problems.map((problem) => element("span", "problem", problem)),
  );
  if (request.fault) summary.append(element("span", "fault", `fault: ${request.fault}`));
  const details = element("details", "", summary);
  // Created on first opening: most are never opened.
  details.addEventListener("toggle", () => details.append(...exchange(request)), { once: true });
  const item = element("li", "request", details);
  item.value = request.number;
  filter(item);
  return item;
}

/** Hides a request unless its summary has every word of the filter. */
function filter(item) {
  const text = item.querySelector("summary").textContent.toLowerCase();
  item.hidden = !byId("filter").value.toLowerCase().split(" ").every((word) => text.includes(word));
}

const kind = (status) => (status < 400 ? "is-good" : status < 500 ? "is-refused" : "is-bad");

function facts({ time, operation }) {
  const clock = time ? new Date(time).toLocaleTimeString(undefined, { hour12: false }) : "";
  return [clock, operation ?? "no documented operation"].filter(Boolean).join(" · ");
}

function exchange(request) {
  const headers = element("dl", "headers");
  for (const [name, value] of request.headers) {
    headers.append(element("dt", "", name), element("dd", "", value));
  }
  const copy = Object.assign(element("button", "copy", "Copy as curl"), { type: "button" });
  copy.addEventListener("click", perform(() => navigator.clipboard.writeText(curl(request)), "Command copied."));
  return [
    ...text("Body", request.body),
    ...text("Response", request.response),
    element("details", "more", element("summary", "", `Headers (${request.headers.length})`), headers),
    copy,
  ];
}

function text(title, body) {
  if (!body) return [];
  const shown = element("pre", "", readable(body));
  shown.tabIndex = 0;
  shown.setAttribute("aria-label", title);
  return [element("h3", "", title), shown];
}

/** What sends the request again; what was redacted is left for the reader to fill in. */
export function curl({ method, target, headers, body }) {
  const quote = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const sent = headers.filter(([name]) => !["host", "content-length"].includes(name));
  return [
    `curl -X ${method} ${quote(location.origin + target)}`,
    ...sent.map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    ...(body ? [`--data-raw ${quote(body)}`] : []),
  ].join(" \\\n  ");
}

function readable(body) {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}
