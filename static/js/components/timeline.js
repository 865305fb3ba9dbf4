import { now, timeOfDay } from "../clock.js";
import { clone, fill, list, part, set } from "../list.js";

const MINUTE = 60_000;

/** Draw the tables: `tables` is [{id, name, who, slots}], a slot {code, lane, state, start, end,
 *  words?, late?} with ISO instants and state done in_treatment called planned changeover break.
 *  Shows `minutes` before and after now. */
export function timeline(node, { tables, minutes = 60 }) {
  const window = { start: now() - minutes * MINUTE, length: 2 * minutes * MINUTE };
  fill(node, { "now-time": timeOfDay() });
  list(part(node, "hours"), hours(window, minutes), {
    key: (hour) => hour,
    make: "timeline-hour",
    fill: (mark, hour) => {
      mark.textContent = timeOfDay(hour);
      mark.style.setProperty("--at", place(hour, window));
    },
  });
  list(part(node, "rows"), tables, {
    key: (table) => table.id,
    make: "timeline-row",
    fill: (row, table) => drawTable(row, table, window),
  });
}

function drawTable(row, { name, who, slots }, window) {
  fill(row, { name, who });
  const shown = slots.filter(
    ({ start, end }) =>
      Date.parse(end) > window.start && Date.parse(start) < window.start + window.length,
  );
  list(part(row, "track"), shown, {
    key: (slot) => `${slot.code ?? slot.state} ${slot.start}`,
    make: ({ state }) => clone(state === "changeover" ? "timeline-gap" : "timeline-slot"),
    fill: (box, slot) => drawSlot(box, slot, window),
  });
}

function drawSlot(box, slot, window) {
  const from = Math.max(0, place(Date.parse(slot.start), window));
  const to = Math.min(1, place(Date.parse(slot.end), window));
  box.style.setProperty("--at", from);
  box.style.setProperty("--for", to - from);
  set(box, "data-lane", slot.lane);
  set(box, "data-state", slot.state);
  set(box, "data-late", Boolean(slot.late));
  set(box, "data-code", slot.code);
  set(box, "aria-label", slot.words);
  fill(box, { words: slot.state === "changeover" ? "" : (slot.code ?? slot.words ?? "") });
}

const place = (when, { start, length }) => (when - start) / length;

/** Every full half hour inside the window, but none under the mark of now. */
function hours(window, minutes) {
  const step = (minutes > 90 ? 60 : 15) * MINUTE;
  const marks = [];
  for (let at = Math.ceil(window.start / step) * step; at < window.start + window.length; at += step) {
    const where = place(at, window);
    if (where > 0.03 && where < 0.97 && Math.abs(where - 0.5) > 0.06) marks.push(at);
  }
  return marks;
}
