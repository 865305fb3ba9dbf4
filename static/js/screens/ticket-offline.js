// The ticket without a network: what was last known is drawn, and where the browser allows a worker
// (https) the page itself opens too. Never keeps the key, areas or answers.

import { browser } from "../memory.js";

const PRIVATE = ["areas", "avoid", "links", "screening", "key"];
const KEPT_FOR_MS = 12 * 3_600_000;
const name = (id) => `ticket-${id}`;

/** Remember the newest view on this phone, without what concerns the body. */
export function keepView(id, view) {
  const kept = Object.fromEntries(Object.entries(view).filter(([part]) => !PRIVATE.includes(part)));
  // By the phone's own clock: it need not agree with the server's to know how long ago this was.
  browser.keep(name(id), JSON.stringify({ at: Date.now(), view: kept }));
}

/** What was last known of this ticket as {at, view}, or null; an earlier day's is worth nothing. */
export function keptView(id) {
  const kept = JSON.parse(browser.kept(name(id)));
  return kept && Math.abs(Date.now() - kept.at) < KEPT_FOR_MS ? kept : null;
}

/** Leave nothing of the ticket on this phone. */
export function forgetView(id) {
  browser.forget(name(id));
  navigator.serviceWorker?.controller?.postMessage({ forget: true });
}

/** Let the worker hold the page, its files and its QR. Resolves false where there are no workers. */
export async function keepPage(id) {
  if (!navigator.serviceWorker || !isSecureContext) return false;
  try {
    await navigator.serviceWorker.register(workerAddress(), { scope: "/t/" });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ keep: [location.pathname, `/q/s/${encodeURIComponent(id)}.svg`, ...files()] });
    return true;
  } catch {
    return false; // A private window, or storage that is full.
  }
}

/** The address of the one script that may become a worker: the page's policy trusts no other. */
function workerAddress() {
  const address = "/t/worker.js";
  const rules = { createScriptURL: (wanted) => (wanted === address ? wanted : "") };
  return globalThis.trustedTypes?.createPolicy("worker", rules).createScriptURL(address) ?? address;
}

const files = () =>
  performance
    .getEntriesByType("resource")
    .map(({ name: address }) => new URL(address))
    .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"))
    .map(({ pathname }) => pathname);
