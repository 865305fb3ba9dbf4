// The five numbers an organiser reads from two metres.

import { minutesText, timeOfDay } from "../clock.js";
import { fill, say, set } from "../list.js";
import { waitParts } from "./staff.js";

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
  if (!atWork(view)) return number("n-wait", { figure: "–", words: say("n-wait-nobody") });
  if (!open.length) return number("n-wait", { figure: "–", words: say("n-wait-none") });
  const longest = open.reduce((a, b) => (b.wait.to_minutes > a.wait.to_minutes ? b : a)).wait;
  const long = longest.to_minutes > LONG_WAIT;
  const helped = view.numbers.wait_with_two_more;
  const better = helped != null && helped < longest.to_minutes;
  const plain = say(long ? "n-wait-long" : "n-wait");
  const words = better ? say("n-wait-helped", { minutes: minutesText(helped) }) : plain;
  return number("n-wait", { ...waitParts(longest), words, alarm: long });
}

/** How many therapists treat, clean or are free: not those on a break. */
export const atWork = ({ therapists }) =>
  therapists.filter(({ state }) => AT_WORK.includes(state)).length;

function working(view) {
  const { therapists } = view;
  const pause = therapists.filter(({ state }) => state === "break").length;
  number("n-working", {
    figure: atWork(view),
    unit: say("n-of", { all: therapists.length }),
    words: say("n-working", { pause }),
    alarm: atWork(view) === 0 && therapists.length > 0,
  });
}

/** How many of those promised a treatment won't have had it when their lane closes, and when the
 *  last of these lanes does: {promised, late, close}. */
export function lateByClose(view) {
  const promised = view.tickets.filter((one) => COMING.includes(one.state) && one.estimate);
  const lanes = view.lanes.filter((lane) => promised.some((one) => one.lane === lane.lane));
  const close = lanes.map((lane) => lane.closes_at).sort().at(-1);
  const late = Math.max(0, promised.length - view.numbers.finish_by_close);
  return { promised: promised.length, late, close };
}

function byClose(view) {
  const { promised, late, close } = lateByClose(view);
  if (!promised) {
    number("n-close", { figure: say("n-close-yes"), words: say("n-close-none") });
  } else if (late) {
    const words = say("n-close-late", { time: timeOfDay(close) });
    number("n-close", { figure: late, words, alarm: true });
  } else {
    const words = say("n-close-yes-words", { time: timeOfDay(close) });
    number("n-close", { figure: say("n-close-yes"), words });
  }
}
