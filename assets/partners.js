/* Partners: the list of them with how each line is, and what stands of a partner, or of a message,
 * in the detail panel. */
(function (cop) {
  "use strict";
  const SIGNS = { never: "○", ok: "✓", late: "◔", down: "✕", ended: "■" };
  const STEPS = ["acknowledge", "task", "notice"];
  const DONE = { acknowledge: "acknowledged_at", task: "task", notice: "notice" };
  const isShown = () => !cop.$("cop-partners").hidden;
  let list = null;
  let faults = [];

  const nameOf = (id) => {
    const feature = cop.picture.get(id);
    return (feature && cop.say(feature.properties.title)) || id.slice(id.indexOf(":") + 1);
  };
  const mayAct = (id) => {
    const feature = cop.picture.get(id);
    return cop.desk.may("exchange", { agencies: (feature && feature.properties.agencies) || [] });
  };
  /* An installation in words: whose it is, and what it calls itself. */
  const namedBy = (installation) => {
    const found = cop.desk.all("partner").find(({ properties: p }) => p.installation === installation);
    return found ? `${cop.say(found.properties.title)} (${installation})` : installation;
  };

  /* How the line is: a sign, a word, since when. With a partner that has no system there is none. */
  const isByHand = (p) => p.state === "never" && !p.installation;
  const stateNode = (p) =>
    cop.h("span", { class: `partner-state is-${p.state}` },
      cop.h("span", { class: "partner-sign", "aria-hidden": "true", text: SIGNS[p.state] || "?" }),
      cop.h("b", { text: isByHand(p) ? cop.t("partners.no-line") : cop.term("partner.state", p.state) }),
      p.state_since && !isByHand(p) ? cop.h("span", { class: "hint" }, " · ", cop.ageNode(cop.ms(p.state_since))) : null);
  const kindsWords = (kinds) => cop.join((kinds || []).map((kind) => cop.term("kind", kind)));
  const isOver = (p) => Boolean(p.agreed_until) && cop.ms(p.agreed_until) <= cop.clock.now();
  const agreementWords = (p) =>
    p.agreement ? cop.t(isOver(p) ? "partners.by-over" : "partners.by", { number: p.agreement, time: dated(p.agreed_until) }) : "";
  /* An agreement holds for years: its days are said with the year. */
  const DAY = { timeZone: "Asia/Hong_Kong", day: "numeric", month: "short", year: "numeric" };
  const LOCALES = { en: "en-GB", "zh-Hant": "zh-HK", "zh-Hans": "zh-CN" };
  const dated = (iso) => (iso ? new Intl.DateTimeFormat(LOCALES[cop.lang], DAY).format(cop.ms(iso)) : "–");

  /* What of a message is still to be done, and by when: {step, by, isLate, at}. */
  const due = ({ properties: p }) =>
    STEPS.filter((step) => p[`${step}_by`] && !p[DONE[step]] && (step === "acknowledge" || p.direction === "in"))
      .map((step) => ({ step, at: cop.ms(p[`${step}_by`]), isLate: cop.ms(p[`${step}_by`]) <= cop.clock.now() }));
  const isNew = ({ properties: p }) => p.direction === "in" && !p.acknowledged_at;
  const messagesOf = (id) => cop.desk.all("message").filter(({ properties: p }) => p.partner === id);

  /* The list */
  const make = (id) => {
    const row = { look: "" };
    row.button = cop.h("button", { class: "row partner-row", type: "button", on: { click: () => cop.partners.open(id) } });
    row.node = cop.h("li", { "data-id": id }, row.button);
    return row;
  };
  const waysWords = (p) => {
    const gives = kindsWords(p.shares);
    const takes = kindsWords(p.takes);
    return [gives && cop.t("partners.shares-line", { kinds: gives }), takes && cop.t("partners.takes-line", { kinds: takes })]
      .filter(Boolean).join(" · ") || cop.t("partners.only-messages");
  };
  /* When something last came or went: by the line, else by hand. */
  const lastOf = (all, way, iso) => iso ||
    all.filter(({ properties }) => properties.direction === way).map(({ properties }) => properties[way === "in" ? "received_at" : "sent_at"])
      .filter(Boolean).sort((a, b) => cop.ms(a) - cop.ms(b)).at(-1);
  const lastNode = (came, went) => {
    const last = (key, sign, iso) => (iso
      ? cop.h("span", {}, cop.h("span", { "aria-hidden": "true", text: `${sign} ` }), `${cop.t(key)} `, cop.ageNode(cop.ms(iso))) : null);
    const found = [last("partners.came", "↓", came), last("partners.went", "↑", went)].filter(Boolean);
    return cop.h("span", { class: "row-sub partner-last" }, ...(found.length ? found : [cop.t("partners.nothing-yet")]));
  };
  const marks = (p, all) => {
    const fresh = all.filter(isNew).length;
    const late = all.filter((one) => due(one).some(({ isLate }) => isLate)).length;
    const chip = (kind, words) => cop.h("span", { class: `chip ${kind}`.trim(), text: words });
    return [
      fresh ? chip("is-count", cop.t("partners.new", { n: fresh })) : null,
      late ? chip("is-bad", cop.t("partners.late", { n: late })) : null,
      p.waiting ? chip("is-warn", cop.t("partners.wait", { n: p.waiting })) : null,
    ].filter(Boolean);
  };
  const fill = (row, { feature }) => {
    const p = feature.properties;
    const all = messagesOf(feature.id);
    const chips = marks(p, all);
    const times = [lastOf(all, "in", p.received_at), lastOf(all, "out", p.sent_at)];
    row.button.setAttribute("aria-current", String(cop.partners.current() === feature.id));
    const look = [p.version, cop.lang, cop.theme(), isOver(p), ...times, ...chips.map((one) => one.textContent)].join("|");
    if (look === row.look) return false;
    const anew = row.look !== "";
    row.look = look;
    row.button.replaceChildren(cop.h("span", { class: "row-main" },
      cop.h("span", { class: "partner-head" }, cop.h("span", { class: "row-title", text: nameOf(feature.id) }), stateNode(p)),
      p.why && p.state !== "ok" ? cop.h("span", { class: "row-sub partner-why", lang: "en", text: p.why }) : null,
      cop.h("span", { class: "row-sub", text: agreementWords(p) }),
      cop.h("span", { class: "row-sub", text: waysWords(p) }),
      lastNode(...times),
      chips.length ? cop.h("span", { class: "row-marks" }, ...chips) : null));
    return anew;
  };
  const render = (options = {}) => {
    if (!list || !isShown()) return;
    const found = cop.desk.all("partner").sort((a, b) => nameOf(a.id).localeCompare(nameOf(b.id), cop.lang));
    list.render(found.map((feature) => ({ id: feature.id, feature })), options);
    const [state, words] = cop.desk.state(found.length, "partners.none");
    const note = cop.$("cop-partners-state");
    cop.write(note, words);
    note.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    note.hidden = !words;
    const box = cop.$("cop-partners-faults");
    box.hidden = !faults.length;
    box.replaceChildren(...(faults.length ? [cop.h("div", { class: "remark is-warn" },
      cop.h("b", { text: `▲ ${cop.t("partners.faults")}` }), ...faults.map((words_) => cop.h("p", { lang: "en", text: words_ })))] : []));
  };
  const refresh = (options) => (options && options.all ? render(options) : cop.soon("partners", () => render()));
  /* Files that give no partner stand on no picture: whoever sets them up is told here. */
  async function readFaults() {
    if (cop.me.may.exchange !== "any") return;
    const content = await cop.read("/exchange/partners");
    if (content) faults = content.faults;
    refresh();
  }

  /* In the detail panel */
  const opener = (partner, message = null) =>
    cop.desk.acts(cop.desk.button("partners.open", () => cop.partners.open(partner, message), { kind: "filled" }));
  const line = ({ id, properties: p }) =>
    cop.desk.part("partners.line", cop.h("p", {}, stateNode(p)),
      p.why ? cop.h("p", { class: "hint", lang: "en", text: p.why }) : null,
      cop.h("p", { class: "hint", text: agreementWords(p) }), opener(id));
  const message = (feature) => {
    const p = feature.properties;
    return cop.desk.part("partners.messages",
      cop.h("p", { text: cop.t(p.direction === "in" ? "partners.from" : "partners.to", { name: nameOf(p.partner) }) }),
      ...due(feature).map((one) => cop.partnerMessage.limit(feature, one)), opener(p.partner, feature.id));
  };

  cop.partners = {
    nameOf, mayAct, namedBy, stateNode, kindsWords, isOver, agreementWords,
    dated, due, isNew, messagesOf, refresh, ...cop.partnerSheet,
  };

  cop.on("start", () => {
    list = cop.keyed({ box: cop.$("cop-partners-box"), list: cop.$("cop-partners-list"), chip: cop.$("cop-partners-chip"), make, fill, refresh });
    for (const tab of document.querySelectorAll("[data-tab]"))
      tab.addEventListener("click", () => {
        refresh();
        if (tab.dataset.tab === "partners") readFaults();
      });
    cop.parts.add({ kind: "partner", key: "partner-line", order: 8, render: line });
    cop.parts.add({ kind: "message", key: "partner-message", order: 8, render: message });
    cop.desk.watch(["partner", "message"], () => cop.soon("partners-soon", () => render(), 250));
    setInterval(() => refresh(), 10000); // messages become late by the clock alone
  });
  cop.on("me", () => {
    const hidden = !cop.desk.isCommand;
    cop.$("cop-tab-partners").hidden = hidden;
    if (hidden && isShown()) cop.showTab("situation");
    if (isShown()) readFaults();
  });
  cop.keys.p = () => {
    if (!cop.desk.isCommand) return;
    cop.showLeft("partners");
    readFaults();
    render({ all: true });
    (cop.$("cop-partners-list").querySelector("button") || cop.$("cop-tab-partners")).focus();
  };
})((window.cop = window.cop || {}));
