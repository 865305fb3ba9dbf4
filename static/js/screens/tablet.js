// A therapist's tablet: what is the next step, for whom, and how long. Nothing is typed here.

import { everySecond } from "../clock.js";
import { ask } from "../components/dialog.js";
import { scanning } from "../components/scan.js";
import { clone, fill, list, say, set } from "../list.js";
import { browser } from "../memory.js";
import { press, clear } from "../press.js";
import { chime, tappedBefore, unlock } from "../sound.js";
import { toast } from "../toast.js";
import { keepAwake } from "../wake.js";
import { byCode, openTent, showClock, undoSeconds } from "./staff.js";
import { handingOver } from "./tablet-hands.js";
import { drawRunner } from "./tablet-runner.js";
import { drawMinutes, stepOf } from "./tablet-step.js";

const root = document.getElementById("tablet");
const own = root.dataset.therapist;
const tent = openTent(root);
const main = document.getElementById("main-step");
let step = null;
let category = null;
let pause = null;
// What this tablet was told at the button and the view doesn't know.
const told = { guardian: null };

/** The therapist whose table is shown: the one signed in, else the one tapped in the strip. */
function chosen() {
  return own || browser.kept("tablet-therapist") || root.dataset.chosen;
}

function choose(id) {
  root.dataset.chosen = id;
  browser.keep("tablet-therapist", id);
  draw(tent.store.view);
}

function draw(view) {
  if (!view) return;
  const therapist = view.therapists.find((one) => one.id === chosen()) ?? null;
  const tickets = byCode(view);
  const ticket = tickets.get(therapist?.ticket) ?? null;
  const before = step;
  step = stepOf({ view, therapist, ticket, told, tent });
  if (before && before.key !== step.key) changed(before, ticket);
  root.dataset.step = step.name;
  set(main, "aria-disabled", step.url ? null : "true");
  const lane = step.lane;
  set(main.closest("[data-command]"), "data-kind", "giant");
  set(main.closest("[data-command]"), "data-called", step.name === "start");
  set(main.closest("[data-command]"), "data-lane", lane);
  fill(main, { words: step.button });
  fill(root, { "step-title": step.title, "step-words": step.words });
  document.getElementById("questions").hidden = step.name !== "questions";
  if (step.name === "questions") fill(root, { "questions-title": say(`questions-${ticket.screening ?? "unasked"}`) });
  drawRunner({ view, therapist, ticket, next: tickets.get(therapist?.next), step });
  drawStrip(view.therapists, therapist);
  drawTools(view, therapist, ticket);
  // Wishes and questions are told to a therapist's own sign-in only.
  document.getElementById("pin-open").hidden = Boolean(own) || !ticket;
  tick();
}

/** Something new is asked of the therapist: old refusals go, a new runner is heard. */
function changed(before, ticket) {
  clear(main);
  for (const tool of document.querySelectorAll(".tools button")) clear(tool);
  const called = ticket?.state === "called" && before.code !== ticket.code;
  if (called) chime(ticket.lane);
}

function drawStrip(therapists, therapist) {
  const shown = own ? therapists.filter((one) => one.id === own) : therapists;
  list(document.getElementById("strip"), shown, {
    key: (one) => one.id,
    make: (one) => {
      const button = clone("strip-therapist");
      if (!own) button.addEventListener("click", () => choose(one.id));
      return button;
    },
    fill: (node, one) => {
      set(node, "aria-pressed", String(one.id === therapist?.id));
      set(node, "data-state", one.state);
      fill(node, { name: `${one.table} ${one.name.split(" ")[0]}`, what: one.ticket ?? say(`strip-${one.state}`) });
    },
  });
}

const able = (id, yes) => set(document.getElementById(id), "aria-disabled", yes ? null : "true");

function drawTools(view, therapist, ticket) {
  able("break", therapist && !["off", "break"].includes(therapist.state));
  able("refer", ticket && ["called", "in_treatment"].includes(ticket.state));
  able("extend", ticket?.state === "in_treatment");
  able("no-show", ticket?.state === "called");
  document.getElementById("break").toggleAttribute("data-wanted", Boolean(therapist?.break_advised));
}

function tick() {
  showClock();
  const { view } = tent.store;
  if (!view) return;
  drawMinutes(step);
  const seconds = undoSeconds(view);
  able("undo", seconds > 0);
  fill(document.getElementById("undo"), {
    words: seconds > 0 ? say("undo-seconds", { seconds }) : say("undo"),
  });
}

press(main, {
  url: () => step.url,
  body: () => step.body,
  refused: (problem) => {
    if (problem.code !== "guardian_needed") return false;
    told.guardian = step.code;
    draw(tent.store.view);
    return false;
  },
});

const ticketNow = () => step.code;
press(document.getElementById("refer"), {
  ask: async () => Boolean((category = await ask("refer-why"))),
  url: () => tent.ofTicket(ticketNow(), "refer"),
  body: () => ({ category }),
});
press(document.getElementById("break"), {
  ask: async () => Boolean((pause = await ask("break-what"))),
  url: () => tent.ofTherapist(chosen(), pause),
});
press(document.getElementById("extend"), {
  url: () => tent.ofTicket(ticketNow(), "extend"),
  body: { minutes: 5 },
});
press(document.getElementById("no-show"), { url: () => tent.ofTicket(ticketNow(), "no-show") });
press(document.getElementById("undo"), {
  url: tent.undo,
  body: () => ({ number: tent.store.view.undo.number }),
});

function wake() {
  unlock();
  keepAwake();
}
if (tappedBefore) wake();
addEventListener("pointerdown", wake, { once: true });
const handOver = handingOver(tent);
document.getElementById("hands-open").addEventListener("click", () => tent.store.view && handOver());
document.getElementById("pin-open").addEventListener("click", () => handOver(chosen()));

const LINK = /\/s\/([a-z2-7]{26})\b/i;
scanning((text) => {
  const id = LINK.exec(text)?.[1].toLowerCase();
  const { view } = tent.store;
  if (view) whereIs(view.tickets.find((one) => one.id === id));
});

function scanned(view) {
  const ticket = byCode(view).get(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  whereIs(ticket);
}

/** A scanned ticket opens the table it is called to, or says where it is. */
function whereIs(ticket) {
  if (!ticket) return toast(say("scanned-unknown"));
  if (ticket.therapist && !own) choose(ticket.therapist);
  if (ticket.therapist === chosen()) return null;
  const { code, table, place } = ticket;
  if (table) return toast(say("scanned-table", { code, table }));
  return toast(say(place ? "scanned-place" : "scanned-held", { code, place }));
}

tent.store.on("view", (view) => {
  draw(view);
  if (location.hash) scanned(view);
});
everySecond(tick);
