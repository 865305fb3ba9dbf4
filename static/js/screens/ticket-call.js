// The call that can't be missed: the whole screen, sound, vibration, a lit screen, the tab's title.

import { bib } from "../components/bib.js";
import { countdown, now } from "../clock.js";
import { fill, say, set } from "../list.js";
import { chime, tappedBefore, unlock, unlocked } from "../sound.js";
import { buzz, keepAwake, release } from "../wake.js";
import { bibWords } from "./ticket-words.js";

const AGAIN_EVERY_S = 8;
const place = document.getElementById("call");
const bibNode = place.querySelector("[data-bib]");
const more = document.getElementById("call-more");
const title = document.title;
const icon = document.querySelector("link[rel=icon]");
const quietIcon = icon?.href ?? "";
const loudIcon = quietIcon.replace("icon.svg", "icon-call.svg");

let view = null;
let before = null;

/** Show the call, or take it away, as the newest view says. */
export function drawCall(next) {
  const calling = next.phase === "call" || next.phase === "here";
  const fresh = calling && mark(next) !== mark(view);
  // Who said "I'm here" beforehand is called as loudly, once.
  const loud = fresh && !(next.phase === "here" && view?.phase === "call");
  view = next;
  if (calling) show(fresh, loud);
  else hide();
  if (["close", "call"].includes(next.phase)) keepAwake();
  else release();
}

const mark = (ticket) =>
  ticket?.phase === "call" ? `${ticket.called_at}${ticket.recalled}` : (ticket?.phase ?? "");

function show(fresh, loud) {
  const { code, lane, table, phase } = view;
  if (place.hidden) before = document.activeElement;
  place.hidden = false;
  document.documentElement.classList.add("is-called");
  for (const part of document.querySelectorAll(".screen__top, #ticket")) part.inert = true;
  set(place, "data-lane", lane);
  set(place, "data-phase", phase);
  set(place, "data-recalled", view.recalled);
  bib(bibNode, { code, lane, state: "called", ...bibWords({ ...view, table: null }) });
  fill(place, { where: table ? say("call-table", { table }) : say("call-tent") });
  tickCall();
  if (!fresh) return;
  document.getElementById("call-title").focus({ preventScroll: true });
  if (loud) alert();
}

function hide() {
  if (place.hidden) return;
  place.hidden = true;
  more.open = false;
  document.documentElement.classList.remove("is-called");
  for (const part of document.querySelectorAll(".screen__top, #ticket")) part.inert = false;
  before?.focus?.();
}

function alert() {
  // Before a first tap browsers refuse, and say so in the console.
  if (navigator.userActivation?.hasBeenActive !== false) buzz([500, 200, 500, 200, 900]);
  chime(view.lane);
}

/** Once a second: what is left, the noise again, the flashing tab. */
export function tickCall() {
  if (!view) return;
  const loud = view.phase === "call" || view.phase === "missed";
  const second = Math.floor(now() / 1000);
  flash(loud && second % 2 === 0);
  if (view.phase === "call") drawLeft();
  if (view.phase === "here") fill(place, { left: "", "left-words": say("call-here") });
  if (view.phase === "call" && second % AGAIN_EVERY_S === 0) alert();
}

function drawLeft() {
  const left = view.respond_by ? (Date.parse(view.respond_by) - now()) / 1000 : 0;
  const words = left <= 0 ? "call-over" : view.recalled ? "call-recalled" : "call-left";
  fill(place, { left: left > 0 ? countdown(left) : "", "left-words": say(words) });
}

function flash(on) {
  const words = view.phase === "missed" ? "title-missed" : "title-call";
  const wanted = on ? say(words, { code: view.code }) : title;
  if (document.title !== wanted) document.title = wanted;
  const wantedIcon = on ? loudIcon : quietIcon;
  if (icon && icon.href !== wantedIcon) icon.href = wantedIcon;
}

more.addEventListener("toggle", () => more.open && more.scrollIntoView({ block: "end" }));

/** Whether a reload could leave this phone silent: its sound came by a tap on this very page. */
export const hasOwnSound = () => unlocked() && !tappedBefore;

/** Any first tap makes sound possible; the button says whether it is. */
export function armSound(button) {
  const arm = async () => {
    const works = await unlock();
    set(button, "aria-pressed", works ? "true" : "false");
    if (works) removeEventListener("pointerdown", arm);
  };
  if (tappedBefore) arm();
  addEventListener("pointerdown", arm);
  button.addEventListener("click", async () => {
    if (await unlock()) chime(view?.lane ?? "recovery");
    set(button, "aria-pressed", unlocked() ? "true" : "false");
  });
}
