// What to look at, each with one thing to do about it.

import { timeOfDay } from "../clock.js";
import { clone, fill, list, part, say, set } from "../list.js";
import { press } from "../press.js";
import { atWork, lateByClose } from "./organiser-numbers.js";

const SHAPES = { red: "stop", amber: "warn", info: "person" };
const GROUPED = 2; // More of a kind than this are one line.

/** Returns what draws the alerts of a view. `front(code)`, `people()` and `madeUp()` open the
 *  dialogs. */
export function alerts(tent, { front, people, madeUp }) {
  const node = document.getElementById("alerts");
  return (view) => {
    const shown = [...ofTheDay(view), ...grouped(view.alerts)];
    document.getElementById("alerts-none").hidden = shown.length > 0;
    const urgent = shown.filter(({ level }) => level !== "info").length;
    document.getElementById("alerts-count").textContent = urgent ? String(urgent) : "";
    list(node, shown, {
      key: (one) => one.id,
      make: (one) => made(one, tent, { front, people, madeUp }),
      fill: drawAlert,
    });
  };
}

/** What no single ticket or therapist tells: nobody is at work, or too much is promised. */
function ofTheDay(view) {
  const found = [];
  const open = view.lanes.some(({ state }) => state === "open" || state === "full");
  if (open && !atWork(view)) found.push({ id: "nobody", text: say("alert-nobody") });
  const { late, close } = lateByClose(view);
  if (late) found.push({ id: "late", text: say("alert-late", { count: late, time: timeOfDay(close) }) });
  return found.map((one) => ({ ...one, kind: one.id, level: "red", action: "people" }));
}

/** Many therapists who could rest, or who go home soon, are one thing to think about. */
function grouped(all) {
  let shown = all;
  for (const kind of ["break", "shift"]) {
    const alike = all.filter((one) => one.kind === kind);
    if (alike.length <= GROUPED) continue;
    const text = say(`alert-${kind}s`, { count: alike.length });
    shown = [...shown.filter((one) => one.kind !== kind), { id: `${kind}s`, kind: `${kind}s`, level: "info", action: "people", text }];
  }
  return shown;
}

function made(alert, tent, { front, people, madeUp }) {
  const node = clone("alert");
  const button = node.querySelector("button");
  if (alert.action === "move") button.addEventListener("click", () => front(alert.ticket));
  else if (alert.action === "people") button.addEventListener("click", people);
  else if (alert.action === "made-up") button.addEventListener("click", madeUp);
  else if (alert.action === "medical") button.addEventListener("click", () => location.assign(tent.medical));
  else if (alert.action) press(button, { url: () => addressOf(alert, tent) });
  return node;
}

function addressOf({ action, ticket, therapist, id }, tent) {
  if (action === "break") return tent.ofTherapist(therapist, "break");
  if (action === "open") return tent.ofLane(id.split(":")[1], "open");
  return tent.ofTicket(ticket, action);
}

function drawAlert(node, alert) {
  set(node, "data-level", alert.level);
  part(node, "box").hidden = !alert.action;
  fill(node, {
    text: alert.text,
    shape: { href: `#mark-${SHAPES[alert.level] ?? "warn"}` },
    do: alert.action ? say(`do-${alert.action}`, { code: alert.ticket }) : "",
  });
}
