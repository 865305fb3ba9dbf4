// One store per page: it keeps the newest whole view and tells the screen when it changed.
// The server never sends a difference, so losing, repeating or reordering a message is harmless.

import { learn } from "./clock.js";
import { heardBuild } from "./upgrade.js";
import { io } from "../vendor/socket.io.js";

// A browser may be signed in to several screens, and hold tickets too: this says which one asks.
const screen = document.documentElement.dataset.screen ?? "";
const STALE_AFTER = 9_000;
const PATIENCE = 4_000;
const PULSE_MISSED = 5_500; // Pulses come every 4 s.
// A page that is looked at asks again within this time, at random, and doesn't wait for askings that
// may hang in a dead network: so it is right within 2 s of the network's return, after hours too.
const SEEK_WITHIN = 1_500;
const SEEK_WITHIN_UNSEEN = 8_000;
const SEEKERS = 3;
// Refusals that asking again can't change; a crowded device may have room later.
const PASSING = ["too_many_sockets", "no_view"];

/** Open the page's store.
 *
 *  `auth` is what the socket says: {event, view, token?, ticket?, key?}.
 *  `fetch` is the address of the same view over HTTP, used when sockets don't get through.
 *  Listeners: on("view", view => …), on("fresh", bool => …), on("refused", reason => …). */
export function open({ auth, url = "", fetch: address, headers = {} }) {
  const store = new Store(auth, address, headers);
  store.connect(url);
  return store;
}

class Store extends EventTarget {
  view = null;
  version = -1;
  fresh = null;
  heardAt = performance.now();
  socketHeardAt = performance.now();
  askedAt = -PATIENCE;
  asking = 0;
  seeking = null;
  behind = null;
  tries = 0;
  timer = 0;
  dropping = false;
  over = false;

  constructor(auth, address, headers) {
    super();
    Object.assign(this, { auth, address, headers });
  }

  on(name, listener) {
    this.addEventListener(name, (event) => listener(event.detail));
    if (name === "view" && this.view) listener(this.view);
    if (name === "fresh" && this.fresh !== null) listener(this.fresh);
    return this;
  }

  /** Take a whole view when it is newer than the one shown; true when it was taken. */
  take(view) {
    this.heard(view.now);
    if (view.version < this.version) return false;
    // Ranges and alerts move with the time while nothing happens: of one version the later view counts.
    if (view.version === this.version && !(view.now > this.view?.now)) return false;
    this.version = view.version ?? this.version;
    this.view = view;
    this.#tell("view", view);
    return true;
  }

  /** Something came from the server: the page is current. */
  heard(serverNow, trip) {
    if (serverNow) learn(serverNow, trip);
    this.heardAt = performance.now();
    this.#setFresh(true);
  }

