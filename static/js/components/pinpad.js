// Six digits by finger or keyboard. The digits are never shown, only how many there are.

import { say } from "../list.js";

const LENGTH = 6;

/** Make the pad of a page work; `full(pin)` is called with each six digits and says, as a promise,
 *  what is wrong with them ("" when nothing is). Returns {clear, refuse}. */
export function pinpad(root, full) {
  const dots = root.querySelector("#dots");
  const keys = root.querySelector(".signin__keys");
  const problem = root.querySelector("#pad-problem");
  dots.replaceChildren(...Array.from({ length: LENGTH }, () => document.createElement("i")));
  let typed = "";
  let busy = false;

  const show = () => {
    [...dots.children].forEach((dot, place) => dot.toggleAttribute("data-on", place < typed.length));
    dots.setAttribute("aria-label", say("digits", { count: typed.length }));
  };
  const refuse = (words) => {
    problem.hidden = !words;
    problem.textContent = words;
    dots.toggleAttribute("data-wrong", Boolean(words));
  };
  const set = (digits) => {
    typed = digits;
    show();
  };
  const press = async (digit) => {
    if (busy || typed.length === LENGTH) return;
    refuse("");
    set(typed + digit);
    if (typed.length < LENGTH) return;
    busy = true;
    keys.setAttribute("aria-busy", "true");
    const wrong = await full(typed);
    busy = false;
    keys.removeAttribute("aria-busy");
    set("");
    refuse(wrong);
  };
  const wipe = () => busy || set(typed.slice(0, -1));

  for (const key of root.querySelectorAll("[data-digit]")) {
    key.addEventListener("click", () => press(key.dataset.digit));
  }
  root.querySelector("#wipe").addEventListener("click", wipe);
  document.addEventListener("keydown", (event) => {
    if (root.hidden || event.target.matches("input")) return;
    if (/^[0-9]$/.test(event.key)) press(event.key);
    else if (event.key === "Backspace") wipe();
  });
  show();
  return { clear: () => (set(""), refuse("")), refuse };
}
