// The desk: one field, and what it finds: a ticket, several, or a runner who needs one.

import { everySecond } from "../clock.js";
import { scanning } from "../components/scan.js";
import { fill, list, say, set } from "../list.js";
import { toast } from "../toast.js";
import { joining } from "./desk-join.js";
import { printing } from "./desk-print.js";
import { typingIn } from "./desk-typing.js";
import { byCode, openTent, showClock, stateWords, waitWords } from "./staff.js";
import { ticketCard, whoWords } from "./ticket-card.js";

const RECENT = 9;
const CODE = /^[WRN]\d{3,}$/;
const PAPER = /^[WR][89]\d\d$/;
const LINK = /\/s\/([a-z2-7]{26})\b/i;
const OPEN = ["held", "waiting", "called"];
const BIB = /^(?=.*\d)[\dA-Z-]{1,16}$/;
const node = (id) => document.getElementById(id);
const tent = openTent(node("desk"));
const asked = node("asked");
const state = { code: null, fresh: null, early: null, shows: 0 };

const paper = printing(tent, { takenBack: () => show({ start: true }) });
const showTicket = ticketCard("ticket", { tent, print: (ticket) => paper.receipt(ticket) });
const join = joining(tent, {
  joined: (ticket) => {
    state.fresh = ticket;
    paper.learn(ticket);
    show({ code: ticket.code });
    if (!OPEN.includes(ticket.state)) return;
    toast(say("joined", { code: ticket.code }), { undo: () => paper.takeBack(ticket) });
    node("ticket-print").focus();
  },
  queued: (code) => {
    show({ code });
    node("queued").hidden = false;
    node("queued").textContent = say("queued");
  },
});

const typing = typingIn(tent);
node("type-sheet").addEventListener("click", () => show({ sheet: true }));

/** Show one thing: {code}, {matches}, {join: bib}, {paper: its code}, {missing: words}, {sheet} to
 *  type in, or {start}. */
function show({ code = null, matches = null, join: bib = null, paper: printed = null, missing = null, sheet = false, start = false }) {
  state.code = code;
  state.shows += 1;
  node("start").hidden = !start;
  node("queued").hidden = true;
  typing.show(sheet);
  node("matches-box").hidden = !matches;
  if (matches) drawMatches(node("matches"), matches);
  node("missing").hidden = !missing;
  fill(node("missing"), { "missing-words": missing });
  if (bib === null && printed === null) join.hide();
  else join.show(bib, tent.store.view, printed);
  drawTicket(tent.store.view);
}

function drawTicket(view) {
  const known = view ? byCode(view).get(state.code) : null;
  // A ticket just taken is known to this page before its view comes.
  const fresh = state.fresh?.code === state.code ? { age_group: "adult", ...state.fresh } : null;
  const newer = fresh && view && (fresh.version > view.version || !OPEN.includes(fresh.state));
  const ticket = known ?? (newer ? fresh : null);
  showTicket(ticket, view, Boolean(fresh) && OPEN.includes(state.fresh.state));
  if (state.code && !ticket && view) {
    show({ missing: say("missing-code", { code: state.code }) });
  }
}

/** What was typed or scanned: a link, a code, a bib in line, a name, or a bib that needs a ticket. */
function find(typed) {
  const { view } = tent.store;
  const text = typed.trim();
  if (!text) return show({ start: true });
  // Scanned before the first view came: looked for as soon as it is there.
  if (!view) return (state.early = text);
  const link = LINK.exec(text);
  if (link || text.includes("://")) return scanned(link, view);
  const wanted = text.toUpperCase();
  const exact = view.tickets.find((one) => one.code === wanted || one.bib?.toUpperCase() === wanted);
  if (exact) return show({ code: exact.code });
  // A fresh paper ticket: the number is on it, whoever holds it is asked for.
  if (PAPER.test(wanted)) return show({ paper: wanted });
  if (CODE.test(wanted)) return show({ missing: say("missing-code", { code: wanted }) });
  const named = view.tickets.filter((one) => one.name?.toUpperCase().includes(wanted));
  if (named.length) return show(named.length === 1 ? { code: named[0].code } : { matches: named });
  if (BIB.test(wanted)) return show({ join: wanted });
  return show({ missing: say("missing-name", { name: text }) });
}

