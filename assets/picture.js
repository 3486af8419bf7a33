/* The picture in the browser: id to feature, changed in place by put and remove. */
(function (cop) {
  "use strict";
  const features = new Map();
  const feeds = new Map(); // feed key -> its feed_status feature
  const changed = new Map(); // id -> performance.now() of the last change, for the glow
  let cursor = null;
  let loaded = false;

  const order = (id) => {
    const [ms, sequence] = id.split("-");
    return [Number(ms), Number(sequence || 0)];
  };
  const isNewer = (id) => {
    if (cursor === null) return true;
    const [a, b] = order(id);
    const [c, d] = order(cursor);
    return a > c || (a === c && b > d);
  };

  /* The encoder leaves out what equals the model's default; rules ask for it, so it comes back. */
  const complete = (feature) => {
    const known = cop.config && cop.config.defaults[feature.properties.kind];
    for (const name in known || {})
      if (feature.properties[name] === undefined) feature.properties[name] = known[name];
    return feature;
  };
  const feedKey = (id) => id.slice(id.indexOf(":") + 1);

  const keep = (feature) => {
    const held = features.get(feature.id);
    if (held && held.properties.version > feature.properties.version) return null;
    features.set(feature.id, complete(feature));
    if (feature.properties.kind === "feed_status") feeds.set(feedKey(feature.id), feature);
    return held || undefined;
  };
  const drop = (id) => {
    const held = features.get(id);
    features.delete(id);
    changed.delete(id);
    if (held && held.properties.kind === "feed_status") feeds.delete(feedKey(id));
    return held;
  };

  cop.picture = {
    features,
    feeds,
    get cursor() { return cursor; },
    get loaded() { return loaded; },
    get: (id) => features.get(id),
    changedAt: (id) => changed.get(id),

    /* Take a whole snapshot; what is not in it has left. */
    reset(snapshot) {
      const ids = new Set(snapshot.features.map((feature) => feature.id));
      const removed = [];
      for (const id of features.keys()) if (!ids.has(id)) removed.push(id);
      const gone = removed.map(drop).filter(Boolean);
      const put = [];
      for (const feature of snapshot.features) {
        const held = features.get(feature.id);
        if (held && loaded && held.properties.version === feature.properties.version) continue;
        /* A snapshot is the truth even where its versions began anew (an emptied store). */
        features.delete(feature.id);
        keep(feature);
        put.push(feature);
      }
      cursor = snapshot.cursor;
      loaded = true;
      cop.emit("picture", { put, gone, reset: true });
    },

    /* Take one frame; false when it was already known. */
    apply(frame) {
      if (!isNewer(frame.cursor)) return false;
      cursor = frame.cursor;
      const now = performance.now();
      const put = [];
      for (const feature of frame.put || []) {
        if (keep(feature) === null) continue;
        changed.set(feature.id, now);
        put.push(feature);
      }
      const gone = (frame.remove || []).map(drop).filter(Boolean);
      cop.emit("picture", { put, gone, reset: false });
      return true;
    },
    /* What a command of this page gave back is shown before its frame comes. */
    learn(feature, at) {
      if (!loaded || !isNewer(at) || keep(feature) === null) return;
      changed.set(feature.id, performance.now());
      cop.emit("picture", { put: [feature], gone: [], reset: false });
    },
    /* The stored entity as a refusal gave it: newer than what is shown, its frame on the way. */
    renew(feature) {
      const held = features.get(feature.id);
      if (!held || keep(feature) === null || held.properties.version === feature.properties.version) return;
      cop.emit("picture", { put: [feature], gone: [], reset: false });
    },
    /* The server's own cursor while nothing we may see happens: a later reopening begins there. */
    advance(id) {
      if (loaded && id && isNewer(id)) cursor = id;
    },
    completeAll: () => features.forEach(complete),
  };

  /* What can be said of a feed now: live, stale, failing or unknown, and since when. */
  cop.freshness = (key) => {
    const status = feeds.get(key);
    const p = status && status.properties;
    const fetched = p ? cop.ms(p.fetched_at) : null;
    if (fetched === null)
      return { state: "unknown", at: p ? cop.ms(p.checked_at) : null, reason: p ? p.reason : "" };
    const content = cop.ms(p.content_at);
    const limit = p.stale_after_s * 1000;
    const now = cop.clock.now();
    const old = now - fetched > limit || (content !== null && now - content > limit);
    const at = content === null ? fetched : content;
    if (old) return { state: "stale", at, fetched, reason: p.reason };
    return { state: p.state === "failing" ? "failing" : "live", at, fetched, reason: p.reason };
  };
  /* The state of something that several feeds feed: the worst that still says something. */
  cop.freshnessOf = (keys) => {
    /* What people keep themselves comes with the picture, and is as old as it. */
    if (!keys.length)
      return { state: loaded ? "live" : "unknown", at: loaded ? cop.clock.now() : null, all: [] };
    const all = keys.map((key) => ({ key, ...cop.freshness(key) }));
    const known = all.filter((one) => one.state !== "unknown");
    if (!known.length) return { ...all[0], state: "unknown", all };
    const stale = known.filter((one) => one.state === "stale");
    const oldest = (ones) => ones.reduce((a, b) => (a.at < b.at ? a : b));
    if (stale.length === known.length) return { ...oldest(stale), state: "stale", all };
    const partial = stale.length > 0 || known.length < all.length;
    return { ...oldest(known.filter((one) => one.state !== "stale")), state: "live", partial, all };
  };
})((window.cop = window.cop || {}));
