/* My facility: the one counter with − and +, open or not, the queue of a first-aid post, staff and
 * stock, the last entries and the forecast. Every tap is an entry; nothing is overwritten, and a
 * slip is taken back by the opposite entry. */
(function (cop) {
  "use strict";
  const KEY = "facility";
  const STATUSES = ["open", "limited", "full", "closed"];
  const SIGNS = { open: "●", limited: "◐", full: "■", standby: "○", closed: "✕", unknown: "?" };
  const TRIAGE = { immediate: "▲", urgent: "■", delayed: "●", expectant: "◇" };
  const STOCKED = ["blanket", "mattress", "meal", "water", "dressing", "stretcher"];
  const UNCOUNTED = ["first_aid_post", "command_post"];
  const NOTED_MS = 60000; // how long the screen says that another door changed the number
  const SHOWN_ENTRIES = 8;
  let chosen = null; // of several
  const noted = new Map(); // id -> {version, occupancy, counted, by, ms}: what other doors did
  const slips = new Map(); // id -> the last tap here, to be taken back

  const title = ({ feature }) => cop.titleOf(feature);
  const path = (id) => `/facilities/${id}/entries`;
  const ownEntries = (id) => cop.field.actions().filter((one) => one.kind === "entry" && one.about === id);
  const enter = (id, body, label) =>
    cop.work.put({ kind: "entry", path: path(id), about: id, label, body: { ...body, at: cop.field.at() } });
  const tap = (id, change) => {
    slips.set(id, { change });
    return enter(id, { change }, { key: "ward.people", values: {} });
  };
  const queueTap = (id, name, change) => {
    slips.set(id, { name, change });
    return enter(id, { queue_change: { [name]: change } }, { key: `triage.${name}`, values: {} });
  };

  /* What other doors did: how the stored number moved, less what went from this phone. */
  const note = (feature) => {
    const { id, properties: p } = feature;
    const known = noted.get(id);
    const own = ownEntries(id).filter(({ body, state }) => state !== "refused" && (body.change || body.occupancy !== undefined));
    const done = own.filter((one) => (one.state === "confirmed" && !one.answer) || cop.field.holds(feature, one));
    const counted = new Set(done.map(({ key }) => key));
    const { version, occupancy = 0 } = p;
    if (!known) return noted.set(id, { version, occupancy, counted, by: 0, ms: 0 });
    if (version <= known.version) return known;
    const fresh = done.filter(({ key }) => !known.counted.has(key));
    const set = fresh.some(({ body }) => body.occupancy !== undefined);
    const by = set ? 0 : occupancy - known.occupancy - fresh.reduce((sum, { body }) => sum + body.change, 0);
    const recent = cop.field.now() - known.ms < NOTED_MS ? known.by : 0;
    Object.assign(known, { version, occupancy, counted });
    if (by) Object.assign(known, { by: recent + by, ms: cop.field.now() });
    return known;
  };
  const noteWords = (id) => {
    const known = noted.get(id);
    return known && known.by && cop.field.now() - known.ms < NOTED_MS
      ? cop.t("ward.other-door", { n: cop.work.signed(known.by) }) : "";
  };

  /* The counter */
  const room = ({ feature, occupancy }) => {
    const { capacity } = feature.properties;
    if (!capacity) return cop.h("p", { class: "ward-room", text: cop.t("facility.no-capacity") });
    const inside = occupancy ?? 0;
    const share = Math.round((inside / capacity) * 100);
    const state = inside > capacity ? "over" : inside === capacity ? "full" : share >= 85 ? "near" : "free";
    const sign = { over: "◆", full: "■", near: "▲", free: "●" }[state];
    const words = occupancy === null ? cop.t("ward.uncounted", { n: capacity })
      : cop.t(state === "over" ? "ward.over" : state === "full" ? "ward.no-room" : "ward.room", { n: Math.abs(capacity - inside), all: capacity });
    const bar = cop.h("div", { class: `ward-bar is-${state}`, "aria-hidden": "true" }, cop.h("span", {}));
    bar.firstChild.style.width = `${Math.min(100, share)}%`;
    return cop.h("div", { class: "ward-room" }, cop.h("p", {}, cop.h("span", { class: "sign", "aria-hidden": "true", text: `${sign} ` }), words), bar);
  };
  const stepButton = (view, by, big) => {
    const { id } = view.feature;
    const ends = by < 0 && (view.occupancy || 0) + by < 0;
    return cop.h("button", {
      type: "button", class: `ward-step${big ? " is-big" : ""}`, "data-key": `tap ${by}`, text: big ? cop.work.signed(by)[0] : cop.work.signed(by),
      "aria-label": cop.t(by > 0 ? "facility.more" : "facility.fewer", { n: Math.abs(by), name: title(view) }), "aria-disabled": ends ? "true" : null,
      on: { click: () => (ends ? cop.ui.toast(cop.t("problem.below-zero"), { bad: true }) : tap(id, by)) },
    });
  };
  const pendingWords = (view) => {
    const pending = view.pending.filter(cop.outbox.isOpen);
    const sum = pending.reduce((all, { body }) => all + (body.change || 0), 0);
    return pending.length ? cop.t(sum ? "ward.waiting-by" : "ward.waiting", { n: pending.length, by: cop.work.signed(sum) }) : "";
  };
  const counter = (view) => {
    const { id, properties: p } = view.feature;
    if (UNCOUNTED.includes(p.facility_type) && view.occupancy === null) return null;
    return cop.h("section", { class: "ward-counter", "aria-label": cop.t("facility.people") },
      cop.h("div", { class: "ward-row" }, stepButton(view, -1, true),
        cop.h("output", { class: "ward-value num", "aria-label": cop.t("facility.people"), "aria-live": "polite", text: view.occupancy ?? "–" }),
        stepButton(view, 1, true)),
      cop.h("div", { class: "ward-row" }, stepButton(view, -5), cop.ui.button("ward.count", () => count(view), { key: "count" }), stepButton(view, 5)),
      room(view), after(view, id));
  };
  /* Under the numbers: taken back, not sent yet, moved by others */
  const after = (view, id) => {
    const slip = slips.get(id);
    const words = [noteWords(id), pendingWords(view)].filter(Boolean);
    return cop.h("div", { class: "ward-after" },
      cop.h("p", { class: "ward-note", role: "status", text: words.join(" · ") }),
      slip ? cop.ui.button("ward.undo", () => undo(view, slip), { kind: "ghost", key: "undo",
        label: cop.t("ward.undo-of", { what: `${slip.name ? `${cop.term("triage", slip.name)} ` : ""}${cop.work.signed(slip.change)}` }) }) : null);
  };
  async function undo({ feature: { id } }, { name, change }) {
    await (name ? queueTap(id, name, -change) : tap(id, -change));
    slips.delete(id);
    cop.work.redraw();
  }

  /* Forms in a sheet */
  const numberField = (key, value, hint) => {
    const input = cop.h("input", { type: "number", inputmode: "numeric", min: "0", max: "1000000", step: "1", required: true, "data-key": key });
    input.value = value ?? "";
    return [input, cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t(key) }), input, hint ? cop.h("small", { text: hint }) : null)];
  };
  const reasonField = () => {
    const input = cop.h("input", { type: "text", maxlength: "300", "data-key": "reason", autocomplete: "off" });
    return [input, cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t("desk.reason") }), input, cop.h("small", { text: cop.t("facility.reason-hint") }))];
  };
  /* A sheet with fields and one verb; *save* gives the field that must be seen to, or nothing. */
  const form = (words, nodes, verb, save) => {
    const missing = cop.h("p", { class: "quick-told is-bad", role: "alert" });
    const submit = (event) => {
      event.preventDefault();
      const wrong = save();
      if (!wrong) return sheet.close();
      wrong.input.setAttribute("aria-invalid", "true");
      wrong.input.focus();
      return cop.write(missing, cop.t(wrong.key));
    };
    const node = cop.h("form", { class: "ward-form", novalidate: true, on: { submit } }, ...nodes, missing,
      cop.h("button", { type: "submit", class: "button is-filled", "data-key": "save", text: cop.t(verb) }));
    const sheet = cop.ui.sheet({ title: words, body: node });
    return sheet;
  };
  function count(view) {
    const { id } = view.feature;
    const [number, numberNode] = numberField("facility.people", "");
    const [reason, reasonNode] = reasonField();
    const now = view.occupancy ?? 0;
    form(cop.t("facility.set-title", { name: title(view) }),
      [cop.h("p", { text: cop.t("facility.set-now", { n: view.occupancy ?? "–" }) }), numberNode, reasonNode], "facility.set-verb", () => {
        const occupancy = Number(number.value);
        if (number.value === "" || !Number.isInteger(occupancy) || occupancy < 0) return { input: number, key: "ward.number" };
        if (occupancy < now && !reason.value.trim()) return { input: reason, key: "problem.reason-missing" };
        slips.delete(id);
        enter(id, { occupancy, ...(reason.value.trim() ? { reason: reason.value.trim() } : {}) }, { key: "ward.counted", values: {} });
        return null;
      });
  }
  function stock(view) {
    const { id } = view.feature;
    const values = { ...view.supplies };
    const before = { ...view.supplies };
    let staff = view.staff ?? null;
    const list = cop.h("div", { class: "ward-list" });
    const draw = () => {
      const key = document.activeElement && document.activeElement.dataset.key;
      list.replaceChildren(
        cop.work.stepper({ words: cop.t("facility.staff"), value: staff, key: "staff", set: (by) => { staff = Math.max(0, (staff || 0) + by); draw(); } }),
        ...[...new Set([...Object.keys(values), ...STOCKED])].map((name) =>
          cop.work.stepper({ words: cop.term("supply", name), value: values[name], key: `stock ${name}`, by: 5,
            set: (by) => { values[name] = Math.max(0, (values[name] || 0) + by); draw(); } })));
      const again = key && list.querySelector(`[data-key="${CSS.escape(key)}"]`);
      if (again) again.focus();
    };
    draw();
    const item = cop.h("input", { type: "text", maxlength: "40", "data-key": "item", autocomplete: "off" });
    const add = () => {
      const name = item.value.trim();
      if (name) values[name] = values[name] ?? 0;
      item.value = "";
      draw();
    };
    form(cop.t("facility.stock-title", { name: title(view) }), [list,
      cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t("ward.item") }), item),
      cop.ui.button("ward.add-item", add, { kind: "ghost", key: "add-item", icon: "plus" })], "desk.save", () => {
      add();
      const changed = Object.fromEntries(Object.entries(values).filter(([name, n]) => n !== before[name]));
      const body = { ...(staff === (view.staff ?? null) ? {} : { staff }), ...(Object.keys(changed).length ? { supplies: changed } : {}) };
      if (Object.keys(body).length) enter(id, body, { key: "facility.keeping", values: {} });
      return null;
    });
  }

  /* What the server refused stays here until the person has seen to it. */
  const entryWords = (body) => {
    const words = [];
    if (body.change) words.push(cop.work.signed(body.change));
    if (body.occupancy !== undefined) words.push(cop.t("ward.counted-n", { n: body.occupancy }));
    for (const [name, n] of Object.entries(body.queue_change || {})) words.push(`${cop.term("triage", name)} ${cop.work.signed(n)}`);
    if (body.status) words.push(cop.term("status", body.status));
    if (body.staff !== undefined) words.push(`${cop.t("facility.staff")} ${body.staff}`);
    for (const [name, n] of Object.entries(body.supplies || {})) words.push(`${cop.term("supply", name)} ${n}`);
    return cop.join(words);
  };
  const sayWhy = (action) => {
    const [reason, node] = reasonField();
    form(cop.t("problem.reason-missing"), [cop.h("p", { text: cop.t("ward.was-lower", { what: entryWords(action.body) }) }), node], "ward.send-again", () => {
      const words = reason.value.trim();
      if (!words) return { input: reason, key: "problem.reason-missing" };
      const { at, ...body } = action.body;
      enter(action.about, { ...body, reason: words }, action.label).then(() => cop.outbox.discard(action.key));
      return null;
    });
  };
  const said = new Set(); // once: a screen is drawn anew at every change
  const alertOnce = (key) => {
    if (said.has(key)) return null;
    said.add(key);
    return "alert";
  };
  const refusals = ({ feature: { id, properties: p } }) => ownEntries(id).filter(({ state }) => state === "refused").map((action) => {
    const why = action.problem || {};
    const isCount = action.body.change !== undefined || action.body.occupancy !== undefined;
    return cop.h("div", { class: "ward-refused", role: alertOnce(action.key), "data-action": action.key },
      cop.h("p", {}, cop.h("b", { text: cop.t("facility.not-counted", { n: entryWords(action.body) }) }), ` ${cop.problemWords(action.problem)} `,
        isCount ? cop.t("facility.set-now", { n: p.occupancy ?? "–" }) : ""),
      cop.h("div", { class: "quick-verbs" },
        why.code === "reason-missing" ? cop.ui.button("ward.say-why", () => sayWhy(action), { key: `why ${action.key}` }) : null,
        cop.ui.button("ward.forget", () => cop.outbox.discard(action.key), { kind: "ghost", key: `forget ${action.key}` })));
  });
  const cautions = (id) => {
    const last = ownEntries(id).filter(({ state }) => state === "confirmed").at(-1);
    return last ? cop.warningWords(last).map((words) => cop.h("p", { class: "ward-caution", role: "status", text: `▲ ${words}` })) : [];
  };

  /* Open or not, queue, stock, book */
  const statuses = ({ feature, status = "unknown" }) =>
    cop.h("section", { class: "ward-status", role: "group", "aria-label": cop.t("fact.status") },
      STATUSES.includes(status) ? null : cop.h("p", { text: `${SIGNS[status] || "?"} ${cop.term("status", status)}` }),
      ...STATUSES.map((code) =>
        cop.h("button", { type: "button", class: "ward-state", "data-key": `status ${code}`, "aria-pressed": String(code === status),
          on: { click: () => { if (code !== status) enter(feature.id, { status: code }, { key: `status.${code}`, values: {} }); } } },
        cop.h("span", { class: "sign", "aria-hidden": "true", text: SIGNS[code] }), cop.h("span", { text: cop.term("status", code) }))));
  const queue = (view) => {
    if (view.feature.properties.facility_type !== "first_aid_post") return null;
    const waiting = view.queue || {};
    const known = Object.keys(waiting).length > 0;
    const sum = Object.values(waiting).reduce((all, n) => all + n, 0);
    return cop.h("section", { class: "ward-queue" },
      cop.h("h3", { text: known ? cop.t("ward.waiting-all", { n: sum }) : cop.t("ward.waiting-none") }),
      ...Object.entries(TRIAGE).map(([name, sign]) => {
        const row = cop.work.stepper({ words: cop.term("triage", name), value: waiting[name] ?? 0, shown: String(waiting[name] ?? "–"), key: `queue ${name}`, sign,
          set: (by) => queueTap(view.feature.id, name, by) });
        row.classList.add("triage-step", `is-${name}`);
        return row;
      }), after(view, view.feature.id));
  };
  const keeping = (view) => {
    const stocked = Object.entries(view.supplies || {}).map(([name, n]) => cop.h("li", {}, cop.h("span", { text: cop.term("supply", name) }), cop.h("b", { class: "num", text: n })));
    return cop.h("section", { class: "ward-keeping" }, cop.h("h3", { text: cop.t("ward.stock") }),
      cop.h("ul", { class: "ward-stock" },
        cop.h("li", {}, cop.h("span", { text: cop.t("facility.staff") }), cop.h("b", { class: "num", text: view.staff ?? cop.t("facility.not-known") })), ...stocked),
      cop.ui.button("ward.change-stock", () => stock(view), { key: "stock" }));
  };
  const forecastWords = ({ forecast: f }) => {
    if (!f) return null;
    const at = (iso) => cop.time(cop.ms(iso));
    if (!f.full_at) return f.rate_per_h < 0 ? cop.t("facility.emptying", { n: Math.abs(Math.round(f.rate_per_h)) }) : cop.t("facility.not-filling");
    if (!f.earliest) return cop.t("facility.full-at", { time: at(f.full_at) });
    return f.latest ? cop.t("facility.full-between", { time: at(f.full_at), from: at(f.earliest), until: at(f.latest) })
      : cop.t("facility.full-or-never", { time: at(f.full_at), from: at(f.earliest) });
  };
  const book = (view) => {
    const p = view.feature.properties;
    const entries = [...(p.entries || [])].reverse().slice(0, SHOWN_ENTRIES);
    const words = forecastWords(p);
    const local = view.pending.filter(cop.outbox.isOpen).reverse();
    if (!entries.length && !local.length && !words) return null;
    const mine = new Set(ownEntries(p.id || view.feature.id).map(({ body }) => cop.ms(body.at)));
    const who = (entry, index) => (mine.has(cop.ms(entry.at)) ? cop.t("ward.you") : index === 0 ? p.reporter : null);
    return cop.h("section", { class: "ward-book" }, cop.h("h3", { text: cop.t("ward.last") }),
      words ? cop.h("p", { class: "ward-forecast", text: words }) : null,
      cop.h("ul", { class: "ward-entries" },
        ...local.map((action) => cop.h("li", { class: "is-local" }, cop.h("span", { class: "num", text: cop.time(cop.ms(action.body.at)) }),
          cop.h("b", { text: entryWords(action.body) }), cop.h("span", { text: cop.t("ward.only-here") }))),
        ...entries.map((entry, index) => cop.h("li", {}, cop.h("span", { class: "num", text: cop.time(cop.ms(entry.at)) }),
          cop.h("b", { class: "num", text: entry.occupancy }),
          cop.h("span", { text: [entry.change === undefined || entry.change === null ? cop.t("facility.was-set") : cop.work.signed(entry.change), who(entry, index)].filter(Boolean).join(" · ") })))));
  };

  const chooser = (views, current) =>
    views.length < 2 ? null : cop.h("div", { class: "ward-chooser", role: "group", "aria-label": cop.t("ward.which") }, ...views.map((view) =>
      cop.h("button", { type: "button", "data-key": `choose ${view.feature.id}`, "aria-pressed": String(view === current),
        on: { click: () => { chosen = view.feature.id; cop.work.redraw(); } } }, title(view))));
  const asOf = ({ properties: p }) => {
    const at = cop.ms(p.asserted_at || p.observed_at);
    return cop.h("p", { class: "ward-as-of" }, at === null ? cop.t("facility.never") : cop.t("ward.as-of", { time: cop.time(at) }), p.reporter ? ` · ${p.reporter}` : "");
  };
  /* Where one chooses among several, the chosen button says the name. */
  const card = (view, isChosen) => [
    cop.h("header", { class: "ward-head" }, cop.h("h2", { class: isChosen ? "sr-only" : null, text: title(view) }), asOf(view.feature)),
    ...refusals(view), counter(view), queue(view), ...cautions(view.feature.id), statuses(view), keeping(view),
    cop.needs.section(view.feature.id, title(view)), book(view),
  ];
  const draw = (box) => {
    const views = cop.field.view().facilities;
    const current = views.find(({ feature }) => feature.id === chosen) || views[0];
    if (!current) return box.replaceChildren(cop.h("p", { class: "empty", text: cop.field.emptyWords("ward.none") }));
    views.forEach(({ feature }) => note(feature));
    return box.replaceChildren(...[chooser(views, current), ...card(current, views.length > 1)].filter(Boolean));
  };
  cop.on("start", () => {
    cop.field.screen({ key: KEY, label: "ward.tab", icon: "home", order: 40, when: () => cop.field.view().facilities.length > 0,
      badge: () => cop.field.view().facilities.reduce((n, { feature }) => n + ownEntries(feature.id).filter(({ state }) => state === "refused").length, 0), draw });
  });
})((window.cop = window.cop || {}));
