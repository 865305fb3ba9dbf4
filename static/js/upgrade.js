// An old page after an upgrade: it comes back as the new one by itself, at a moment when nobody would miss
// it, never for a server that does not answer, and never twice in a short time.

import { now } from "./clock.js";
import { tab } from "./memory.js";

const own = document.documentElement.dataset.build;
const PHONES = ["join", "ticket"];
// A page and its files cost a server some 10 ms: thousands of phones in five minutes are a fifth of a core.
// A tent's few screens may come soon.
const SPREAD_MS = PHONES.includes(document.documentElement.dataset.screen) ? 300_000 : 10_000;
const LOOK_AGAIN_MS = 5_000;
const UNTOUCHED_MS = 20_000;
const PATIENCE_MS = 8_000;
// Two workers of different builds, or a cache that keeps the old page: coming back changes nothing then.
const NOT_AGAIN_FOR_MS = 600_000;
const NOTE = "came-back";
const IN_USE = "dialog[open], [data-toasts] > *, [aria-busy=true], [data-state=unanswered], .is-called";
const TYPED = "input:is([type=text], [type=search], [type=password], [type=number], [type=time], :not([type])), textarea";

const reasons = [];
let due = 0;
let touchedAt = -Infinity;

/** A screen's own reason to stay as it is: `stays()` is asked before it would go. */
export const stayWhile = (stays) => reasons.push(stays);

/** The server has answered as this build, in a pulse with this event's settings too. Others than the
 *  page's make it old; the page's own again, no more. */
export function heardBuild(build) {
  if (!own || !build) return;
  if (!own.startsWith(build)) due ||= setTimeout(comeBack, Math.random() * SPREAD_MS);
  else if (build === own) {
    clearTimeout(due);
    due = 0;
  }
}

async function comeBack() {
  if (!inUse() && !cameLately() && (await isThere()) && !inUse() && noted()) location.reload();
  else due = setTimeout(comeBack, LOOK_AGAIN_MS * (1 + Math.random()));
}

function inUse() {
  if (performance.now() - touchedAt < UNTOUCHED_MS || document.querySelector(IN_USE)) return true;
  const typed = [...document.querySelectorAll(TYPED)].some((one) => one.value !== one.defaultValue);
  return typed || reasons.some((stays) => stays());
}

/** Whether the server answers: one that is just starting would leave the browser's own error on the screen. */
async function isThere() {
  const health = { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) };
  return (await fetch("/healthz", health).catch(() => null))?.ok ?? false;
}

const cameLately = () => Math.abs(now() - Number(tab.kept(NOTE) ?? -Infinity)) < NOT_AGAIN_FOR_MS;

// Where nothing is kept it could come back for ever, and stays.
const noted = () => tab.keep(NOTE, String(Math.round(now())));

for (const hand of ["pointerdown", "keydown", "input"]) {
  addEventListener(hand, () => (touchedAt = performance.now()), true);
}
