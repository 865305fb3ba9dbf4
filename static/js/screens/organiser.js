// The organiser's screen: five numbers, the tables, the line, what to look at. Everything else is
// one level down, in dialogs.

import { everySecond } from "../clock.js";
import { fill, say, set } from "../list.js";
import { press } from "../press.js";
import { alerts } from "./organiser-alerts.js";
import { badges } from "./organiser-badges.js";
import { dialogs } from "./organiser-dialogs.js";
import { lanes } from "./organiser-lanes.js";
import { madeUp } from "./organiser-made-up.js";
import { numbers } from "./organiser-numbers.js";
import { pastOf } from "./organiser-past.js";
import { tables } from "./organiser-tables.js";
import { openTent, showClock, undoSeconds } from "./staff.js";

const root = document.getElementById("organiser");
const tent = openTent(root);
const undo = document.getElementById("undo");
const past = pastOf(tent);
const open = dialogs(tent, past);
const removal = madeUp(tent);
document.getElementById("open-made-up").addEventListener("click", removal);
const parts = [
  numbers(),
  tables(past, open.ticket),
  lanes(tent, { ticket: open.ticket, move: open.move }),
  alerts(tent, { front: open.front, people: open.people, madeUp: removal }),
  open.draw,
  badges(tent),
];

function draw(view) {
  for (const part of parts) part(view);
  const announced = document.getElementById("announced");
  announced.hidden = !view.announcement;
  fill(announced, { announcement: view.announcement });
  tick();
}

let minute = 0;
function tick(at) {
  showClock();
  const { view } = tent.store;
  if (!view) return;
  const seconds = undoSeconds(view);
  set(undo, "aria-disabled", seconds > 0 ? null : "true");
  fill(undo, { words: seconds > 0 ? say("undo-seconds", { seconds }) : say("undo") });
  // The tables move on though nothing happens.
  if (at && Math.floor(at / 10_000) !== minute) {
    minute = Math.floor(at / 10_000);
    parts[1](view);
  }
}

press(undo, { url: tent.undo, body: () => ({ number: tent.store.view.undo.number }) });
tent.store.on("view", draw);
everySecond(tick);
