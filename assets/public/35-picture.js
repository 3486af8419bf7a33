/* The things of the public picture themselves, for whoever looks around: the map, and what is near.
 * They are fetched when somebody first asks, and kept at the pointer's version from then on. */
(function (cop) {
  "use strict";
  let features = new Map();
  let feeds = {};
  let coming = null; // the first look; null while nobody has asked for the picture

  const follower = {
    series: "",
    version: -1,
    most: Infinity,
    isOn: () => coming !== null,
    apply({ put, remove, feeds: changed }) {
      const gone = remove.map((id) => features.get(id)).filter(Boolean);
      for (const id of remove) features.delete(id);
      for (const feature of put) features.set(feature.id, feature);
      Object.assign(feeds, changed);
      cop.emit("picture", { put, gone });
    },
    async begin({ picture }) {
      const answer = await cop.get(`/${picture.path.replace(/^\//, "")}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const base = await answer.json();
      const gone = [...features.values()];
      features = new Map(base.features.map((feature) => [feature.id, feature]));
      feeds = base.feeds;
      follower.series = base.series;
      follower.version = base.version;
      cop.emit("picture", { put: base.features, gone });
    },
  };

  /* To when *feed* is known: {state: live | stale | unknown, at}; of no feed of ours there is no age. */
  cop.freshness = (feed) => {
    const facts = feeds[feed];
    if (!facts) return { state: "live", at: null };
    const at = cop.ms(feed in cop.known ? cop.known[feed] : facts.known_at);
    if (at === null) return { state: "unknown", at: null };
    const isOld = cop.clock.now() - at > facts.stale_after_s * 1000;
    return { state: isOld ? "stale" : "live", at };
  };
  const WORST = { live: 0, stale: 1, unknown: 2 };
  /* The worst of several; none of them ours: not known. */
  cop.freshnessOf = (keys) => {
    const all = keys.filter((key) => feeds[key]).map(cop.freshness);
    if (keys.length && !all.length) return { state: "unknown", at: null };
    return all.reduce((worst, now) => (WORST[now.state] > WORST[worst.state] ? now : worst), { state: "live", at: null });
  };

  cop.picture = {
    get: (id) => features.get(id),
    all: () => features.values(),
    get size() { return features.size; },
    get isThere() { return follower.version >= 0; },
    /* Resolves once there is a picture; refuses where none can be had now. */
    async load() {
      coming = coming || cop.live.add(follower).catch(() => {});
      await coming;
      if (follower.version < 0) {
        await cop.live.ask();
        if (follower.version < 0) throw new Error("no picture");
      }
    },
  };
})(window.cop);
