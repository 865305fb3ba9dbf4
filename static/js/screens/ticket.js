// A runner's own ticket: the bib, when, what now.

import { bib, moved } from "../components/bib.js";
import { ask } from "../components/dialog.js";
import { line } from "../components/line.js";
import { everySecond, timeOfDay } from "../clock.js";
import { fill, say, set } from "../list.js";
import { showFreshness } from "../freshness.js";
import { browser } from "../memory.js";
import { press, send } from "../press.js";
import { open } from "../store.js";
import { stayWhile } from "../upgrade.js";
import { drawAfter } from "./ticket-after.js";
import { armSound, drawCall, hasOwnSound, tickCall } from "./ticket-call.js";
import { drawNextDay, wireNextDay } from "./ticket-nextday.js";
import { forgetView, keepPage, keepView, keptView } from "./ticket-offline.js";
import { offerPush } from "./ticket-push.js";
import { recheck } from "./ticket-recheck.js";
import { advice, bibWords, placeWords, waitWords } from "./ticket-words.js";

/** A phone that can reach nobody shows what it knew after this long. */
const SOON_MS = 1200;
const root = document.getElementById("ticket");
const { slug, ticket: id } = root.dataset;
const address = `/api/v1/tickets/${encodeURIComponent(id)}`;
const byId = (name) => document.getElementById(name);
const bibNode = root.querySelector("[data-bib]");
const lineNode = root.querySelector("[data-line]");

let key = "";
let keyAlone = false;
let headers = {};
let view = null;
let fromMemory = false;
let erased = false;

/** Take the key out of the address bar and give it to the server for a cookie. */
function takeKey() {
  key = location.hash.slice(1);
  if (!key) return;
  headers = { Authorization: `Bearer ${key}` };
  history.replaceState(history.state, "", location.pathname + location.search);
  browser.keep("ticket", id);
  // Until the cookie is there, the key in memory opens the ticket.
  keyAlone = true;
  send(`${address}/key`, { key }).then(
    () => (keyAlone = !navigator.cookieEnabled),
    () => null,
  );
}

function forget() {
  forgetView(id);
  browser.forget("ticket");
}

function draw(next) {
  const changed = view && (view.state !== next.state || view.code !== next.code);
  view = next;
  byId("loading").hidden = true;
  byId("no-key").hidden = true;
  byId("no-ticket").hidden = true;
  byId("find-again").hidden = true;
  byId("known").hidden = false;
  set(root, "data-phase", view.phase);
  set(root, "data-lane", view.lane);
  bib(bibNode, { code: view.code, lane: view.lane, state: bibState(view), ...bibWords(view) });
  if (changed) moved(bibNode);
  drawAdvice();
  drawWhen();
  drawActs();
  drawNextDay(view);
  drawAfter(view);
  drawCall(view);
}

const bibState = ({ state }) => (["no_show", "expired", "referred"].includes(state) ? "left" : state);

function drawAdvice() {
  const [words, more] = advice(view);
  set(byId("advice"), "text", words);
  set(byId("advice-more"), "text", more);
  byId("advice-more").hidden = !more;
  const missed = byId("missed");
  missed.hidden = view.phase !== "missed";
  if (!missed.hidden) fill(missed, { "missed-words": say("missed-words", { time: timeOfDay(view.hold_until ?? view.now) }) });
}

function drawWhen() {
  const waits = Boolean(view.estimate) && ["wait", "walk", "close"].includes(view.phase);
  byId("when").hidden = !waits;
  if (!waits) return;
  const { range, why } = waitWords(view);
  fill(root, {
    "wait-range": range,
    "wait-why": { text: why, hidden: !why },
    "wait-passed": { text: view.passed ?? "", hidden: !view.passed },
  });
  const known = view.people_ahead !== null;
  lineNode.hidden = !known;
  byId("place").hidden = !known;
  if (!known) return;
  const words = placeWords(view.people_ahead);
  line(lineNode, { ahead: view.people_ahead, code: view.code, lane: view.lane, words });
  set(byId("place"), "text", words);
}

