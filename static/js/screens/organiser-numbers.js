// The five numbers an organiser reads from two metres.

import { timeOfDay } from "../clock.js";
import { fill, say, set } from "../list.js";

const LONG_WAIT = 45; // Minutes; rule 22 sheds load from here.
const COMING = ["held", "waiting"];
const AT_WORK = ["available", "called", "in_treatment", "changeover"];

/** Returns what draws the five numbers of a view. */
export const numbers = () => (view) => {
  waiting(view);
  wait(view);
  working(view);
  byClose(view);
  const { referrals, treated } = view.numbers;
  number("n-referrals", { figure: referrals, words: say("n-treated", { treated }) });
};

function number(id, { figure, unit = "", words, alarm = false }) {
  const node = document.getElementById(id);
  set(node, "data-kind", alarm ? "alarm" : "");
  fill(node, { figure, unit, words });
}

function waiting(view) {
  const held = view.lanes.reduce((sum, lane) => sum + lane.held, 0);
  const words = held ? say("n-waiting-held", { held }) : say("n-waiting");
  number("n-waiting", { figure: view.numbers.waiting, words });
}

/** The longest wait somebody who came now would be told: only lanes they could join count. */
function wait(view) {
  const open = view.lanes.filter((lane) => ["open", "full"].includes(lane.state));
  if (!open.length) return number("n-wait", { figure: "–", words: say("n-wait-none") });
  const longest = open.reduce((a, b) => (b.wait.to_minutes > a.wait.to_minutes ? b : a)).wait;
  const { from_minutes: from, to_minutes: to } = longest;
  return number("n-wait", {
    figure: from === to ? to : `${from}–${to}`,
    unit: say("unit-min"),
    words: say(to > LONG_WAIT ? "n-wait-long" : "n-wait"),
    alarm: to > LONG_WAIT,
  });
}

function working({ therapists }) {
  const atWork = therapists.filter(({ state }) => AT_WORK.includes(state)).length;
  const pause = therapists.filter(({ state }) => state === "break").length;
  number("n-working", {
    figure: atWork,
    unit: say("n-of", { all: therapists.length }),
    words: say("n-working", { pause }),
    alarm: atWork === 0 && therapists.length > 0,
  });
}

/** Will everyone promised a treatment have had it when the lanes close? */
function byClose(view) {
  const promised = view.tickets.filter((one) => COMING.includes(one.state) && one.estimate);
  const late = Math.max(0, promised.length - view.numbers.finish_by_close);
  const lanes = view.lanes.filter((lane) => promised.some((one) => one.lane === lane.lane));
  const close = lanes.map((lane) => lane.closes_at).sort().at(-1);
  if (!promised.length) {
    number("n-close", { figure: say("n-close-yes"), words: say("n-close-none") });
  } else if (late) {
    const words = say("n-close-late", { time: timeOfDay(close) });
    number("n-close", { figure: late, words, alarm: true });
  } else {
    const words = say("n-close-yes-words", { time: timeOfDay(close) });
    number("n-close", { figure: say("n-close-yes"), words });
  }
}
