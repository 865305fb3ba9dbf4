import { countdown, now } from "../clock.js";
import { fill, set } from "../list.js";

/** Turn the ring: `since` and `until` are ISO instants, `words` what stands under the figure.
 *  Amber (late) from 2 min and red (over) from 5 min past the end, as rule 13 has it. */
export function ring(node, { since, until, words, lane }) {
  const end = Date.parse(until);
  const left = (end - now()) / 1000;
  const whole = Math.max(1, (end - Date.parse(since)) / 1000);
  const part = Math.max(0, Math.min(100, (left / whole) * 100));
  if (lane) set(node, "data-lane", lane);
  set(node, "data-state", left <= -300 ? "over" : left <= -120 ? "late" : "running");
  fill(node, {
    arc: { "stroke-dasharray": `${(left <= -120 ? 100 : part).toFixed(2)} 100` },
    figure: countdown(left),
    words,
  });
}
