// What the tent offers right now: the waits on the two doors, the waves that can still be reached.

import { isUnknown, minutesText, now, rangeText, timeOfDay } from "../clock.js";
import { clone, fill, list, say, set } from "../list.js";

/** The lane of a view by its name; undefined when the event has none of it. */
export const laneOf = (view, name) => view?.lanes.find((lane) => lane.lane === name);

/** A wait in words: "20–30 min". */
const waitWords = ({ from_minutes: from, to_minutes: to }) =>
  isUnknown(from) ? say("wait-unknown") : rangeText(from, to);

/** Waves whose start is still to come, soonest first. */
const waves = (view) =>
  view.waves
    .filter((wave) => Date.parse(wave.starts_at) > now())
    .sort((a, b) => a.starts_at.localeCompare(b.starts_at));

/** Whether joining for this wave can still end in time (rule 3). */
const reachable = (wave) =>
  wave.last_safe_join !== null && Date.parse(wave.last_safe_join) > now();

/** "Half A", or the contest alone when the wave has no name of its own. */
const waveName = (wave) => [wave.contest, wave.name].filter(Boolean).join(" ");

/** Write the waits onto the doors. */
export function drawDoors(view) {
  for (const door of document.querySelectorAll("[data-door]")) {
    const lane = laneOf(view, door.dataset.lane);
    door.hidden = !lane;
    if (lane) drawDoor(door, lane, view);
  }
}

function drawDoor(door, lane, view) {
  const early = isEarly(lane);
  set(door, "data-state", early && lane.lane === "recovery" ? "open" : lane.state);
  const none = lane.wait.to_minutes === 0;
  const unknown = isUnknown(lane.wait.from_minutes);
  const open = lane.state === "open";
  fill(door, {
    wait: { text: waitWords(lane.wait), hidden: !open || none || unknown },
    "wait-words": open ? openWords(none, unknown) : closedWords(lane, early),
  });
  const safe = open && lane.lane === "warmup" ? waves(view).find(reachable) : null;
  drawLastJoin(door, safe);
}

const openWords = (none, unknown) =>
  say(unknown ? "door-unknown" : none ? "wait-now" : "wait-wait");

function drawLastJoin(door, wave) {
  const place = door.querySelector("[data-part=last]") ?? door.querySelector("[data-part=what]");
  door.dataset.what ??= place.textContent;
  const words = wave
    ? say("door-join-by", { time: timeOfDay(wave.last_safe_join), wave: waveName(wave) })
    : door.dataset.what;
  set(place, "text", words);
}

const isEarly = (lane) => Date.parse(lane.opens_at) > now();

function closedWords(lane, early) {
  if (early && lane.lane === "recovery") return say("door-early");
  if (early) return say("door-opens", { time: timeOfDay(lane.opens_at) });
  return say(`door-${lane.state}`);
}

/** Offer the waves as large choices, the soonest reachable one chosen; returns how many there are. */
export function drawWaves(parent, view, chosen) {
  const all = waves(view);
  const first = all.find((wave) => wave.id === chosen && reachable(wave)) ?? all.find(reachable);
  list(parent, all, {
    key: (wave) => wave.id,
    make: "wave",
    fill: (node, wave) => fillWave(node, wave, wave === first),
  });
  return all.length;
}

function fillWave(node, wave, chosen) {
  const input = node.querySelector("input");
  const late = !reachable(wave);
  Object.assign(input, { value: wave.id, disabled: late });
  if (!node.dataset.drawn) input.checked = chosen;
  node.dataset.drawn = "yes";
  const time = timeOfDay(wave.starts_at);
  const words = late
    ? say("wave-late", { time })
    : say("wave-when", { time, join: timeOfDay(wave.last_safe_join) });
  fill(node, { name: waveName(wave), when: words });
}

/** Show a refusal with the reason and each next best offer as a button. `take(offer)` takes one. */
export function drawRefusal(problem, offers, take) {
  const section = document.querySelector('[data-step="refused"]');
  fill(section, { title: titleOf(problem.code), words: problem.detail ?? say("press-refused") });
  const parent = document.getElementById("instead");
  parent.replaceChildren(
    ...offers.map((offer) => {
      const node = fill(clone("instead-one"), {
        words: offer.words,
        mark: { href: `#mark-${offer.mark ?? "arrow"}` },
      });
      node.querySelector("button").addEventListener("click", () => take(offer));
      return node;
    }),
  );
}

const KNOWN = ["lane_closed", "lane_full", "too_late", "already_queued", "again_too_soon", "rate_limited"];
const titleOf = (code) => say(`refused-${KNOWN.includes(code) ? code : "other"}`);

/** The server's alternatives as offers with words. */
export const offersOf = (problem, lane) =>
  (problem.alternatives ?? []).map((offer) => ({
    ...offer,
    mark: offer.lane,
    words: say(offer.lane === lane ? "instead-shorter" : `instead-${offer.lane}`, {
      minutes: offer.minutes,
    }),
  }));

/** What a place costs in time, in one phrase. */
export function waitFor(view, { lane, finished }) {
  const found = laneOf(view, lane);
  if (!found) return say("door-unknown");
  if (lane === "nextday") return say("wait-appointment");
  if (lane === "recovery" && finished === "running") return say("wait-finish");
  const walks = lane === "recovery" && finished === "now";
  const { walk } = document.getElementById("join").dataset;
  if (found.wait.to_minutes === 0) return say(walks ? "wait-held-none" : "wait-now", { walk });
  if (isUnknown(found.wait.from_minutes)) return say("wait-unknown");
  return say(walks ? "wait-held" : "wait-about", { walk, wait: waitWords(found.wait) });
}

/** "Recovery, 12 min". */
export function whatFor(view, { lane, minutes, wave }) {
  const length = minutes ?? laneOf(view, lane)?.minutes ?? 0;
  const what = say(`what-${lane}`, { minutes: length || minutesText(0) });
  const found = lane === "warmup" && view?.waves.find((one) => one.id === wave);
  return found ? say("what-wave", { what, wave: waveName(found) }) : what;
}
