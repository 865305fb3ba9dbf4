// An event's set-up: the page is the event file. Every input knows its place in the file (data-at); what
// the file's reader complains of stands beside the input of that place.

import { clone, fill, list, part, say, set } from "../list.js";
import { press, send } from "../press.js";

const CHECK_AFTER_MS = 500;
const root = document.getElementById("event-setup");
const form = document.getElementById("form");
const slug = root.dataset.slug || undefined;
const state = { rest: {}, timer: null, asked: 0 };

// --- the draft on the page

/** Put a draft onto the page. What the page has no input for, such as breaks, is kept as it is. */
function show(draft) {
  state.rest = structuredClone(draft);
  for (const list of form.querySelectorAll("[data-list]")) list.replaceChildren();
  for (const one of ["contest", "therapist"]) {
    const parent = form.querySelector(`[data-list="${one}"]`);
    for (const row of draft[one] ?? []) addRow(parent, row);
  }
  for (const input of inputsOf(form)) write(input, valueAt(draft, input.dataset.at));
  for (const box of form.querySelectorAll("[data-lane-on]")) {
    box.checked = Boolean(draft.lane?.[box.dataset.laneOn]);
  }
  drawLanes();
}

function addRow(parent, values = {}) {
  const row = clone(parent.dataset.row);
  row.rest = values;
  parent.append(row);
  for (const input of inputsOf(row)) write(input, values[input.dataset.at]);
  const inner = row.querySelector("[data-list]");
  if (inner) for (const wave of values[inner.dataset.list] ?? [{}]) addRow(inner, wave);
  return row;
}

/** The inputs of the form or of a row, but not those of rows inside. */
function inputsOf(box) {
  const own = box.closest("[data-row-of]");
  return [...box.querySelectorAll("[data-at]")].filter(
    (input) => input.closest("[data-row-of]") === own,
  );
}

const valueAt = (draft, at) => at.split(".").reduce((value, key) => value?.[key], draft);

function write(input, value) {
  const { kind } = input.dataset;
  if (kind === "set") input.checked = (value ?? []).includes(input.value);
  else if (kind === "switch") input.checked = value ?? input.dataset.default === "true";
  else if (kind === "list") input.value = (value ?? []).join(", ");
  else if (input.tagName === "SELECT") input.value = value ?? input.options[0].value;
  else input.value = value ?? "";
}

/** What an input says, or undefined where it leaves the default. */
function read(input) {
  const { kind } = input.dataset;
  if (kind === "switch") return String(input.checked) === input.dataset.default ? undefined : input.checked;
  if (kind === "list") return listed(input.value);
  if (input.value === "") return undefined;
  if (kind === "number") return Number(input.value.replace(",", "."));
  return input.value.trim();
}

const listed = (text) => {
  const parts = text.split(",").map((one) => one.trim());
  return parts.some(Boolean) ? parts.filter(Boolean) : undefined;
};

/** Read the whole page as a draft. */
function draftOf() {
  const draft = structuredClone(state.rest);
  for (const name of ["contest", "therapist"]) {
    draft[name] = rowsOf(form.querySelector(`[data-list="${name}"]`));
  }
  for (const [at, value] of valuesOf(form)) put(draft, at, value);
  for (const box of form.querySelectorAll("[data-lane-on]")) {
    if (!box.checked) delete draft.lane?.[box.dataset.laneOn];
  }
  return draft;
}

function rowsOf(parent) {
  return [...parent.children].map((row) => {
    const values = { ...row.rest, ...Object.fromEntries(valuesOf(row)) };
    const inner = row.querySelector("[data-list]");
    if (inner) values[inner.dataset.list] = rowsOf(inner);
    return values;
  });
}

function valuesOf(box) {
  const values = new Map();
  for (const input of inputsOf(box)) {
    const { at, kind } = input.dataset;
    if (kind !== "set") values.set(at, read(input));
    else values.set(at, [...(values.get(at) ?? []), ...(input.checked ? [input.value] : [])]);
  }
  return values;
}

function put(draft, at, value) {
  const keys = at.split(".");
  const last = keys.pop();
  let table = draft;
  for (const key of keys) table = table[key] ??= {};
  if (value === undefined || (Array.isArray(value) && !value.length)) delete table[last];
  else table[last] = value;
}

// --- what the file's reader says

async function check() {
  const asked = (state.asked += 1);
  set(part(root, "state"), "text", say("state-checking"));
  try {
    const found = await send("/api/v1/setup/check", { event: slug, file: draftOf() });
    if (asked === state.asked) drawFound(found);
  } catch (error) {
    set(part(root, "state"), "text", error.problem?.detail ?? say("state-offline"));
  }
}

