import { set } from "../list.js";

/** Make the body picture work. `chosen()` gives the areas, `choose(areas)` sets them. */
export function body(node, changed = () => {}) {
  const buttons = [...node.querySelectorAll("button[data-area]")];
  const pressed = (button) => button.getAttribute("aria-pressed") === "true";
  const chosen = () => buttons.filter(pressed).map((button) => button.dataset.area);
  const draw = () => {
    const areas = new Set(chosen());
    for (const shape of node.querySelectorAll("path[data-area]")) {
      set(shape, "data-chosen", areas.has(shape.dataset.area));
    }
    changed([...areas]);
  };
  const toggle = (area) => {
    const button = buttons.find((one) => one.dataset.area === area);
    set(button, "aria-pressed", pressed(button) ? "false" : "true");
    draw();
  };
  node.addEventListener("click", (event) => {
    const touched = event.target.closest("[data-area]");
    if (touched) toggle(touched.dataset.area);
  });
  return {
    chosen,
    choose(areas) {
      for (const button of buttons) {
        set(button, "aria-pressed", areas.includes(button.dataset.area) ? "true" : "false");
      }
      draw();
    },
  };
}
