// The tables as a timeline: what was, from the log; what is, from the view; what is likely to come,
// by giving the line to the tables as they come free. A picture, not a promise.

import { now } from "../clock.js";
import { timeline } from "../components/timeline.js";
import { say, set } from "../list.js";
import { MINUTE, iso, slot } from "./organiser-past.js";

const WINDOW = 60; // Minutes to each side of now.
const SLIVER = 5; // Minutes; a slot cut shorter by the edge says nothing.

/** Returns what draws the tables of a view; a slot that is pressed opens its ticket. */
export function tables(past, openTicket) {
  const node = document.getElementById("timeline");
  node.addEventListener("click", (event) => {
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (code) openTicket(code);
  });
  const draw = (view) => {
    past.follow(view, draw);
    const rows = rowsOf(view, past.slots);
    document.getElementById("no-tables").hidden = rows.length > 0;
    node.hidden = !rows.length;
    timeline(node, { tables: rows, minutes: WINDOW });
    for (const slot of node.querySelectorAll(".timeline__slot")) {
      // Past slots have no ticket to open.
      set(slot, "tabindex", slot.dataset.state === "done" || slot.dataset.state === "break" ? "-1" : null);
    }
  };
  return draw;
}

function rowsOf(view, past) {
  const tickets = new Map(view.tickets.map((ticket) => [ticket.code, ticket]));
  const rows = view.therapists.map((therapist) => ({
    therapist,
    id: therapist.id,
    name: say("table", { table: therapist.table }),
    who: who(therapist),
    slots: [...(past.get(therapist.id) ?? []).filter(isShown), ...present(therapist, tickets)],
  }));
  plan(view, rows);
  return rows
    .filter((row) => row.therapist.state !== "off" || row.slots.length > 0)
    .sort((a, b) => a.therapist.table - b.therapist.table);
}

const isShown = ({ end }) => Date.parse(end) > now() - (WINDOW - SLIVER) * MINUTE;

function who({ name, role, state }) {
  if (state === "off") return say("who-off");
  return role === "student" ? say("who-student", { name: name.split(" ")[0] }) : name;
}

/** What stands on the table now, and who is already walking to it. */
function present(therapist, tickets) {
  const found = [];
  const since = Date.parse(therapist.since);
  const until = Math.max(Date.parse(therapist.until) || 0, now() + MINUTE / 2);
  const ticket = tickets.get(therapist.ticket);
  if (therapist.state === "break") {
    found.push({ state: "break", words: say("break"), start: iso(since), end: iso(until) });
  } else if (therapist.state === "changeover") {
    found.push({ state: "changeover", start: iso(since), end: iso(until) });
  } else if (ticket?.state === "in_treatment") {
    const late = Date.parse(ticket.planned_end_at) + 2 * MINUTE < now();
    found.push(slot(ticket.code, ticket.lane, "in_treatment", Date.parse(ticket.started_at), until, { late }));
  } else if (ticket?.state === "called") {
    const start = Date.parse(ticket.called_at);
    const end = Math.max(now(), start + MINUTE) + ticket.minutes * MINUTE;
    found.push(slot(ticket.code, ticket.lane, "called", start, end));
  }
  const next = tickets.get(therapist.next);
  if (next) {
    const start = lastEnd(found) + 2 * MINUTE;
    found.push(slot(next.code, next.lane, "called", start, start + next.minutes * MINUTE));
  }
  return found;
}

const lastEnd = (slots) => Math.max(now(), ...slots.map(({ end }) => Date.parse(end)));

/** Give the line to the tables in its order, each runner to the first table that comes free. */
function plan(view, rows) {
  const free = new Map(
    rows
      .filter(({ therapist }) => therapist.state !== "off" && !therapist.leaving)
      .map((row) => [row, lastEnd(row.slots) + (row.slots.length ? 2 * MINUTE : 0)]),
  );
  const closes = new Map(view.lanes.map((lane) => [lane.lane, Date.parse(lane.closes_at)]));
  const line = view.tickets
    .filter((ticket) => ticket.state === "waiting" && ticket.estimate)
    .sort((a, b) => Date.parse(a.estimate.from) - Date.parse(b.estimate.from) || a.place - b.place);
  for (const ticket of line) {
    const able = [...free].filter(([row]) => row.therapist.lanes.includes(ticket.lane));
    if (!able.length) continue;
    const [row, at] = able.reduce((a, b) => (b[1] < a[1] ? b : a));
    if (at > now() + (WINDOW - SLIVER) * MINUTE) continue;
    const end = at + ticket.minutes * MINUTE;
    const late = end > closes.get(ticket.lane);
    row.slots.push(slot(ticket.code, ticket.lane, "planned", at, end, { late }));
    free.set(row, end + 2 * MINUTE);
  }
}
