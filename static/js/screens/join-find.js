// The ticket this phone holds, or the one found again by bib and a word only its runner knows (rule 24).

import { browser } from "../memory.js";
import { say } from "../list.js";
import { problemWords, send, show } from "../press.js";

const byId = (id) => document.getElementById(id);
const typed = (id) => byId(id).value.trim();

/** Go to a ticket just taken or found. The key travels in the part of the address that is never sent;
 *  the ticket page takes it away. */
export function toTicket({ id, key }) {
  browser.keep("ticket", id);
  location.assign(`/t/${encodeURIComponent(id)}${key ? `#${key}` : ""}`);
}

/** The id of the ticket this phone holds, or null. */
export const ownTicket = () => browser.kept("ticket");

/** Show the way to the phone's own ticket, if there is one, and make the form work. */
export function finding(base) {
  const id = ownTicket();
  byId("mine").hidden = !id;
  if (id) byId("mine-link").href = `/t/${encodeURIComponent(id)}`;
  byId("find").addEventListener("submit", (event) => {
    event.preventDefault();
    find(base);
  });
}

async function find(base) {
  const [button, bib, word] = [byId("find-go"), typed("find-bib"), typed("find-word")];
  if (!bib || !word) return show(button, "refused", say("find-both"));
  show(button, "sending");
  try {
    return toTicket(await send(`${base}/tickets/find`, { bib, word }));
  } catch (error) {
    return show(button, "refused", problemWords(error));
  }
}
