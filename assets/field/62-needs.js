/* What a facility or an incident needs: asked for in a few taps, and how it stands since. */
(function (cop) {
  "use strict";
  const KEY = "needs";
  const PICTOGRAMS = {
    pump: "water", bus: "bus", boat: "harbor", generator: "power", lighting: "sun", sandbag: "layers",
    bedding: "home", food: "gate", water: "wave", medical: "cross", personnel: "people",
    machinery: "works", other: "help",
  };
  const SIGNS = { open: "○", part: "◐", fulfilled: "●", cancelled: "✕" };
  const WITHIN_MIN = [30, 60, 180, 360];
  const BY = [1, 10];

  const known = (subject) =>
    ((cop.field.data.duty || {}).needs || []).filter(({ properties: p }) => p.subject === subject);
  const waiting = (subject) =>
    cop.field.actions().filter(({ kind, state, body, answer }) =>
      kind === "need" && body.subject === subject && !(state === "confirmed" && known(subject).some(({ id }) => id === (answer || {}).id)));

  const what = ({ item, quantity }) => cop.t("name.need", { item: cop.term("item", item), n: quantity });
  const row = ({ properties: p }) => {
    const status = p.status || "open"; // what is as it begins is not told
    return cop.h("li", { class: `need is-${status}` },
      cop.h("b", {}, cop.h("span", { class: "sign", "aria-hidden": "true", text: `${SIGNS[status]} ` }), what(p)),
      p.severity && p.severity !== "Unknown" ? cop.ui.severity(p.severity) : null,
      cop.h("span", { text: [status === "open" ? cop.t("status.need.open") : cop.term("status", status), p.fulfilled ? cop.t("need.progress", { n: p.fulfilled, all: p.quantity, unit: p.unit || "" }).trim() : "",
        p.needed_by ? cop.t("need.by", { time: cop.time(cop.ms(p.needed_by)) }) : ""].filter(Boolean).join(" · ") }),
      cop.say(p.title) ? cop.h("small", { text: cop.say(p.title) }) : null);
  };
  const localRow = (action) =>
    cop.h("li", { class: "need", "data-action": action.key },
      cop.h("b", { text: what(action.body) }), cop.ui.pendingChip([action]),
      action.state === "refused" ? cop.h("p", { class: "quick-told is-bad", text: cop.problemWords(action.problem) }) : null,
      action.state === "refused" ? cop.ui.button("ward.forget", () => cop.outbox.discard(action.key), { kind: "ghost", key: `forget ${action.key}` }) : null);

  const tiles = (chosen) =>
    cop.h("fieldset", { class: "need-items" }, cop.h("legend", { text: cop.t("want.what") }),
      cop.h("div", {}, ...cop.config.need_items.map((code) =>
        cop.h("label", {}, cop.h("input", { type: "radio", name: "need-item", value: code, "data-key": `item ${code}`,
          on: { change: () => { chosen.item = code; } } }), cop.icon(PICTOGRAMS[code] || "help", 24), cop.h("span", { text: cop.term("item", code) })))));
  const within = (chosen) =>
    cop.h("fieldset", { class: "need-when" }, cop.h("legend", { text: cop.t("want.by") }),
      cop.h("div", {}, ...[null, ...WITHIN_MIN].map((minutes) =>
        cop.h("label", {}, cop.h("input", { type: "radio", name: "need-when", value: String(minutes), checked: minutes === null,
          "data-key": `when ${minutes}`, on: { change: () => { chosen.minutes = minutes; } } }),
        cop.h("span", { text: minutes === null ? cop.t("want.no-time") : minutes < 60 ? cop.t("age.min", { n: minutes }) : cop.t("age.h", { n: minutes / 60 }) })))));
  const quantity = (chosen) => {
    const input = cop.h("input", { type: "number", inputmode: "numeric", min: "1", max: "1000000", step: "1", value: "1", "data-key": "quantity",
      on: { input: () => { chosen.quantity = Number(input.value); } } });
    const by = (n) => cop.h("button", { type: "button", class: "step", "data-key": `quantity ${n}`, text: cop.work.signed(n),
      on: { click: () => { chosen.quantity = Math.max(1, (chosen.quantity || 0) + n); input.value = chosen.quantity; } } });
    return cop.h("div", { class: "need-quantity" }, cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t("want.how-many") }), input),
      ...BY.map((n) => by(-n)).reverse(), ...BY.map(by));
  };
  const bodyOf = (subject, { item, quantity: n, minutes, urgent, words }) => ({
    subject, item, quantity: n, lang: cop.lang,
    ...(urgent ? { severity: "Severe" } : {}),
    ...(words.trim() ? { words: words.trim() } : {}),
    ...(minutes ? { needed_by: new Date(cop.field.now() + minutes * 60000).toISOString() } : {}),
  });
  const ask = (subject, name) => {
    const chosen = { item: null, quantity: 1, minutes: null, urgent: false, words: "" };
    const missing = cop.h("p", { class: "quick-told is-bad", role: "alert" });
    const words = cop.h("input", { type: "text", maxlength: "300", "data-key": "words", autocomplete: "off", on: { input: () => { chosen.words = words.value; } } });
    const submit = (event) => {
      event.preventDefault();
      if (!chosen.item) return cop.write(missing, cop.t("want.choose"));
      if (!(Number.isInteger(chosen.quantity) && chosen.quantity > 0)) return cop.write(missing, cop.t("ward.number"));
      cop.field.act({ kind: "need", path: "/needs", about: subject, body: bodyOf(subject, chosen), label: { key: `item.${chosen.item}`, values: {} } });
      return sheet.close();
    };
    const sheet = cop.ui.sheet({
      title: cop.t("want.title", { name }),
      body: cop.h("form", { class: "ward-form", novalidate: true, on: { submit } }, tiles(chosen), quantity(chosen), within(chosen),
        cop.h("label", { class: "need-urgent" }, cop.h("input", { type: "checkbox", "data-key": "urgent", on: { change: ({ target }) => { chosen.urgent = target.checked; } } }), cop.t("want.urgent")),
        cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t("want.words") }), words), missing,
        cop.h("button", { type: "submit", class: "button is-filled", "data-key": "ask", text: cop.t("need.ask") })),
    });
  };
  const section = (subject, name) => {
    const rows = [...waiting(subject).reverse().map(localRow), ...known(subject).map(row)];
    const told = (cop.field.data.duty || {}).needs !== undefined;
    return cop.h("section", { class: "needs", "data-subject": subject }, cop.h("h3", { text: cop.t("needs.title") }),
      rows.length ? cop.h("ul", {}, ...rows)
        : cop.h("p", { class: "empty", text: told ? cop.field.emptyWords("want.none") : cop.t("want.not-known") }),
      cop.field.may("ask_need") ? cop.ui.button("need.ask-verb", () => ask(subject, name), { key: "ask-need", icon: "plus" }) : null);
  };

  const nameOf = (id) => {
    const { incidents = [], facilities = [] } = cop.field.data.duty || {};
    const subject = [...incidents, ...facilities].find((one) => one.id === id);
    return subject ? cop.titleOf(subject) : "";
  };
  cop.needs = { section };
  cop.on("start", () => {
    cop.field.screen({
      key: KEY, label: "needs.title", icon: "list", when: () => false,
      draw: (box, param) => box.replaceChildren(cop.h("h2", { text: nameOf(param) }), section(param, nameOf(param))),
    });
  });
})((window.cop = window.cop || {}));
