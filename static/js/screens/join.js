// The runner's way in: door, questions, consent. The answers to the questions never leave this page.

import { body as bodyPicture } from "../components/body.js";
import { questions } from "../components/questions.js";
import { chosenTime, drawTimes } from "../components/times.js";
import { learn, now } from "../clock.js";
import { fill, say, set } from "../list.js";
import { press } from "../press.js";
import { toast } from "../toast.js";
import { heardBuild, stayWhile } from "../upgrade.js";
import { finding, ownTicket, toTicket } from "./join-find.js";
import { drawDoors, drawRefusal, drawWaves, laneOf, offersOf, waitFor, whatFor } from "./join-offer.js";
import { go, restart, startSteps } from "./join-steps.js";

const ASK_EVERY_MS = 10_000;
const PATIENCE_MS = 8_000;

const root = document.getElementById("join");
const base = `/api/v1/events/${encodeURIComponent(root.dataset.slug)}`;
const byId = (id) => document.getElementById(id);
const chosen = (name) => root.querySelector(`input[name="${name}"]:checked`)?.value ?? null;
const typed = (id) => byId(id).value.trim();

let view = null;
const wish = { lane: "", minutes: null, screening: "unasked" };

async function look() {
  const sent = performance.now();
  try {
    const answer = await fetch(base, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE_MS) });
    heardBuild(answer.headers.get("Tentqueue-Build"));
    if (!answer.ok) throw new Error(String(answer.status));
    view = await answer.json();
    learn(view.now, performance.now() - sent);
    draw();
  } catch {
    byId("offline").hidden = false;
    if (!view) unknown();
  }
}

function draw() {
  byId("offline").hidden = true;
  byId("unreachable").hidden = true;
  drawDoors(view);
  const words = byId("announcement");
  set(words, "text", view.announcement);
  words.hidden = !view.announcement;
  byId("to-nextday").hidden = !nextdayOffered();
  drawWhen();
  drawConsent();
}

function nextdayOffered() {
  const lane = laneOf(view, "nextday");
  return Boolean(lane) && ["open", "closed"].includes(lane.state) && Date.parse(lane.closes_at) > now();
}

function unknown() {
  byId("unreachable").hidden = false;
  for (const door of root.querySelectorAll("[data-door]")) {
    fill(door, { "wait-words": say("door-unknown") });
  }
}

function drawWhen() {
  const count = wish.lane === "warmup" && view ? drawWaves(byId("waves"), view, chosen("wave")) : 0;
  byId("waves-box").hidden = count === 0;
  byId("finish-box").hidden = wish.lane !== "recovery";
}

/** What the runner asks for now, read from the page. */
function asked() {
  return { ...wish, wave: chosen("wave"), finished: chosen("finished") };
}

function drawConsent() {
  const section = root.querySelector('[data-step="consent"]');
  const now = asked();
  const age = chosen("age");
  const areas = areasPicture.chosen().map((area) => say(`area-${area}`));
  fill(section, {
    what: wish.lane ? whatFor(view, now) : "",
    wait: wish.lane ? waitFor(view, now) : "",
    adult: { hidden: age !== "adult" },
    young: { hidden: age === "adult" },
    "areas-words": areas.join(", ") || say("areas-none"),
    "bib-words": typed("bib") || say("bib-none"),
    "age-words": say(`age-${age}`),
  });
  drawAppointments();
  const note = byId("age-note");
  note.hidden = age === "adult";
  if (age !== "adult") set(note, "text", say(`age-note-${age}`));
}

function drawAppointments() {
  const free = wish.lane === "nextday" ? (laneOf(view, "nextday")?.times ?? []) : [];
  byId("times-box").hidden = free.length === 0;
  drawTimes(byId("times"), free);
}

const areasPicture = bodyPicture(byId("areas"), () => drawConsent());
const avoidPicture = bodyPicture(byId("avoid"));
const card = questions(byId("questions"), ({ screening, sore }) => {
  wish.screening = screening;
  if (screening === "refer") return go("refer");
  if (!sore) avoidPicture.choose([]);
  go(sore ? "sore" : "consent");
});

function enter(lane, minutes = null) {
  // Answers are for one lane (rule 6).
  if (lane !== wish.lane) Object.assign(wish, { screening: "unasked" }), card.clear();
  Object.assign(wish, { lane, minutes });
  set(root, "data-lane", lane);
  set(byId("agree").closest("[data-command]"), "data-lane", lane);
  showLane(lane);
  drawWhen();
  drawConsent();
  // Next-day questions are asked on that day: answers last an hour.
  go(lane === "nextday" || (minutes && wish.screening !== "unasked") ? "consent" : "questions");
}

