// One step of the join page at a time; the phone's own back button goes one step back.

const FIRST = "doors";
let onShow = () => {};

/** Show the step the address bar's history stands on; `shown(name)` runs at each change. */
export function startSteps(shown) {
  onShow = shown;
  history.replaceState({ step: FIRST }, "");
  addEventListener("popstate", (event) => show(event.state?.step ?? FIRST));
  document.getElementById("back").addEventListener("click", () => history.back());
  show(FIRST, false);
}

/** Go on to a step. */
export function go(step) {
  if (history.state?.step !== step) history.pushState({ step }, "");
  show(step);
}

/** Back to the two doors, however deep the runner is. */
export function restart() {
  history.pushState({ step: FIRST }, "");
  show(FIRST);
}

function show(step, focus = true) {
  for (const section of document.querySelectorAll("[data-step]")) {
    section.hidden = section.dataset.step !== step;
  }
  document.getElementById("back").hidden = step === FIRST;
  onShow(step);
  if (!focus) return;
  scrollTo(0, 0);
  // A screen reader hears where it is now.
  document.querySelector(`[data-step="${step}"] h1`)?.focus({ preventScroll: true });
}
