// Requests to the control API, and helpers for the DOM. Text from elsewhere is never treated as markup.

/** Sends a request to the control API. Throws an error that says what went wrong and what to do about it. */
export async function ask(method, path, body, type = "application/json") {
  const request = { method, cache: "no-store" };
  if (body !== undefined) {
    request.body = body;
    request.headers = { "content-type": type };
  }
  const response = await fetch(`/_sandbox${path}`, request);
  if (response.ok) return response.status === 204 ? null : response.json();
  const refusal = await response.json().catch(() => ({}));
  const words = [refusal.error ?? `the sandbox returned ${response.status}`, refusal.help];
  throw Object.assign(new Error(words.filter(Boolean).join(" — ")), { status: response.status });
}

/** Creates an element with classes and children; children are elements or text. */
export function element(name, classes = "", ...children) {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** The element with this ID. */
export const byId = (id) => document.getElementById(id);

let fading;

/** Shows a message: what was done, or why it failed. */
export function say(text, isProblem = false) {
  const message = byId("message");
  message.textContent = text;
  message.classList.toggle("is-problem", isProblem);
  clearTimeout(fading);
  // Errors stay until the next message.
  if (!isProblem) fading = setTimeout(() => (message.textContent = ""), 6000);
}

/** An event handler that runs an action and shows the result. */
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
