// Keeps one phone's ticket page for when there is no network. It never answers for the server: whatever
// can be asked is asked first, and commands are not touched. It also shows a call that comes while no
// page is open. Served at /t/worker.js, for /t/ only.

const KEPT = "ticket";
const PATIENCE = 4_000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

addEventListener("message", ({ data, source }) => {
  if (data.keep) keep(data.keep).then(() => source?.postMessage({ kept: data.keep.length }));
  if (data.forget) caches.delete(KEPT);
});

/** Hold exactly these addresses; what another build or another ticket left goes. */
async function keep(addresses) {
  const cache = await caches.open(KEPT);
  const wanted = new Set(addresses.map((address) => new URL(address, location).href));
  for (const { url } of await cache.keys()) {
    if (wanted.has(url)) wanted.delete(url);
    else await cache.delete(url);
  }
  // The page itself changes with the build, so it is always taken anew.
  wanted.add(new URL(addresses[0], location).href);
  await Promise.all([...wanted].map((url) => take(cache, url)));
}

async function take(cache, url) {
  const answer = await fetch(url, { credentials: "same-origin" }).catch(() => null);
  if (answer?.ok) await cache.put(url, answer);
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.destination === "image") event.respondWith(page(request));
});

/** The server's page; the kept one when it does not answer. */
async function page(request) {
  const kept = await caches.match(request, { cacheName: KEPT, ignoreSearch: true });
  if (!kept) return fetch(request);
  try {
    return await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
  } catch {
    return kept;
  }
}

/** A file of the build never changes under its name, so a kept one needs no asking. */
const file = async (request) => (await caches.match(request, { cacheName: KEPT })) ?? fetch(request);

addEventListener("push", (event) => {
  const { title, body, ticket, language } = event.data.json();
  const loud = { vibrate: [500, 200, 500, 200, 900], requireInteraction: true, renotify: true };
  const what = { body, lang: language, tag: ticket, data: { ticket }, icon: "/t/icon.png", ...loud };
  event.waitUntil(registration.showNotification(title, what));
});

addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(openTicket(`/t/${event.notification.data.ticket}`));
});

/** The ticket's page if it is open somewhere, else a new one. */
async function openTicket(path) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const page = pages.find(({ url }) => new URL(url).pathname === path);
  return page ? page.focus() : clients.openWindow(path);
}
