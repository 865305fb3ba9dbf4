// The one way a page sends a command: one key per press, a retry under the same key, a refusal at
// the button, a second tap harmless.

import { say, set } from "./list.js";
import { toast } from "./toast.js";

const PATIENCE = 8_000;
const RETRIES_MS = [400, 1_000, 2_000, 4_000, 8_000];
const SETTLE_MS = 700;

/** A key for one press. `crypto.randomUUID` is missing on plain http, random values are not. */
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** A command refused by the server, with its problem+json. */
class Refused extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? String(status));
    Object.assign(this, { status, problem, code: problem.code });
  }
}

/** The server could not be reached; nobody knows yet whether the command was carried out. */
class NoAnswer extends Error {}

/** What to tell somebody whose command failed: why it was refused, or that nobody answered. */
export const problemWords = (error) => error.problem?.detail || say("press-unanswered");

/** POST a command and return its answer; repeats it under the same key while the network fails.
 *  Throws Refused or NoAnswer. */
export async function send(url, body = {}, { key = newKey(), headers = {}, waiting } = {}) {
  for (let tries = 0; ; tries += 1) {
    const answer = await once(url, body, key, headers).catch(() => null);
    if (answer?.ok) return answer.status === 204 ? null : answer.json();
    // From 502 on nothing was changed, or nobody knows: the same key makes asking again harmless.
    if (answer && answer.status < 502) throw refusedBy(answer.status, await problemOf(answer));
    if (tries === RETRIES_MS.length) throw new NoAnswer(url);
    waiting?.(tries);
    await pause(RETRIES_MS[tries] * (0.5 + Math.random()));
  }
}

/** A refusal; one for want of a sign-in is also told to the page, which covers itself. */
function refusedBy(status, problem) {
  if (status === 401) dispatchEvent(new CustomEvent("signed-out", { detail: problem }));
  return new Refused(status, problem);
}

const once = (url, body, key, headers) =>
  fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      "Idempotency-Key": key,
      // A browser may be signed in to several screens, and hold tickets too: this says which asks.
      "Tentqueue-Screen": document.documentElement.dataset.screen ?? "",
      ...headers,
    },
    body: JSON.stringify(body),
    credentials: "same-origin",
    signal: AbortSignal.timeout(PATIENCE),
  });

const problemOf = (answer) => answer.json().catch(() => ({ status: answer.status }));

/** Wait, but not past the moment the network is said to be back. */
const pause = (ms) =>
  new Promise((resolve) => {
    const over = () => {
      removeEventListener("online", over);
      resolve();
    };
    setTimeout(over, ms);
    addEventListener("online", over);
  });

/** Make a command button work.
 *
 *  `button` is the <button> of the `command` macro. `url`, `body`, `headers` are values or functions
 *  read at the moment of the press. `done(answer)` runs after success. `refused(problem)` may return
 *  true when it has shown the refusal itself. `undo: {text, url, body}` (or a function of the answer
 *  returning that) offers ten seconds of undo. `ask()` may return false to press nothing. */
export function press(button, options) {
  const state = { busy: false, pending: null };
  button.addEventListener("click", (event) => {
    event.preventDefault();
    if (!state.busy && button.getAttribute("aria-disabled") !== "true") go(button, options, state);
  });
  return button;
}

async function go(button, options, state) {
  if (options.ask && !state.pending && (await options.ask()) === false) return;
  state.busy = true;
  // An unanswered press is pressed again under its own key, whatever the screen shows by now.
  state.pending ??= { ...read(options), key: newKey() };
  show(button, "sending");
  try {
    const { url, body, headers, key } = state.pending;
    const waiting = () => show(button, "waiting", say("press-waiting"));
    const answer = await send(url, body, { key, headers, waiting });
    state.pending = null;
    show(button, "idle");
    options.done?.(answer);
    offerUndo(options, answer);
  } catch (error) {
    fail(button, options, state, error);
  } finally {
    // The next step may appear under a finger that is still tapping.
    setTimeout(() => (state.busy = false), SETTLE_MS);
  }
}

const valueOf = (thing) => (typeof thing === "function" ? thing() : thing);
const read = ({ url, body, headers }) => ({
  url: valueOf(url),
  body: valueOf(body) ?? {},
  headers: valueOf(headers) ?? {},
});

function fail(button, options, state, error) {
  if (error instanceof NoAnswer) {
    show(button, "unanswered", say("press-unanswered"));
  } else if (error instanceof Refused) {
    state.pending = null;
    const shown = options.refused?.(error.problem, error.status) === true;
    show(button, "refused", shown ? "" : error.problem.detail || say("press-refused"));
  } else throw error;
}

/** Put the button into a state (idle, sending, waiting, unanswered, refused) and a text beside it. */
export function show(button, state, text = "") {
  const box = button.closest("[data-command]") ?? button;
  box.dataset.state = state;
  const sending = state === "sending" || state === "waiting";
  set(button, "aria-busy", sending ? "true" : null);
  const problem = box.querySelector("[data-part=problem]");
  if (!problem) return;
  set(problem, "text", text);
  problem.hidden = !text;
}

/** Take a refusal away, for instance because the view changed meanwhile. */
export const clear = (button) => show(button, "idle");

function offerUndo({ undo }, answer) {
  const offer = typeof undo === "function" ? undo(answer) : undo;
  if (!offer) return;
  toast(offer.text, {
    undo: () => send(offer.url, offer.body ?? {}, { headers: offer.headers }),
  });
}
