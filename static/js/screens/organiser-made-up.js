// Made-up tickets: counted first, then out of the line all at once, with one undo for all of them.

import { clockTime, instantAt } from "../clock.js";
import { ask } from "../components/dialog.js";
import { say } from "../list.js";
import { problemWords, send } from "../press.js";
import { toast } from "../toast.js";

const node = (id) => document.getElementById(id);
const LAST_OF_A_MINUTE = 59_999;

/** Make the dialog work; returns what opens it. */
export function madeUp(tent) {
  const dialog = node("made-up-dialog");
  const url = `${tent.base}/made-up`;
  const go = dialog.querySelector("[value=go]");
  let asked = 0;

  const body = (more) => ({ ...span(), pages_too: dialog.querySelector("[name=made-up-who]:checked").value === "pages", ...more });

  async function count() {
    const mine = (asked += 1);
    go.disabled = true;
    try {
      const found = await send(url, body({ dry_run: true }));
      if (mine !== asked) return null;
      node("made-up-count").textContent = say("made-up-count", found);
      go.disabled = found.found === 0;
      return found;
    } catch (error) {
      if (mine === asked) node("made-up-count").textContent = problemWords(error);
      return null;
    }
  }

  dialog.addEventListener("change", count);
  // Enter in a field counts again; only the button takes anything out.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
    event.preventDefault();
    count();
  });

  return async () => {
    node("more-dialog").close();
    for (const id of ["made-up-from", "made-up-to"]) node(id).value = "";
    dialog.querySelector("[name=made-up-who][value=programs]").checked = true;
    node("made-up-count").textContent = "";
    const answer = ask("made-up-dialog");
    const found = await count();
    if (found?.found && !node("made-up-from").value) {
      node("made-up-from").value = clockTime(found.first_at);
      node("made-up-to").value = clockTime(found.last_at);
    }
    if ((await answer) !== "go") return;
    try {
      const gone = await send(url, body({ reason: node("made-up-reason").value }));
      toast(say("made-up-gone", gone), { undo: () => send(tent.undo, {}) });
    } catch (error) {
      toast(problemWords(error));
    }
  };
}

/** The minutes typed, the last one whole. */
function span() {
  const [from, to] = ["made-up-from", "made-up-to"].map((id) => node(id).value);
  const until = to && new Date(Date.parse(instantAt(to)) + LAST_OF_A_MINUTE).toISOString();
  return { ...(from ? { since: instantAt(from) } : {}), ...(until ? { until } : {}) };
}
