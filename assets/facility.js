/* A facility as its keeper has it: one counter, open or not, queue, staff, stock, and when it will
 * be full. What is entered is added to the book; nothing is overwritten. */
(function (cop) {
  "use strict";
  const STATUSES = ["open", "limited", "full", "standby", "closed"];
  const SIGNS = { open: "●", limited: "◐", full: "■", standby: "○", closed: "✕", unknown: "?" };
  const TRIAGE = ["immediate", "urgent", "delayed", "expectant"];
  const STEPS = [-5, -1, 1, 5];
  const KEPT = [
    "shelter", "cold_shelter", "heat_shelter", "community_hall", "first_aid_post", "command_post",
  ];
  const taps = new Map(); // id -> {waiting, sending}: people tapped and not yet confirmed

  const isKept = (p) => !p.feed && KEPT.includes(p.facility_type);
  const mayEnter = ({ id, properties: p }) =>
    cop.desk.may("enter_facility", { agencies: [p.publisher], own: [id] });
  const enter = (at, id, body, done) =>
    cop.act("POST", `/facilities/${id}/entries`, body, { at, id, done, undoable: true });

  /* Each tap counts: those that come while one is on its way go together with the next. */
  const tap = (id, by) => {
    const held = taps.get(id) || { waiting: 0, sending: 0 };
    taps.set(id, held);
    held.waiting += by;
    showTaps(id);
    if (!held.sending) sendTaps(id, held);
  };
  async function sendTaps(id, held) {
    while (held.waiting) {
      const change = held.waiting;
      held.sending = change;
      held.waiting = 0;
      showTaps(id);
      const box = cop.h("span", { hidden: true });
      cop.$("cop-quiet").append(box);
      let refused = null;
      const done = await cop.act("POST", `/facilities/${id}/entries`, { change },
        { at: box, id, undoable: false, failed: (answer) => { refused = answer; } });
      box.remove();
      held.sending = 0;
      if (done) continue;
      held.waiting = 0;
      const why = refused && refused.content && refused.content.detail;
      cop.toast({ words: [cop.t("facility.not-counted", { n: signed(change) }), why].filter(Boolean).join(" "), bad: true });
    }
    showTaps(id);
  }
  const signed = (n) => (n > 0 ? `+${n}` : `−${Math.abs(n)}`);
  const showTaps = (id) => {
    const { waiting = 0, sending = 0 } = taps.get(id) || {};
    const sum = waiting + sending;
    for (const node of document.querySelectorAll(`[data-taps="${CSS.escape(id)}"]`)) {
      node.hidden = !waiting && !sending;
      cop.write(node, cop.t("facility.sending", { n: signed(sum) }));
    }
  };
  async function setTo(at, feature) {
    const now = feature.properties.occupancy ?? 0;
    const given = await cop.ask({
      title: cop.t("facility.set-title", { name: cop.facts.title(feature) }), confirm: "facility.set-verb",
      intro: [cop.t("facility.set-now", { n: feature.properties.occupancy ?? "–" })],
      check: ({ occupancy, reason }) => (occupancy < now && !reason ? "reason" : null),
      fields: [
        { name: "occupancy", label: "facility.people", type: "number", required: true, max: 1000000 },
        { name: "reason", label: "desk.reason", type: "text", max_length: 300, hint: cop.t("facility.reason-hint") },
      ],
    });
    if (!given) return null;
    const body = { occupancy: given.occupancy, ...(given.reason ? { reason: given.reason } : {}) };
    return enter(at, feature.id, body, "facility.did-set");
  }

  /* The one counter */
  const counter = (feature) => {
    const p = feature.properties;
    const name = cop.facts.title(feature);
    const count = cop.h("output", { class: "counter-value", "aria-label": cop.t("facility.people"),
      text: p.occupancy === undefined ? "–" : String(p.occupancy) });
    const permitted = mayEnter(feature);
    const steps = (values) => values.map((by) =>
      cop.h("button", {
        class: "button step-button", type: "button", text: signed(by), "data-key": `tap ${by}`,
        "aria-label": cop.t(by > 0 ? "facility.more" : "facility.fewer", { n: Math.abs(by), name }),
        disabled: by < 0 && !(p.occupancy > 0), on: { click: () => tap(feature.id, by) },
      }));
    const node = cop.h("div", { class: "counter" },
      permitted ? cop.h("div", { class: "counter-row" }, ...steps(STEPS.slice(0, 2)),
        cop.h("span", { class: "counter-middle" }, count, room(p)), ...steps(STEPS.slice(2)))
        : cop.h("span", { class: "counter-middle" }, count, room(p)),
      capacityBar(p),
      cop.h("p", { class: "counter-taps", role: "status", "data-taps": feature.id, hidden: true }),
      permitted ? cop.desk.acts(cop.desk.button("facility.set", (at) => setTo(at, feature))) : null);
    queueMicrotask(() => showTaps(feature.id));
    return node;
  };
  const room = (p) =>
    cop.h("small", { text: p.capacity ? cop.t("facility.of", { n: p.capacity }) : cop.t("facility.no-capacity") });
  const capacityBar = (p) => {
    if (!p.capacity || p.occupancy === undefined) return null;
    const share = p.occupancy / p.capacity;
    const bar = cop.h("div", { class: `capacity${share >= 1 ? " is-full" : share >= 0.85 ? " is-near" : ""}` },
      cop.h("span", { class: "capacity-fill", "aria-hidden": "true" }),
      cop.h("span", { class: "capacity-words", text: cop.t(share > 1 ? "facility.over" : "facility.share", {
        percent: Math.round(share * 100), n: Math.abs(p.capacity - p.occupancy) }) }));
    bar.firstChild.style.width = `${Math.min(100, share * 100)}%`;
    return bar;
  };
  const statusButtons = (feature) =>
    cop.h("div", { class: "acts segments", role: "group", "aria-label": cop.t("fact.status") },
      ...STATUSES.map((status) => {
        const node = cop.desk.button(`status.${status}`, (at) => enter(at, feature.id, { status }, "facility.did-status"),
          { pressed: feature.properties.status === status });
        node.prepend(cop.h("span", { "aria-hidden": "true", text: `${SIGNS[status]} ` }));
        return node;
      }));
  const statusLine = (p) =>
    cop.h("p", { class: "facility-status" }, cop.h("span", { "aria-hidden": "true", text: `${SIGNS[p.status] || "?"} ` }),
      cop.term("status", p.status));
  const asOf = (p) => {
    const at = cop.ms(p.asserted_at || p.observed_at);
    if (at === null) return cop.t("facility.never");
    return cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(at) }), " · ", cop.ageNode(at),
      p.reporter ? ` · ${p.reporter}` : "");
  };

  /* When it will be full, in words */
  const forecastWords = (p) => {
    const f = p.forecast;
    if (!f) return null;
    const at = (iso) => cop.time(cop.ms(iso));
    const rate = Math.abs(Math.round(f.rate_per_h));
    if (!f.full_at)
      return f.rate_per_h < 0 ? cop.t("facility.emptying", { n: rate }) : cop.t("facility.not-filling");
    if (!f.earliest) return cop.t("facility.full-at", { time: at(f.full_at) });
    return f.latest
      ? cop.t("facility.full-between", { time: at(f.full_at), from: at(f.earliest), until: at(f.latest) })
      : cop.t("facility.full-or-never", { time: at(f.full_at), from: at(f.earliest) });
  };

  /* Another source of the same facility, where it says something else */
  const twinOf = (feature) => {
    const { stands_for: other } = feature.properties;
    if (other) return cop.picture.get(other);
    return cop.desk.all("facility").find(({ properties: p }) => p.stands_for === feature.id);
  };
  const figures = (feature) => {
    const p = feature.properties;
    const known = [cop.term("status", p.status)];
    if (p.occupancy !== undefined || p.capacity !== undefined)
      known.push(`${p.occupancy ?? "–"} / ${p.capacity ?? "–"}`);
    return known.join(" · ");
  };
  const differs = (a, b) =>
    ["status", "occupancy", "capacity"].some((name) =>
      a[name] !== undefined && b[name] !== undefined && b[name] !== "unknown" && a[name] !== "unknown" && a[name] !== b[name]);
  const twin = (feature) => {
    const other = twinOf(feature);
    if (!other || !differs(feature.properties, other.properties)) return null;
    const line = (one) => {
      const p = one.properties;
      const at = cop.ms(p.asserted_at || p.observed_at || p.fetched_at);
      return cop.h("li", {}, cop.desk.link(one.id, p.feed ? cop.facts.publisher(p) : cop.t("facility.keeper")),
        cop.h("b", { class: "num", text: ` ${figures(one)} ` }), at === null ? null : cop.ageNode(at));
    };
    return cop.h("div", { class: "remark is-warn" }, cop.h("p", { text: `▲ ${cop.t("facility.differ")}` }),
      cop.h("ul", {}, line(feature), line(other)));
  };

  /* A publisher's shelter of which nobody keeps a counter yet: the first entry begins one. */
  const begin = (feature) =>
    KEPT.includes(feature.properties.facility_type) && mayEnter(feature) && !twinOf(feature)
      ? cop.desk.acts(cop.desk.button("facility.begin", (at) => setTo(at, feature)))
      : null;

  /* Parts of the panel */
  const now = (feature) => {
    const p = feature.properties;
    if (!isKept(p)) return cop.desk.part("facility.now", twin(feature), begin(feature));
    const counts = p.facility_type !== "first_aid_post" && p.facility_type !== "command_post";
    return cop.desk.part("facility.now",
      mayEnter(feature) ? statusButtons(feature) : statusLine(p), twin(feature),
      counts || p.occupancy !== undefined ? counter(feature) : null,
      cop.h("dl", {}, cop.desk.fact("facility.as-of", asOf(p))));
  };
  const book = (feature) => {
    const p = feature.properties;
    if (!(p.entries || []).length) return null;
    const words = forecastWords(p);
    return cop.desk.part("facility.book",
      words ? cop.h("p", { class: "forecast", text: words }) : null, cop.facilityChart(p),
      cop.h("details", { class: "more-details", "data-key": "entries" },
        cop.h("summary", { text: cop.t("facility.entries", { n: p.entries.length }) }),
        cop.h("ul", { class: "entries" }, ...[...p.entries].reverse().map((entry) =>
          cop.h("li", {}, cop.h("span", { class: "num", text: cop.time(cop.ms(entry.at)) }),
            cop.h("b", { class: "num", text: entry.occupancy }),
            cop.h("span", { text: entry.change === undefined || entry.change === null ? cop.t("facility.was-set") : signed(entry.change) }))))));
  };
  async function askQueue(at, feature) {
    const queue = feature.properties.queue || {};
    const given = await cop.ask({
      title: cop.t("facility.queue-title", { name: cop.facts.title(feature) }), confirm: "desk.save",
      fields: TRIAGE.map((name) => ({
        name, words: cop.term("triage", name), type: "number", value: String(queue[name] ?? 0), required: true, max: 100000 })),
    });
    return given && enter(at, feature.id, { queue: given }, "facility.did-queue");
  }
  async function askStock(at, feature) {
    const p = feature.properties;
    const names = [...new Set([...Object.keys(p.supplies || {}), "blanket", "meal", "water"])];
    const given = await cop.ask({
      title: cop.t("facility.stock-title", { name: cop.facts.title(feature) }), confirm: "desk.save",
      fields: [
        { name: "staff", label: "facility.staff", type: "number", value: p.staff === undefined ? "" : String(p.staff), max: 100000 },
        ...names.map((name) => ({
          name: `supply ${name}`, words: cop.term("supply", name), type: "number",
          value: (p.supplies || {})[name] === undefined ? "" : String(p.supplies[name]), max: 1000000 })),
      ],
    });
    if (!given) return null;
    const supplies = {};
    for (const name of names)
      if (given[`supply ${name}`] !== null) supplies[name] = given[`supply ${name}`];
    const body = { ...(given.staff === null ? {} : { staff: given.staff }), ...(Object.keys(supplies).length ? { supplies } : {}) };
    return Object.keys(body).length ? enter(at, feature.id, body, "facility.did-stock") : null;
  }
  const queueTable = (p) => {
    const queue = p.queue || {};
    const sum = TRIAGE.reduce((all, name) => all + (queue[name] || 0), 0);
    return cop.h("dl", { class: "triage" }, ...TRIAGE.map((name) =>
      cop.h("div", { class: `triage-row is-${name}` }, cop.h("dt", { text: cop.term("triage", name) }),
        cop.h("dd", { class: "num", text: queue[name] ?? "–" }))),
    cop.h("div", { class: "triage-row is-all" }, cop.h("dt", { text: cop.t("facility.waiting") }),
      cop.h("dd", { class: "num", text: Object.keys(queue).length ? sum : "–" })));
  };
  const keeping = (feature) => {
    const p = feature.properties;
    if (!isKept(p)) return null;
    const permitted = mayEnter(feature);
    const stock = Object.entries(p.supplies || {}).map(([name, n]) => `${cop.term("supply", name)} ${cop.facts.number(n)}`);
    return cop.desk.part("facility.keeping",
      p.facility_type === "first_aid_post" ? queueTable(p) : null,
      cop.h("dl", {},
        cop.desk.fact("facility.staff", p.staff === undefined ? cop.t("facility.not-known") : cop.t("people", { n: p.staff })),
        cop.desk.fact("facility.stock", stock.join(cop.desk.comma()) || cop.t("facility.not-known")),
        cop.desk.fact("facility.access", (p.access || []).map((code) => cop.term("access", code)).join(cop.desk.comma()) || cop.t("facility.not-known")),
        cop.desk.fact("facility.pets", p.pets ? cop.term("pets", p.pets) : cop.t("facility.not-known")),
        cop.desk.fact("desk.contact", p.contact)),
      permitted ? cop.desk.acts(
        p.facility_type === "first_aid_post" ? cop.desk.button("facility.queue", (at) => askQueue(at, feature)) : null,
        cop.desk.button("facility.set-stock", (at) => askStock(at, feature))) : null);
  };

  cop.on("start", () => {
    cop.parts.add({ kind: "facility", key: "facility-now", order: 10, render: now });
    cop.parts.add({ kind: "facility", key: "facility-keeping", order: 14, render: keeping });
    cop.parts.add({ kind: "facility", key: "facility-book", order: 18, render: book });
  });

  /* What its keeper enters most: people in a shelter, the queue at a first-aid post. */
  const mostEntered = (feature) =>
    feature.properties.facility_type === "first_aid_post"
      ? cop.h("div", {}, queueTable(feature.properties),
        mayEnter(feature) ? cop.desk.acts(cop.desk.button("facility.queue", (at) => askQueue(at, feature))) : null)
      : counter(feature);

  cop.facilities = { now: mostEntered, statusButtons, mayEnter, forecastWords, isKept };
})((window.cop = window.cop || {}));