function scanned(link, view) {
  if (!link) return show({ missing: say("foreign-link") });
  const ticket = view.tickets.find(({ id }) => id === link[1].toLowerCase());
  if (ticket) return show({ code: ticket.code });
  return lookUp(`/s/${link[1].toLowerCase()}`);
}

/** Maybe a paper ticket nobody holds: the server knows its number and opens this page with it. */
async function lookUp(address) {
  const { shows } = state;
  const found = await fetch(address, { method: "HEAD" }).catch(() => null);
  // The next runner may have been asked for meanwhile.
  if (state.shows !== shows) return;
  if (found?.ok) location.assign(address);
  else show({ missing: say("missing-link") });
}

function drawMatches(place, tickets) {
  list(place, tickets, {
    key: ({ code }) => code,
    make: "match",
    fill: (row, ticket) => {
      set(row.firstElementChild, "data-code", ticket.code);
      set(row, "data-lane", ticket.lane);
      set(row.firstElementChild, "aria-current", ticket.code === state.code ? "true" : null);
      fill(row, { code: ticket.code, who: whoWords(ticket), what: stateWords(ticket) });
    },
  });
}

function drawDoors(view) {
  list(node("doors"), view.lanes.filter(isOfToday), {
    key: ({ lane }) => lane,
    make: "door-now",
    fill: (row, { lane, state: door, waiting, wait }) => {
      set(row, "data-lane", lane);
      set(row, "data-state", door);
      fill(row, {
        mark: { href: `#mark-${lane}` },
        name: say(`lane-${lane}`),
        words: say(`door-${door}`, { waiting, wait: waitWords(wait) }),
      });
    },
  });
}

const isOfToday = ({ lane, waiting, held, state: door }) =>
  lane !== "nextday" || waiting || held || door !== "closed";

function draw(view) {
  drawDoors(view);
  const recent = [...view.tickets].sort((a, b) => b.joined_at.localeCompare(a.joined_at) || b.code.localeCompare(a.code));
  drawMatches(node("recent"), recent.slice(0, RECENT));
  node("recent-none").hidden = recent.length > 0;
  if (state.code) drawTicket(view);
  join.draw(view);
  if (!draw.once) openFromAddress(view);
  draw.once = true;
}

/** The organiser's Print, and a scanned ticket, come here with the ticket in the address. */
function openFromAddress(view) {
  const given = new URLSearchParams(location.search);
  const wanted = state.early ?? (given.get("print") || location.hash.slice(1));
  // Somebody quicker than the first view may be typing the paper in already.
  if (!wanted) return node("typing").hidden ? show({ start: true }) : undefined;
  find(wanted);
  history.replaceState(null, "", location.pathname);
  const ticket = byCode(view).get(state.code);
  if (given.has("print") && ticket) paper.receipt(ticket);
  return undefined;
}

node("find").addEventListener("submit", (event) => {
  event.preventDefault();
  const typed = asked.value;
  // Empty for the next scan: a scanner types wherever the last one ended.
  asked.value = "";
  find(typed);
});
for (const place of [node("recent"), node("matches")]) {
  place.addEventListener("click", (event) => {
    const code = event.target.closest("[data-code]")?.dataset.code;
    if (code) show({ code });
  });
}
// A scanner types without looking: letters meant for nobody are meant for the field.
document.addEventListener("keydown", (event) => {
  const busy = event.target.closest("input[type=text], dialog, textarea");
  if (!busy && event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
    asked.focus();
  }
});
scanning(find);
tent.store.on("view", draw);
everySecond(showClock);
asked.focus();
