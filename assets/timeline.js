/* What happened to an entity, from the journal, by day: who, when, what, before and after. */
(function (cop) {
  "use strict";
  const LIMIT = 40;
  const known = new Map(); // id -> {version, entries, asked, failed}

  const ask = async (feature) => {
    const state = known.get(feature.id) || { entries: null };
    const stamp = stampOf(feature);
    if (state.asked === stamp) return;
    known.set(feature.id, { ...state, asked: stamp });
    const content = await cop.read(`/journal?${new URLSearchParams({ entity: feature.id, limit: String(LIMIT) })}`);
    const now = known.get(feature.id);
    if (now.asked !== stamp) return;
    known.set(feature.id, { ...now, entries: content ? content.entries : now.entries, failed: !content });
    if (cop.selected() === feature.id) cop.detail.refresh();
  };
  /* Changes of what belongs to it are in its journal as well; receipts are told of elsewhere, and
   * come by the thousand. */
  const stampOf = ({ id, properties }) => {
    let sum = properties.version;
    for (const { properties: p } of cop.picture.features.values())
      if (p.kind !== "receipt" && (p.incident === id || p.subject === id || p.about === id)) sum += p.version;
    return sum;
  };
  const changesOf = (entry, id) => {
    const rows = [];
    for (const change of entry.changes || []) {
      const before = change.before || {};
      const after = change.after || {};
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => cop.fields.shown(name) && JSON.stringify(before[name]) !== JSON.stringify(after[name]));
      const whose = change.id === id ? "" : `${cop.term("kind", change.kind)}: `;
      const isNew = !change.before || !Object.keys(before).length;
      for (const name of names) {
        const now = cop.fields.words(name, after[name], change.kind);
        const words = isNew ? now : `${cop.fields.words(name, before[name], change.kind)} → ${now}`;
        rows.push(cop.h("li", {}, cop.h("span", { class: "change-name", text: `${whose}${cop.fields.label(name)}: ` }), words));
      }
    }
    return rows;
  };
  const day = (ms) => new Intl.DateTimeFormat(cop.lang === "en" ? "en-GB" : cop.lang === "zh-Hant" ? "zh-HK" : "zh-CN", { timeZone: "Asia/Hong_Kong", weekday: cop.lang === "en" ? "short" : "long", day: "numeric", month: "long" }).format(ms);
  const entryNode = (entry, id) => {
    const ms = cop.ms(entry.at);
    const rows = changesOf(entry, id);
    return cop.h("li", { class: "entry" },
      cop.h("time", { class: "num", text: cop.seconds(ms).slice(0, 5), datetime: entry.at }),
      cop.h("div", {}, cop.h("strong", { text: cop.term("action", entry.action) }),
        cop.h("span", { class: "row-sub", text: cop.fields.person(entry.who) }),
        entry.reason ? cop.h("p", { class: "entry-reason", text: `“${entry.reason}”` }) : null,
        rows.length > 4 ? cop.h("details", { "data-key": `entry-${entry.number}` }, cop.h("summary", { text: cop.t("timeline.changes", { n: rows.length }) }), cop.h("ul", { class: "changes" }, ...rows))
          : rows.length ? cop.h("ul", { class: "changes" }, ...rows) : null));
  };
  const byDay = (items, at, draw) => {
    const nodes = [];
    let last = "";
    for (const item of items) {
      const words = day(at(item));
      if (words !== last) nodes.push(cop.h("h4", { text: words }), cop.h("ol", { class: "entries" }));
      last = words;
      nodes.at(-1).append(draw(item));
    }
    return nodes;
  };
  const stepsOnly = (p) => {
    const steps = Object.entries(p.steps || {}).map(([status, at]) => [cop.ms(at), status]).sort((a, b) => b[0] - a[0]);
    if (!steps.length) return null;
    return cop.h("section", { class: "detail-part timeline" }, cop.h("h3", { text: cop.t("timeline.title") }),
      ...byDay(steps, ([ms]) => ms, ([ms, status]) =>
        cop.h("li", { class: "entry" }, cop.h("time", { class: "num", text: cop.seconds(ms).slice(0, 5) }), cop.h("div", {}, cop.h("strong", { text: cop.status(p.kind, status) })))));
  };
  cop.parts.add({ kind: ["incident", "resource", "assignment", "order", "need", "facility", "fusion"], key: "timeline", order: 95, render(feature) {
    const p = feature.properties;
    if (p.feed && p.kind !== "incident") return null;
    if (!cop.may("read_journal")) return stepsOnly(p);
    ask(feature);
    const state = known.get(feature.id);
    return cop.h("section", { class: "detail-part timeline" }, cop.h("h3", { text: cop.t("timeline.title") }),
      ...(state.entries
        ? state.entries.length ? byDay(state.entries, (entry) => cop.ms(entry.at), (entry) => entryNode(entry, feature.id)) : [cop.h("p", { class: "quiet", text: cop.t("timeline.empty") })]
        : [cop.h("p", { class: `quiet${state.failed ? "" : " skeleton"}`, text: cop.t(state.failed ? "timeline.failed" : "loading.short") })]));
  } });
  cop.on("select", () => {
    if (known.size > 50) known.clear();
  });
})((window.cop = window.cop || {}));