function showLane(lane) {
  const badge = byId("lane-now");
  set(badge, "data-lane", lane);
  fill(badge, { lane: say(`lane-${lane}`), mark: { href: `#mark-${lane}` } });
}

/** The body of the join; `extra` for a call for help. */
function joinBody(extra = {}) {
  const { lane, minutes, screening, wave, finished } = asked();
  const avoid = avoidPicture.chosen();
  const body = { lane, consent: true, screening, areas: areasPicture.chosen(), avoid };
  if (minutes) body.minutes = minutes;
  if (lane === "warmup" && wave) body.wave = wave;
  if (lane === "nextday" && chosenTime(byId("times"))) body.appointment_at = chosenTime(byId("times"));
  if (lane === "recovery") Object.assign(body, finish(finished));
  if (typed("bib")) body.bib = typed("bib");
  if (typed("bib") && typed("word")) body.word = typed("word");
  if (chosen("age") !== "adult") body.age_group = chosen("age");
  // A ticket printed before the day brought the runner here: its number is the one to be called.
  const printed = new URLSearchParams(location.search);
  if (printed.get("lane") === lane && printed.get("paper")) body.paper = printed.get("paper");
  return { ...body, ...extra };
}

function finish(finished) {
  if (finished === "running") return { before_finish: true };
  const at = finished === "earlier" ? now() - (Number(root.dataset.walk) + 1) * 60_000 : now();
  return { finished_at: new Date(Math.floor(at / 1000) * 1000).toISOString() };
}

function refused(problem) {
  const offers = offersOf(problem, wish.lane);
  if (problem.code === "already_queued") {
    if (ownTicket()) offers.push({ words: say("instead-mine"), mark: "tick", open: ownTicket() });
    offers.push({ words: say("instead-find"), find: true }, { words: say("instead-nobib"), mark: "undo", back: true });
  }
  drawRefusal(problem, offers, take);
  go("refused");
  return true;
}

function take(offer) {
  if (offer.open) toTicket({ id: offer.open });
  else if (offer.find) byId("find-bib").value = typed("bib"), go("find");
  else if (offer.back) go("consent"), (byId("bib-box").open = true);
  else enter(offer.lane, offer.minutes);
}

function wire() {
  for (const door of root.querySelectorAll("[data-door]")) {
    door.addEventListener("click", () => enter(door.dataset.lane));
  }
  byId("to-nextday").addEventListener("click", () => enter("nextday"));
  byId("to-find").addEventListener("click", () => go("find"));
  byId("to-areas").addEventListener("click", () => go("areas"));
  byId("areas-go").addEventListener("click", () => history.back());
  byId("sore-go").addEventListener("click", () => {
    // A sore spot nobody pointed at is for the therapist to ask about.
    if (!avoidPicture.chosen().length && wish.screening === "ok") wish.screening = "ask";
    go("consent");
  });
  byId("start-again").addEventListener("click", restart);
  root.addEventListener("change", drawConsent);
  root.addEventListener("input", drawConsent);
  press(byId("agree"), { url: `${base}/tickets`, body: joinBody, done: toTicket, refused });
  press(byId("tell"), {
    url: `${base}/tickets`,
    body: () => joinBody({ areas: [], avoid: [], screening: "refer" }),
    done: helpIsComing,
  });
}

function helpIsComing(ticket) {
  fill(byId("told-help"), { code: ticket.code });
  byId("told-help").hidden = false;
  byId("tell").closest("[data-command]").hidden = true;
}

wire();
finding(base);
// Whoever is past the doors is joining.
stayWhile(() => root.querySelector('[data-step="doors"]').hidden || wish.lane);
startSteps((step) => {
  byId("lane-now").hidden = step === "doors" || step === "find" || !wish.lane;
});
// Not after look(): on a slow network the waits come a second after this script.
document.getElementById(document.documentElement.dataset.tapped)?.click();
const wanted = new URLSearchParams(location.search);
if (wanted.has("erased")) {
  toast(say("erased"));
  // Once is enough: a reload or a link that is shared must not say it again.
  history.replaceState(null, "", location.pathname);
}
addEventListener("online", look);
addEventListener("offline", () => (byId("offline").hidden = false));
byId("offline").hidden = navigator.onLine;
document.addEventListener("visibilitychange", () => document.hidden || look());
setInterval(() => document.hidden || look(), ASK_EVERY_MS);
await look();
if (wanted.has("find")) go("find");
else if (wanted.get("lane") === "nextday" && nextdayOffered()) enter("nextday");