function drawFound({ problems, warnings, toml }) {
  document.getElementById("toml").textContent = toml;
  for (const line of root.querySelectorAll("[data-part=problem], #lanes-problem")) line.hidden = true;
  for (const input of root.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  for (const problem of problems) complain(problem);
  const count = problems.length;
  set(part(root, "state"), "text", count === 0 ? say("state-good") : count === 1 ? say("state-one") : say("state-some", { count }));
  set(root, "data-good", count === 0 ? "yes" : "no");
  drawCounts();
  drawWarnings(warnings);
}

/** What only surprises can be saved; it is said all the same. */
function drawWarnings(warnings) {
  const box = document.getElementById("warnings");
  box.hidden = !warnings.length;
  list(part(box, "warnings"), warnings.map(asSentence), {
    key: ({ sentence }) => sentence,
    make: "warning",
    fill: (node, warning) => fill(node, warning),
  });
}

/** A lane's warning names the lane; those of therapists name who it is. */
function asSentence({ field, what }) {
  const lane = form.querySelector(`[data-lane="${field.match(/^lane\.(\w+)/)?.[1]}"] legend`);
  return { sentence: lane ? `${lane.textContent.trim()}: ${what}` : what };
}

function complain({ field, what }) {
  const input = inputAt(field);
  const line = input ? part(input.closest("[data-entry]"), "problem") : document.getElementById("lanes-problem");
  if (!line) return;
  // A field nobody has come to yet is not wrong, only empty: it counts, and is marked at the first save.
  const marked = !input || root.dataset.tried || input.dataset.touched || input.value;
  if (input && marked) input.setAttribute("aria-invalid", "true");
  line.textContent = plain(input ? what : `${field} ${what}`);
  line.hidden = !marked;
}

/** The file's reader says how to write it in a file, after a semicolon; here there is a field for it. */
const plain = (what) => (/; write .* = /.test(what) ? what.split(";")[0] : what.replace(/: \w+ = \S+$/, ""));

/** The input of a place as the file's reader names it: `contest[1].wave[2].start`. */
function inputAt(field) {
  let box = form;
  const keys = field.split(".");
  while (keys.length && /\[\d+\]$/.test(keys[0])) {
    const [, name, place] = keys.shift().match(/^(.*)\[(\d+)\]$/);
    const list = box.querySelector(`[data-list="${name}"]`);
    if (!list?.children[place - 1]) break;
    box = list.children[place - 1];
  }
  const at = keys.join(".").replace(/\[\d+\]$/, "");
  const own = inputsOf(box);
  return own.find((input) => input.dataset.at === at) ?? (box === form ? null : own[0]);
}

function drawCounts() {
  for (const step of root.querySelectorAll("[data-step]")) {
    const lines = document.getElementById(step.dataset.step).querySelectorAll(".problem:not([hidden])");
    const badge = step.querySelector("b");
    badge.hidden = lines.length === 0;
    badge.textContent = String(lines.length);
  }
}

// --- hands

function changed(event) {
  if (event) event.target.dataset.touched = "yes";
  // A rule the medical lead has not seen is not confirmed.
  if (event?.target.matches?.("[data-medical]")) {
    form.querySelector('[data-at="medical.confirmed_by"]').value = "";
  }
  if (event?.target.dataset?.at === "event.name" && !slug) suggestSlug(event.target.value);
  drawLanes();
  clearTimeout(state.timer);
  state.timer = setTimeout(check, CHECK_AFTER_MS);
}

function suggestSlug(name) {
  const input = form.querySelector('[data-at="event.slug"]');
  if (input.dataset.own) return;
  const plain = name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  input.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function drawLanes() {
  for (const box of form.querySelectorAll("[data-lane-on]")) {
    form.querySelector(`[data-lane-more="${box.dataset.laneOn}"]`).hidden = !box.checked;
  }
  const confirmed = form.querySelector('[data-at="medical.confirmed_by"]').value.trim();
  part(form, "confirmed").hidden = !confirmed;
}

function clicked({ target }) {
  const add = target.closest("[data-add]");
  if (add) {
    const box = add.closest("[data-row-of], .part");
    const row = addRow(box.querySelector(`[data-list="${add.dataset.add}"]`), beginning(add.dataset.add));
    row.querySelector("input").focus();
    changed();
  }
  const remove = target.closest("[data-remove]");
  if (remove) {
    remove.closest("[data-row-of]").remove();
    changed();
  }
}

/** A new therapist works in the lanes that are offered. */
function beginning(kind) {
  if (kind !== "therapist") return {};
  const offered = [...form.querySelectorAll("[data-lane-on]:checked")].map((box) => box.dataset.laneOn);
  return { lanes: offered.filter((lane) => lane !== "nextday") };
}

async function bring({ target }) {
  const [file] = target.files;
  if (!file) return;
  try {
    const found = await send("/api/v1/setup/check", { event: slug, toml: await file.text() });
    if (Object.keys(found.file).length) show(found.file);
    drawFound(found);
  } catch (error) {
    set(part(root, "state"), "text", error.problem?.detail ?? say("state-no-file"));
  }
  target.value = "";
}

function take() {
  const text = document.getElementById("toml").textContent;
  const away = document.createElement("a");
  away.href = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
  away.download = `${draftOf().event?.slug || "event"}.toml`;
  away.click();
  setTimeout(() => URL.revokeObjectURL(away.href), 1000);
}

form.addEventListener("input", (event) => {
  if (event.target.dataset.at === "event.slug") event.target.dataset.own = "yes";
  changed(event);
});
form.addEventListener("click", clicked);
form.addEventListener("submit", (event) => event.preventDefault());
document.getElementById("bring").addEventListener("change", bring);
document.getElementById("take").addEventListener("click", take);
press(document.getElementById("save"), {
  ask: () => {
    root.dataset.tried = "yes";
    return true;
  },
  url: "/api/v1/setup",
  body: () => ({ event: slug, file: draftOf() }),
  refused: () => void check().then(() => form.querySelector("[aria-invalid]")?.focus()),
  done: ({ to }) => {
    set(part(root, "state"), "text", say("state-saved"));
    if (!slug) location.assign(to);
  },
});
show(JSON.parse(root.dataset.draft));
check();
