// Keeps the site in the browser, so that it works without a network after the first visit.

/* global SITE -- the addresses of its files, which export.py writes before this: `first` and `rest` */

const NAME = `vae-playground ${self.registration.scope}`; // other sites of this host have caches of their own
const PAGE = "./";
const CHANGING = [PAGE, "weights/index.json.packed", "healthz"];
const place = (address) => new URL(address, self.registration.scope).href;
const lasting = new Set([...SITE.first, ...SITE.rest].map(place)); // their addresses change with what they say

self.addEventListener("install", (event) => event.waitUntil(begin()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("message", (event) => event.data === "rest" && event.waitUntil(keepRest()));
self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  if (method === "GET" && url.startsWith(self.registration.scope)) event.respondWith(answer(event.request));
});

async function begin() {
  const cache = await caches.open(NAME);
  await cache.addAll([...CHANGING, ...SITE.first]);
  await self.skipWaiting();
}

// What an earlier version of the site had goes.
async function tidy() {
  const cache = await caches.open(NAME);
  const others = CHANGING.map(place);
  for (const { url } of await cache.keys()) if (!lasting.has(url) && !others.includes(url)) await cache.delete(url);
  await self.clients.claim();
}

// One after the other, as nobody waits for it.
async function keepRest() {
  const cache = await caches.open(NAME);
  for (const address of SITE.rest) {
    if (await cache.match(address)) continue;
    try {
      await cache.add(new Request(address, { priority: "low" }));
    } catch {
      return; // the network or the room is gone; the next visit goes on
    }
  }
}

async function answer(request) {
  const cache = await caches.open(NAME);
  const url = request.url.split("#")[0];
  if (lasting.has(url)) return (await cache.match(url)) ?? kept(cache, request);
  try {
    return await kept(cache, request);
  } catch (error) {
    const found = await cache.match(request.mode === "navigate" ? PAGE : url, { ignoreSearch: true });
    if (found) return found;
    throw error;
  }
}

async function kept(cache, request) {
  const response = await fetch(request);
  if (response.status === 200 && !new URL(request.url).search) {
    await cache.put(request, response.clone()).catch(() => {}); // there may be no room
  }
  return response;
}
