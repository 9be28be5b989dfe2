// Asks the control API, and makes elements: text from elsewhere only ever becomes text.

/** Sends a request to the control API; the error of a refusal says what to do about it. */
export async function ask(method, path, body, type = "application/json") {
  const request = { method, cache: "no-store" };
  if (body !== undefined) {
    request.body = body;
    request.headers = { "content-type": type };
  }
  const response = await fetch(`/_sandbox${path}`, request);
  if (response.ok) return response.status === 204 ? null : response.json();
  const refusal = await response.json().catch(() => ({}));
  const words = [refusal.error ?? `the sandbox answered ${response.status}`, refusal.help];
  throw Object.assign(new Error(words.filter(Boolean).join(" — ")), { status: response.status });
}

/** An element with classes and children; children are elements or text. */
export function element(name, classes = "", ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element of the page with this id. */
export const byId = (id) => document.getElementById(id);

let fading;

/** Says in the page what was done, or why it could not be done. */
export function say(text, isProblem = false) {
  const message = byId("message");
  message.textContent = text;
  message.classList.toggle("is-problem", isProblem);
  clearTimeout(fading);
  // What went wrong stays until something else is said.
  if (!isProblem) fading = setTimeout(() => (message.textContent = ""), 6000);
}

/** Runs what a person asked for, and says how it went. */
export function perform(action, done) {
  return async (event) => {
    event?.preventDefault();
    try {
      await action(event);
      say(done);
    } catch (error) {
      say(error.message, true);
    }
  };
}
