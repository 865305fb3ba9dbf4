// Appointments to choose from: a chip for each free time, the soonest chosen.

import { dayOfWeek, timeOfDay } from "../clock.js";
import { fill, list, part, set } from "../list.js";

/** Draw `free` (instants, soonest first) into the `times` macro; a choice still free stays. */
export function drawTimes(box, free) {
  const before = chosenTime(box);
  const chosen = free.includes(before) ? before : free[0];
  set(part(box, "day"), "text", free.length ? dayOfWeek(free[0]) : "");
  list(part(box, "times"), free, {
    key: (at) => at,
    make: "time",
    fill: (node, at) => {
      Object.assign(node.querySelector("input"), { value: at, checked: at === chosen });
      fill(node, { time: timeOfDay(at) });
    },
  });
}

/** The time chosen, or null. */
export const chosenTime = (box) => box.querySelector("input:checked")?.value ?? null;
