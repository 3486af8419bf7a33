/* The attention queue: what a duty officer should look at, most urgent first; taken, put off or
 * noted here. The queue is the picture's; only the filters are this reader's. */
(function (cop) {
  "use strict";
  const SNOOZES = [10, 30, 60]; // minutes
  const LOOK_BACK_MS = 12 * 3600 * 1000;
  const NO_FILTER = { reason: "", severity: "", agency: "", whose: "" };
  let filter = { ...NO_FILTER };
  let queue = null; // the keyed list
  let puttingOff = null; // id of the row whose times to put off are open

  const prefName = () => `attention.${cop.me.name || ""}`;
  const isSnoozed = (p) => cop.ms(p.snoozed_until) > cop.clock.now();
  const passes = ({ properties: p }) =>
    (!filter.reason || p.reason === filter.reason) &&
    (!filter.severity || cop.layers.rank(p.severity) <= Number(filter.severity)) &&
    (!filter.agency || p.agency === filter.agency) &&
    (!filter.whose || (filter.whose === "mine" ? p.taken_by === cop.me.name : !p.taken_by));
  const byRank = ({ properties: a, id: x }, { properties: b, id: y }) =>
    a.rank - b.rank || cop.ms(a.raised_at) - cop.ms(b.raised_at) || (x < y ? -1 : 1);
  const raised = () => cop.desk.all("attention").filter(({ properties: p }) => !p.cleared_at);
  const titleOf = ({ properties: p }) => cop.desk.nameOf(p.subject);

  /* Median time from being raised to being taken, minutes; null where nothing was. */
  const median = () => {
    const since = cop.clock.now() - LOOK_BACK_MS;
    const waits = cop.desk.all("attention")
      .filter(({ properties: p }) => p.taken_at && cop.ms(p.raised_at) >= since)
      .map(({ properties: p }) => cop.ms(p.taken_at) - cop.ms(p.raised_at))
      .sort((a, b) => a - b);
    if (!waits.length) return null;
    const middle = waits.length >> 1;
    const ms = waits.length % 2 ? waits[middle] : (waits[middle - 1] + waits[middle]) / 2;
    return { ms, n: waits.length };
  };
  const duration = (ms) =>
    ms < 60000 ? cop.t("age.s", { n: Math.round(ms / 1000) })
      : cop.facts.hours(Math.round(ms / 60000));

  /* What a person does with one */
  const post = (at, id, deed, body, done) =>
    cop.act("POST", `/attention/${id}/${deed}`, body, { at, id, done });
  const take = (at, id) => {
    const holder = cop.picture.get(id).properties.taken_by;
    const release = holder === cop.me.name;
    const over = Boolean(holder) && !release;
    return post(at, id, "take", { release, over }, release ? "attention.released" : "attention.taken");
  };
  async function snooze(at, id, minutes) {
    const done = await post(at, id, "snooze", { minutes }, minutes ? "attention.put-off" : "attention.woken");
    if (done && puttingOff === id) puttingOff = null;
    refresh();
  }
  async function note(at, id) {
    const feature = cop.picture.get(id);
    const given = await cop.ask({
      title: cop.t("attention.note-on", { title: titleOf(feature) }),
      fields: [{
        name: "words", label: "desk.words", type: "textarea", value: feature.properties.remark || "",
      }],
      confirm: "desk.save",
    });
    return given && post(at, id, "note", { words: given.words }, "attention.noted");
  }

  /* Rows */
  const make = (id) => {
    const row = { look: "" };
    row.symbol = cop.h("span", { class: "row-symbol" });
    row.reason = cop.h("span", { class: "att-reason" });
    row.title = cop.h("span", { class: "row-title" });
    row.where = cop.h("span", { class: "row-sub" });
    row.age = cop.ageNode(0);
    row.main = cop.h("button", {
      class: "row", type: "button",
      on: { click: () => cop.select(cop.picture.get(id).properties.subject) },
    }, row.symbol, cop.h("span", { class: "row-main" }, row.reason, row.title, row.where), row.age);
    row.who = cop.h("span", { class: "att-who" });
    row.remark = cop.h("p", { class: "att-remark" });
    row.take = cop.desk.button("attention.take", (at) => take(at, id), { kind: "small" });
    row.snooze = cop.desk.button("attention.snooze", () => {
      puttingOff = puttingOff === id ? null : id;
      refresh();
    }, { kind: "small" });
    row.note = cop.desk.button("attention.note", (at) => note(at, id), { kind: "small" });
    row.times = cop.h("div", { class: "att-times", role: "group" },
      ...SNOOZES.map((n) => cop.h("button", {
        class: "button small", type: "button", "data-minutes": n,
        on: { click: () => snooze(row.acts, id, n) },
      })));
    row.help = cop.h("div", { class: "att-help" });
    row.recognise = cop.recognise.inQueue(id);
    row.acts = cop.h("div", { class: "acts att-acts" }, row.who, row.take, row.snooze, row.note);
    row.node = cop.h("li", { class: "att", "data-id": id }, row.main, row.help, row.recognise.node, row.remark, row.acts, row.times);
    return row;
  };
  const label = (node, key, title, values) => {
    const words = cop.t(key, values);
    cop.write(node, words);
    node.setAttribute("aria-label", `${words}: ${title}`);
  };
  const fill = (row, { id, feature }) => {
    const p = feature.properties;
    const subject = cop.picture.get(p.subject);
    row.times.hidden = puttingOff !== id;
    row.snooze.setAttribute("aria-expanded", String(puttingOff === id));
    const isCall = p.reason === "help";
    const look = [
      isCall ? cop.roll.queueKey(p.subject) : cop.recognise.queueKey(feature), p.version, subject && subject.properties.version, cop.lang, cop.theme(), cop.me.name,
    ].join("|");
    if (row.look === look) return false;
    const anew = row.look !== "";
    row.look = look;
    const title = titleOf(feature);
    row.symbol.replaceChildren(cop.desk.mark(p.severity));
    cop.write(row.reason, `${cop.term("reason", p.reason)} · ${cop.term("severity", p.severity)}`);
    cop.write(row.title, title);
    cop.write(row.where, cop.desk.placeWords(subject));
    const at = cop.ms(p.raised_at);
    row.age.dataset.ms = at;
    row.age.title = cop.time(at);
    cop.write(row.age, cop.age(at));
    row.help.replaceChildren(...(isCall ? cop.roll.inQueue(p.subject) : []));
    row.recognise.fill(feature);
    cop.write(row.remark, p.remark || "");
    row.remark.hidden = !p.remark;
    const mine = p.taken_by === cop.me.name;
    row.who.replaceChildren(...(p.taken_by
      ? [cop.t(mine ? "attention.by-me" : "attention.by", { name: p.taken_by }), " · ",
        cop.ageNode(cop.ms(p.taken_at))]
      : [cop.t("attention.untaken")]));
    row.node.classList.toggle("is-taken", Boolean(p.taken_by));
    const permitted = cop.desk.may("attend", { agencies: [p.agency] });
    for (const one of [row.take, row.snooze, row.note]) one.hidden = !permitted;
    row.take.hidden ||= Boolean(p.taken_by) && !mine && cop.me.may.attend !== "any";
    label(row.take, mine ? "attention.release" : p.taken_by ? "attention.take-over" : "attention.take", title);
    label(row.snooze, "attention.snooze", title);
    label(row.note, "attention.note", title);
    row.times.setAttribute("aria-label", cop.t("attention.snooze-for", { title }));
    for (const one of row.times.children)
      label(one, "age.min", title, { n: one.dataset.minutes });
    return anew;
  };

  const renderSnoozed = (features) => {
    const box = cop.$("cop-queue-snoozed");
    box.hidden = features.length === 0;
    cop.write(box.querySelector("summary"), cop.t("attention.snoozed", { n: features.length }));
    if (!box.open || !features.length) return;
    cop.$("cop-queue-snoozed-list").replaceChildren(...features.map((feature) => {
      const { id, properties: p } = feature;
      return cop.h("li", { class: "att-snoozed acts" },
        cop.desk.mark(p.severity, 14),
        cop.desk.link(p.subject, titleOf(feature)),
        cop.h("span", { class: "num",
          text: cop.t("attention.until", { time: cop.time(cop.ms(p.snoozed_until)) }) }),
        cop.desk.may("attend", { agencies: [p.agency] })
          ? cop.desk.button("attention.wake", (at) => snooze(at, id, 0), { kind: "small", label: titleOf(feature) })
          : null);
    }));
  };

  let lastCount = -1;
  const render = (options = {}) => {
    if (!queue) return;
    const command = cop.desk.isCommand;
    document.body.classList.toggle("has-queue", command);
    if (!command) return;
    const all = raised();
    const fitting = all.filter(passes).sort(byRank);
    const now = fitting.filter(({ properties: p }) => !isSnoozed(p));
    queue.render(now.map((feature) => ({ id: feature.id, feature })), options);
    renderSnoozed(fitting.filter(({ properties: p }) => isSnoozed(p)));
    const count = all.filter(({ properties: p }) => !isSnoozed(p)).length;
    for (const badge of document.querySelectorAll("[data-badge='attention']")) {
      cop.write(badge, count ? String(count) : "");
      badge.hidden = !count;
    }
    const [state, words] = cop.desk.state(now.length, "attention.none");
    const note = cop.$("cop-queue-state");
    const filtered = all.length > 0 && !now.length && state === "empty";
    cop.write(note, filtered ? cop.t("attention.none-fits", { n: count }) : words);
    note.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    note.hidden = !words;
    const middle = median();
    const said = cop.$("cop-queue-median");
    said.hidden = middle === null;
    cop.write(said, middle ? cop.t("attention.median", { time: duration(middle.ms), n: middle.n }) : "");
    if (lastCount >= 0 && count > lastCount) cop.announce(cop.t("attention.now", { n: count }));
    lastCount = count;
  };
  const refresh = (options) =>
    options && options.all ? render(options) : cop.soon("queue", () => render());

  /* Filters */
  const REASONS = [
    "help", "new", "unverified", "unreached", "unacknowledged", "unanswered", "overdue", "expiring",
    "unreleased", "stale", "conflicting",
    "duplicate", "filling", "unmet", "standstill", "crowded", "counter_flow", "heat", "water", "blind",
  ];
  const buildFilters = () => {
    const agencies = [...new Set(cop.desk.all("attention").map((f) => f.properties.agency))]
      .filter(Boolean).sort();
    if (filter.agency && !agencies.includes(filter.agency)) agencies.push(filter.agency);
    const choices = {
      reason: REASONS.map((reason) => [reason, cop.term("reason", reason)]),
      severity: [["0", cop.t("severity.Extreme")], ["1", cop.t("filter.severe-up")],
        ["2", cop.t("filter.moderate-up")]],
      agency: agencies.map((code) => [code, cop.desk.agency(code)]),
      whose: [["mine", cop.t("attention.mine")], ["untaken", cop.t("attention.untaken")]],
    };
    const box = cop.$("cop-queue-filters");
    if (box.contains(document.activeElement)) return;
    box.replaceChildren(...Object.keys(choices).map((name) =>
      cop.h("select", {
        class: "filter", "aria-label": cop.t(`attention.filter-${name}`),
        on: { change: (event) => {
          filter[name] = event.target.value;
          cop.prefs.set(prefName(), filter);
          countFilters();
          render({ all: true });
        } },
      }, ...cop.desk.options([["", cop.t(`attention.any-${name}`)], ...choices[name]], filter[name]))));
    countFilters();
  };
  const countFilters = () => {
    const n = Object.values(filter).filter(Boolean).length;
    const summary = cop.$("cop-queue-filter-box").querySelector("summary");
    cop.write(summary, n ? cop.t("attention.filters-on", { n }) : cop.t("attention.filters"));
    summary.classList.toggle("is-on", n > 0);
  };

  const build = () => {
    queue = cop.keyed({
      box: cop.$("cop-queue-box"), list: cop.$("cop-queue-list"), chip: cop.$("cop-queue-chip"),
      make, fill, refresh,
    });
    cop.$("cop-queue-snoozed").addEventListener("toggle", () => refresh());
    document.querySelector("[data-phone-tab='desk']")
      .append(cop.h("b", { class: "badge", "data-badge": "attention", hidden: true }));
    const changes = cop.$("cop-changes");
    const showChanges = (open) => {
      document.body.classList.toggle("show-changes", open);
      changes.setAttribute("aria-expanded", String(open));
      cop.prefs.set("changes", open);
    };
    changes.addEventListener("click", () => showChanges(changes.getAttribute("aria-expanded") !== "true"));
    showChanges(cop.prefs.get("changes", false));
    cop.keys.a = cop.attention.show;
    setInterval(() => refresh(), 5000); // what was put off comes back by the clock
    buildFilters();
    cop.desk.watch(["receipt"], () => cop.soon("queue-calls", () => refresh(), 1000));
    cop.desk.watch(["attention", "incident", "assignment", "facility", "resource", "order"], () => {
      if (!cop.$("cop-queue-filter-box").open) buildFilters();
      refresh();
    });
  };

  cop.on("start", build);
  cop.on("me", () => {
    filter = { ...NO_FILTER, ...cop.prefs.get(prefName(), {}) };
    buildFilters();
    refresh();
  });
  cop.on("lang", () => queue && buildFilters());
  cop.on("theme", () => queue && refresh());
  cop.attention = {
    passes,
    refresh,
    show() {
      cop.select(null);
      cop.showRight();
      cop.settle(); // what was hidden cannot take the focus
      const first = cop.$("cop-queue-list").querySelector("button") || cop.$("cop-queue");
      first.focus();
    },
  };
})((window.cop = window.cop || {}));
