// What the file's reader found in the draft, each complaint beside the input of its place.

import { fill, list, part, say, set } from "../list.js";
import { inputsOf } from "./event-draft.js";

const root = document.getElementById("event-setup");
const form = document.getElementById("form");

/** Show what the reader found in the draft. */
export function drawFound({ problems, warnings, toml }) {
  document.getElementById("toml").textContent = toml;
  for (const line of root.querySelectorAll("[data-part=problem], #lanes-problem")) line.hidden = true;
  for (const input of root.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const problem of problems) complain(problem);
  const count = problems.length;
  set(part(root, "state"), "text", count === 0 ? say("state-good") : count === 1 ? say("state-one") : say("state-some", { count }));
  set(root, "data-good", count === 0 ? "yes" : "no");
  drawCounts();
  drawWarnings(warnings);
}

/** What only surprises can be saved; it is said all the same. */
function drawWarnings(warnings) {
  const box = document.getElementById("warnings");
  box.hidden = !warnings.length;
  list(part(box, "warnings"), warnings.map(asSentence), {
    key: ({ sentence }) => sentence,
    make: "warning",
    fill: (node, warning) => fill(node, warning),
  });
}

/** A lane's warning names the lane; those of therapists name who it is. */
function asSentence({ field, what }) {
  const lane = form.querySelector(`[data-lane="${field.match(/^lane\.(\w+)/)?.[1]}"] legend`);
  return { sentence: lane ? `${lane.textContent.trim()}: ${what}` : what };
}

function complain({ field, what }) {
  const input = inputAt(field);
  const line = input ? part(input.closest("[data-entry]"), "problem") : document.getElementById("lanes-problem");
  if (!line) return;
  // A field nobody has come to yet is not wrong, only empty: it counts, and is marked at the first save.
  const marked = !input || root.dataset.tried || input.dataset.touched || input.value;
  if (input && marked) input.setAttribute("aria-invalid", "true");
  line.textContent = plain(input ? what : `${field} ${what}`);
  line.hidden = !marked;
}

/** The file's reader says how to write it in a file, after a semicolon; here there is a field for it. */
const plain = (what) => (/; write .* = /.test(what) ? what.split(";")[0] : what.replace(/: \w+ = \S+$/, ""));

/** The input of a place as the file's reader names it: `contest[1].wave[2].start`. */
function inputAt(field) {
  let box = form;
  const keys = field.split(".");
  while (keys.length && /\[\d+\]$/.test(keys[0])) {
    const [, name, place] = keys.shift().match(/^(.*)\[(\d+)\]$/);
    const list = box.querySelector(`[data-list="${name}"]`);
    if (!list?.children[place - 1]) break;
    box = list.children[place - 1];
  }
  const at = keys.join(".").replace(/\[\d+\]$/, "");
  const own = inputsOf(box);
  return own.find((input) => input.dataset.at === at) ?? (box === form ? null : own[0]);
}

function drawCounts() {
  for (const step of root.querySelectorAll("[data-step]")) {
    const lines = document.getElementById(step.dataset.step).querySelectorAll(".problem:not([hidden])");
    const badge = step.querySelector("b");
    badge.hidden = lines.length === 0;
    badge.textContent = String(lines.length);
  }
}
