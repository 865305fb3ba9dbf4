// What helps after the treatment: before the race to come, or in the hours after it (rule 9).

import { timeOfDay } from "../clock.js";
import { fill, say, set } from "../list.js";

const card = document.getElementById("after");
const byId = (name) => document.getElementById(name);

/** Show the aftercare card of a treatment that is done. */
export function drawAfter(view) {
  card.hidden = view.phase !== "aftercare";
  if (card.hidden) return;
  const kind = view.lane === "warmup" ? "warmup" : "rest";
  set(byId("after-title"), "text", say(`after-${kind}`));
  for (const part of card.querySelectorAll("[data-after]")) part.hidden = part.dataset.after !== kind;
  byId("after-start").hidden = !view.wave_starts_at;
  if (view.wave_starts_at) fill(card, { "start-time": timeOfDay(view.wave_starts_at) });
  byId("after-links").replaceChildren(...Object.keys(view.links ?? {}).map(linkItem));
}

function linkItem(area) {
  const item = document.createElement("li");
  item.textContent = say(`link-${area}`);
  return item;
}
