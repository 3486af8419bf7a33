/* The right panel: everything known of the chosen entity and who says so; without a choice, what
 * deserves attention. */
(function (cop) {
  "use strict";
  const HTTP = /^https?:\/\//;
  const RECENT = 8;
  const recent = []; // ids of the last changes worth telling, newest first

  const row = (label, words) =>
    cop.h("div", { class: "fact" }, cop.h("dt", { text: label }),
      cop.h("dd", {}, words instanceof Node ? words : String(words)));
  const moment = (key, iso) => {
    const ms = cop.ms(iso);
    if (ms === null) return null;
    return row(cop.t(key), cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(ms) }),
      " · ", cop.ageNode(ms)));
  };
  const bar = (p) => {
    if (p.capacity === undefined || p.occupancy === undefined || !p.capacity) return null;
    const share = Math.min(1, p.occupancy / p.capacity);
    const node = cop.h("div", { class: "bar", "aria-hidden": "true" }, cop.h("span", {}));
    node.firstChild.style.width = `${Math.round(share * 100)}%`;
    return node;
  };
  const paragraphs = (words) =>
    words.split(/\n+/).filter(Boolean).map((line) => cop.h("p", { text: line }));

  const provenance = (p) => {
    const feed = p.feed && cop.picture.feeds.get(p.feed);
    const state = p.feed ? cop.freshness(p.feed).state : null;
    return cop.h(
      "section", { class: "detail-part" },
      cop.h("h3", { text: cop.t("detail.provenance") }),
      cop.h("dl", {},
        row(cop.t("fact.publisher"), cop.facts.publisher(p)),
        p.origin ? row(cop.t("fact.origin"), cop.partners.namedBy(p.origin)) : null,
        p.via && p.via.length ? row(cop.t("fact.via"), p.via.map(cop.partners.namedBy).join(" → ")) : null,
        p.inside ? row(cop.t("fact.inside"), cop.t("inside.yes")) : null,
        feed ? row(cop.t("fact.feed"), cop.say(feed.properties.title) || p.feed) : null,
        state && state !== "live" ? row(cop.t("fact.feed-state"), cop.t(`feed.${state}`)) : null,
        moment("fact.observed", p.observed_at),
        moment("fact.issued", p.issued_at),
        moment("fact.updated", p.updated_at),
        moment("fact.reported", p.reported_at),
        moment("fact.asserted", p.asserted_at),
        moment("fact.from", p.valid_from),
        moment("fact.until", p.expires_at),
        moment("fact.fetched", p.fetched_at),
        row(cop.t("fact.placing"), cop.facts.placing(p)),
        feed && feed.properties.licence ? row(cop.t("fact.licence"), feed.properties.licence) : null),
      p.link && HTTP.test(p.link)
        ? cop.h("a", { class: "button ghost", href: p.link, target: "_blank",
          rel: "noopener noreferrer", text: cop.t("detail.link") })
        : null,
    );
  };

  const lines = (key, words, cls) =>
    words ? cop.h("section", { class: `detail-part ${cls}` },
      key ? cop.h("h3", { text: cop.t(key) }) : null, ...paragraphs(words)) : null;

  /* The panel is made of parts, by kind and in order; other files add theirs. A part is rendered
   * anew when something about the chosen entity changes, but never while somebody is typing in it.
   *   kind: of the entity, a list of kinds, "*" for every kind, "" for "nothing is chosen";
   *   key: a name of its own; order: 0 to 100, the facts are at 80;
   *   render(feature, {ended}): gives a node, or null for nothing to show. Elements in it that
   *   can take the focus and may be made anew carry `data-key`. */
  const parts = [];
  cop.parts = {
    add(part) {
      parts.push({ key: `part-${parts.length}`, order: 50, ...part });
      parts.sort((a, b) => a.order - b.order);
    },
  };
  const fits = (part, feature) => {
    if (!feature) return part.kind === "";
    return part.kind === "*" || [part.kind].flat().includes(feature.properties.kind);
  };
  const MADE = ["incident", "assignment"]; // one of them is not called as their layer is
  cop.parts.add({ kind: "*", key: "head", order: 0, render(feature) {
    const [look] = cop.layers.looks(feature.id);
    const kind = look && !MADE.includes(feature.properties.kind) ? cop.say(look.layer.title) : cop.term("kind", feature.properties.kind);
    return cop.h("header", { class: "detail-head" },
      cop.facts.symbol(feature, 28),
      cop.h("div", {}, cop.h("span", { class: "detail-kind", text: kind }),
        cop.h("h2", { text: cop.facts.title(feature), tabindex: "-1" })));
  } });
  cop.parts.add({ kind: "*", key: "lead", order: 5, render(feature, { ended }) {
    const p = feature.properties;
    const place = cop.placeOf(feature);
    return cop.h("div", {},
      ended === null ? null
        : cop.h("p", { class: "remark is-stale", text: cop.t("ended", { time: cop.time(ended) }) }),
      p.feed && cop.freshness(p.feed).state === "stale"
        ? cop.h("p", { class: "remark is-stale", text: cop.t("state.stale", {
          time: cop.time(cop.freshness(p.feed).at) }) })
        : null,
      cop.h("p", { class: "detail-lead", text: cop.facts.headline(feature) }),
      bar(p),
      cop.h("p", { class: "detail-where", text: cop.facts.where(p) }),
      place ? cop.h("button", { class: "button ghost", type: "button", "data-key": "show",
        text: cop.t("detail.show"), on: { click: () => cop.fly(place, p.sight ? 17 : undefined) } }) : null);
  } });
  cop.parts.add({ kind: "*", key: "instruction", order: 70, render: ({ properties }) =>
    lines("detail.instruction", cop.say(properties.instruction), "") });
  cop.parts.add({ kind: "*", key: "description", order: 72, render: ({ properties }) =>
    lines(cop.say(properties.instruction) ? "alerting.description" : null, cop.say(properties.description), "prose") });
  cop.parts.add({ kind: "*", key: "facts", order: 80, render: ({ properties }) =>
    cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("detail.facts") }),
      cop.h("dl", {}, ...cop.facts.own(properties).map(([label, words]) => row(label, words)))) });
  cop.parts.add({ kind: "*", key: "provenance", order: 90, render: ({ properties }) => provenance(properties) });

  const link = (feature) =>
    cop.h("li", {},
      cop.h("button", { class: "row", type: "button", on: { click: () => cop.select(feature.id) } },
        cop.h("span", { class: "row-symbol" }, cop.facts.symbol(feature, 18)),
        cop.h("span", { class: "row-main" },
          cop.h("span", { class: "row-title", text: cop.facts.title(feature) }),
          cop.h("span", { class: "row-sub" },
            cop.h("span", { class: "row-fact", text: cop.facts.headline(feature) }),
            cop.h("span", { class: "row-where", text: cop.facts.district(feature.properties) }))),
        cop.ageNode(cop.facts.when(feature))));

  const attention = () => {
    const late = [...cop.picture.feeds.keys()]
      .map((key) => ({ key, ...cop.freshness(key) }))
      .filter(({ state }) => state !== "live");
    const blind = cop.layers.all.filter(
      (layer) => layer.vital && cop.freshnessOf(layer.feeds).state === "unknown");
    const changes = recent.map((id) => cop.picture.get(id)).filter(Boolean);
    return cop.h("div", {},
      cop.h("section", { class: "detail-part" },
        cop.h("h3", { text: cop.t("attention.changed") }),
        changes.length ? cop.h("ul", { class: "rows" }, ...changes.map(link))
          : cop.h("p", { class: "quiet", text: cop.picture.loaded
            ? cop.t("attention.nothing") : cop.t("loading") })),
      cop.h("section", { class: "detail-part" },
        cop.h("h3", { text: cop.t("attention.late") }),
        late.length
          ? cop.h("ul", { class: "late" }, ...late.slice(0, 12).map(({ key, state, at }) =>
            cop.h("li", { class: `is-${state}` },
              cop.h("span", { text: cop.feedTitle(key) }),
              cop.h("span", { class: "late-state",
                text: `${cop.t(`feed.${state}`)}${at === null ? "" : ` · ${cop.time(at)}`}` }))))
          : cop.h("p", { class: "quiet", text: !cop.picture.loaded ? cop.t("loading")
            : cop.troubles().length ? cop.t("feeds.old") : cop.t("attention.all-live") })),
      blind.length
        ? cop.h("section", { class: "detail-part" },
          cop.h("h3", { text: cop.t("attention.unknown") }),
          ...blind.map((layer) => cop.layerRemark(layer)).filter(Boolean))
        : null);
  };
  cop.parts.add({ kind: "", key: "attention-head", order: 0, render: () =>
    cop.h("header", { class: "detail-head" }, cop.h("h2", { text: cop.t("attention") })) });
  cop.parts.add({ kind: "", key: "attention", order: 50, render: attention });

  /* To begin with, what its publishers changed last. */
  const begin = () => {
    const found = [];
    for (const layer of cop.layers.all)
      if (layer.listed) for (const id of cop.layers.members(layer.key)) found.push(cop.picture.get(id));
    found.sort((a, b) => cop.facts.when(b) - cop.facts.when(a));
    recent.splice(0, recent.length, ...found.slice(0, RECENT).map(({ id }) => id));
  };

  let shownId; // undefined until the first rendering
  let pressing = false; // between pointer down and up: what is pressed must not be made anew
  const held = new Map(); // part's key -> its node, or null
  const TYPING = "input, select, textarea, [contenteditable]";

  const isHeld = (node) => {
    if (!node) return false;
    if (node.matches("[data-busy], [data-dirty]") || node.querySelector("[data-busy], [data-dirty]")) return true;
    const focused = document.activeElement;
    return node.contains(focused) && focused.matches(TYPING);
  };
  const replace = (old, made) => {
    if (old && old === made) return;
    const focused = old && old.contains(document.activeElement) ? document.activeElement : null;
    const scrolled = old ? [...old.querySelectorAll("[data-scroll]")].map((node) => node.scrollTop) : [];
    for (const node of old && made ? old.querySelectorAll("details[data-key]") : []) {
      const again = made.querySelector(`details[data-key="${CSS.escape(node.dataset.key)}"]`);
      if (again) again.open = node.open;
    }
    /* What went wrong there stays said until the next deed. */
    const failed = old && made && old.querySelector(":scope > .deed-state.is-bad");
    if (failed) made.append(failed);
    if (old && made) old.replaceWith(made);
    else if (old) old.remove();
    if (made) [...made.querySelectorAll("[data-scroll]")].forEach((node, n) => { node.scrollTop = scrolled[n] || 0; });
    if (!focused) return;
    const again = made && (made.querySelector(`[data-key="${CSS.escape(focused.dataset.key || "")}"]`) ||
      (focused.tagName === "H2" ? made.querySelector("h2") : made.querySelector("button:not(:disabled)")));
    if (again) again.focus({ preventScroll: true });
  };
  const render = () => {
    const box = cop.$("cop-detail-body");
    const { feature, ended } = cop.selection();
    const id = feature ? feature.id : null;
    if (pressing && id === shownId) {
      cop.detail.refreshSoon();
      return;
    }
    /* The reader is in the list of what changed last: it waits. */
    if (id === null && shownId === null && box.contains(document.activeElement)) return;
    if (id !== shownId) {
      held.clear();
      box.replaceChildren();
      box.scrollTop = 0;
    }
    let previous = null;
    for (const part of parts) {
      const old = held.get(part.key) || null;
      if (!fits(part, feature)) continue;
      if (!isHeld(old)) {
        const made = part.render(feature, { ended });
        if (made) Object.assign(made.dataset, { part: part.key, of: id || "" });
        replace(old, made);
        if (made && !made.isConnected) previous ? previous.after(made) : box.prepend(made);
        held.set(part.key, made);
      }
      previous = held.get(part.key) || previous;
    }
    cop.$("cop-detail-close").hidden = id === null;
    document.body.classList.toggle("has-selection", id !== null);
    shownId = id;
  };
  /* What belongs to the chosen one: changes of it are changes of what the panel says. */
  const RELATIONS = ["incident", "subject", "about", "parent", "resource", "order", "stands_for", "merged_into"];
  /* Of which a chosen one may have thousands, all changing in the same minute. */
  const MANY_KINDS = ["receipt", "position"];
  const MANY_MS = 300;
  const concerns = (feature, id) => {
    const p = feature.properties;
    return RELATIONS.some((name) => p[name] === id) || (p.members || []).includes(id);
  };

  cop.detail = {
    refresh: () => cop.soon("detail", render),
    refreshSoon: () => cop.soon("detail-soon", render, 1000),
    build() {
      const box = cop.$("cop-detail-body");
      box.addEventListener("pointerdown", () => { pressing = true; });
      for (const end of ["pointerup", "pointercancel"])
        addEventListener(end, () => { setTimeout(() => { pressing = false; }, 0); });
      box.addEventListener("focusout", () => { if (cop.selected()) cop.detail.refreshSoon(); });
    },
    noteChanges({ put, gone, reset }) {
      if (reset) return begin();
      for (const feature of put) {
        const worth = cop.layers.looks(feature.id).some(({ layer }) => layer.listed);
        if (!worth) continue;
        const at = recent.indexOf(feature.id);
        if (at >= 0) recent.splice(at, 1);
        recent.unshift(feature.id);
      }
      recent.length = Math.min(recent.length, RECENT);
      const id = cop.selected();
      if (!id) cop.detail.refreshSoon();
      else {
        const found = [...put, ...gone].filter((feature) => concerns(feature, id));
        if (found.some(({ properties }) => !MANY_KINDS.includes(properties.kind))) cop.detail.refresh();
        else if (found.length) cop.soon("detail-many", render, MANY_MS);
      }
      return undefined;
    },
  };
  cop.on("start", cop.detail.build);
  cop.on("acted", () => cop.detail.refresh());
})((window.cop = window.cop || {}));
