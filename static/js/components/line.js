import { fill, set } from "../list.js";

const SHOWN = 8;

/** Redraw the line: {ahead, code, lane, words}; `words` says it to screen readers. */
export function line(node, { ahead, code, lane, words }) {
  set(node, "data-lane", lane);
  set(node, "aria-label", words);
  fill(node, { code, more: { text: `+${ahead - SHOWN}`, hidden: ahead <= SHOWN } });
  const dots = [...node.querySelectorAll(".line__dot:not([data-leaving])")];
  const wanted = Math.min(ahead, SHOWN);
  // Those at the front leave first: the line moves up.
  for (const dot of dots.slice(0, Math.max(0, dots.length - wanted))) leave(dot);
  for (let more = dots.length; more < wanted; more += 1) {
    const dot = document.createElement("i");
    dot.className = "line__dot";
    node.insertBefore(dot, node.querySelector(".line__more"));
  }
  const left = node.querySelectorAll(".line__dot:not([data-leaving])");
  left.forEach((dot, place) => set(dot, "data-next", place === 0));
}

function leave(dot) {
  dot.setAttribute("data-leaving", "");
  setTimeout(() => dot.remove(), 250);
}
