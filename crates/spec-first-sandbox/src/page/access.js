// Makes Swagger UI accessible with a keyboard or a screen reader: adds names, and keeps the focus in the dialog.

/** Accessible names for controls that have none. */
const NAMES = {
  ".close-modal": () => "Close",
  ".copy-to-clipboard button": () => "Copy",
  ".body-param__text": () => "Request body",
  ".examples-select-element": () => "Example",
  // Swagger UI gives the fields of all API keys one id, so that only the first has its label.
  ".auth-container :is([type=text], [type=password])": (control) => {
    const scheme = control.closest(".auth-container").querySelector("h4 code")?.textContent;
    const label = control.closest(".wrapper")?.querySelector("label")?.textContent;
    return [scheme, label ?? "Value"].filter(Boolean).join(" ");
  },
  "tr[data-param-name] :is(input, select, textarea)": (control) => control.closest("tr").dataset.paramName,
};

/** Watches the viewer and adds what it lacks. */
export function complete(viewer) {
  const dialog = () => viewer.querySelector(".modal-ux");
  let isOpen = false;

  const follow = () => {
    nameControls(viewer);
    const shown = dialog();
    if (Boolean(shown) === isOpen) return;
    isOpen = !isOpen;
    if (shown) {
      for (const [name, value] of Object.entries({ role: "dialog", "aria-modal": "true", "aria-label": "Authorize" })) {
        shown.setAttribute(name, value);
      }
      (shown.querySelector("input") ?? shown.querySelector("button")).focus();
    } else {
      viewer.querySelector(".btn.authorize")?.focus();
    }
  };
  new MutationObserver(follow).observe(viewer, { childList: true, subtree: true });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") dialog()?.querySelector(".close-modal").click();
  });
  document.addEventListener("focusin", (event) => {
    const shown = dialog();
    if (shown && !shown.contains(event.target)) shown.querySelector("button, input").focus();
  });
}

function nameControls(viewer) {
  for (const [selector, name] of Object.entries(NAMES)) {
    for (const control of viewer.querySelectorAll(`${selector}:not([aria-label])`)) {
      control.setAttribute("aria-label", name(control));
    }
  }
}
