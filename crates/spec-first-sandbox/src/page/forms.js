// Forms for what the state of the API adds to the control API.
import { ask, byId, element } from "./control.js";
import { card } from "./state.js";

/** Shows these forms; none for most documents. */
export const show = (forms) => byId("forms").replaceChildren(...forms.map(form));

function form({ title, path, fields }) {
  const problem = Object.assign(element("p", "problem"), { role: "alert" });
  const reply = Object.assign(element("div"), { role: "status" });
  const inputs = fields.map(([name]) =>
    Object.assign(element("input"), { id: `${path}-${name}`, name, required: true, autocomplete: "off" }));
  const rows = fields.flatMap(([, meaning], index) => {
    const label = Object.assign(element("label", "", meaning), { htmlFor: inputs[index].id });
    return [label, element("div", "row", inputs[index])];
  });
  const button = Object.assign(element("button", "", "Send"), { type: "submit" });
  rows.at(-1).append(button);
  const made = element("form", "", ...rows, problem, reply);
  made.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    reply.replaceChildren();
    try {
      const answer = await ask("POST", `/${path}`, JSON.stringify(Object.fromEntries(new FormData(made))));
      reply.replaceChildren(card("Reply", answer, answer));
      problem.textContent = "";
      // What is written next is most likely for the same recipient.
      inputs.at(-1).value = "";
    } catch (error) {
      problem.textContent = error.message;
    }
    button.disabled = false;
    inputs.at(-1).focus();
  });
  return element("details", "writing", element("summary", "", title), made);
}
