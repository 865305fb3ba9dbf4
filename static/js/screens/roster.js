// Start lists and results: send a file, show what was understood, change the guesses, take it.

import { timeOfDay } from "../clock.js";
import { clone, fill, list, say, set } from "../list.js";
import { press, send } from "../press.js";

const ASK_EVERY_MS = 400;
const root = document.getElementById("roster");
const { slug, most } = root.dataset;
const base = `/api/v1/events/${encodeURIComponent(slug)}/roster/files`;
const byId = (id) => document.getElementById(id);
const SIGNS = { ",": "comma", ";": "semicolon", "\t": "tab", "|": "bar" };
const state = { list: null, chosen: {}, asked: 0 };

const kind = () => root.querySelector("[name=kind]:checked").value;

// --- sending the file

async function upload(file) {
  show(null);
  if (!file) return;
  fill(byId("drop"), { file: file.name });
  if (file.size > most * 1_048_576) return complain(say("too-large", { mb: most }));
  Object.assign(state, { list: null, chosen: {} });
  try {
    state.list = await sent(file);
    await look();
  } catch (error) {
    complain(error.message || say("lost"));
  }
}

/** Send the bytes with a word of progress, which fetch can't give. */
function sent(file) {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", `${base}?kind=${kind()}`);
    asked.setRequestHeader("Content-Type", "application/octet-stream");
    asked.setRequestHeader("Tentqueue-Screen", "organiser");
    asked.responseType = "json";
    asked.upload.onprogress = ({ loaded, total }) =>
      progress(say("sending", { percent: Math.floor((100 * loaded) / total) }), loaded / total);
    asked.onload = () =>
      asked.status === 201 ? resolve(asked.response) : reject(new Error(asked.response?.detail));
    asked.onerror = () => reject(new Error());
    asked.send(file);
  });
}

// --- reading it

const wanted = () => ({ kind: kind(), ...state.chosen });

/** Have the list read as it is wanted now, and show what was found; a newer wish overtakes. */
async function look() {
  const mine = (state.asked += 1);
  const url = `${base}/${state.list.file}`;
  progress(say("reading", { rows: 0 }));
  const found = await until(await send(`${url}/check`, wanted(), asOrganiser), url);
  if (mine === state.asked) show(found);
}

const asOrganiser = { headers: { "Tentqueue-Screen": "organiser" } };

async function until(now, url) {
  while (now.step === "reading" || now.step === "taking") {
    progress(say(now.step, { rows: now.rows.toLocaleString() }));
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
    const answer = await fetch(url, asOrganiser);
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail);
    now = await answer.json();
  }
  return now;
}

// --- showing what was found

function show(found) {
  progress(null);
  complain(found?.step === "failed" ? found.sentence : "");
  const read = found?.step === "read";
  byId("found").hidden = !read;
  byId("columns-box").hidden = !found?.columns.length || found.step === "taken";
  byId("done").hidden = found?.step !== "taken";
  if (!found) return;
  state.list = found;
  if (read) drawFound(found);
  if (found.step === "taken") drawTaken(found);
  drawColumns(found);
}

function drawFound({ counts, notes, samples, problems }) {
  for (const name of ["new", "changed", "unchanged", "wrong"]) figure(`c-${name}`, counts[name]);
  set(byId("c-wrong"), "data-kind", counts.wrong ? "late" : "");
  list(byId("notes"), notes.map((sentence) => ({ sentence })), {
    key: (note) => note.sentence, make: "note", fill: (node, note) => fill(node, note),
  });
  byId("samples-box").hidden = !samples.length;
  list(byId("samples"), samples, { key: (line) => line.bib, make: "sample", fill: drawSample });
  byId("problems-box").hidden = !problems.length;
  list(byId("problems"), problems, { key: (one) => `${one.line}-${one.field}`, make: "wrong", fill: drawProblem });
  const more = counts.wrong - problems.length;
  byId("problems-more").hidden = more <= 0;
  set(byId("problems-more"), "text", say("more", { count: more.toLocaleString() }));
  const take = byId("take");
  const nothing = counts.new + counts.changed === 0;
  set(take, "aria-disabled", nothing ? "true" : null);
  set(byId("take-problem"), "text", nothing ? say("nothing") : "");
  byId("take-problem").hidden = !nothing;
}