function drawActs() {
  const { phase, state, hold, here } = view;
  const open = ["held", "waiting", "called"].includes(state);
  shown("here", phase === "missed" || (phase === "close" && !here));
  shown("finished", phase === "finish_needed");
  shown("delay", view.more_time && !["call", "here"].includes(phase));
  shown("leave", open);
  if (!open) shown("tell-me", false);
  byId("show-qr").closest(".command").hidden = !open && state !== "in_treatment";
  byId("again-box").hidden = phase !== "gone" || state === "referred";
  byId("recheck").hidden = !(hold === "screening" || (open && view.screening === "unasked" && view.lane !== "nextday"));
  shown("call-delay", view.more_time && phase === "call");
  shown("call-here", phase === "call");
}

function shown(name, is) {
  byId(name).closest("[data-command]").hidden = !is;
}

/** A command of this ticket; its answer lacks health fields, so those shown stay. */
function wireCommand(name, step, options = {}) {
  press(byId(name), {
    url: `${address}/${step}`,
    headers: () => headers,
    done: (answer) => {
      if (answer?.code) store.take({ ...view, ...answer });
      store.refresh();
    },
    ...options,
  });
}

function wireQr() {
  const image = byId("qr-image");
  const missing = (is) => {
    byId("qr-problem").hidden = !is;
    image.hidden = is;
  };
  image.addEventListener("error", () => missing(true));
  image.addEventListener("load", () => missing(false));
  byId("show-qr").addEventListener("click", () => {
    fill(byId("qr"), { code: view.code });
    image.src = `/q/s/${encodeURIComponent(id)}.svg`;
    byId("qr").showModal();
  });
}

function leaveErased() {
  erased = true;
  forget();
  // No way back to a ticket that is gone; the way in says that it is.
  location.replace(`/${slug}?erased`);
}

/** A reload would take something away: sound for the call to come, answers half given, or a key that
 *  is in memory only. */
function isNeeded() {
  const comes = ["held", "waiting", "called"].includes(view?.state);
  return (comes && hasOwnSound()) || !byId("recheck").hidden || keyAlone;
}

const sure = (dialog) => async () => (await ask(dialog)) === "yes";

function wire() {
  for (const name of ["here", "call-here"]) wireCommand(name, "here");
  for (const name of ["delay", "call-delay"]) wireCommand(name, "delay");
  wireCommand("finished", "here");
  for (const name of ["leave", "call-leave"]) wireCommand(name, "leave", { ask: sure("sure-leave") });
  for (const name of ["erase", "call-erase"]) wireCommand(name, "erase", { ask: sure("sure-erase"), done: leaveErased });
  const own = { address, headers: () => headers };
  wireNextDay({ ...own, refused: () => store.refresh() });
  recheck({
    ...own,
    sent: (screening) => {
      view.screening = screening;
      store.refresh();
    },
  });
  wireQr();
  armSound(byId("sound"));
  offerPush(byId("tell-me"), { ...own, key: root.dataset.push });
}

function noKey() {
  if (view && !fromMemory) return;
  byId("known").hidden = true;
  byId("loading").hidden = true;
  byId("no-key").hidden = false;
  byId("find-again").hidden = false;
}

function gone() {
  byId("loading").hidden = true;
  byId("known").hidden = true;
  byId("no-ticket").hidden = false;
  byId("find-again").hidden = false;
  if (view) forget();
}

function take(next) {
  const first = !view || fromMemory;
  fromMemory = false;
  draw(next);
  if (!erased) keepView(id, next);
  if (first) keepPage(id);
}

/** Without a network: what was known when there was one; the badge says how old it is. */
function showKept() {
  const kept = view ? null : keptView(id);
  if (!kept || !byId("no-key").hidden || !byId("no-ticket").hidden) return;
  store.heardAt = performance.now() - Math.max(0, Date.now() - kept.at);
  fromMemory = true;
  draw(kept.view);
}

takeKey();
const store = open({ auth: { event: slug, view: "ticket", ticket: id, key: key || undefined }, fetch: address, headers });
store.on("view", take).on("gone", gone).on("refused", noKey);
showFreshness(store);
stayWhile(isNeeded);
wire();
setTimeout(showKept, SOON_MS);
store.refresh().then(showKept);
everySecond(() => {
  tickCall();
  if (view) drawWhen();
});
