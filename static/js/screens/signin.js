// Staff sign in: a badge's code in the address does it at once, else a name and its PIN.

import { pinpad } from "../components/pinpad.js";
import { fill, list, say } from "../list.js";
import { press, problemWords, send } from "../press.js";

const STAFF = "/api/v1/staff";
const node = (id) => document.getElementById(id);
const slug = node("signin").dataset.slug;
const event = `event=${encodeURIComponent(slug)}`;
let chosen = null;
// Counts what this page was asked to show: an answer that comes after a later tap draws nothing.
let turn = 0;

const sections = ["working", "new", "already", "people", "stranger", "pad"];

/** Show these parts of the page and no others. */
function show(...ids) {
  for (const id of sections) node(id).hidden = !ids.includes(id);
}

/** Read one of the staff's lists; null when this browser may not. */
async function read(what) {
  const answer = await fetch(`${STAFF}/${what}?${event}`, { cache: "no-store" }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}

/** Go to the screen that was asked for, when the role opens it; else to the role's own. */
function enter({ to, role }) {
  const asked = new URLSearchParams(location.search).get("to");
  const opens = { organiser: ["tablet", "desk", "organiser"], desk: ["tablet", "desk"] }[role] ?? [];
  location.replace(opens.includes(asked) ? `/${slug}/${asked}` : to);
}

async function takeBadge(code) {
  // The code works once: it has no business in the address, the history or a shared link.
  history.replaceState(null, "", location.pathname + location.search);
  try {
    const told = await send(`${STAFF}/enrol`, { code });
    if (!told.pin) return enter(told);
    fill(node("new"), { hello: say("hello", told), pin: told.pin });
    show("new");
    node("organiser-box").hidden = true;
    node("go").addEventListener("click", () => enter(told));
    node("go").focus();
  } catch (error) {
    await begin(problemWords(error));
  }
}

/** Offer what this browser may do; `problem` says why a badge did not work. */
async function begin(problem = "") {
  const mine = (turn += 1);
  chosen = null;
  const me = await read("me");
  const known = me?.locked ? null : await read("names");
  if (mine !== turn) return;
  if (me?.locked) return ask({ ...me, locked: true });
  drawNames(known?.names ?? []);
  const people = known?.names.length ? "people" : "";
  show(me ? "already" : "", people || (me ? "" : "stranger"));
  if (me) {
    fill(node("already"), { who: say("already", me) });
    node("already").querySelector("a").href = me.to;
  }
  if (!problem) return;
  node("working").hidden = false;
  node("working").textContent = problem;
}

function drawNames(names) {
  list(node("names"), names, {
    key: ({ staff }) => staff,
    make: "name",
    fill: (row, person) => {
      fill(row, { name: person.name, role: say(`role-${person.role}`) });
      row.querySelector("button").onclick = () => ask(person);
    },
  });
}

/** Ask for somebody's PIN; the passphrase of a locked organiser has its own field. */
function ask(person) {
  turn += 1;
  chosen = person;
  fill(node("pad"), { name: person.name });
  pad.clear();
  const phrase = person.staff === "organiser";
  node("organiser-box").open = phrase;
  show(phrase ? "" : "pad");
  if (phrase) node("passphrase").focus();
}

async function tryPin(pin) {
  try {
    enter(await signIn(pin));
    return "";
  } catch (error) {
    return problemWords(error);
  }
}

/** Open the locked screen again, or sign in under a new session. */
async function signIn(pin) {
  if (!chosen.locked) return send(`${STAFF}/signin`, { event: slug, staff: chosen.staff, pin });
  await send(`${STAFF}/unlock`, { pin });
  return chosen;
}

const pad = pinpad(node("pad"), tryPin);

node("others").addEventListener("click", async () => {
  if (chosen?.locked) await send(`${STAFF}/signout`).catch(() => {});
  begin();
});

press(node("organiser-in"), {
  url: () => (chosen?.locked && chosen.staff === "organiser" ? `${STAFF}/unlock` : `${STAFF}/signin`),
  body: () => {
    const pin = node("passphrase").value || " ";
    const locked = chosen?.locked && chosen.staff === "organiser";
    return locked ? { pin } : { event: slug, staff: "organiser", pin };
  },
  done: (told) => enter(told.to ? told : chosen),
});

// A name tapped while the answer is on its way keeps its keys.
press(node("out"), { url: `${STAFF}/signout`, done: () => chosen || begin() });

const code = location.hash.slice(1);
if (code) takeBadge(code);
else begin();
