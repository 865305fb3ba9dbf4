// One level down: a ticket and why it stands where it stands, therapists, the log, announcements,
// the reason of a move.

import { clockTime, instantAt, timeOfDay } from "../clock.js";
import { ask } from "../components/dialog.js";
import { clone, fill, list, part, say, set } from "../list.js";
import { press, problemWords, send } from "../press.js";
import { toast } from "../toast.js";
import { byCode, chip } from "./staff.js";
import { ticketCard } from "./ticket-card.js";

const node = (id) => document.getElementById(id);
const SHAPES = { off: "cross", break: "pause", called: "arrow" };
const KINDS = { off: "closed", break: "paused", called: "call" };

/** Make the dialogs work; `past` tells what happened to a ticket. Returns {draw, ticket, move, front, people}. */
export function dialogs(tent, past) {
  const state = { code: null };
  const move = (code, before) => moveFor(tent, code, before);
  const front = (code) => {
    node("ticket-dialog").close();
    return move(code, null);
  };
  const show = ticketCard("ticket", {
    tent,
    print: ({ code }) => open(`/${tent.slug}/desk?print=${code}`, "_blank", "noopener"),
    front: ({ code }) => front(code),
  });
  const drawTicket = (view) => {
    const ticket = byCode(view).get(state.code) ?? null;
    show(ticket, view);
    const about = past.told.get(state.code) ?? [];
    list(node("ticket-log"), about, lines);
    node("ticket-log-none").hidden = about.length > 0;
  };
  const ticket = (code) => {
    state.code = code;
    drawTicket(tent.store.view);
    if (!node("ticket").hidden) ask("ticket-dialog");
  };
  const people = () => ask("people-dialog");
  node("open-people").addEventListener("click", people);
  node("open-log").addEventListener("click", () => ask("log-dialog"));
  node("open-more").addEventListener("click", () => ask("more-dialog"));
  node("open-announce").addEventListener("click", () => announce(tent));
  for (const quick of document.querySelectorAll("[data-words]")) {
    quick.addEventListener("click", () => (node("announce-text").value = quick.dataset.words));
  }
  const draw = (view) => {
    drawTicket(view);
    drawPeople(view, tent);
    list(node("log"), view.log, lines);
  };
  return { draw, ticket, move, front, people };
}

const lines = {
  key: (line) => line.number,
  make: "log-line",
  fill: (row, { at, text, reason, actor }) =>
    fill(row, { at: timeOfDay(at), text, reason: reason ? reason.replaceAll("_", " ") : "", actor }),
};

async function announce(tent) {
  node("announce-text").value = tent.store.view?.announcement ?? "";
  const answer = await ask("announce-dialog");
  if (!answer) return;
  const text = answer === "clear" ? "" : node("announce-text").value;
  await command(tent, `${tent.base}/announce`, { text }, say("announced"));
}

/** Ask why, then move a ticket before another, or to the front. */
async function moveFor(tent, code, before) {
  node("reason-text").value = "";
  const answer = await ask("reason-dialog");
  if (!answer) return;
  const reason = answer === "own" ? node("reason-text").value : say(`reason-${answer}`);
  const body = before ? { reason, before } : { reason };
  await command(tent, tent.ofTicket(code, "move"), body, say("moved", { code }));
}

/** Change when a therapist comes and goes, and at which table: only what was changed is sent. */
async function changeDuty(tent, id) {
  const therapist = tent.store.view.therapists.find((one) => one.id === id);
  const before = { from: clockTime(therapist.shift_starts_at), to: clockTime(therapist.shift_ends_at), table: String(therapist.table) };
  for (const [name, value] of Object.entries(before)) node(`duty-${name}`).value = value;
  if (!(await ask("duty-dialog", { title: therapist.name }))) return;
  const now = (name) => (node(`duty-${name}`).value === before[name] ? null : node(`duty-${name}`).value.trim());
  const shift = Object.fromEntries(
    Object.entries({ starts_at: now("from"), ends_at: now("to") }).filter(([, typed]) => typed).map(([name, typed]) => [name, instantAt(typed)]),
  );
  if (Object.keys(shift).length) await command(tent, tent.ofTherapist(id, "shift"), shift, say("duty-saved"));
  if (now("table")) await command(tent, tent.ofTherapist(id, "table"), { table: Number(now("table")) || 0 }, say("duty-saved"));
}

async function command(tent, url, body, words) {
  try {
    await send(url, body);
    toast(words, { undo: () => send(tent.undo, {}) });
  } catch (error) {
    toast(problemWords(error));
  }
}

function drawPeople(view, tent) {
  list(node("people"), view.therapists, {
    key: ({ id }) => id,
    make: ({ id }) => {
      const row = clone("person");
      for (const button of row.querySelectorAll("[data-step]")) {
        press(button, { url: tent.ofTherapist(id, button.dataset.step) });
      }
      part(row, "duty").addEventListener("click", () => changeDuty(tent, id));
      return row;
    },
    fill: drawPerson,
  });
}

function drawPerson(row, therapist) {
  const { state, name, table, treated, role, ticket } = therapist;
  const gaps = { table, treated, hands: therapist.hands_on_minutes };
  const words = say(`is-${state}`, { code: ticket, time: therapist.until ? timeOfDay(therapist.until) : "" });
  const facts = say(role === "student" ? "person-student" : "person", gaps);
  const until = therapist.shift_ends_at;
  fill(row, { name, facts: until ? say("person-until", { facts, time: timeOfDay(until) }) : facts });
  chip(part(row, "chip"), { words, kind: KINDS[state] ?? "good", shape: SHAPES[state] ?? "tick" });
  for (const button of row.querySelectorAll("[data-step]")) {
    const { step } = button.dataset;
    const off = step === "available" ? !["off", "break"].includes(state) : state === "off" || state === step;
    set(button, "aria-disabled", off ? "true" : null);
  }
}
