// Applies the theme before anything is drawn; `page.js` sets up the switch.
"use strict";

{
  const KEY = "sandbox-theme";
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");

  // Storage may be blocked.
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
    // The class that Swagger UI looks for.
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
        // The choice lasts until the page is closed.
      }
      apply();
    },
  };
}