  connect(url) {
    this.askedAt = performance.now();
    this.socket = io(url, {
      auth: { ...this.auth, screen },
      transports: ["websocket"],
      reconnection: false, // Its back-off has no full jitter and can't be hurried.
      timeout: PATIENCE,
    });
    this.socket.onAny(() => (this.socketHeardAt = performance.now()));
    this.socket.on(this.auth.view, (view) => this.take(view));
    this.socket.on("pulse", (pulse) => this.#pulse(pulse));
    this.socket.on("connect", () => {
      this.tries = 0;
      this.askedAt = -PATIENCE;
      this.socketHeardAt = performance.now();
      this.heard();
    });
    this.socket.on("connect_error", (error) => this.#refused(error));
    this.socket.on("disconnect", () => this.#later());
    addEventListener("online", () => this.hurry());
    addEventListener("pageshow", (event) => event.persisted && this.#reopened());
    document.addEventListener("visibilitychange", () => document.hidden || this.#reopened());
    setInterval(() => this.#watch(), 1000);
  }

  /** Ask at once: the network is said to be back, or somebody looks at the page again. */
  hurry() {
    if (this.over) return;
    this.refresh();
    if (!this.socket.connected || this.#silence() > PULSE_MISSED) this.#drop();
  }

  /** Somebody looks again: what was refused may be allowed by now. */
  #reopened() {
    this.over = false;
    this.hurry();
  }

  /** Fetch the whole view over HTTP; the socket's failure must not blind the page. */
  async refresh() {
    if (!this.address || this.asking >= SEEKERS || (this.asking && this.fresh)) return;
    this.asking += 1;
    const sent = performance.now();
    try {
      const answer = await fetch(this.address, {
        headers: { Accept: "application/json", "Tentqueue-Screen": screen, ...this.headers },
        cache: "no-store",
        signal: AbortSignal.timeout(PATIENCE),
      });
      heardBuild(answer.headers.get("Tentqueue-Build"));
      if (answer.ok) this.#fetched(await answer.json(), sent);
      else if (answer.status === 404 || answer.status === 410) this.#end("gone", answer.status);
      else if (answer.status === 401 || answer.status === 403) {
        this.#end("refused", await answer.json().catch(() => ({})));
      }
    } catch {
      // Offline: the stale badge says so, and #watch asks again.
    } finally {
      this.asking -= 1;
    }
  }

  #fetched(view, sent) {
    if (view.now) learn(view.now, performance.now() - sent);
    const wasLost = this.fresh === false;
    this.take(view);
    const halfOpen = this.socket.connected && performance.now() - this.socketHeardAt > PULSE_MISSED;
    // A greeting sent into a dead network may hang for long; a slow link's must not be cut short.
    if (halfOpen || (wasLost && !this.socket.connected)) this.#drop();
    else if (!this.socket.connected) this.#again();
  }

  #pulse({ version, now: serverNow, build }) {
    this.heard(serverNow);
    heardBuild(build);
    if (version > this.version && this.behind === version) this.refresh();
    this.behind = version > this.version ? version : null;
  }

  #silence = () => performance.now() - this.heardAt;

  #watch() {
    const silence = this.#silence();
    if (silence > STALE_AFTER) this.#setFresh(false);
    if (this.over) return;
    if (silence > PULSE_MISSED || (this.fresh && !this.socket.connected)) this.#seek();
    if (silence > STALE_AFTER) {
      // Half-open: the socket believes it is connected, but pulses come every 4 s.
      if (this.socket.connected) this.#drop();
    }
  }

  /** Ask over HTTP at random moments until something is heard, so that a whole field's phones
   *  spread out. */
  #seek() {
    if (this.seeking) return;
    const within = document.hidden ? SEEK_WITHIN_UNSEEN : SEEK_WITHIN;
    this.seeking = setTimeout(() => {
      this.seeking = null;
      if (this.over) return;
      this.refresh();
      this.#watch();
    }, Math.random() * within);
  }

  /** The server has said no for good: ask no more until the page is opened again. */
  #end(name, detail) {
    this.over = true;
    clearTimeout(this.timer);
    this.#tell(name, detail);
  }

  #drop() {
    this.askedAt = -PATIENCE;
    this.dropping = true;
    this.socket.disconnect();
    this.dropping = false;
    this.#again();
  }

  #later() {
    if (this.dropping || this.over) return;
    this.askedAt = -PATIENCE;
    clearTimeout(this.timer);
    this.tries += 1;
    // Full jitter, so that thousands of phones do not return in step; short enough that a page is
    // right within 2 s of a short break.
    const ceiling = Math.min(1500 * 1.6 ** (this.tries - 1), 8_000);
    this.timer = setTimeout(() => this.#again(), Math.random() * ceiling);
  }

  #again() {
    clearTimeout(this.timer);
    if (this.over) return;
    // Asking twice before the server has answered once would greet it twice, and it hangs up.
    if (performance.now() - this.askedAt < PATIENCE) return;
    this.askedAt = performance.now();
    this.socket.connect();
  }

  #refused(error) {
    const code = error?.data?.code;
    if (code && !PASSING.includes(code)) this.#end("refused", error.data);
    else this.#later();
  }

  #setFresh(fresh) {
    if (fresh === this.fresh) return;
    this.fresh = fresh;
    document.documentElement.classList.toggle("is-stale", !fresh);
    this.#tell("fresh", fresh);
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
