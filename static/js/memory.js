// What this browser keeps for a page. A private window keeps nothing, and everything works all the same.

const memory = (place) => ({
  /** Keep a text under a name; false where nothing is kept. */
  keep: (name, text) => attempt(() => (globalThis[place].setItem(name, text), true), false),
  /** What was kept under a name, or null. */
  kept: (name) => attempt(() => globalThis[place].getItem(name), null),
  /** Leave nothing under a name. */
  forget: (name) => attempt(() => globalThis[place].removeItem(name), null),
});

/** What lasts: the next visit finds it. */
export const browser = memory("localStorage");

/** What goes with the tab, and outlives a reload. */
export const tab = memory("sessionStorage");

function attempt(act, otherwise) {
  try {
    return act();
  } catch {
    return otherwise;
  }
}
