// The display screen: the newest call in front, the others beside it, who is next, how long it takes.

import { everySecond, isUnknown, rangeText, timeOfDay } from "../clock.js";
import { laneOf } from "../components/bib.js";
import { clone, fill, list, part, say, set } from "../list.js";
import { tab } from "../memory.js";
import { announce, tappedBefore, unlock } from "../sound.js";
import { open } from "../store.js";
import { stayWhile } from "../upgrade.js";
import { keepAwake } from "../wake.js";
import { callQueue } from "./board-calls.js";
import { saidTest, takeTurns } from "./board-tongues.js";

const OLD_AFTER_MS = 15_000;
const FLASH_MS = 10_000;
const CALLS_SHOWN = 3;
const PAGE_MS = 5_000; // More calls than there is room for are shown a few at a time.

const board = document.getElementById("board");
const newest = document.getElementById("newest");
const old = document.getElementById("old");
const { slug } = board.dataset;
const store = open({ auth: { event: slug, view: "board" }, fetch: `/api/v1/events/${slug}/board` });
const queue = callQueue({ show, rest: () => draw(store.view) });
let inFront = null;
let first = true;
let flashing = 0;

takeTurns(() => draw(store.view));
store.on("view", (view) => {
  queue.take(view.recent, first);
  first = false;
  draw(view);
});
stayWhile(() => queue.busy);

function draw(view) {
  if (!view) return;
  const calling = view.recent.filter((call) => view.calling.some((one) => one.code === call.code));
  if (!queue.busy) bringForward(calling[0] ?? null);
  else if (inFront) bringForward(view.recent.find((call) => call.code === inFront.code) ?? inFront);
  const others = pageOf(calling.filter((call) => call.code !== inFront?.code));
  list(document.getElementById("calls"), others, { key: (call) => call.code, make: "call", fill: fillCall });
  document.getElementById("no-calls").hidden = others.length > 0;
  const lanes = view.lanes.filter(isShown);
  list(document.getElementById("lanes"), lanes, { key: (lane) => lane.lane, make: "lane", fill: fillLane });
  set(board, "data-lanes", lanes.length);
  const words = document.getElementById("announcement");
  set(words, "text", view.announcement);
  words.hidden = !view.announcement;
}

/** The calls whose turn in the list it is; none is left out for good. */
function pageOf(calls) {
  const pages = Math.max(1, Math.ceil(calls.length / CALLS_SHOWN));
  const from = (Math.floor(performance.now() / PAGE_MS) % pages) * CALLS_SHOWN;
  return calls.slice(from, from + CALLS_SHOWN);
}

/** A lane that is neither open nor coming today has no place on the board. */
const isShown = ({ lane, state, waiting, reason }) =>
  state !== "closed" || waiting > 0 || (reason === "not_open_yet" && lane !== "nextday");

function show(call) {
  bringForward(call);
  newest.removeAttribute("data-flash");
  void newest.offsetWidth; // Restarts the flash.
  newest.setAttribute("data-flash", "");
  clearTimeout(flashing);
  flashing = setTimeout(() => newest.removeAttribute("data-flash"), FLASH_MS);
  if (store.view) draw(store.view);
}

function bringForward(call) {
  inFront = call;
  set(newest, "data-state", call ? "called" : "none");
  fill(newest, { call: { hidden: !call }, calm: { hidden: Boolean(call) } });
  if (!call) return;
  const lane = laneOf(call.code);
  set(newest, "data-lane", lane);
  fill(newest, {
    code: { text: call.code, "data-long": call.code.length > 4 },
    lane: say(`lane-${lane}`),
    mark: { href: `#mark-${lane}` },
    "table-word": call.table ? say("table") : say("come-to"),
    table: { text: call.table ?? say("tent"), "data-word": !call.table },
  });
}

function fillCall(node, call) {
  const lane = laneOf(call.code);
  set(node, "data-lane", lane);
  fill(node, {
    code: call.code,
    mark: { href: `#mark-${lane}` },
    table: { text: call.table ?? say("tent"), "data-word": !call.table },
  });
}

function fillLane(node, lane) {
  set(node, "data-lane", lane.lane);
  set(node, "data-state", lane.state);
  fill(node, {
    name: say(`lane-${lane.lane}`),
    mark: { href: `#mark-${lane.lane}` },
    wait: waitWords(lane),
    none: { text: say("nobody-waits"), hidden: lane.next.length > 0 },
  });
  part(node, "next").hidden = lane.next.length === 0;
  list(part(node, "next"), lane.next, { key: (code) => code, make: () => clone("next"), fill: (item, code) => set(item, "text", code) });
}

function waitWords({ state, reason, wait, opens_at: opensAt }) {
  if (state === "closed" && reason === "not_open_yet") return say("lane-opens", { time: timeOfDay(opensAt) });
  if (state !== "open") return say(`lane-${state}`);
  if (!wait || wait.to_minutes === 0) return say("no-wait");
  if (isUnknown(wait.from_minutes)) return say("no-times");
  return rangeText(wait.from_minutes, wait.to_minutes);
}

everySecond(() => {
  for (const clock of document.querySelectorAll("[data-clock]")) set(clock, "text", timeOfDay());
  if (store.view?.calling.length > CALLS_SHOWN + 1) draw(store.view);
  const silence = performance.now() - store.heardAt;
  old.hidden = silence < OLD_AFTER_MS;
  document.documentElement.classList.toggle("is-old", !old.hidden);
  if (!old.hidden) fill(old, { "old-words": say("old", { age: Math.round(silence / 1000) }) });
});

// ---- sound: browsers stay silent until a tap (rule 23)
const sound = document.getElementById("sound");
const parts = { on: document.getElementById("sound-on"), off: document.getElementById("sound-off"), test: document.getElementById("sound-test") };

parts.on.addEventListener("click", async () => {
  if (await unlock()) settle("on");
  keepAwake();
  test();
});
parts.off.addEventListener("click", () => settle("off"));
parts.test.addEventListener("click", async () => {
  await unlock();
  test();
});

function test() {
  announce({ lane: "warmup", times: 1, sentences: saidTest() });
}

/** After the choice only a quiet test button stays, and only while somebody moves a pointer. A board
 *  that comes back by itself keeps the choice. */
function settle(choice) {
  tab.keep("sound", choice);
  set(sound, "data-choice", choice);
  parts.on.hidden = choice === "on";
  parts.off.hidden = true;
  parts.test.hidden = false;
}

async function soundAsBefore() {
  const choice = tab.kept("sound");
  if (choice === "off" || (choice === "on" && tappedBefore && (await unlock()))) settle(choice);
}
soundAsBefore();

let resting = 0;
addEventListener("pointermove", () => {
  set(sound, "data-awake", true);
  clearTimeout(resting);
  resting = setTimeout(() => set(sound, "data-awake", null), 4000);
});
