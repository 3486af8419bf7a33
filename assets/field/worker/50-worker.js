/* The service worker: the page opens without network, and what waits is sent without the page.
 * What the API says is never cached here. */
((cop) => {
  "use strict";
  const { version, shell, later } = cop.config;
  const SHELL = `cop-field-shell.${version}`;
  const PAGE = "/field";
  const KEPT_SHELLS = 2; // a page that is open still runs by the one before

  /* Not an error, a network's sign-in page, or the page of another version: that would be kept. */
  const isOurs = async (address, answer) => {
    if (!answer.ok || answer.redirected) return false;
    if (address === PAGE) return (await answer.clone().text()).includes(shell[1]);
    return !(answer.headers.get("content-type") || "").includes("html");
  };
  const store = async (addresses) => {
    const cache = await caches.open(SHELL);
    await Promise.all(addresses.map(async (address) => {
      /* All but the page itself are what their name says: an older copy is as good. */
      const known = address === PAGE ? null : await caches.match(address, { ignoreVary: true });
      const answer = known || (await fetch(address, { cache: address === PAGE ? "no-cache" : "default" }));
      if (!(await isOurs(address, answer))) throw new Error(`${address} answered ${answer.status}`);
      await cache.put(address, answer);
    }));
  };
  self.addEventListener("install", (event) => {
    event.waitUntil(store(shell).then(() => self.skipWaiting()));
  });
  self.addEventListener("activate", (event) => {
    event.waitUntil((async () => {
      const shells = (await caches.keys()).filter((name) => name.startsWith("cop-field-shell.") && name !== SHELL);
      for (const name of shells.slice(0, Math.max(0, shells.length - KEPT_SHELLS + 1))) await caches.delete(name);
      await self.clients.claim();
    })());
  });

  const kept = async (request, address) => {
    const found = await caches.match(address, { ignoreVary: true });
    if (found) return found;
    const answer = await fetch(request);
    if (await isOurs(address, answer)) await (await caches.open(SHELL)).put(address, answer.clone());
    return answer;
  };
  /* The page as it is kept, at once; a newer one makes itself known as a new worker. */
  const page = async (event) => {
    const found = await (await caches.open(SHELL)).match(PAGE, { ignoreVary: true });
    if (!found) return fetch(event.request);
    event.waitUntil(self.registration.update().catch(() => {}));
    return found;
  };
  self.addEventListener("fetch", (event) => {
    const { request } = event;
    if (request.method !== "GET") return;
    const { hostname, origin, pathname } = new URL(request.url);
    if (cop.tiles.are(hostname)) event.respondWith(cop.tiles.answer(event));
    if (origin !== self.location.origin) return;
    if (request.mode === "navigate" && pathname === PAGE) event.respondWith(page(event));
    else if (pathname.startsWith(`${PAGE}/`) && /\.(js|css|json|png)$/.test(pathname) && !pathname.endsWith("/worker.js"))
      event.respondWith(kept(request, pathname));
    else if (pathname.startsWith("/assets/geo/")) event.respondWith(kept(request, pathname));
  });
  /* The page is there and at rest: the map and the other languages may come. */
  self.addEventListener("message", (event) => {
    if (event.data && event.data.later) event.waitUntil(store(later).catch(() => {}));
  });

  /* What waits is sent, also when no page is open. */
  cop.lost = async () => {
    await cop.db.clear();
    cop.tell({ signed: "lost" });
    await cop.clearAround();
  };
  self.addEventListener("sync", (event) => {
    if (event.tag !== "cop-outbox") return;
    event.waitUntil((async () => {
      await cop.outbox.flush();
      const waits = (await cop.outbox.list()).some(cop.outbox.isOpen);
      if (waits) throw new Error("not everything could be sent"); // the browser asks again
    })());
  });
})((self.cop = self.cop || {}));
