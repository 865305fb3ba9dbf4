// The bar at the foot of a screen: one sentence, with ten seconds of undo where there is one.

import { clone, fill, part, say } from "./list.js";

const SECONDS = 10;

/** Show a sentence; with `undo` (an async function) also a button that takes it back. */
export function toast(text, { undo, seconds = SECONDS } = {}) {
  const place = document.querySelector("[data-toasts]");
  const bar = fill(clone("toast"), { text, undo: { hidden: !undo } });
  // One at a time: an older undo would take back the newer command.
  place.replaceChildren(bar);
  bar.style.setProperty("--seconds", `${seconds}s`);
  const timer = setTimeout(() => bar.remove(), seconds * 1000);
  part(bar, "undo").addEventListener("click", () => take(bar, undo, timer), { once: true });
  return bar;
}

async function take(bar, undo, timer) {
  clearTimeout(timer);
  bar.dataset.state = "sending";
  try {
    await undo();
    bar.remove();
  } catch (error) {
    bar.dataset.state = "refused";
    fill(bar, { text: error.problem?.detail || say("undo-failed"), undo: { hidden: true } });
    setTimeout(() => bar.remove(), 6000);
  }
}
