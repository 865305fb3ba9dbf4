// What a page says of its own age, and of a clock that is wrong.

import { drift } from "./clock.js";
import { fill, say } from "./list.js";

const DRIFT_SHOWN = 30; // Seconds; rule 29.
const HOUR = 3600;

/** How far a clock is off, in a unit people count in: up to 90 min, up to 36 h, then days. */
function driftWords(seconds) {
  if (seconds <= 1.5 * HOUR) return say("drift", { minutes: Math.ceil(seconds / 60) });
  if (seconds <= 36 * HOUR) return say("drift-hours", { hours: Math.round(seconds / HOUR) });
  return say("drift-days", { days: Math.round(seconds / HOUR / 24) });
}

/** Keep every [data-stale] badge of the page in step: hidden while fresh, else the age in seconds. */
export function showFreshness(store) {
  const draw = () => {
    for (const badge of document.querySelectorAll("[data-stale]")) {
      badge.hidden = store.fresh !== false;
      const age = Math.round((performance.now() - store.heardAt) / 1000);
      fill(badge, { "age-words": say("stale", { age }) });
    }
    const off = Math.abs(drift());
    for (const note of document.querySelectorAll("[data-drift]")) {
      note.hidden = off <= DRIFT_SHOWN;
      fill(note, { "drift-words": driftWords(off) });
    }
  };
  store.on("fresh", draw);
  setInterval(draw, 1000);
}
