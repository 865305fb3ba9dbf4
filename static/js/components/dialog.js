import { fill } from "../list.js";

/** Open the dialog and wait for the value of the button pressed; null when it was dismissed. */
export function ask(id, parts = {}) {
  const dialog = document.getElementById(id);
  fill(dialog, parts);
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue || null), { once: true });
  });
}