function drawSample(node, { bib, name, wave, finished_at: at, outcome }) {
  const finish = outcome ? say(`outcome-${outcome}`) : at ? timeOfDay(at) : "–";
  fill(node, { bib, name: name ?? "–", wave: wave ?? "–", finish });
}

const drawProblem = (node, { line, field, sentence }) =>
  fill(node, { where: say("where", { line, field: say(`field-${field}`) }), sentence });

function drawColumns({ columns, encoding, delimiter }) {
  list(byId("columns"), columns, {
    key: (column) => column.number,
    make: (column) => {
      const node = clone("column");
      node.querySelector("select").addEventListener("change", ({ target }) => choose(column.number, target.value));
      return node;
    },
    fill: (node, { header, meaning, number }) => {
      fill(node, { header: header || String(number) });
      node.querySelector("select").value = meaning;
      node.toggleAttribute("data-dropped", !meaning);
    },
  });
  if (encoding) byId("encoding").value = encoding === "utf-8-sig" ? "utf-8" : encoding;
  if (delimiter) byId("delimiter").value = SIGNS[delimiter];
}

function drawTaken({ counts, released, roster }) {
  figure("n-listed", roster.listed);
  figure("n-wave", roster.with_wave);
  figure("n-finished", roster.finished);
  const numbers = Object.fromEntries(Object.entries(counts).map(([k, v]) => [k, v.toLocaleString()]));
  const erased = counts.erased ? say("erased", { count: counts.erased }) : "";
  const words = [say("took", numbers), erased, released ? say("released", { count: released }) : ""];
  fill(byId("done"), { words: words.filter(Boolean).join(" ") });
  byId("done").scrollIntoView({ block: "nearest" });
}

// --- changing the guesses

function choose(number, meaning) {
  const columns = {};
  for (const column of state.list.columns) {
    const means = column.number === number ? meaning : column.meaning === meaning ? "" : column.meaning;
    if (means) columns[means] = column.number;
    else if (column.meaning && !(column.meaning in columns)) columns[column.meaning] = 0;
  }
  // A meaning that moved to another column is not dropped.
  if (meaning) columns[meaning] = number;
  state.chosen = { ...state.chosen, columns };
  again();
}

function again() {
  look().catch((error) => complain(error.message || say("lost")));
}

function progress(words, share) {
  const box = byId("progress");
  box.hidden = words === null;
  if (words === null) return;
  fill(box, { words });
  set(box.querySelector("progress"), "value", share ?? null);
}

function complain(words) {
  byId("problem").hidden = !words;
  if (words) progress(null);
  set(byId("problem"), "text", words);
}

const figure = (id, number) => fill(byId(id), { figure: number.toLocaleString() });

const chooser = byId("file");
const takeFile = () => {
  upload(chooser.files[0]);
  // The same file, corrected, must count as a choice again.
  chooser.value = "";
};
chooser.addEventListener("change", takeFile);
// Chosen before this script had come.
if (chooser.files.length) takeFile();
root.querySelector("[data-choice=kind]").addEventListener("change", () => state.list && again());
byId("encoding").addEventListener("change", ({ target }) => {
  state.chosen = { kind: kind(), encoding: target.value };
  again();
});
byId("delimiter").addEventListener("change", ({ target }) => {
  const sign = Object.keys(SIGNS).find((one) => SIGNS[one] === target.value);
  state.chosen = { encoding: state.chosen.encoding, delimiter: sign };
  again();
});
for (const name of ["dragover", "drop"]) {
  byId("drop").addEventListener(name, (event) => {
    event.preventDefault();
    if (name === "drop") upload(event.dataTransfer.files[0]);
  });
}
press(byId("take"), {
  url: () => `${base}/${state.list.file}/take`,
  body: wanted,
  headers: asOrganiser.headers,
  done: (now) =>
    until(now, `${base}/${now.file}`).then(show, (error) => complain(error.message || say("lost"))),
});
