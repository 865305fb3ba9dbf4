// Fills the components that cannot stand still in a template, presses what a framed screen is shown
// with pressed, and takes the network away from the screens of the scene without one.
import { now } from "../clock.js";
import { drawTimes } from "../components/times.js";
import { timeline } from "../components/timeline.js";

const at = (minutes) => new Date(now() + minutes * 60_000).toISOString();
const slot = (code, lane, state, start, length, late) => ({
  code, lane, state, start: at(start), end: at(start + length), late,
});
const clean = (start) => ({ state: "changeover", start: at(start), end: at(start + 2) });

drawTimes(document.getElementById("appointments"), [960, 992, 1024, 1056, 1120].map(at));

timeline(document.getElementById("tables"), {
  tables: [
    { id: 1, name: "Table 1", who: "Ana", slots: [slot("R201", "recovery", "done", -50, 12), clean(-38), slot("R207", "recovery", "done", -35, 13), clean(-22), slot("R214", "recovery", "in_treatment", -6, 12), clean(6), slot("R219", "recovery", "planned", 8, 12), slot("R223", "recovery", "planned", 22, 12)] },
    { id: 2, name: "Table 2", who: "Ben", slots: [slot("W038", "warmup", "done", -44, 10), clean(-34), slot("W041", "warmup", "in_treatment", -14, 10, true), slot("R220", "recovery", "planned", 6, 12)] },
    { id: 3, name: "Table 3", who: "Chidi, student", slots: [slot("R205", "recovery", "done", -30, 15), { state: "break", words: "Break", start: at(-14), end: at(-4) }, slot("R217", "recovery", "called", -2, 3), slot("R217 ", "recovery", "planned", 2, 12), slot("N012", "nextday", "planned", 20, 30)] },
  ],
});

const SETTLED_MS = 1_500;
const settled = (steps = 1) => new Promise((done) => setTimeout(done, SETTLED_MS * steps));
const inTheDark = document.querySelector("[data-dark]");

async function framed(frame) {
  const { contentDocument: page, contentWindow: its } = frame;
  await settled();
  page.getElementById("sound-off")?.click();
  for (const what of frame.dataset.clicks.split("; ").filter(Boolean)) {
    page.querySelector(what)?.click();
    await settled(0.4);
  }
  if (inTheDark) goDark(its);
}

/** Nothing is answered any more, and the open line breaks with the next word on it. */
function goDark(its) {
  its.fetch = () => Promise.reject(new TypeError("no network"));
  its.WebSocket.prototype.send = function cut() {
    this.close();
  };
}

for (const frame of document.querySelectorAll("iframe")) {
  frame.addEventListener("load", () => framed(frame));
}
