/* Map tiles of one's own area, a bounded number; anything else is asked for each time. */
((cop) => {
  "use strict";
  const CACHE = "cop-field-tiles.1";
  const MOST = 150;
  const ZOOMS = [12, 17]; // from the whole of one's district to single houses
  const LOOK_MS = 60000;
  let box = null; // [west, south, east, north] of the own area
  let looked = -Infinity;
  let closed = false; // the publisher lets nobody look inside its answers: they are not kept

  const ownBox = async () => {
    if (performance.now() - looked > LOOK_MS) {
      looked = performance.now();
      const area = await cop.db.get("state", "area").catch(() => null);
      box = (area && area.body && area.body.bbox) || null;
    }
    return box;
  };
  const lonOf = (x, z) => (x / 2 ** z) * 360 - 180;
  const latOf = (y, z) => (Math.atan(Math.sinh(Math.PI * (1 - (2 * y) / 2 ** z))) * 180) / Math.PI;
  const isOwn = async (url) => {
    const found = /\/(\d+)\/(\d+)\/(\d+)(?:\.png)?$/.exec(new URL(url).pathname);
    const own = found && (await ownBox());
    if (!own) return false;
    const [z, x, y] = found.slice(1).map(Number);
    if (z < ZOOMS[0] || z > ZOOMS[1]) return false;
    const [west, south, east, north] = own;
    return lonOf(x, z) <= east && lonOf(x + 1, z) >= west && latOf(y + 1, z) <= north && latOf(y, z) >= south;
  };
  const trim = async (cache) => {
    const keys = await cache.keys(); // oldest first
    for (const request of keys.slice(0, Math.max(0, keys.length - MOST))) await cache.delete(request);
  };
  const keep = async (url, answer) => {
    const cache = await caches.open(CACHE);
    await cache.put(url, answer);
    await trim(cache);
  };
  const answer = async (event) => {
    const { url } = event.request;
    const found = await caches.match(url, { cacheName: CACHE });
    if (found) return found;
    if (!closed && (await isOwn(url))) {
      try {
        const open = await fetch(url, { mode: "cors", credentials: "omit" });
        if (open.ok) event.waitUntil(keep(url, open.clone()).catch(() => {}));
        return open;
      } catch {
        closed = navigator.onLine;
      }
    }
    return fetch(event.request);
  };
  cop.tiles = { are: (hostname) => cop.config.tiles.includes(hostname), answer };
})((self.cop = self.cop || {}));
