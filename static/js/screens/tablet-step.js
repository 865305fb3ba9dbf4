// What a therapist does next, from the therapist's and the ticket's state. Decides nothing for the
// tent: the server refuses what isn't possible.

import { now, timeOfDay } from "../clock.js";
import { ring } from "../components/ring.js";
import { fill, say } from "../list.js";

const LATE_S = 0;

/** The next step: {name, key, code, button, url?, body?, title, words, minutes?}. */
export function stepOf({ view, therapist, ticket, told, tent }) {
  if (!therapist) return { name: "choose", key: "choose", ...spoken("choose") };
  const context = { view, therapist, ticket, told, tent };
  const made = (STEPS[therapist.state] ?? STEPS.off)(context);
  const code = ticket?.code ?? therapist.ticket ?? null;
  return { code, lane: ticket?.lane ?? null, ...made, key: `${made.name} ${code} ${therapist.id}` };
}

const spoken = (name, gaps) => ({
  button: say(`button-${name}`, gaps),
  title: say(`title-${name}`, gaps),
  words: say(`words-${name}`, gaps),
});

const STEPS = {
  off: ({ therapist, tent }) => ({
    name: "off",
    ...spoken("off", { name: therapist.name.split(" ")[0], table: therapist.table }),
    url: tent.ofTherapist(therapist.id, "available"),
  }),
  break: ({ therapist, tent }) => ({
    name: "break",
    ...spoken("break", { time: timeOfDay(therapist.until), treated: therapist.treated }),
    url: tent.ofTherapist(therapist.id, "available"),
    minutes: { since: therapist.since, until: therapist.until, words: "ring-break" },
  }),
  available: ({ view, therapist }) => {
    const lanes = view.lanes.filter((lane) => therapist.lanes.includes(lane.lane));
    const waiting = lanes.reduce((sum, lane) => sum + lane.waiting, 0);
    const said = spoken("available", { table: therapist.table, waiting });
    if (!waiting) said.words = say("words-available-none");
    return { name: "available", ...said };
  },
  called: calledStep,
  in_treatment: treatmentStep,
  changeover: ({ therapist, tent }) => ({
    name: "changeover",
    button: say("button-clean"),
    title: say("title-changeover", { table: therapist.table }),
    words: later(therapist) ?? say("words-changeover", { time: timeOfDay(therapist.until) }),
    url: tent.ofTicket(therapist.ticket, "clean"),
    minutes: { since: therapist.since, until: therapist.until, words: "ring-changeover" },
  }),
};

function calledStep({ therapist, ticket, told, tent }) {
  if (!ticket) return { name: "called", ...spoken("choose") };
  const gaps = { code: ticket.code, minutes: ticket.minutes, time: timeOfDay(ticket.called_at) };
  const title = ticket.here ? "title-here" : ticket.recalled ? "title-recalled" : "title-called";
  const shown = {
    title: say(title, gaps),
    words: say(ticket.here ? "words-here" : "words-called", gaps),
    minutes: ticket.here
      ? null
      : { since: ticket.called_at, until: ticket.respond_by, words: "ring-called", late: "ring-late-call" },
  };
  // How it went is told only to the therapist's own sign-in, null elsewhere; that nobody asked, to
  // whoever may start.
  if (ticket.questions_due || ticket.screening === "ask") return { ...shown, ...askFirst(ticket) };
  const guardian = ticket.age_group === "under_16" || told.guardian === ticket.code;
  return {
    ...shown,
    name: "start",
    button: say(guardian ? "button-guardian" : "button-start", gaps),
    url: tent.ofTicket(ticket.code, "start"),
    body: guardian ? { guardian_present: true } : {},
  };
}

const askFirst = (ticket) => ({
  name: "questions",
  button: say(ticket.screening === "ask" ? "button-decide" : "button-asked"),
  url: `/api/v1/tickets/${encodeURIComponent(ticket.id)}/screening`,
  // What is to avoid stays as the tent knows it: this tablet may not have been told.
  body: { screening: "ok" },
});

function treatmentStep({ therapist, ticket, tent }) {
  if (!ticket) return { name: "in_treatment", ...spoken("choose") };
  const late = Date.parse(ticket.planned_end_at) < now();
  const titles = late
    ? { title: say("title-late"), words: say("words-late") }
    : {
        title: say("title-in_treatment", { time: timeOfDay(ticket.planned_end_at) }),
        words: later(therapist) ?? say("words-in_treatment", { time: timeOfDay(ticket.started_at) }),
      };
  return {
    ...titles,
    name: "finish",
    button: say("button-finish", { code: ticket.code }),
    url: tent.ofTicket(ticket.code, "finish"),
    minutes: {
      since: ticket.started_at,
      until: ticket.planned_end_at,
      words: "ring-in_treatment",
      late: "ring-late",
    },
  };
}

/** What is settled for after this runner: a break, or home. */
function later({ leaving, break_due: breakDue, break_advised: advised }) {
  if (leaving) return say("home-next");
  if (breakDue) return say("break-next");
  return advised ? say("break-advised") : null;
}

/** Turn the ring, or take it away where nothing runs out. */
export function drawMinutes(step) {
  const box = document.getElementById("minutes");
  const minutes = step.minutes;
  box.hidden = !minutes?.until;
  if (box.hidden) return;
  const left = (Date.parse(minutes.until) - now()) / 1000;
  const late = left < LATE_S && minutes.late;
  ring(document.getElementById("ring"), {
    since: minutes.since ?? minutes.until,
    until: minutes.until,
    words: say(late ? minutes.late : minutes.words),
    lane: step.lane,
  });
  if (step.name === "finish" && left < LATE_S) {
    fill(document.getElementById("tablet"), { "step-title": say("title-late"), "step-words": say("words-late") });
  }
}
