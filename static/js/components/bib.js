import { fill, say, set } from "../list.js";

/** Fill a bib cloned from <template id="bib"> or "bib-mini": {code, lane, state, heading?, foot?}. */
export function bib(node, { code, lane, state = "waiting", heading = "", foot = "" }) {
  set(node, "data-lane", lane);
  set(node, "data-state", state);
  fill(node, {
    code: { text: code, "data-long": code.length > 4 },
    mark: { href: `#mark-${lane}` },
    lane: say(`lane-${lane}`),
    heading: { text: heading, hidden: !heading },
    foot,
  });
  return node;
}

const LANES = { W: "warmup", R: "recovery", N: "nextday" };

/** The lane of a code, by its letter. */
export const laneOf = (code) => LANES[code[0]] ?? "recovery";

/** Let a bib move once, to say that it changed place or was called. */
export function moved(node) {
  node.removeAttribute("data-moved");
  void node.offsetWidth; // Restarts the animation.
  node.setAttribute("data-moved", "");
}
