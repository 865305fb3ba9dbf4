// Sets the theme before the first paint, so it is the one script that is not a module.
// Switches carry data-theme-choice="auto|day|night|sunlight".
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const remembered = () => {
    try {
      return localStorage.getItem("theme") || "auto";
    } catch {
      return "auto";
    }
  };
  const show = (choice) => {
    root.dataset.theme = choice === "auto" ? (dark.matches ? "night" : "day") : choice;
    for (const button of document.querySelectorAll("[data-theme-choice]")) {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice));
      // Nobody chose: the device did, and this is what it shows.
      button.toggleAttribute("data-now", button.dataset.themeChoice === root.dataset.theme);
    }
  };
  // A screen may insist: <html data-theme-fixed="night">.
  const choice = () => root.dataset.themeFixed || remembered();
  show(choice());
  dark.addEventListener("change", () => show(choice()));
  document.addEventListener("DOMContentLoaded", () => show(choice()));
  document.addEventListener("click", (event) => {
    // A door tapped before its script has come over a slow network: join.js opens it then.
    root.dataset.tapped = event.target.closest?.("[data-door]")?.id ?? root.dataset.tapped ?? "";
    const button = event.target.closest?.("[data-theme-choice]");
    if (!button) return;
    try {
      localStorage.setItem("theme", button.dataset.themeChoice);
    } catch {
      // Private windows may refuse to remember; the choice then lasts as long as the page.
    }
    show(button.dataset.themeChoice);
  });
})();
