// The line by lane: its door, who stands in it, and moving somebody by dragging or by keys.

import { minutesText, timeOfDay } from "../clock.js";
import { clone, fill, list, part, say, set } from "../list.js";
import { press } from "../press.js";
import { carrying } from "./organiser-move.js";
import { atWork } from "./organiser-numbers.js";
import { waitWords } from "./staff.js";

const STATES = { open: "open", full: "open", paused: "pause", closed: "close" };

/** Returns what draws the lanes of a view. `ticket(code)` opens one; `move(ticket, before)` asks why
 *  and moves it before another code. */
export function lanes(tent, { ticket, move }) {
  const node = document.getElementById("lanes");
  const carry = carrying({ open: ticket, move });
  return (view) => {
    if (carry.busy()) return; // The line must not shift under a finger.
    list(node, [...view.lanes].sort(busyFirst), {
      key: ({ lane }) => lane,
      make: ({ lane }) => made(lane, tent, carry),
      fill: (section, lane) => drawLane(section, lane, view),
    });
    carry.rove();
  };
}

const people = ({ waiting, held }) => waiting + held;
const rank = (lane) => (people(lane) ? 0 : lane.state === "closed" ? 2 : 1);
const busyFirst = (a, b) => rank(a) - rank(b);

function made(lane, tent, carry) {
  const section = clone("lane");
  set(section, "data-lane", lane);
  const name = say(`lane-${lane}`);
  for (const button of section.querySelectorAll(".lane__door")) {
    const { step } = button.dataset;
    press(button, {
      url: tent.ofLane(lane, step),
      undo: () => ({ text: say(`lane-${step}`, { lane: name }), url: tent.undo }),
    });
  }
  carry.watch(part(section, "line"));
  return section;
}

function drawLane(section, lane, view) {
  const line = view.tickets
    .filter((one) => one.lane === lane.lane && ["waiting", "held"].includes(one.state))
    .sort(inLine);
  fill(section, {
    mark: { href: `#mark-${lane.lane}` },
    name: say(`lane-${lane.lane}`),
    wait: laneWords(lane, view),
    full: { hidden: lane.state !== "full" },
    none: { hidden: line.length > 0 },
  });
  for (const button of section.querySelectorAll(".lane__door")) {
    set(button, "aria-pressed", String(STATES[lane.state] === button.dataset.step));
  }
  list(part(section, "line"), line, { key: ({ code }) => code, make: "spot", fill: drawSpot });
}

/** Those who wait by place, then those on hold by when they come back. */
function inLine(a, b) {
  if (a.state !== b.state) return a.state === "waiting" ? -1 : 1;
  if (a.state === "waiting") return (a.place ?? 999) - (b.place ?? 999);
  return (a.hold_until ?? "z").localeCompare(b.hold_until ?? "z");
}

function laneWords(lane, view) {
  const { wait, waiting, held } = lane;
  if (lane.state === "closed" && !waiting && !held) {
    return say("lane-hours", { from: timeOfDay(lane.opens_at), to: timeOfDay(lane.closes_at) });
  }
  if (!waiting && !held && !atWork(view)) return say("lane-idle");
  const words = say(waiting ? "lane-wait" : "lane-nobody", { waiting, wait: waitWords(wait) });
  return held ? `${words}, ${say("lane-held", { held })}` : words;
}

function drawSpot(node, ticket) {
  const card = node.firstElementChild;
  const late = isLate(ticket);
  set(node, "data-state", ticket.state);
  set(node, "data-late", late);
  set(card, "data-code", ticket.code);
  set(card, "aria-label", spokenSpot(ticket, late));
  fill(node, { code: ticket.code, when: whenWords(ticket) });
}

/** Unlikely to be done in time for their wave (rule 3). */
function isLate({ deadline_at: deadline, estimate, minutes }) {
  if (!deadline || !estimate) return false;
  return Date.parse(estimate.to) + minutes * 60_000 > Date.parse(deadline);
}

function whenWords(ticket) {
  if (ticket.state === "held") return say(`short-${ticket.hold ?? "staff"}`);
  if (ticket.estimate) return timeOfDay(ticket.estimate.to);
  return minutesText(ticket.minutes);
}

function spokenSpot(ticket, late) {
  const { code, place } = ticket;
  if (ticket.state === "held") return say("spot-held", { code, why: whenWords(ticket) });
  const words = say("spot-words", { code, place: place ?? "", time: whenWords(ticket) });
  return late ? `${words}, ${say("spot-late")}` : words;
}
