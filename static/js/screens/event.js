// An event's set-up: the page is the event file; whatever is changed is read at once by the file's reader.

import { part, say, set } from "../list.js";
import { press, send } from "../press.js";
import { addRow, draftOf, putDraft } from "./event-draft.js";
import { drawFound } from "./event-found.js";

const CHECK_AFTER_MS = 500;
const root = document.getElementById("event-setup");
const form = document.getElementById("form");
const slug = root.dataset.slug || undefined;
const state = { timer: null, asked: 0 };

const tell = (words) => set(part(root, "state"), "text", words);

function show(draft) {
  putDraft(draft);
  drawLanes();
}

async function check() {
  const asked = (state.asked += 1);
  tell(say("state-checking"));
  try {
    const found = await send("/api/v1/setup/check", { event: slug, file: draftOf() });
    if (asked === state.asked) drawFound(found);
  } catch (error) {
    tell(error.problem?.detail ?? say("state-offline"));
  }
}

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
    tell(error.problem?.detail ?? say("state-no-file"));
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
    tell(say("state-saved"));
    if (!slug) location.assign(to);
  },
});
show(JSON.parse(root.dataset.draft));
check();
