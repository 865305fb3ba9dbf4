// The left side of the tablet: who is at the table, what they wish, what must not be touched.

import { timeOfDay } from "../clock.js";
import { bib, moved } from "../components/bib.js";
import { fill, list, say } from "../list.js";

const node = (id) => document.getElementById(id);

/** Show the runner at the table, or that there is none. */
export function drawRunner({ view, therapist, ticket, next, step }) {
  const here = ticket && ["called", "in_treatment"].includes(ticket.state);
  node("runner-bib").hidden = !here;
  node("runner-facts").hidden = !here;
  node("runner-none").hidden = Boolean(here);
  if (here) drawBib(ticket, therapist);
  else fill(node("runner-none"), { "none-words": say(`none-${step.name}`) });
  if (here) drawFacts(ticket);
  if (here) drawStart(view, ticket);
  node("next").hidden = !next;
  if (next) fill(node("next"), { "next-code": next.code });
}

function drawBib(ticket, therapist) {
  const card = node("runner-bib").querySelector("[data-bib]");
  const before = card.dataset.shown;
  bib(card, {
    code: ticket.code,
    lane: ticket.lane,
    state: ticket.state,
    heading: say("table", { table: therapist.table }),
  });
  card.dataset.shown = `${ticket.code} ${ticket.state}`;
  if (before !== card.dataset.shown) moved(card);
}

function drawFacts(ticket) {
  const root = node("runner-facts");
  const known = Array.isArray(ticket.areas);
  fill(root, { allowed: say(`allowed-${ticket.lane}`) });
  chips(root, "areas", known ? ticket.areas : [], say(known ? "area-none" : "area-hidden"));
  chips(root, "avoid", ticket.avoid ?? [], "");
  node("fact-avoid").hidden = !ticket.avoid?.length;
  const links = Object.entries(ticket.links ?? {});
  node("fact-links").hidden = !links.length;
  fill(root, { links: links.map(([area, linked]) => linkWords(area, linked)).join(". ") });
  // A sign-in that isn't told the outcome has the one at the table ask for it.
  node("answered").hidden = known || ticket.state !== "called" || ticket.questions_due;
  const minor = ticket.age_group !== "adult";
  node("guardian").hidden = !minor;
  if (minor) fill(root, { "guardian-words": say(ticket.age_group) });
}

/** Who is done shortly before the start is told to go there straight from the table (rule 3). */
function drawStart(view, { start_soon: soon, wave }) {
  node("start-soon").hidden = !soon;
  const start = view.event.waves.find(({ id }) => id === wave);
  if (soon) fill(node("start-soon"), { "start-words": say("start-soon", { time: timeOfDay(start.starts_at) }) });
}

const areaWords = (area) => say(`area-${area}`);
const linkWords = (area, linked) =>
  say("link", { area: areaWords(area), linked: linked.map(areaWords).join(", ") });

function chips(root, name, areas, empty) {
  const items = areas.length ? areas.map(areaWords) : [empty].filter(Boolean);
  const place = root.querySelector(`[data-part=${name}]`);
  place.toggleAttribute("data-empty", !areas.length);
  list(place, items, {
    key: (words) => words,
    make: "area",
    fill: (chip, words) => fill(chip, {}) && (chip.textContent = words),
  });
}
