/* Roll calls: the question "All safe?", who has answered what, worst first; and calls for help, on
 * the map and one press away from an incident. */
(function (cop) {
  "use strict";
  const STATES = ["help", "unreached", "waiting", "safe"];
  const SIGNS = { help: "▲", unreached: "⊘", waiting: "◔", safe: "✓" };
  const MOST_OPEN = 8; // a longer list of those who are safe waits behind its number
  const MARK_PX = 28;
  const CALLS_MS = 500; // between two lookings for calls among the answers of a whole city
  const marks = new Map(); // receipt -> its marker

  const isRoll = (feature) => feature.properties.kind === "order" && feature.properties.asks === "all_safe";
  const receiptId = (subject, name) => `receipt:${subject.slice(subject.indexOf(":") + 1)}/${name}`;

  /* Answers by team; whoever belongs to no team that was asked answers for themselves. */
  const stateOf = (people) =>
    people.some(({ answer }) => answer === "help") ? "help"
      : people.some(({ answer }) => answer === "safe") ? "safe"
        : people.some(cop.reach.isReached) ? "waiting" : "unreached";
  const names = new Map(); // language -> how names are put in order
  const byName = (a, b) => {
    if (!names.has(cop.lang)) names.set(cop.lang, new Intl.Collator(cop.lang, { numeric: true }));
    return names.get(cop.lang).compare(a.name, b.name);
  };
  const units = (feature) => {
    const found = new Map();
    const add = (key, id, one) => {
      if (!found.has(key)) found.set(key, { key, id, people: [] });
      if (one) found.get(key).people.push(one);
    };
    for (const one of cop.reach.people(feature)) {
      if (!one.resources.length) add(`person ${one.name}`, null, one);
      for (const id of one.resources) add(id, id, one);
    }
    for (const id of cop.reach.withoutAccount(feature)) add(id, id, null);
    return [...found.values()]
      .map((unit) => ({ ...unit, state: stateOf(unit.people), name: unit.id ? cop.desk.nameOf(unit.id) : unit.people[0].name }))
      .sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state) || byName(a, b));
  };
  /* As far as the picture alone tells: people, not teams. */
  const counts = (order, given) => {
    const answers = (order.properties.recipients || []).map((name) => (given.get(name) || {}).answer);
    const of = (answer) => answers.filter((one) => one === answer).length;
    return { help: of("help"), safe: of("safe"), waiting: answers.length - of("help") - of("safe") };
  };

  /* Calls for help */
  const makeIncident = ({ name, words, geometry, precision_m: precision, order }) => {
    const said = cop.t("roll.help-report", { name, time: cop.time(cop.clock.now()), team: teamsOf(order, name) });
    cop.report.open({
      incident_type: "rescue", severity: "Severe", reported_by: "field", geometry: geometry || null,
      placing: geometry ? "given" : null, precision_m: precision ?? null,
      title: { [cop.lang]: words || cop.t("roll.help-title", { name }) }, description: { [cop.lang]: said },
    });
  };
  const teamsOf = (order, name) => {
    const feature = order && cop.picture.get(order);
    const one = feature && cop.reach.people(feature).find((other) => other.name === name);
    return one && one.resources.length ? one.resources.map(cop.desk.nameOf).join(cop.desk.comma()) : "–";
  };
  const helpOf = (receipt) => {
    const p = receipt.properties;
    return {
      name: p.recipient, words: p.words || "", geometry: receipt.geometry, precision_m: p.precision_m,
      order: p.subject, at: p.acknowledged_at,
    };
  };
  /* The calls behind something that deserves attention: one, or all of a roll call. */
  const calls = (subject) => {
    const feature = cop.picture.get(subject);
    if (!feature) return [];
    const found = feature.properties.kind === "receipt" ? [feature]
      : cop.desk.all("receipt").filter(({ properties: p }) => p.subject === subject);
    return found.filter(({ properties: p }) => p.answer === "help");
  };
  const helpVerbs = (call, small = false) =>
    [call.geometry ? cop.desk.button("detail.show", () => {
      if (cop.isPhone()) cop.showPhone("map");
      cop.fly(call.geometry.coordinates);
    }, { label: call.name, kind: small ? "small" : "" }) : cop.h("span", { class: "quiet", text: cop.t("roll.no-place") }),
    cop.may("report_incident") ? cop.desk.button("roll.make-incident", () => makeIncident(call), { label: call.name, kind: small ? "small filled" : "filled" }) : null];
  const helpNode = (call, { small = false } = {}) =>
    cop.h("div", { class: "roll-help" },
      cop.h("p", {}, cop.h("b", { text: call.name }), call.at ? " · " : null, call.at ? cop.ageNode(cop.ms(call.at)) : null),
      call.words ? cop.h("blockquote", { class: "order-quote", text: call.words }) : null,
      cop.h("div", { class: "acts desk-acts" }, ...helpVerbs(call, small)));

  /* On the map, above all else, until they say that they are safe or the roll call is taken back. */
  const iconOf = () => L.divIcon({ className: "mark roll-mark", iconSize: [MARK_PX + 6, MARK_PX + 6],
    html: cop.symbols.element({ shape: "Extreme", colour: "sev-extreme", icon: "danger", size: MARK_PX }) });
  const drawCalls = () => {
    const now = new Map();
    for (const receipt of cop.desk.all("receipt")) {
      const order = cop.picture.get(receipt.properties.subject);
      if (receipt.properties.answer === "help" && receipt.geometry && order && !order.properties.cancelled_at) now.set(receipt.id, receipt);
    }
    for (const [id, marker] of marks)
      if (!now.has(id)) {
        marker.remove();
        marks.delete(id);
      }
    for (const [id, receipt] of now) {
      const { recipient, words } = receipt.properties;
      const [lon, lat] = cop.placeOf(receipt);
      const name = [cop.t("roll.help-title", { name: recipient }), words].filter(Boolean).join(" · ");
      if (!marks.has(id))
        marks.set(id, cop.onPress(L.marker([lat, lon], { icon: iconOf(), keyboard: true, title: name, zIndexOffset: 50000 }),
          () => cop.select(id, { from: "map" })).addTo(cop.map.leaflet));
      const marker = marks.get(id);
      if (!marker.getLatLng().equals([lat, lon])) marker.setLatLng([lat, lon]);
      marker.getElement().title = name;
    }
  };
  const redrawCalls = () => {
    for (const marker of marks.values()) marker.remove();
    marks.clear();
    drawCalls();
  };

  /* The panel */
  const personWords = (one) =>
    one.answer ? `${cop.t(`roll.${one.answer}`)} ${cop.time(cop.ms(one.acknowledged_at))}`
      : cop.t(cop.reach.isReached(one) ? `order.${one.step}` : one.step === "sent" ? "reach.sent-only" : "order.not-delivered");
  const unitRow = (unit, order) =>
    cop.h("li", { class: `roll-row is-${unit.state}` },
      cop.h("div", { class: "reach-who" }, cop.h("span", { "aria-hidden": "true", text: SIGNS[unit.state] }),
        unit.id ? cop.desk.link(unit.id) : cop.h("b", { text: unit.name }),
        unit.state === "safe" ? null : cop.reach.contactNode(unit.id && cop.reach.contactOf([unit.id]))),
      unit.people.length ? null : cop.h("div", { class: "reach-devices", text: cop.t("roll.no-account") }),
      ...unit.people.map((one) => one.answer === "help"
        ? helpNode({ ...one, at: one.acknowledged_at, order })
        : cop.h("div", { class: "roll-person" }, unit.id ? `${one.name}: ` : null, personWords(one),
          !one.answer && cop.reach.isKnown(order) ? cop.h("span", { class: "reach-devices", text: ` · ${cop.reach.deviceWords(one)}` }) : null)));
  const group = (state, found, order) =>
    cop.h("details", { class: `more-details roll-group is-${state}`, "data-key": `roll-${state}`, open: state !== "safe" || found.length <= MOST_OPEN },
      cop.h("summary", {}, cop.h("span", { "aria-hidden": "true", text: SIGNS[state] }), cop.t(`roll.${state}`), cop.h("b", { text: found.length })),
      cop.h("ul", {}, ...cop.reach.rows(found, (unit) => unitRow(unit, order), onPaper ? Infinity : undefined)));
  let onPaper = false; // paper has room for all
  const print = () => {
    onPaper = true;
    cop.detail.refresh();
    cop.settle(); // as it is now, not as it was drawn last
    const closed = [...document.querySelectorAll("#cop-detail-body details:not([open])")];
    for (const node of closed) node.open = true;
    document.body.classList.add("prints-roll");
    addEventListener("afterprint", () => {
      document.body.classList.remove("prints-roll");
      for (const node of closed) node.open = false;
      onPaper = false;
      cop.detail.refresh();
    }, { once: true });
    globalThis.print();
  };
  const compose = (preset = {}) => cop.order.compose({ ...preset, asks: "all_safe" });
  const panel = (feature) => {
    if (!cop.desk.isCommand || !isRoll(feature)) return null;
    const p = feature.properties;
    const found = units(feature);
    const of = (state) => found.filter((unit) => unit.state === state);
    const silent = cop.reach.people(feature).filter(({ answer }) => !answer).length;
    const mayAsk = !p.cancelled_at && cop.desk.may("issue_order", { agencies: [p.publisher], own: [p.issued_by] });
    return cop.desk.part("roll.title",
      cop.h("p", { class: "roll-since" }, cop.t("roll.asked", { time: cop.time(cop.ms(p.issued_at)) }), " · ", cop.ageNode(cop.ms(p.issued_at)),
        p.reply_by ? ` · ${cop.t("roll.by", { time: cop.time(cop.ms(p.reply_by)) })}` : null),
      cop.h("p", { class: "on-paper", text: [cop.$("cop-mode").textContent, cop.$("cop-operation").textContent,
        cop.t("roll.as-of", { time: cop.time(cop.clock.now()) })].join(" · ") }),
      cop.h("dl", { class: "roll-tiles" }, ...STATES.map((state) =>
        cop.h("div", { class: `roll-tile is-${state}`, "data-state": state },
          cop.h("dt", {}, cop.h("span", { "aria-hidden": "true", text: `${SIGNS[state]} ` }), cop.t(`roll.${state}`)),
          cop.h("dd", { class: "num", text: of(state).length })))),
      cop.h("p", { class: "quiet", text: cop.t("roll.counted") }),
      cop.desk.acts(
        silent && mayAsk ? cop.desk.button("roll.again", () => cop.order.again(feature, silent), { kind: "filled" }) : null,
        cop.desk.button("roll.print", print)),
      ...STATES.filter((state) => of(state).length).map((state) => group(state, of(state), feature.id)));
  };

  cop.on("start", () => {
    const button = cop.h("button", { id: "cop-roll-new", class: "button", type: "button", "data-t": "roll.new", text: cop.t("roll.new"),
      on: { click: () => compose() } });
    cop.$("cop-order-new").before(button);
    const show = () => { button.hidden = !cop.may("issue_order"); };
    show();
    cop.on("me", show);
    cop.parts.add({ kind: "order", key: "roll", order: 15, render: cop.reach.calmly(panel, () => onPaper) });
    cop.parts.add({ kind: "receipt", key: "help", order: 10, render: (feature) =>
      (feature.properties.answer === "help" ? cop.desk.part("roll.help", helpNode(helpOf(feature)),
        cop.h("p", {}, cop.desk.link(feature.properties.subject))) : null) });
    drawCalls();
  });
  cop.on("theme", () => cop.desk.ready && redrawCalls());
  cop.desk.watch(["receipt", "order"], () => cop.soon("calls", drawCalls, CALLS_MS));

  cop.roll = {
    isRoll, counts, compose, SIGNS, receiptId,
    /* What a call for help comes to in the queue: its words and verbs; and what it is known by. */
    inQueue: (subject) => calls(subject).map((receipt) => helpNode(helpOf(receipt), { small: true })),
    queueKey: (subject) => calls(subject).map(({ id, properties: p }) => `${id} ${p.version}`).join(),
  };
})((window.cop = window.cop || {}));
