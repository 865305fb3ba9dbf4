// The draft of an event as it stands on the page: every input knows its place in the file (data-at).

import { clone } from "../list.js";

const form = document.getElementById("form");
let rest = {};

/** Put a draft onto the page. What the page has no input for, such as breaks, is kept as it is. */
export function putDraft(draft) {
  rest = structuredClone(draft);
  for (const list of form.querySelectorAll("[data-list]")) list.replaceChildren();
  for (const one of ["contest", "therapist"]) {
    const parent = form.querySelector(`[data-list="${one}"]`);
    for (const row of draft[one] ?? []) addRow(parent, row);
  }
  for (const input of inputsOf(form)) write(input, valueAt(draft, input.dataset.at));
  for (const box of form.querySelectorAll("[data-lane-on]")) {
    box.checked = Boolean(draft.lane?.[box.dataset.laneOn]);
  }
}

/** Put another contest, wave or therapist onto the page. */
export function addRow(parent, values = {}) {
  const row = clone(parent.dataset.row);
  row.rest = values;
  parent.append(row);
  for (const input of inputsOf(row)) write(input, values[input.dataset.at]);
  const inner = row.querySelector("[data-list]");
  if (inner) for (const wave of values[inner.dataset.list] ?? [{}]) addRow(inner, wave);
  return row;
}

/** The inputs of the form or of a row, but not those of rows inside. */
export function inputsOf(box) {
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
export function draftOf() {
  const draft = structuredClone(rest);
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
