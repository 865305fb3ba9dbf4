// One ticket as desk and organiser handle it: who it is, where it stands, what can be done now.

import { timeOfDay } from "../clock.js";
import { bib } from "../components/bib.js";
import { fill, part, say, set } from "../list.js";
import { clear, press } from "../press.js";
import { chip, stateWords, waveWords } from "./staff.js";

const SHAPES = { held: "pause", waiting: "person", called: "arrow", in_treatment: "tick" };
const KINDS = { held: "paused", waiting: "good", called: "call", in_treatment: "good" };
const POSSIBLE = {
  here: (ticket) => ["held", "waiting", "called"].includes(ticket.state) && !ticket.here,
  recall: (ticket) =>
    ticket.state === "called" || ["missed", "staff", "more_time"].includes(ticket.hold),
  front: (ticket) => ticket.state === "waiting" && ticket.place > 1,
  delay: (ticket) => ticket.more_time,
  hold: (ticket) => ["waiting", "called"].includes(ticket.state),
  leave: (ticket) => ["held", "waiting", "called"].includes(ticket.state),
  print: (ticket) => ["held", "waiting", "called"].includes(ticket.state),
};

/** Make the card work. `print(ticket)` and `front(ticket)` belong to the screen. Returns
 *  `show(ticket, view, fresh)`, which fills the card, or hides it for null; `fresh` says it was just taken. */
export function ticketCard(id, { tent, print, front }) {
  const card = document.getElementById(id);
  const state = { ticket: null };
  const step = (name) => document.getElementById(`${id}-${name}`);
  const own = (name) => `/api/v1/tickets/${encodeURIComponent(state.ticket.id)}/${name}`;
  const steps = {
    here: () => own("here"),
    delay: () => own("delay"),
    leave: () => own("leave"),
    hold: () => tent.ofTicket(state.ticket.code, "hold"),
    recall: () => tent.ofTicket(state.ticket.code, "recall"),
  };
  for (const [name, url] of Object.entries(steps)) {
    press(step(name), {
      url,
      undo: (answer) => ({ text: say(`undo-${name}`, { code: answer.code }), url: tent.undo }),
    });
  }
  step("print").addEventListener("click", () => print(state.ticket));
  step("front")?.addEventListener("click", () => front(state.ticket));
  return (ticket, view, fresh = false) => {
    if (ticket?.code !== state.ticket?.code) {
      for (const name of Object.keys(POSSIBLE)) if (step(name)) clear(step(name));
    }
    state.ticket = ticket;
    card.hidden = !ticket;
    if (ticket) draw(card, ticket, view);
    for (const [name, possible] of Object.entries(POSSIBLE)) {
      const box = step(name)?.closest("[data-command]");
      if (!box) continue;
      box.hidden = !ticket || !possible(ticket);
      set(box, "data-kind", ticket && isFirst(name, ticket, fresh) ? "" : "plain");
    }
  };
}

/** The step that stands out: paper for a new ticket, else what a missed or called runner needs. */
function isFirst(name, { state, hold }, fresh) {
  if (fresh) return name === "print";
  const awaited = state === "called" || hold === "missed" || hold === "more_time";
  return name === (awaited ? "here" : "");
}

function draw(card, ticket, view) {
  bib(card.querySelector("[data-bib]"), { code: ticket.code, lane: ticket.lane, state: shown(ticket.state) });
  fill(card, { who: whoWords(ticket), where: whereWords(ticket), why: whyWords(ticket, view) });
  const [kind, shape] = [KINDS[ticket.state] ?? "closed", SHAPES[ticket.state] ?? "cross"];
  chip(part(card, "chip"), { words: stateWords(ticket), kind, shape });
}

const shown = (state) =>
  ["held", "waiting", "called", "in_treatment", "done"].includes(state) ? state : "left";

/** "Bib 1204, Maya K.": what is known of the runner, else the code. */
export function whoWords({ bib: number, name, code }) {
  if (number && name) return say("card-who", { bib: number, name });
  if (number) return say("card-bib", { bib: number });
  return name || say("card-code", { code });
}

function whereWords(ticket) {
  if (ticket.state === "in_treatment") {
    return say("card-until", { table: ticket.table, time: timeOfDay(ticket.planned_end_at) });
  }
  if (ticket.state === "called") {
    return ticket.table ? say("card-table", { table: ticket.table }) : say("card-tent");
  }
  if (ticket.state === "held") {
    return ticket.hold_until ? say("card-held", { time: timeOfDay(ticket.hold_until) }) : "";
  }
  if (ticket.state === "referred") return say("card-referred");
  const { place, estimate } = ticket;
  if (!estimate || !place) return "";
  return say("card-place", { place, from: timeOfDay(estimate.from), to: timeOfDay(estimate.to) });
}

function whyWords(ticket, view) {
  const gaps = { time: timeOfDay(ticket.joined_at), minutes: ticket.minutes };
  const joined = ticket.wave
    ? say("card-wave", { ...gaps, wave: waveWords(view, ticket.wave) })
    : say("card-joined", gaps);
  const age = ticket.age_group !== "adult" ? say(`card-${ticket.age_group}`) : "";
  const chair = ticket.runner_class === "wheelchair" ? say("card-wheelchair") : "";
  return [joined, age, chair].filter(Boolean).join(" ");
}
