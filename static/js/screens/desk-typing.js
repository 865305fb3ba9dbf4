// The paper sheet typed in again (rule 28): each line is an ordinary command with a time of its own,
// and a line that is refused says why and can be corrected.

import { instantAt, timeOfDay } from "../clock.js";
import { clone, fill, part, say, set } from "../list.js";
import { clear, send, show as state } from "../press.js";
import { waveWords } from "./staff.js";

const CODE = /^[WRN]\d{3,}$/;
const TIME = /^([01]?\d|2[0-3])[:.h]?([0-5]\d)$/;
const TIMES = ["joined", "started", "finished", "left"];
const WRITTEN = ["who", "wave", "table", ...TIMES];
const node = (id) => document.getElementById(id);
const form = node("typing-form");
const input = (name) => node(`line-${name}`);

/** Make the part work; returns {show(yes)}. */
export function typingIn(tent) {
  let busy = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    // Times on paper are read by the tent's clock, which comes with the first view.
    if (busy || !tent.store.view) return;
    busy = true;
    state(node("line-take"), "sending");
    await take(tent, written());
    clear(node("line-take"));
    busy = false;
  });
  return {
    show: (yes) => {
      node("typing").hidden = !yes;
      if (yes) input("who").focus();
    },
  };
}

/** What stands in the form, as typed. */
function written() {
  const line = { lane: form.elements["line-lane"].value };
  for (const name of WRITTEN) line[name] = input(name).value.trim();
  return { ...line, who: line.who.toUpperCase() };
}

async function take(tent, line) {
  if (!line.who) return input("who").focus();
  const done = { code: null };
  try {
    const words = await carriedOut(tent, line, done);
    note(line, done.code ?? line.who, words, false);
    form.reset();
  } catch (error) {
    const why = error.problem?.detail ?? (error instanceof Unreadable ? error.message : say("press-unanswered"));
    // A new runner is in line although the rest of the line was refused.
    const words = done.code ? say("line-but", { code: done.code, why }) : why;
    note({ ...line, who: done.code ?? line.who }, done.code ?? line.who, words, true);
    form.reset();
  }
  return input("who").focus();
}

class Unreadable extends Error {}

/** Ask for what the line says; `done.code` is set once the ticket is known to be there. */
async function carriedOut(tent, line, done) {
  const at = Object.fromEntries(TIMES.map((name) => [name, line[name] ? instant(line[name]) : null]));
  const known = tent.store.view?.tickets.find((one) => one.code === line.who || one.bib?.toUpperCase() === line.who);
  const code = known?.code ?? (CODE.test(line.who) ? line.who : await joined(tent, line, at, done));
  const body = {};
  if (at.left) body.left_at = at.left;
  if (at.started) body.started_at = at.started;
  if (at.finished) body.finished_at = at.finished;
  if (!Object.keys(body).length) {
    if (done.code) return say("line-joined", { code, time: timeOfDay(at.joined) });
    throw new Unreadable(say("line-empty"));
  }
  if (line.table) body.table = Number(line.table) || 0;
  await send(tent.ofTicket(code, "paper"), body);
  const last = ["left", "finished", "started"].find((name) => at[name]);
  return say(`line-${last}`, { code, time: timeOfDay(at[last]) });
}

/** A new runner of the sheet takes a place as of then; the sheet says that they agreed. */
async function joined(tent, line, at, done) {
  const since = at.joined ?? at.started;
  if (!since) throw new Unreadable(say("line-new"));
  const body = { lane: line.lane, consent: true, bib: line.who, joined_at: since };
  if (line.wave) body.wave = waveOf(tent.store.view, line.wave);
  const { code } = await send(`${tent.base}/tickets`, body);
  done.code = code;
  return code;
}

const plain = (words) => words.toUpperCase().replace(/[^\p{L}\p{N}]/gu, "");

/** The wave of a new runner, by its name, its contest and name, or its start. */
function waveOf(view, typed) {
  const { waves } = view.event;
  const starts = TIME.test(typed) ? Date.parse(instant(typed)) : null;
  const found = waves.filter(
    ({ id, name, contest, starts_at: at }) =>
      Date.parse(at) === starts || [id, name, contest + name].some((one) => plain(one) === plain(typed)),
  );
  if (found.length === 1) return found[0].id;
  const all = waves.map(({ id }) => waveWords(view, id)).join("; ");
  throw new Unreadable(say(found.length ? "line-which" : "line-wave", { wave: typed, waves: all }));
}

/** The last time the tent's clock showed `typed`; soon to come, if that is nearer. */
function instant(typed) {
  const found = TIME.exec(typed);
  if (!found) throw new Unreadable(say("line-time", { time: typed }));
  return instantAt(`${found[1]}:${found[2]}`);
}

/** Put a line under the form: taken, or refused with a way back into the form. */
function note(line, who, words, refused) {
  const row = clone("typed");
  set(row, "data-refused", refused);
  fill(row, { who, words, mark: { href: refused ? "#mark-stop" : "#mark-tick" } });
  const again = part(row, "again");
  again.hidden = !refused;
  again.addEventListener("click", () => {
    row.remove();
    for (const name of WRITTEN) input(name).value = line[name];
    form.querySelector(`[name=line-lane][value=${line.lane}]`).checked = true;
    input("who").focus();
  });
  node("typing-lines").prepend(row);
}
