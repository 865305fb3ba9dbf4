// A ticket for somebody without a phone: what for, when, how old, asked or not, agreed aloud.

import { now } from "../clock.js";
import { clone, fill, list, say, set } from "../list.js";
import { clear, press } from "../press.js";
import { waitWords, waveWords } from "./staff.js";

const EARLIEST = 30; // Minutes before a start; later than this a warm-up is at risk (rule 3).
const node = (id) => document.getElementById(id);
const form = node("join-form");
const value = (name) => form.elements[name]?.value || null;
const minutesFrom = (iso) => (Date.parse(iso) - now()) / 60_000;

/** Make the form work. `joined(answer)` gets the new ticket; `queued(code)` the one already there.
 *  Returns {show(bib, view), hide(), draw(view)}. */
export function joining(tent, { joined, queued }) {
  const state = { bib: null, paper: null, minutes: null };
  const agree = node("agree");
  const refused = (problem) => {
    if (problem.code === "already_queued" && problem.ticket) {
      queued(problem.ticket);
      return true;
    }
    offer(problem.alternatives ?? [], state);
    return false;
  };
  press(agree, { url: `${tent.base}/tickets`, body: () => bodyOf(state), done: joined, refused });
  form.addEventListener("change", ({ target }) => {
    if (target.name === "lane") {
      state.minutes = null;
      drawLane();
    }
    clear(agree);
    node("instead").replaceChildren();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  return {
    show: (bib, view, paper = null) => showForm({ bib, paper }, view, state),
    hide: () => (node("join").hidden = true),
    draw: (view) => node("join").hidden || drawWaits(view),
  };
}

function showForm({ bib, paper }, view, state) {
  Object.assign(state, { bib, paper, minutes: null });
  form.reset();
  clear(node("agree"));
  node("instead").replaceChildren();
  node("join").hidden = false;
  const title = bib ? say("join-bib", { bib }) : say("join-none");
  fill(node("join"), { "join-title": paper ? say("join-paper", { code: paper }) : title });
  node("paper-box").hidden = !paper;
  drawWaits(view);
  const open = view.lanes.find(({ lane, state: door }) => lane !== "nextday" && door === "open");
  const likely = paper ? (paper.startsWith("W") ? "warmup" : "recovery") : (open?.lane ?? "recovery");
  const lane = form.querySelector(`[name=lane][value=${likely}]`);
  lane.checked = true;
  drawLane();
  (paper ? form.elements["paper-bib"] : lane).focus();
}

function drawWaits(view) {
  for (const { lane, state, wait } of view.lanes) {
    fill(form, { [`wait-${lane}`]: say(`wait-${state}`, { wait: waitWords(wait) }) });
  }
  const chosen = value("wave");
  const coming = view.event.waves.filter((wave) => minutesFrom(wave.starts_at) > 0);
  // When all have started, the server says so, and what is possible instead.
  const waves = coming.length ? coming : view.event.waves;
  list(node("waves"), waves, {
    key: ({ id }) => id,
    make: "wave",
    fill: (option, wave) => {
      set(option.querySelector("input"), "value", wave.id);
      fill(option, { words: waveWords(view, wave.id) });
    },
  });
  if (!chosen) chooseWave(waves);
}

function chooseWave(waves) {
  const likely = waves.find(({ starts_at: at }) => minutesFrom(at) > EARLIEST) ?? waves[0];
  const option = [...form.querySelectorAll("[name=wave]")].find((one) => one.value === likely?.id);
  if (option) option.checked = true;
}

function drawLane() {
  const warmup = value("lane") === "warmup";
  node("waves-box").hidden = !warmup;
  node("finish-box").hidden = warmup;
}

function bodyOf({ bib, paper, minutes }) {
  const age = value("age");
  const body = {
    lane: value("lane"),
    consent: true,
    screening: value("screening"),
    age_group: age,
    guardian_consent: age !== "adult",
    runner_class: value("runner_class"),
  };
  if (bib ?? value("paper-bib")) body.bib = bib ?? value("paper-bib");
  if (paper) body.paper = paper;
  if (value("name")) body.name = value("name");
  if (minutes) body.minutes = minutes;
  if (body.lane === "warmup") return value("wave") ? { ...body, wave: value("wave") } : body;
  return { ...body, ...finishOf(value("finished")) };
}

function finishOf(when) {
  if (when === "running") return { before_finish: true };
  const ago = when === "before" ? Number(node("finish-box").dataset.walk) + 1 : 0;
  return { finished_at: new Date(now() - ago * 60_000).toISOString() };
}

/** What the server offers instead of a refused join, one tap each. */
function offer(alternatives, state) {
  const shown = alternatives.filter(({ lane }) => lane !== "nextday");
  list(node("instead"), shown, {
    key: ({ lane, minutes }) => `${lane} ${minutes}`,
    make: (one) => {
      const choice = clone("instead-one");
      choice.querySelector("button").addEventListener("click", () => take(one, state));
      return choice;
    },
    fill: (choice, { lane, minutes }) =>
      fill(choice, { words: minutes ? say(`instead-${lane}`, { minutes }) : say(`instead-plain-${lane}`) }),
  });
}

function take({ lane, minutes }, state) {
  form.querySelector(`[name=lane][value=${lane}]`).checked = true;
  drawLane();
  state.minutes = minutes ?? null;
  node("instead").replaceChildren();
  // Another treatment is another question: they agree again.
  clear(node("agree"));
  node("agree").focus();
}
