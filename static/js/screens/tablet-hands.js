// Several therapists share a tablet: whoever works now takes it over with a PIN, in one screen.

import { pinpad } from "../components/pinpad.js";
import { clone, fill, list, say } from "../list.js";
import { problemWords, send } from "../press.js";

const node = (id) => document.getElementById(id);
const dialog = node("hands");

/** Make the dialog work; returns `open(id)`, which asks for that therapist's PIN, or whose it is. */
export function handingOver(tent) {
  let wanted = null;
  const ask = (therapist) => {
    wanted = therapist;
    node("hands-names").hidden = Boolean(therapist);
    node("hands-pad").hidden = !therapist;
    fill(dialog, { "hands-title": therapist?.name ?? say("hands-who") });
    pad.clear();
  };
  const pad = pinpad(node("hands-pad"), async (pin) => {
    try {
      await send("/api/v1/staff/signin", { event: tent.slug, name: wanted.name, pin });
    } catch (error) {
      return problemWords(error);
    }
    location.reload();
    return "";
  });
  node("hands-close").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => ask(null));
  ask(null);
  return (id = null) => {
    const { therapists } = tent.store.view;
    list(node("hands-names"), therapists, {
      key: (one) => one.id,
      make: (one) => {
        const row = clone("hand");
        row.querySelector("button").addEventListener("click", () => ask(one));
        return row;
      },
      fill: (row, one) => fill(row, { name: one.name, table: say("table", { table: one.table }) }),
    });
    ask(therapists.find((one) => one.id === id) ?? null);
    dialog.showModal();
  };
}
