// What was: treatments and breaks by therapist, and what happened to each ticket. Read from the log,
// and followed as the tent moves on.

import { now, timeOfDay } from "../clock.js";
import { laneOf } from "../components/bib.js";
import { say } from "../list.js";

export const MINUTE = 60_000;
const ENTRIES = 1500; // About two hours of a busy tent.
const KEPT = 120; // Minutes of past slots.
const LINES = 8; // Of one ticket.
export const iso = (when) => new Date(when).toISOString();

/** A slot of the timeline. */
export const slot = (code, lane, state, start, end, more = {}) => ({
  code, lane, state, start: iso(start), end: iso(end),
  words: say("slot", { code, from: timeOfDay(start), to: timeOfDay(end) }), ...more,
});

/** Past treatments and breaks by therapist, followed in the log as the tent moves on. */
export function pastOf(tent) {
  const past = { slots: new Map(), told: new Map(), since: null, busy: false };
  const running = new Map();
  past.follow = async (view, drawAgain) => {
    if (past.busy || view.version === past.since) return;
    past.busy = true;
    past.since ??= Math.max(0, view.version - ENTRIES);
    try {
      for (let more = true; more; ) more = await readOn(tent, past, running);
      drawAgain(tent.store.view);
    } catch {
      // Without the log the tables still show now and what comes.
    } finally {
      past.busy = false;
    }
  };
  return past;
}

async function readOn(tent, past, running) {
  const answer = await fetch(`${tent.base}/journal?since=${past.since}`, {
    headers: { Accept: "application/json", "Tentqueue-Screen": "organiser" },
    cache: "no-store",
  });
  if (!answer.ok) throw new Error(String(answer.status));
  const page = await answer.json();
  for (const entry of page.entries) {
    for (const event of entry.events) {
      note(event, past.slots, running);
      if (event.code) tell(past.told, event.code, entry);
    }
  }
  past.since = page.next ?? page.version;
  return page.next !== null;
}

function note(event, slots, running) {
  const at = Date.parse(event.at);
  if (event.type === "TreatmentStarted") running.set(event.code, { ...event, at });
  else if (event.type === "BreakStarted") running.set(event.therapist, { ...event, at });
  else if (event.type === "TreatmentFinished") {
    const start = running.get(event.code)?.at ?? at - 12 * MINUTE;
    const clean = Date.parse(event.clean_at);
    add(slots, event.therapist, slot(event.code, laneOf(event.code), "done", start, at));
    if (clean < now()) add(slots, event.therapist, { state: "changeover", start: iso(at), end: iso(clean) });
  } else if (event.type === "BreakEnded" && running.has(event.therapist)) {
    const start = running.get(event.therapist).at;
    add(slots, event.therapist, { state: "break", words: say("break"), start: iso(start), end: iso(at) });
  }
}

function add(slots, therapist, one) {
  const kept = (slots.get(therapist) ?? []).filter(
    ({ end }) => Date.parse(end) > now() - KEPT * MINUTE,
  );
  slots.set(therapist, [...kept, one]);
}

/** Keep what an entry says of one ticket, the newest first. */
function tell(told, code, entry) {
  const lines = told.get(code) ?? [];
  if (lines[0]?.number === entry.number) return;
  const text = entry.text.split("; ").filter((part) => part.includes(code)).join("; ");
  told.set(code, [{ ...entry, text }, ...lines].slice(0, LINES));
}
