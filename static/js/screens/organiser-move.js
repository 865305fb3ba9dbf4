// Carrying somebody to another place in the line: with the pointer, or with Space, arrows, Enter.
// Only those who wait can be carried, and only in front of somebody: the tent has no other move.

import { say } from "../list.js";

const FAR = 8; // Pixels before a press becomes a drag.
const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

/** Watch lines of spots. `open(code)` is a plain press; `move(code, before)` a finished move. */
export function carrying({ open, move }) {
  const state = { spot: null, target: null, byKeys: false, from: null };
  const watch = (line) => {
    line.addEventListener("pointerdown", (event) => grab(event, state));
    line.addEventListener("pointermove", (event) => drag(event, state));
    line.addEventListener("pointerup", () => state.spot && !state.byKeys && drop(state, { move }));
    line.addEventListener("pointercancel", () => !state.byKeys && release(state));
    line.addEventListener("click", (event) => click(event, state, open));
    line.addEventListener("keydown", (event) => key(event, state, { open, move }));
  };
  return { watch, rove, busy: () => state.spot !== null };
}

const spotsOf = (spot) => [...spot.parentElement.querySelectorAll('.spot[data-state="waiting"]')];
const codeOf = (spot) => spot?.firstElementChild.dataset.code ?? null;
const tell = (name, gaps) => (document.getElementById("said").textContent = say(name, gaps));

/** One stop for Tab in each line; arrows walk inside. */
function rove() {
  for (const line of document.querySelectorAll(".lane__line")) {
    const cards = [...line.querySelectorAll(".spot__card")];
    const current = cards.find((card) => card.tabIndex === 0) ?? cards[0];
    for (const card of cards) card.tabIndex = card === current ? 0 : -1;
  }
}

function grab(event, state) {
  const spot = event.target.closest('.spot[data-state="waiting"]');
  if (!spot || event.button !== 0 || state.spot) return;
  state.from = { spot, x: event.clientX, y: event.clientY, pointer: event.pointerId };
}

function drag(event, state) {
  if (!state.from || state.byKeys) return;
  const { spot, x, y, pointer } = state.from;
  const [dx, dy] = [event.clientX - x, event.clientY - y];
  if (!state.spot) {
    if (Math.hypot(dx, dy) < FAR || !(event.buttons & 1)) return;
    spot.parentElement.setPointerCapture(pointer);
    pick(spot, state);
  }
  spot.style.setProperty("translate", `${dx}px ${dy}px`);
  const over = document
    .elementsFromPoint(event.clientX, event.clientY)
    .map((node) => node.closest?.('.spot[data-state="waiting"]'))
    .find((one) => one && one !== spot && one.parentElement === spot.parentElement);
  if (over) aim(state, over);
}

function pick(spot, state) {
  Object.assign(state, { spot, target: null });
  spot.toggleAttribute("data-carried", true);
}

function aim(state, target) {
  for (const spot of spotsOf(state.spot)) spot.removeAttribute("data-drop");
  state.target = target === state.spot ? null : target;
  state.target?.toggleAttribute("data-drop", true);
}

async function drop(state, { move }) {
  const [code, before] = [codeOf(state.spot), codeOf(state.target)];
  const moved = before !== null && nextOf(state.spot) !== before;
  state.justDragged = !state.byKeys;
  setTimeout(() => (state.justDragged = false), 50);
  release(state);
  if (moved) await move(code, before);
}

const nextOf = (spot) => {
  const spots = spotsOf(spot);
  return codeOf(spots[spots.indexOf(spot) + 1]);
};

function release(state) {
  const { spot } = state;
  if (spot) {
    spot.removeAttribute("data-carried");
    spot.style.removeProperty("translate");
    for (const one of spotsOf(spot)) one.removeAttribute("data-drop");
  }
  Object.assign(state, { spot: null, target: null, byKeys: false, from: null });
}

function click(event, state, open) {
  state.from = null;
  const code = event.target.closest(".spot__card")?.dataset.code;
  if (code && !state.spot && !state.justDragged) open(code);
}

function key(event, state, { open, move }) {
  const spot = event.target.closest(".spot");
  if (!spot) return;
  const step = STEPS[event.key];
  if (step) return stop(event, () => (state.byKeys ? carry(state, step) : walk(spot, step)));
  if (event.key === " ") return stop(event, () => (state.byKeys ? drop(state, { move }) : lift(spot, state)));
  if (event.key === "Enter") return stop(event, () => (state.byKeys ? drop(state, { move }) : open(codeOf(spot))));
  if (event.key === "Escape" && state.byKeys) return stop(event, () => putBack(state));
  return undefined;
}

function stop(event, act) {
  event.preventDefault();
  act();
}

function walk(spot, step) {
  const cards = [...spot.parentElement.querySelectorAll(".spot__card")];
  const to = cards[cards.indexOf(spot.firstElementChild) + step];
  if (!to) return;
  for (const card of cards) card.tabIndex = card === to ? 0 : -1;
  to.focus();
}

function lift(spot, state) {
  if (spot.dataset.state !== "waiting") return;
  state.byKeys = true;
  pick(spot, state);
  tell("picked", { code: codeOf(spot), place: spotsOf(spot).indexOf(spot) + 1 });
}

function carry(state, step) {
  const spots = spotsOf(state.spot);
  const own = spots.indexOf(state.spot);
  const at = state.target ? spots.indexOf(state.target) : own;
  // In front of the one behind is where it stands already.
  let to = at + step;
  if (to === own + 1) to += step;
  if (to < 0 || to >= spots.length) return;
  aim(state, spots[to]);
  const place = state.target ? (to > own ? to : to + 1) : own + 1;
  tell("carried", { code: codeOf(state.spot), place });
}

function putBack(state) {
  const place = spotsOf(state.spot).indexOf(state.spot) + 1;
  tell("put-back", { code: codeOf(state.spot), place });
  release(state);
}
