/* Orders: the list with who has received, read and acknowledged each, and its detail. */
(function (cop) {
  "use strict";
  const BRIEF = ["delivered", "read", "acknowledged"]; // steps that the list has the room for
  const MANY = 500; // with more receipts than this, the list may lag a second behind
  const isShown = () => !cop.$("cop-orders").hidden;
  let list = null;

  /* Receipts by order, in one pass. */
  const receipts = () => {
    const byOrder = new Map();
    for (const { properties: p } of cop.desk.all("receipt")) {
      if (!byOrder.has(p.subject)) byOrder.set(p.subject, new Map());
      byOrder.get(p.subject).set(p.recipient, p);
    }
    return byOrder;
  };
  const countsOf = (order, given = receipts().get(order.id) || new Map()) => {
    const reached = cop.reach.tally((order.properties.recipients || []).map((name) => ({ step: cop.reach.stepOf(given.get(name) || {}) })));
    return {
      reached, all: reached.queued, unanswered: reached.queued - reached.acknowledged,
      roll: cop.roll.isRoll(order) ? cop.roll.counts(order, given) : null,
    };
  };
  const isLate = (p, counts) =>
    Boolean(p.reply_by) && !p.cancelled_at && cop.ms(p.reply_by) <= cop.clock.now() && counts.unanswered > 0;

  const addressee = (code) => {
    const [what, ...rest] = code.split(":");
    const value = rest.join(":");
    if (what === "role") return cop.term("role", value);
    if (what === "agency") return cop.desk.agency(value);
    if (what === "resource") return cop.desk.nameOf(code);
    return cop.t(`order.to-${what}`); // everyone, area, silent
  };
  const addressees = (p) => (p.addressees || []).map(addressee).join(cop.desk.comma());

  /* What a roll call has brought so far, in people. */
  const answers = ({ roll, all }) =>
    cop.h("dl", { class: "receipts" }, ...["help", "waiting", "safe"].map((state) =>
      cop.h("div", { class: "receipt-line is-roll", "data-state": state },
        cop.h("dt", {}, cop.h("span", { "aria-hidden": "true", text: `${cop.roll.SIGNS[state]} ` }), cop.t(`roll.${state}`)),
        cop.h("dd", {}, cop.h("b", { class: "num", text: cop.t("order.count", { n: roll[state], all }) })))));
  const stateWords = (p, counts) => {
    if (p.cancelled_at) return `✕ ${cop.t("order.taken-back")} ${cop.time(cop.ms(p.cancelled_at))}`;
    if (!counts.all) return "";
    if (!counts.unanswered)
      return counts.roll ? (counts.roll.help ? `▲ ${cop.t("roll.help")}` : `✓ ${cop.t("roll.all-safe")}`) : `✓ ${cop.t("order.all-answered")}`;
    if (isLate(p, counts)) return `▲ ${cop.t("order.late", { n: counts.unanswered })}`;
    return p.reply_by ? cop.t("order.until", { time: cop.time(cop.ms(p.reply_by)) }) : "";
  };

  /* The list */
  const make = (id) => {
    const row = { look: "" };
    row.button = cop.h("button", { class: "row order-row", type: "button", on: { click: () => cop.select(id) } });
    row.counts = cop.h("div", { class: "order-counts" });
    row.node = cop.h("li", { "data-id": id }, row.button, row.counts);
    return row;
  };
  const fill = (row, { feature, counts }) => {
    const p = feature.properties;
    const look = [p.version, cop.lang, cop.theme(), JSON.stringify(counts), isLate(p, counts)].join("|");
    row.button.setAttribute("aria-current", String(cop.selected() === feature.id));
    if (look === row.look) return false;
    const anew = row.look !== "";
    row.look = look;
    const state = stateWords(p, counts);
    row.button.replaceChildren(
      cop.h("span", { class: "row-symbol" }, cop.desk.mark(p.severity)),
      cop.h("span", { class: "row-main" },
        counts.roll ? cop.h("span", { class: "chip is-roll", text: cop.t("roll.mark") }) : null,
        cop.h("span", { class: "row-title", text: cop.say(p.body) }),
        cop.h("span", { class: "row-sub", text: `${cop.t("order.to")} ${addressees(p)} · ${p.issued_by}` }),
        state ? cop.h("span", { class: `order-state${isLate(p, counts) ? " is-overdue" : ""}`, text: state }) : null),
      cop.ageNode(cop.ms(p.issued_at)));
    row.node.classList.toggle("is-ended", Boolean(p.cancelled_at));
    row.counts.replaceChildren(...(cop.desk.isCommand ? [counts.roll ? answers(counts) : cop.reach.bars(counts.reached, BRIEF)] : []));
    return anew;
  };
  const render = (options = {}) => {
    if (!list || !isShown()) return;
    const given = receipts();
    const items = cop.desk.all("order")
      .map((feature) => ({ id: feature.id, feature, counts: countsOf(feature, given.get(feature.id) || new Map()) }))
      .sort((a, b) => cop.ms(b.feature.properties.issued_at) - cop.ms(a.feature.properties.issued_at));
    list.render(items, options);
    const [state, words] = cop.desk.state(items.length, "order.none");
    const note = cop.$("cop-orders-state");
    cop.write(note, words);
    note.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    note.hidden = !words;
    cop.$("cop-order-new").hidden = !cop.me.may.issue_order;
  };
  const refresh = (options) =>
    options && options.all ? render(options) : cop.soon("orders", () => render());

  /* Detail */
  const people = (feature) => {
    const p = feature.properties;
    if (!cop.desk.isCommand) return null;
    const counts = countsOf(feature);
    const found = cop.reach.people(feature);
    return cop.desk.part("order.receipts",
      p.cancelled_at ? null : cop.reach.missing(feature, found, cop.ms(p.issued_at)),
      cop.reach.bars(cop.reach.tally(found)), cop.h("p", { class: `order-state${isLate(p, counts) ? " is-overdue" : ""}`, text: stateWords(p, counts) }),
      p.escalated_at ? cop.h("p", { text: cop.t("order.escalated", { time: cop.time(cop.ms(p.escalated_at)) }) }) : null,
      cop.reach.waiting(found), cop.reach.failedNote(feature.id));
  };
  async function takeBack(at, feature) {
    const reason = await cop.askReason({
      title: cop.t("order.take-back-title"), verb: cop.t("order.take-back"), danger: true, about: cop.say(feature.properties.body),
    });
    if (!reason) return null;
    const { version } = (cop.picture.get(feature.id) || feature).properties;
    return cop.act("POST", `/orders/${feature.id}/cancel`, { reason }, {
      at, id: feature.id, base: feature, version, done: "order.did-take-back",
    });
  }
  const words = (feature) => {
    const p = feature.properties;
    const at = (iso) => cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(cop.ms(iso)) }), " · ", cop.ageNode(cop.ms(iso)));
    const mayTakeBack = !p.cancelled_at && cop.desk.may("issue_order", { agencies: [p.publisher], own: [p.issued_by] });
    return cop.desk.part("order.words",
      p.cancelled_at ? cop.h("p", { class: "remark is-warn", text: `✕ ${cop.t("order.taken-back")} ${cop.time(cop.ms(p.cancelled_at))}${p.reason ? `: ${p.reason}` : ""}` }) : null,
      ...cop.say(p.body).split(/\n+/).filter(Boolean).map((line) => cop.h("p", { class: "order-words", text: line })),
      cop.h("dl", {},
        cop.desk.fact("order.to-title", addressees(p)),
        cop.desk.fact("fact.severity", cop.term("severity", p.severity)),
        cop.desk.fact("order.by", p.issued_by),
        cop.desk.fact("fact.issued", at(p.issued_at)),
        p.reply_by ? cop.desk.fact("order.reply-by", at(p.reply_by)) : null),
      mayTakeBack ? cop.desk.acts(cop.desk.button("order.take-back", (node) => takeBack(node, feature), { kind: "danger" })) : null);
  };

  cop.on("start", () => {
    list = cop.keyed({
      box: cop.$("cop-orders-box"), list: cop.$("cop-orders-list"), chip: cop.$("cop-orders-chip"), make, fill, refresh,
    });
    for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => refresh());
    cop.$("cop-order-new").addEventListener("click", () => cop.order.compose());
    cop.parts.add({ kind: "order", key: "order-words", order: 10, render: words });
    cop.parts.add({ kind: "order", key: "order-receipts", order: 20, render: cop.reach.calmly(people) });
    setInterval(() => refresh(), 10000); // answers become late by the clock alone
  });
  cop.keys.o = () => cop.orders.show();
  cop.on("select", () => refresh());
  cop.desk.watch(["order", "receipt"], () => cop.soon("orders-soon", () => render(), cop.desk.count("receipt") > MANY ? 1500 : 250));

  cop.orders = {
    addressees, refresh,
    show() {
      cop.showLeft("orders");
      render({ all: true });
      const first = cop.$("cop-order-new").hidden ? cop.$("cop-orders-list").querySelector("button") : cop.$("cop-order-new");
      (first || cop.$("cop-tab-orders")).focus();
    },
  };
})((window.cop = window.cop || {}));
