/* Orders to me: what waits for an answer stands above everything; a roll call has two big buttons. */
(function (cop) {
  "use strict";
  const SHOWN_MS = 60 * 60000; // so long an answered roll call or an order taken back stays above
  const FIX_FRESH_MS = 60000;
  const MOST_WORDS = 500;
  const EMERGENCY = "999";

  const isRollCall = ({ order }) => order.properties.asks === "all_safe";
  const isCancelled = ({ order }) => Boolean(order.properties.cancelled_at);
  const given = ({ pending }) =>
    pending.filter(({ kind, state }) => kind === "answer" && state !== "refused").at(-1) || null;
  const isAnswered = ({ receipt }) => Boolean(receipt.acknowledged_at);
  const answerOf = ({ answer: said }) => said;
  const answeredAt = (one) => {
    const action = given(one);
    return cop.ms(action ? action.body.at : one.receipt.acknowledged_at);
  };
  const issuedAt = ({ order }) => cop.ms(order.properties.issued_at);
  const isRecent = (one) => cop.clock.now() - issuedAt(one) < SHOWN_MS;
  const isOpen = (one) => !isCancelled(one) && !isAnswered(one);
  const isAbove = (one) =>
    isOpen(one) || (isRecent(one) && (isCancelled(one) ? !isAnswered(one) : isRollCall(one)));
  const sorted = () =>
    [...cop.field.view().orders].sort(
      (a, b) =>
        Number(isOpen(b)) - Number(isOpen(a)) || Number(isRollCall(b)) - Number(isRollCall(a)) ||
        (cop.RANK[a.order.properties.severity] ?? 4) - (cop.RANK[b.order.properties.severity] ?? 4) ||
        issuedAt(b) - issuedAt(a),
    );

  /* Deeds */
  const answer = (order, more, label) =>
    cop.field.act({
      kind: "answer", method: "POST", path: `/orders/${order.id}/receipts`,
      body: { step: "acknowledged", at: cop.field.at(), ...more }, about: order.id,
      label: { key: label, values: {} },
    });
  const acknowledge = ({ order }) => answer(order, {}, "ord.did-acknowledge");
  const safe = ({ order }) => answer(order, { answer: "safe" }, "safe.did-safe");
  const placeOf = (fix) => ({
    geometry: { type: "Point", coordinates: [fix.lon, fix.lat] },
    precision_m: Math.round(fix.accuracy),
  });
  /* The call for help leaves first; a place that takes its time comes after it. */
  async function askHelp(order, words, withPlace) {
    const known = cop.position.here();
    const more = { answer: "help", ...(words ? { words } : {}) };
    if (!withPlace) return answer(order, more, "safe.did-help");
    if (known && Date.now() - known.ms < FIX_FRESH_MS)
      return answer(order, { ...more, ...placeOf(known) }, "safe.did-help");
    await answer(order, more, "safe.did-help");
    const found = await cop.position.ask();
    if (found) return answer(order, { ...more, ...placeOf(found) }, "safe.did-help-place");
    return cop.ui.toast(cop.t("safe.no-place"), { bad: true });
  }
  const help = ({ order }) => {
    const words = cop.h("textarea", {
      rows: "2", maxlength: String(MOST_WORDS), id: "roll-words", placeholder: cop.t("safe.words-hint"),
    });
    const place = cop.h("input", { type: "checkbox", id: "roll-place" });
    const contact = cop.field.data.duty && cop.field.data.duty.leader_contact;
    const sheet = cop.ui.sheet({
      title: cop.t("safe.help-title"),
      body: cop.h("div", { class: "stack" },
        cop.ui.button("safe.send-help", () => {
          sheet.close();
          askHelp(order, words.value.trim(), place.checked);
        }, { kind: "danger", key: "roll-send" }),
        cop.h("label", { class: "check" }, place, cop.h("span", { text: cop.t("safe.place") })),
        cop.h("label", { class: "field" }, cop.h("span", { text: cop.t("safe.words") }), words),
        cop.h("div", { class: "calls" },
          contact ? cop.ui.call(contact) : null,
          cop.h("a", { class: "button is-call", href: `tel:${EMERGENCY}`, text: cop.t("safe.999") }))),
    });
  };

  /* Cards */
  const late = (p) => {
    const until = cop.ms(p.reply_by);
    return until === null ? null : cop.h("p", {},
      cop.h("span", { class: "due-key", text: cop.t("ord.reply-by") }), " ", cop.dueNode(until));
  };
  const stateNode = (one) => {
    if (isCancelled(one))
      return cop.h("p", { class: "ord-state", text: `✕ ${cop.t("ord.taken-back", { time: cop.time(cop.ms(one.order.properties.cancelled_at)) })}` });
    if (!isAnswered(one)) return null;
    const said = answerOf(one);
    const sign = said === "help" ? "▲" : "✓";
    const words = cop.t(said ? `safe.said-${said}` : "ord.acknowledged", { time: cop.time(answeredAt(one)) });
    return cop.h("p", { class: `ord-state${said === "help" ? " is-bad" : ""}` },
      cop.h("b", { text: `${sign} ${words}` }), " ", cop.ui.pendingChip(one.pending));
  };
  const rollButtons = (one) => {
    const said = answerOf(one);
    const name = cop.say(one.order.properties.body);
    return cop.h("div", { class: "roll", role: "group", "aria-label": name },
      said === "safe" ? null
        : cop.ui.decisive("safe.safe", () => safe(one), { kind: said === "help" ? "ghost" : "big", key: `safe-${one.order.id}` }),
      cop.ui.button(said === "help" ? "safe.help-more" : "safe.help", () => help(one),
        { kind: said === "safe" ? "ghost" : "danger", key: `help-${one.order.id}` }));
  };
  const card = (one) => {
    const { order } = one;
    const p = order.properties;
    const head = cop.h("div", { class: "ord-head" },
      cop.h("p", { class: "task-line" }, cop.ui.severity(p.severity || "Unknown"),
        cop.h("span", { class: "ord-from", text: cop.t("ord.from", { who: p.issued_by, time: cop.time(issuedAt(one)) }) })),
      cop.h("h2", { class: "ord-words", text: cop.say(p.body) }));
    cop.receipts.watch(head, order.id);
    return cop.h("article", {
      class: `card ord sev-${(p.severity || "Unknown").toLowerCase()}${isOpen(one) ? " is-open" : ""}`,
      "data-id": order.id, "aria-label": cop.t(isRollCall(one) ? "safe.title" : "ord.title"),
    }, head,
    isOpen(one) ? late(p) : null, stateNode(one),
    isCancelled(one) ? null
      : isRollCall(one) ? rollButtons(one)
        : isAnswered(one) ? null
          : cop.ui.decisive("ord.acknowledge", () => acknowledge(one), { kind: "big", key: `ack-${order.id}` }));
  };
  const row = (one) =>
    cop.h("li", { class: "ord-row", "data-id": one.order.id },
      cop.h("p", {}, cop.ui.severity(one.order.properties.severity || "Unknown"), " ",
        cop.h("span", { text: cop.say(one.order.properties.body) })),
      cop.h("p", { class: "quiet", text: cop.t("ord.from", { who: one.order.properties.issued_by, time: cop.time(issuedAt(one)) }) }),
      stateNode(one), isRollCall(one) && !isCancelled(one) ? rollButtons(one) : null);

  cop.orders = {
    /* Nodes of what waits, or was just taken back. */
    cards: () => sorted().filter((one) => isAbove(one) && !isAnswered(one)).map(card),
    /* Roll calls just answered: the answer can be changed, but the task comes first again. */
    answered: () => sorted().filter((one) => isAbove(one) && isAnswered(one)).map(card),
    waiting: () => cop.field.view().orders.filter(isOpen).length,
    /* All others, folded away. */
    history() {
      const rows = sorted().filter((one) => !isAbove(one));
      if (!rows.length) return null;
      return cop.h("details", { class: "fold", "data-key": "orders-fold" },
      cop.h("summary", { "data-key": "orders-history", text: cop.t("ord.history", { n: rows.length }) }),
      cop.h("ul", { class: "ord-list" }, ...rows.map(row)));
    },
  };
})((window.cop = window.cop || {}));
