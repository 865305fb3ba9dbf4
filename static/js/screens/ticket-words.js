// What a ticket says in each phase, in the page's words.

import { dayOfWeek, estimateMinutes, isUnknown, minutesText, rangeText, timeOfDay } from "../clock.js";
import { say } from "../list.js";

/** The one advice of now, and a second line or "". */
export function advice(view) {
  const gaps = gapsOf(view);
  return [say(nameOf(view), gaps), more(view, gaps)];
}

function nameOf({ phase, hold, state, table, lane, here }) {
  if (phase === "gone") return `advice-gone-${state}`;
  if (["more_time", "staff", "screening", "appointment"].includes(hold)) return `advice-hold-${hold}`;
  if (phase === "call" || phase === "here") return `advice-${phase}${table ? "" : "-tent"}`;
  if (here && ["wait", "close"].includes(phase)) return "advice-arrived";
  if (phase === "wait" && lane === "warmup") return "advice-wait-warmup";
  return `advice-${phase}`;
}

function gapsOf(view) {
  const until = view.hold_until ?? view.ready_at ?? view.planned_end_at;
  return {
    table: view.table ?? "",
    time: until ? timeOfDay(until) : "",
    day: until ? dayOfWeek(until) : "",
    minutes: minutesText(walking(view)),
  };
}

const walking = ({ ready_at: ready, joined_at: joined }) =>
  ready ? Math.max(1, Math.round((Date.parse(ready) - Date.parse(joined)) / 60000)) : 0;

function more(view, gaps) {
  if (view.phase === "walk") return say("why-walk", gaps);
  if (view.phase === "finish_needed") return say("why-finish_needed");
  if (view.phase === "treatment" && view.planned_end_at) {
    const soon = view.start_soon ? say("start-soon", { time: timeOfDay(view.wave_starts_at) }) : "";
    return [say("why-treatment", { ...gaps, time: timeOfDay(view.planned_end_at) }), soon].filter(Boolean).join(" ");
  }
  return "";
}

/** The range a runner is told: its figure, and why, with the clock times. */
export function waitWords(view) {
  const { estimate } = view;
  const { from, to } = estimateMinutes(estimate);
  if (isUnknown(from)) return { range: say("wait-unknown"), why: say("why-unknown") };
  const range = to <= 0 ? say("wait-now") : rangeText(from, to);
  const clock = say("wait-clock", { from: timeOfDay(estimate.from), to: timeOfDay(estimate.to) });
  const steady = ["breaks", "running_late"].includes(estimate.reason) ? say(`reason-${estimate.reason}`) : "";
  const why = view.moved ?? steady;
  const start = view.lane === "warmup" && view.wave_starts_at;
  const done = start ? say(view.start_soon ? "start-soon" : "wait-deadline", { time: timeOfDay(start) }) : "";
  return { range, why: [clock, why, done].filter(Boolean).join(" ") };
}

/** How many are ahead, in a sentence. */
export const placeWords = (ahead) =>
  ahead === 0 ? say("place-next") : say("place-some", { count: ahead });

/** What stands on the bib beside the code. */
export function bibWords(view) {
  const heading =
    view.wave && view.wave_starts_at
      ? say("bib-wave", { wave: view.wave.replace("/", " "), time: timeOfDay(view.wave_starts_at) })
      : "";
  return { heading, foot: foot(view) };
}

function foot(view) {
  if (view.state === "done") return say("foot-done");
  if (view.table) return say("foot-table", { table: view.table });
  return say("foot-minutes", { minutes: view.minutes });
}
