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

  const describe = ({ feature, ended }) => {
    const p = feature.properties;
    const [look] = cop.layers.looks(feature.id);
    const kind = look ? cop.say(look.layer.title) : cop.term("kind", p.kind);
    const place = cop.placeOf(feature);
    return [
      cop.h("header", { class: "detail-head" },
        cop.facts.symbol(feature, 28),
        cop.h("div", {}, cop.h("span", { class: "detail-kind", text: kind }),
          cop.h("h2", { text: cop.facts.title(feature), tabindex: "-1" }))),
      ended === null ? null
        : cop.h("p", { class: "remark is-stale", text: cop.t("ended", { time: cop.time(ended) }) }),
      p.feed && cop.freshness(p.feed).state === "stale"
        ? cop.h("p", { class: "remark is-stale", text: cop.t("state.stale", {
          time: cop.time(cop.freshness(p.feed).at) }) })
        : null,
      cop.h("p", { class: "detail-lead", text: cop.facts.headline(feature) }),
      bar(p),
      cop.h("p", { class: "detail-where", text: cop.facts.where(p) }),
      place ? cop.h("button", { class: "button ghost", type: "button", text: cop.t("detail.show"),
        on: { click: () => cop.fly(place) } }) : null,
      p.kind === "camera" ? cop.h("p", { class: "remark", text: cop.t("detail.camera") }) : null,
      cop.say(p.instruction)
        ? cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("detail.instruction") }),
          ...paragraphs(cop.say(p.instruction)))
        : null,
      cop.say(p.description)
        ? cop.h("section", { class: "detail-part prose" }, ...paragraphs(cop.say(p.description)))
        : null,
      cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("detail.facts") }),
        cop.h("dl", {}, ...cop.facts.own(p).map(([label, words]) => row(label, words)))),
      provenance(p),
    ].filter(Boolean);
  };

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
    return [
      cop.h("header", { class: "detail-head" }, cop.h("h2", { text: cop.t("attention") })),
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
        : null,
    ].filter(Boolean);
  };

  /* To begin with, what its publishers changed last. */
  const begin = () => {
    const found = [];
    for (const layer of cop.layers.all)
      if (layer.listed) for (const id of cop.layers.members(layer.key)) found.push(cop.picture.get(id));
    found.sort((a, b) => cop.facts.when(b) - cop.facts.when(a));
    recent.splice(0, recent.length, ...found.slice(0, RECENT).map(({ id }) => id));
  };

  let shownId = null;
  const render = () => {
    const box = cop.$("cop-detail-body");
    const selection = cop.selection();
    const id = selection.feature ? selection.feature.id : null;
    const top = box.scrollTop;
    const focused = box.contains(document.activeElement);
    if (id === null && focused && shownId === null) return; // the reader is in this list
    box.replaceChildren(...(selection.feature ? describe(selection) : attention()));
    box.scrollTop = id === shownId ? top : 0;
    cop.$("cop-detail-close").hidden = id === null;
    document.body.classList.toggle("has-selection", id !== null);
    shownId = id;
  };

  cop.detail = {
    refresh: () => cop.soon("detail", render),
    refreshSoon: () => cop.soon("detail", render, 1000),
    noteChanges({ put, reset }) {
      if (reset) return begin();
      for (const feature of put) {
        const worth = cop.layers.looks(feature.id).some(({ layer }) => layer.listed);
        if (!worth) continue;
        const at = recent.indexOf(feature.id);
        if (at >= 0) recent.splice(at, 1);
        recent.unshift(feature.id);
      }
      recent.length = Math.min(recent.length, RECENT);
      if (!cop.selected()) cop.detail.refreshSoon();
      return undefined;
    },
  };
})((window.cop = window.cop || {}));
