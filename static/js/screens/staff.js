// What the three staff screens share: the tent's store, the addresses of its commands, and what to
// show when the sign-in has ended.

import { isUnknown, now, rangeText, timeOfDay } from "../clock.js";
import { fill, say } from "../list.js";
import { showFreshness } from "../freshness.js";
import { problemWords, send } from "../press.js";
import { open } from "../store.js";

/** The tent of this page: `store`, `slug`, `base` and the addresses of commands. `root` is the
 *  element with data-slug. */
export function openTent(root) {
  const { slug } = root.dataset;
  const base = `/api/v1/events/${encodeURIComponent(slug)}`;
  const store = open({ auth: { event: slug, view: "tent" }, fetch: `${base}/tent` });
  showFreshness(store);
  stayWhileTouched();
  store.on("refused", signedOut).on("gone", signedOut);
  // The socket may take its time; the page need not.
  store.refresh();
  return {
    store,
    slug,
    base,
    ofTicket: (code, step) => `${base}/tickets/${encodeURIComponent(code)}/${step}`,
    medical: `/${encodeURIComponent(slug)}/setup#medical`,
    ofTherapist: (id, step) => `${base}/therapists/${encodeURIComponent(id)}/${step}`,
    ofLane: (lane, step) => `${base}/lanes/${lane}/${step}`,
    undo: `${base}/undo`,
  };
}

/** Cover the screen: it is locked and wants the PIN, or the sign-in has ended. */
function signedOut(why) {
  const locked = why?.code === "locked";
  const notice = document.getElementById("signed-out");
  notice.hidden = false;
  notice.querySelector("form").hidden = !locked;
  // A tablet that several share may be opened by another's PIN.
  const shared = document.documentElement.dataset.screen === "tablet";
  notice.querySelector("[data-part=again]").hidden = locked && !shared;
  fill(notice, { title: say(locked ? "locked" : "signed-out") });
  if (locked) document.getElementById("unlock-pin").focus();
}

const STAY_EVERY = 60_000;

/** Tell the server that somebody touches the screen, so that it doesn't lock under their hands. */
function stayWhileTouched() {
  let told = performance.now();
  const touched = () => {
    if (performance.now() - told < STAY_EVERY) return;
    told = performance.now();
    send("/api/v1/staff/stay").catch(() => {}); // A lock is told by itself; a lost network by the tape.
  };
  addEventListener("signed-out", ({ detail }) => signedOut(detail));
  addEventListener("pointerdown", touched);
  addEventListener("keydown", touched);
  const form = document.querySelector("#signed-out form");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    unlock(document.getElementById("unlock-pin"));
  });
}

async function unlock(field) {
  const problem = document.getElementById("unlock-pin-problem");
  try {
    await send("/api/v1/staff/unlock", { pin: field.value });
    location.reload();
  } catch (error) {
    problem.hidden = false;
    problem.textContent = problemWords(error);
    field.select();
  }
}

/** Keep every [data-clock] of the page at the server's time, in the event's time zone. */
export function showClock() {
  for (const place of document.querySelectorAll("[data-clock]")) {
    const text = timeOfDay();
    if (place.textContent !== text) place.textContent = text;
  }
}

/** A view's tickets by code. */
export const byCode = (view) => new Map(view.tickets.map((ticket) => [ticket.code, ticket]));

/** The words of a ticket's state, with the reason of a hold. */
export function stateWords(ticket) {
  if (ticket.state === "held" && ticket.hold) return say(`hold-${ticket.hold}`);
  if (ticket.state === "called" && ticket.here) return say("state-here");
  return say(`state-${ticket.state}`);
}

const LONG = 180; // Minutes; longer waits are told in hours.

/** A wait as people say it: figure and unit apart, "20–30" and "min", or "3–5" and "h". */
export function waitParts({ from_minutes: from, to_minutes: to }) {
  const hours = to > LONG;
  const [low, high] = hours ? [Math.floor(from / 60), Math.ceil(to / 60)] : [from, to];
  return { figure: low === high ? String(high) : `${low}–${high}`, unit: say(hours ? "unit-h" : "unit-min") };
}

/** A wait in one piece: "20–30 min". */
export function waitWords(wait) {
  if (isUnknown(wait.from_minutes)) return say("wait-unknown");
  if (wait.to_minutes <= LONG) return rangeText(wait.from_minutes, wait.to_minutes);
  const { figure, unit } = waitParts(wait);
  return `${figure} ${unit}`;
}

/** The name of a wave as people say it: "Half A, 10:30". */
export function waveWords(view, id) {
  const wave = view.event.waves.find((one) => one.id === id);
  if (!wave) return id ?? "";
  return say("wave", { contest: wave.contest, wave: wave.name, time: timeOfDay(wave.starts_at) });
}

/** Set a chip's words and shape: {words, kind}. */
export function chip(node, { words, kind, shape }) {
  node.dataset.kind = kind;
  node.querySelector("use").setAttribute("href", `#mark-${shape}`);
  fill(node, { words });
}

/** Whole seconds in which the last press can still be taken back. */
export function undoSeconds(view) {
  if (!view.undo) return 0;
  return Math.max(0, Math.ceil((Date.parse(view.undo.until) - now()) / 1000));
}
