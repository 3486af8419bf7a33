/* The strip of feeds: one cell each with the age of what it says, its state by sign and word; and
 * the counts. Counts are of the entities held, never kept twice. */
(function (cop) {
  "use strict";
  const SIGNS = { live: "✓", failing: "✗", stale: "◔", unknown: "?" };
  const WORST = { unknown: 0, failing: 1, stale: 2, live: 3 };
  const cells = new Map();
  const lines = new Map();
  const was = new Map(); // feed -> state, to redraw its symbols when it changes

  cop.feedTitle = (key) => {
    const status = cop.picture.feeds.get(key);
    return (status && cop.say(status.properties.title)) || key.replaceAll("_", " ");
  };
  const words = (key) => {
    const now = cop.freshness(key);
    const age = now.at === null || now.state === "unknown" ? "" : cop.age(now.at);
    return { ...now, age, word: cop.t(`feed.${now.state}`) };
  };

  const cell = (key) => {
    if (!cells.has(key))
      cells.set(key, cop.h("button", {
        class: "feed", type: "button", "data-feed": key, on: { click: () => cop.feeds.open(key) },
      }, cop.h("span", { class: "feed-sign", "aria-hidden": "true" }),
      cop.h("span", { class: "feed-name" }), cop.h("span", { class: "feed-age" })));
    return cells.get(key);
  };
  const line = (key) => {
    if (!lines.has(key))
      lines.set(key, cop.h("tr", { "data-feed": key },
        ...["name", "state", "content", "fetched", "rows", "reason"].map((name) =>
          cop.h(name === "name" ? "th" : "td", {
            class: `feed-${name}`, scope: name === "name" ? "row" : null }))));
    return lines.get(key);
  };
  const sorted = () =>
    [...cop.picture.feeds.keys()].sort((a, b) =>
      WORST[cop.freshness(a).state] - WORST[cop.freshness(b).state] || (a < b ? -1 : 1));

  const place = (box, nodes) => {
    const same = box.children.length === nodes.length && nodes.every((n, i) => box.children[i] === n);
    if (!same && !box.contains(document.activeElement)) box.replaceChildren(...nodes);
  };

  const renderTable = (keys) => {
    for (const key of keys) {
      const p = cop.picture.feeds.get(key).properties;
      const now = words(key);
      const [name, state, content, fetched, rows, reason] = line(key).children;
      line(key).className = `is-${now.state}`;
      cop.write(name, cop.feedTitle(key));
      cop.write(state, `${SIGNS[now.state]} ${now.word}`);
      cop.write(content, p.content_at ? `${cop.time(cop.ms(p.content_at))} (${cop.age(cop.ms(p.content_at))})` : "–");
      cop.write(fetched, p.fetched_at ? `${cop.time(cop.ms(p.fetched_at))} (${cop.age(cop.ms(p.fetched_at))})` : "–");
      cop.write(rows, cop.t("feed.rows", { taken: p.taken, ignored: p.ignored, refused: p.refused }));
      cop.write(reason, p.reason || "");
    }
    place(cop.$("cop-feeds-body"), keys.map(line));
  };

  const render = () => {
    const keys = sorted();
    for (const key of [...cells.keys()]) if (!cop.picture.feeds.has(key)) cells.delete(key);
    for (const key of keys) {
      const now = words(key);
      const node = cell(key);
      const [sign, name, age] = node.children;
      node.className = `feed is-${now.state}`;
      cop.write(sign, SIGNS[now.state]);
      cop.write(name, cop.feedTitle(key));
      cop.write(age, now.state === "live" ? now.age : [now.word, now.age].filter(Boolean).join(" "));
      const label = [cop.feedTitle(key), now.word, now.age, now.reason].filter(Boolean).join(" · ");
      if (node.title !== label) node.title = label;
      if (was.has(key) && was.get(key) !== now.state) cop.map.redrawFeed(key);
      was.set(key, now.state);
    }
    place(cop.$("cop-feeds"), keys.map(cell));
    if (!cop.$("cop-feeds-sheet").hidden) renderTable(keys);
    const old = cop.troubles().length > 0;
    const bad = keys.filter((key) => was.get(key) !== "live").length;
    cop.write(cop.$("cop-feeds-summary"), !cop.picture.loaded ? cop.t("loading")
      : old ? cop.t("feeds.old") : bad ? cop.t("feeds.bad", { n: bad, all: keys.length }) : cop.t("feeds.good", { all: keys.length }));
    cop.$("cop-feeds-summary").className = `feeds-summary ${bad || old ? "is-stale" : "is-live"}`;
    renderCounts();
  };
  /* Which layers are counted, and by what, is said by the layers. */
  const tallied = (layer) =>
    layer.rules.filter((rule) => rule.counted)
      .reduce((sum, rule) => sum + cop.layers.tally(layer.key)[rule.index], 0);
  const isBlind = (layer) =>
    cop.layers.count(layer.key) === 0 && cop.freshnessOf(layer.feeds).state === "unknown";
  function renderCounts() {
    const counts = cop.layers.all
      .filter((layer) => layer.rules.some((rule) => rule.counted))
      .reverse()
      .map((layer) => [cop.say(layer.title), isBlind(layer) ? "?" : tallied(layer)]);
    const health = cop.link.health;
    counts.push([cop.t("counts.viewers"), health ? health.viewers : "–"]);
    const box = cop.$("cop-counts");
    if (!box.children.length)
      box.append(...counts.map(() => cop.h("span", { class: "count" },
        cop.h("b", {}), " ", cop.h("span", {}))));
    counts.forEach(([words, n], index) => {
      cop.write(box.children[index].firstChild, String(n));
      cop.write(box.children[index].lastChild, words);
    });
  }

  cop.feeds = {
    refresh: () => cop.soon("feeds", render, 250),
    open(key) {
      cop.showSheet("feeds", true);
      render();
      const row = key && lines.get(key);
      if (row) row.scrollIntoView({ block: "center" });
    },
  };
})((window.cop = window.cop || {}));
