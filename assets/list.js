/* The situation list: what is in force and what is blocked, worst first, one row per entity.
 * Rows are kept and changed; their order changes only while the reader is not pointing at them. */
(function (cop) {
  "use strict";
  const MOST_ROWS = 200;
  const GLOW_MS = 1500;
  const rows = new Map(); // id -> {node, parts}
  const filter = { words: "", district: "", severity: "" };
  let box = null;
  let list = null;
  let pending = new Set(); // new ids that wait behind the chip
  let known = new Set();
  let pointed = false;

  const listed = () => {
    const ids = new Set();
    for (const layer of cop.layers.all)
      if (layer.listed) for (const id of cop.layers.members(layer.key)) ids.add(id);
    return ids;
  };
  const allWords = (p) =>
    [p.title, p.place, p.road, p.description, p.area]
      .flatMap((text) => Object.values(text || {}))
      .concat(p.number || "", p.signal || "", cop.say(cop.config.districts[p.district]))
      .join("\n")
      .toLowerCase();
  const passes = (feature) => {
    const p = feature.properties;
    if (filter.district && p.district !== filter.district) return false;
    if (filter.severity && cop.layers.rank(cop.layers.severity(feature)) > Number(filter.severity))
      return false;
    return !filter.words || filter.words.split(/\s+/).every((word) => allWords(p).includes(word));
  };

  const wanted = () => {
    const found = [];
    for (const id of listed()) {
      const feature = cop.picture.get(id);
      if (feature && passes(feature))
        found.push({
          id, feature, rank: cop.layers.rank(cop.layers.severity(feature)),
          when: cop.facts.when(feature) || 0,
        });
    }
    found.sort((a, b) => a.rank - b.rank || b.when - a.when || (a.id < b.id ? -1 : 1));
    return found;
  };

  const makeRow = (id) => {
    const parts = {
      symbol: cop.h("span", { class: "row-symbol" }),
      title: cop.h("span", { class: "row-title" }),
      fact: cop.h("span", { class: "row-fact" }),
      where: cop.h("span", { class: "row-where" }),
      age: cop.ageNode(0),
      owner: cop.h("span", { class: "row-owner" }),
      marks: cop.h("span", { class: "row-marks" }),
    };
    const node = cop.h(
      "button",
      { class: "row", type: "button", "data-id": id, on: { click: () => cop.select(id) } },
      parts.symbol,
      cop.h("span", { class: "row-main" }, parts.title,
        cop.h("span", { class: "row-sub" }, parts.fact, parts.where), parts.marks),
      cop.h("span", { class: "row-side" }, parts.age, parts.owner),
    );
    return { node: cop.h("li", {}, node), button: node, parts, look: "" };
  };
  const fillRow = (row, feature) => {
    const p = feature.properties;
    const look = `${feature.properties.version}|${cop.lang}|${cop.theme()}|` +
      `${p.feed ? cop.freshness(p.feed).state : ""}|${cop.facts.marks(feature).map(({ more }) => more).join("|")}`;
    if (row.look === look) return;
    row.look = look;
    const { parts, button } = row;
    parts.symbol.replaceChildren(cop.facts.symbol(feature, 18));
    cop.write(parts.title, cop.facts.title(feature));
    cop.write(parts.fact, cop.facts.headline(feature));
    cop.write(parts.where, cop.facts.district(p) || cop.say(p.place));
    button.classList.toggle("is-incident", p.kind === "incident");
    const owner = p.kind === "incident" ? p.lead_agency || "" : "";
    cop.write(parts.owner, owner);
    parts.owner.title = owner ? cop.fields.agency(owner) : "";
    parts.marks.replaceChildren(...cop.facts.marks(feature).filter(({ words }) => words)
      .map(({ key, words, more }) => cop.h("span", { class: `chip is-${key}`, title: more, text: words })));
    const when = cop.facts.when(feature);
    parts.age.dataset.ms = when;
    parts.age.title = cop.time(when);
    cop.write(parts.age, cop.age(when));
    button.classList.toggle("is-stale", Boolean(p.feed) && cop.freshness(p.feed).state === "stale");
    if (performance.now() - (cop.picture.changedAt(feature.id) ?? -Infinity) < GLOW_MS) {
      button.classList.remove("glow");
      void button.offsetWidth; // begins the animation anew
      button.classList.add("glow");
    }
  };

  const isBusy = () => pointed || list.contains(document.activeElement);

  const emptyWords = () => {
    if (!cop.picture.loaded)
      return cop.link.state === "lost" ? cop.t("list.never") : cop.t("loading");
    if (filter.words || filter.district || filter.severity) return cop.t("list.nothing-fits");
    return null;
  };
  /* Per listed layer: what is not known, and what was looked at and is empty. */
  const remarks = () =>
    cop.layers.all
      .filter((layer) => layer.listed)
      .sort((a, b) => b.order - a.order)
      .map((layer) => cop.layerRemark(layer))
      .filter(Boolean);

  const render = () => {
    if (!list) return;
    const fitting = wanted();
    const found = fitting.slice(0, MOST_ROWS);
    const ids = new Set(found.map(({ id }) => id));
    for (const [id, row] of rows)
      if (!ids.has(id)) {
        row.node.remove();
        rows.delete(id);
      }
    const scrolled = box.scrollTop > 40;
    if (!scrolled) pending.clear();
    let previous = null;
    for (const { id, feature } of found) {
      if (!rows.has(id)) {
        if (scrolled && known.size && !known.has(id)) {
          pending.add(id);
          continue;
        }
        rows.set(id, makeRow(id));
      }
      const row = rows.get(id);
      fillRow(row, feature);
      const misplaced = previous ? previous.nextSibling !== row.node : list.firstChild !== row.node;
      if (!row.node.isConnected || (misplaced && !isBusy()))
        previous ? previous.after(row.node) : list.prepend(row.node);
      row.button.setAttribute("aria-current", id === cop.selected() ? "true" : "false");
      previous = row.node;
    }
    known = new Set([...known, ...rows.keys()].filter((id) => cop.picture.get(id)));
    const chip = cop.$("cop-new-chip");
    chip.hidden = pending.size === 0;
    cop.write(chip, cop.t("list.new", { n: pending.size }));
    const words = found.length ? null : emptyWords();
    const note = cop.$("cop-list-empty");
    note.hidden = !words;
    note.classList.toggle("skeleton", !cop.picture.loaded && cop.link.state !== "lost");
    cop.write(note, words || "");
    cop.$("cop-list-remarks").replaceChildren(...(cop.picture.loaded ? remarks() : []));
    cop.write(cop.$("cop-list-count"), cop.t("list.count", { n: fitting.length, all: listed().size }));
    const more = fitting.length - found.length;
    cop.$("cop-list-more").hidden = more === 0;
    cop.write(cop.$("cop-list-more"), more ? cop.t("list.more", { n: more }) : "");
  };

  const build = () => {
    box = cop.$("cop-list-box");
    list = cop.$("cop-list");
    const search = cop.h("input", {
      id: "cop-search", type: "search", "data-t-label": "search", autocomplete: "off",
      on: { input: (event) => { filter.words = event.target.value.trim().toLowerCase(); refresh(); } },
    });
    const choose = (key, options) =>
      cop.h(
        "select",
        {
          "data-t-label": `filter.${key}`, class: "filter",
          on: { change: (event) => { filter[key] = event.target.value; refresh(); } },
        },
        ...options,
      );
    const option = (value, key) => cop.h("option", { value, "data-t": key });
    const districts = Object.keys(cop.config.districts).map((code) =>
      cop.h("option", { value: code, "data-district": code }));
    cop.$("cop-filters").append(
      search,
      choose("district", [option("", "filter.all-districts"), ...districts]),
      choose("severity", [
        option("", "filter.all-severities"), option("0", "severity.Extreme"),
        option("1", "filter.severe-up"), option("2", "filter.moderate-up"),
      ]),
    );
    box.addEventListener("pointerenter", () => { pointed = true; });
    box.addEventListener("pointerleave", () => { pointed = false; refresh(); });
    box.addEventListener("scroll", () => { if (box.scrollTop <= 40 && pending.size) refresh(); });
    cop.$("cop-new-chip").addEventListener("click", () => { box.scrollTop = 0; refresh(); });
  };
  const refresh = () => cop.soon("list", render);

  cop.list = {
    build,
    refresh,
    refreshSoon: () => cop.soon("list", render, 200),
    relabel() {
      for (const node of document.querySelectorAll("[data-district]"))
        node.textContent = cop.say(cop.config.districts[node.dataset.district]);
    },
    /* The next or previous row; from nowhere, the first. */
    step(by) {
      const ids = [...list.querySelectorAll(".row")].map((node) => node.dataset.id);
      if (!ids.length) return;
      const at = ids.indexOf(cop.selected());
      const next = ids[Math.max(0, Math.min(ids.length - 1, at < 0 ? 0 : at + by))];
      cop.select(next);
      const row = rows.get(next);
      row.button.scrollIntoView({ block: "nearest" });
    },
  };
})((window.cop = window.cop || {}));
