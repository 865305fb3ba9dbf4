// The kiosk: a bib in, a ticket on paper, blank again in seconds. It asks for the lanes' waits and
// for nothing about anybody's ticket; what was typed lives in one variable and goes with the reset.

import { isUnknown, rangeText, timeOfDay } from "../clock.js";
import { bib } from "../components/bib.js";
import { clone, fill, list, say, set } from "../list.js";
import { clear, press, send } from "../press.js";
import { heardBuild, stayWhile } from "../upgrade.js";
import { keepAwake } from "../wake.js";

const IDLE_MS = 30_000;
const DONE_MS = 8_000;
const ASKED_MS = 20_000;
const LOOK_EVERY_MS = 15_000;
const EARLIEST_MS = 20 * 60_000; // Later than this before a start no warm-up fits (rule 3).
const node = (id) => document.getElementById(id);
const kiosk = node("kiosk");
const field = node("bib-field");
const base = `/api/v1/events/${encodeURIComponent(kiosk.dataset.slug)}`;
const onNetwork = "printer" in kiosk.dataset;
let chosen = {};
let view = null;
let resting = 0;

/** Show one step, and forget everything unless somebody goes on. */
function step(name, forMs = IDLE_MS) {
  for (const part of kiosk.querySelectorAll("[data-step]")) part.hidden = part.dataset.step !== name;
  node("again").hidden = name === "bib" || name === "done";
  clearTimeout(resting);
  if (name !== "bib") resting = setTimeout(reset, forMs);
  if (name === "bib") field.focus({ preventScroll: true });
  else kiosk.querySelector(`[data-step=${name}] h1`).focus();
}

function reset() {
  chosen = {};
  field.value = "";
  node("bib-problem").hidden = true;
  clear(node("agree"));
  for (const part of document.querySelectorAll("#receipt [data-part], .kiosk__done [data-part=code]")) part.textContent = "";
  node("receipt-qr").removeAttribute("src");
  step("bib");
}

function refuse(words) {
  fill(kiosk, { "no-title": words });
  step("no", DONE_MS * 2);
}

// ---- the bib
for (const key of kiosk.querySelectorAll("[data-digit]")) {
  key.addEventListener("click", () => (field.value = (field.value + key.dataset.digit).slice(0, 16)));
}
node("wipe").addEventListener("click", () => (field.value = field.value.slice(0, -1)));
node("bib-form").addEventListener("submit", (event) => {
  event.preventDefault();
  chosen = { bib: field.value.trim().toUpperCase() };
  node("bib-problem").hidden = Boolean(chosen.bib);
  if (!chosen.bib) return (node("bib-problem").textContent = say("bib-empty"));
  drawDoors();
  return step("lane");
});
// A USB keyboard or a scanner types wherever the finger was last.
document.addEventListener("keydown", (event) => {
  if (event.key.length === 1 && !node("bib-form").closest("[data-step]").hidden) field.focus();
});

// ---- the lane, and the start of a warm-up
function drawDoors() {
  for (const door of kiosk.querySelectorAll("[data-door]")) {
    const lane = view?.lanes.find((one) => one.lane === door.dataset.lane);
    set(door, "data-state", lane?.state ?? "open");
    fill(door, { wait: { text: "", hidden: true }, "wait-words": lane ? waitWords(lane) : "" });
    set(door, "aria-disabled", lane && lane.state !== "open" ? "true" : null);
  }
}

function waitWords({ state, wait }) {
  if (state !== "open") return say(`wait-${state}`);
  if (!wait.to_minutes) return say("wait-none");
  if (isUnknown(wait.from_minutes)) return say("wait-unknown");
  return say("wait-open", { wait: rangeText(wait.from_minutes, wait.to_minutes) });
}

for (const door of kiosk.querySelectorAll("[data-door]")) {
  door.addEventListener("click", () => {
    if (door.getAttribute("aria-disabled")) return;
    chosen.lane = door.dataset.lane;
    const waves = (view?.waves ?? []).filter(({ starts_at: at }) => Date.parse(at) - Date.parse(view.now) > EARLIEST_MS);
    if (chosen.lane !== "warmup" || waves.length < 2) return step("consent");
    drawWaves(waves);
    step("wave");
  });
}

function drawWaves(waves) {
  list(node("waves"), waves, {
    key: ({ id }) => id,
    make: (wave) => {
      const one = clone("wave");
      one.querySelector("button").addEventListener("click", () => {
        chosen.wave = wave.id;
        step("consent");
      });
      return one;
    },
    fill: (one, { contest, name, starts_at: at }) => fill(one, { words: say("wave", { contest, wave: name, time: timeOfDay(at) }) }),
  });
}

// ---- consent, the ticket, the paper
press(node("agree"), {
  url: `${base}/tickets`,
  body: () => ({ ...chosen, consent: true, at_tent: true }),
  done: (ticket) => given(ticket),
  refused: (problem) => {
    // Whose ticket it is stays with the desk: anybody may type anybody's bib.
    refuse(problem.code === "already_queued" ? say("already") : problem.detail);
    return true;
  },
});

async function given(ticket) {
  bib(kiosk.querySelector(".kiosk__done [data-bib]"), { code: ticket.code, lane: ticket.lane, state: "waiting" });
  fill(kiosk, { "done-title": say("done"), "done-words": say("done-printed") });
  node("on-paper").hidden = true;
  if (!onNetwork) return fromBrowser(ticket);
  try {
    await send(`/api/v1/tickets/${encodeURIComponent(ticket.id)}/print`, { new: true });
    return step("done", DONE_MS);
  } catch (error) {
    return refuse(error.problem?.detail ?? say("offline"));
  }
}

/** The browser can't tell whether paper came out: the runner is asked. */
async function fromBrowser(ticket) {
  chosen = { ticket: ticket.id, key: ticket.key };
  fill(node("receipt"), { lane: say(`lane-${ticket.lane}`), code: ticket.code, when: say("taken", { time: timeOfDay(ticket.joined_at) }) });
  const image = node("receipt-qr");
  image.src = ticket.qr;
  await Promise.race([image.decode().catch(() => null), new Promise((done) => setTimeout(done, 2000))]);
  document.body.dataset.print = "receipt";
  window.print();
  delete document.body.dataset.print;
  fill(kiosk, { "done-words": say("done-asked") });
  node("on-paper").hidden = false;
  step("done", ASKED_MS);
}

node("paper-yes").addEventListener("click", reset);
press(node("paper-no"), {
  url: () => `/api/v1/tickets/${encodeURIComponent(chosen.ticket)}/leave`,
  headers: () => ({ Authorization: `Bearer ${chosen.key}` }),
  done: () => refuse(say("taken-back")),
});
node("again").addEventListener("click", reset);
node("no-again").addEventListener("click", reset);

// ---- the lanes' waits, and staying awake
async function look() {
  const answer = await fetch(base, { cache: "no-store" }).catch(() => null);
  heardBuild(answer?.headers.get("Tentqueue-Build"));
  if (answer?.ok) view = await answer.json();
  if (!kiosk.querySelector("[data-step=lane]").hidden) drawDoors();
}
addEventListener("pointerdown", () => {
  keepAwake();
  const open = kiosk.querySelector("[data-step]:not([hidden])").dataset.step;
  if (open === "lane" || open === "wave" || open === "consent") step(open);
  else if (open === "bib") {
    clearTimeout(resting);
    resting = setTimeout(reset, IDLE_MS);
  }
});
stayWhile(() => node("bib-form").closest("[data-step]").hidden);
setInterval(look, LOOK_EVERY_MS);
look();
document.body.dataset.paper = "80";
field.focus();
