// Puts the theme on the page before anything is drawn; the switch is wired in `page.js`.
"use strict";

{
  const KEY = "sandbox-theme";
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  // A browser that keeps nothing for this page still shows it.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY) ?? "system";
    } catch {
      return "system";
    }
  };

  let chosen = remembered();

  const apply = () => {
    const isDark = chosen === "dark" || (chosen !== "light" && prefersDark.matches);
    const root = document.documentElement;
    root.dataset.theme = isDark ? "dark" : "light";
    // The name that Swagger UI looks for.
    root.classList.toggle("dark-mode", isDark);
  };

  prefersDark.addEventListener("change", apply);
  apply();

  globalThis.theme = {
    get chosen() {
      return chosen;
    },
    choose(value) {
      chosen = value;
      try {
        localStorage.setItem(KEY, value);
      } catch {
        // It holds until the page is left.
      }
      apply();
    },
  };
}
