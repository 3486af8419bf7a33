/* One message from or to a partner: its words, what it is about, how far it has come, what is late,
 * and what can be done with it. */
(function (cop) {
  "use strict";
  const SOON_MS = 5 * 60000;
  const SIGNS = { done: "✓", open: "○", soon: "◔", late: "▲" };

  /* A time limit in words: what is late is said by a word and a sign, not by colour alone. */
  const limitOf = ({ properties: p }, { step, at, isLate }) => {
    const key = step === "acknowledge" && p.direction === "out" ? "there" : step;
    const left = at - cop.clock.now();
    const words = isLate ? cop.t(`step.${key}-late`, { time: cop.time(at) })
      : cop.t(`step.${key}-in`, { age: cop.facts.hours(Math.ceil(left / 60000)) });
    return { state: isLate ? "late" : left <= SOON_MS ? "soon" : "open", words };
  };
  const signed = ({ state, words }) =>
    cop.h("span", { class: `order-state${state === "late" ? " is-overdue" : state === "soon" ? " is-soon" : ""}`, "data-limit": state },
      cop.h("span", { "aria-hidden": "true", text: `${state === "late" ? SIGNS.late : SIGNS.soon} ` }), words);
  const limit = (feature, one) => signed(limitOf(feature, one));

  const installationOf = (partner) => {
    const feature = cop.picture.get(partner);
    return feature && feature.properties.installation;
  };
  /* The way of a message: [{state, node or words, at}] */
  const stepsOf = (feature) => {
    const p = feature.properties;
    const found = [];
    const say = (state, words, at = null) => found.push({ state, words, at: cop.ms(at) });
    const pending = new Map(cop.partners.due(feature).map((one) => [one.step, one]));
    const wait = (step, key) => {
      const one = pending.get(step);
      if (one) found.push({ ...limitOf(feature, one), at: null, limit: one });
      else if (key) say("open", cop.t(key));
    };
    const isIn = p.direction === "in";
    if (isIn) {
      if (p.sent_at) say("done", cop.t("step.sent"), p.sent_at);
      if (p.received_at) say("done", cop.t("step.received"), p.received_at);
    } else {
      if (p.sent_at) say("done", p.author ? cop.t("step.sent-by", { name: p.author }) : cop.t("step.sent"), p.sent_at);
      else say("soon", cop.t("step.waits"));
      if (p.received_at) say("done", cop.t("step.received-there"), p.received_at);
      else if (p.sent_at) say("open", cop.t("step.not-received"));
    }
    if (p.acknowledged_at) {
      const by = p.acknowledged_by || cop.t("someone");
      say("done", isIn ? cop.t("step.noted", { name: by }) : cop.t("step.noted-there", { name: by === installationOf(p.partner) ? cop.partners.nameOf(p.partner) : by }), p.acknowledged_at);
    } else wait("acknowledge", isIn ? "step.acknowledge-none" : "step.there-none");
    if (!isIn) return found;
    if (p.told_at) say("done", cop.t("step.told"), p.told_at);
    else if (p.acknowledged_at && p.origin) say("soon", cop.t("step.not-told"));
    for (const [step, at] of [["task", p.tasked_at], ["notice", p.noticed_at]]) {
      if (p[step]) found.push({ state: "done", words: cop.t(`step.${step}`), link: p[step], at: cop.ms(at) });
      else if (p[`no_${step}`]) say("done", cop.t(`step.no-${step}`, { words: p[`no_${step}`] }), at);
      else wait(step, null);
    }
    return found;
  };
  const stepNode = ({ state, words, at, link }) =>
    cop.h("li", { class: `step is-${state === "done" ? "done" : state === "late" ? "late" : "now"}`, "data-limit": state === "done" ? null : state },
      cop.h("span", { class: "step-sign", "aria-hidden": "true", text: SIGNS[state] }),
      cop.h("span", {}, words, link ? cop.t("partners.colon") : null, link ? about(link) : null),
      at === null ? cop.h("span", {}) : cop.h("span", { class: "step-time" }, cop.h("span", { class: "num", text: cop.time(at) }), " · ", cop.ageNode(at)));

  /* What a message is about: shown on the map and in the panel where it is still on the picture. */
  function about(id) {
    return cop.picture.get(id)
      ? cop.h("button", { class: "link-button", type: "button", "data-key": `about ${id}`, text: cop.desk.nameOf(id), on: { click: () => cop.partnerSheet.follow(id) } })
      : cop.h("span", { text: cop.desk.nameOf(id) });
  }
  const listed = (key, ids, node) =>
    ids.length ? cop.h("p", { class: "message-about" }, cop.h("span", { class: "hint", text: `${cop.t(key)} ` }),
      ...ids.flatMap((id, n) => (n ? [cop.t("comma"), node(id)] : [node(id)]))) : null;
  const answered = (id) => cop.h("button", { class: "link-button", type: "button", "data-key": `answers ${id}`,
    text: cop.picture.get(id) ? cop.facts.title(cop.picture.get(id)) : cop.desk.nameOf(id), on: { click: () => cop.partnerSheet.show(id) } });

  const severityNode = (severity) =>
    cop.h("span", { class: "message-severity" }, cop.desk.mark(severity, 16), cop.term("severity", severity || "Unknown"));
  const bodyOf = (feature) => {
    const p = feature.properties;
    const at = cop.ms(p.observed_at);
    const way = p.direction === "in" ? "from" : "to";
    return [
      cop.h("div", { class: "message-head" },
        cop.h("b", { class: "message-way", text: cop.t(`partners.${way}`, { name: cop.partners.nameOf(p.partner) }) }),
        severityNode(p.severity),
        p.form && p.form !== "words" ? cop.h("span", { class: "chip", text: cop.term("form", p.form) }) : null,
        cop.h("span", { class: "message-when" }, cop.h("span", { class: "num", text: cop.time(at) }), " · ", cop.ageNode(at))),
      cop.h("h4", { text: cop.facts.title(feature) }),
      listed("partners.answers", p.answers ? [p.answers] : [], answered),
      ...cop.say(p.description).split(/\n+/).filter(Boolean).map((line) => cop.h("p", { class: "prose", text: line })),
      listed("partners.about", p.about || [], about),
      (p.defects || []).length ? cop.h("div", { class: "remark is-warn" }, cop.h("b", { text: `▲ ${cop.t("partners.defects")}` }),
        cop.h("ul", { class: "plain" }, ...p.defects.map((words) => cop.h("li", { lang: "en", text: words })))) : null,
    ].filter(Boolean);
  };

  const verbsOf = (feature, at) => {
    const p = feature.properties;
    const partner = cop.picture.get(p.partner);
    const may = cop.desk.may("exchange", { agencies: [...((partner && partner.properties.agencies) || []), p.publisher] });
    const deeds = cop.partnerDeeds;
    const verb = (key, deed, { kind = "", group = "" } = {}) => cop.h("button", {
      class: `button small ${kind}`.trim(), type: "button", "data-key": key, text: cop.t(key),
      "aria-label": [group && cop.t(group), cop.t(key), cop.facts.title(feature)].filter(Boolean).join(": "), on: { click: () => deed(at, feature.id) },
    });
    const verbs = (group, ...found) => {
      const shown = found.filter(Boolean);
      return shown.length ? cop.h("div", { class: "verbs" }, group ? cop.h("span", { class: "message-group", text: cop.t(group) }) : null, ...shown) : null;
    };
    const isIn = p.direction === "in";
    const first = !p.acknowledged_at && (isIn || cop.partnerSheet.isByHand(p.partner));
    const [task, notice] = ["step.task", "step.notice"];
    return [
      verbs("",
        may && first ? verb(isIn ? "partners.note" : "partners.note-there", deeds.note, { kind: "filled" }) : null,
        may ? verb("partners.answer", cop.partnerSheet.answer) : null,
        p.original ? cop.h("a", { class: "button small ghost", "data-key": "original", download: "",
          href: `/api/v1/messages/${encodeURIComponent(feature.id)}/original`, text: cop.t("partners.original"),
          "aria-label": `${cop.t("partners.original")}: ${cop.facts.title(feature)}` }) : null),
      may && isIn && !p.task ? verbs(task,
        cop.may("ask_need") ? verb("partners.need", deeds.need, { group: task }) : null,
        verb("partners.task", deeds.task, { group: task }),
        !p.no_task ? verb("partners.no-task", deeds.noTask, { group: task }) : null) : null,
      may && isIn && !p.notice ? verbs(notice,
        cop.may("draft_alert") ? verb("partners.draft", deeds.draft, { group: notice }) : null,
        verb("partners.notice", deeds.notice, { group: notice }),
        !p.no_notice ? verb("partners.no-notice", deeds.noNotice, { group: notice }) : null) : null,
    ].filter(Boolean);
  };

  /* Replace what stands in *box*; the focus stays where it was. */
  const replace = (box, nodes) => {
    const focused = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    box.replaceChildren(...nodes);
    if (focused === null) return;
    const again = box.querySelector(`[data-key="${CSS.escape(focused || "")}"]`) || box.closest("li");
    again.focus({ preventScroll: true });
  };
  const known = (id) => {
    const one = cop.picture.get(id);
    return one ? `${id} ${one.properties.version}` : id;
  };
  /* A row of the list: each part of it is made anew only when it would say something else. */
  const make = (id) => {
    const part = (tag, name) => cop.h(tag, { class: name });
    const row = {
      looks: {}, body: part("div", "message-body"), steps: part("ol", "steps message-steps"),
      verbs: part("div", "message-verbs"),
    };
    row.acts = cop.h("div", { class: "acts message-acts", "data-acts": "" }, row.verbs);
    row.node = cop.h("li", { class: "message", "data-id": id, tabindex: "-1" }, row.body, row.steps, row.acts);
    return row;
  };
  const fill = (row, { feature }) => {
    const p = feature.properties;
    const anew = row.version !== undefined && row.version !== p.version;
    row.version = p.version;
    row.node.className = `message is-${p.direction}${cop.partners.isNew(feature) ? " is-new" : ""}`;
    const basis = [p.version, cop.lang, cop.theme(), known(p.partner), p.answers ? known(p.answers) : ""];
    const draw = (name, look, nodes) => {
      const key = JSON.stringify(look);
      if (row.looks[name] === key) return;
      row.looks[name] = key;
      replace(row[name], nodes());
    };
    const steps = stepsOf(feature);
    draw("body", [basis, (p.about || []).map(known)], () => bodyOf(feature));
    draw("steps", [basis, steps.map(({ words, state, link }) => [words, state, link && known(link)])], () => steps.map(stepNode));
    if (!row.acts.hasAttribute("data-busy"))
      draw("verbs", [basis, cop.me.name, cop.me.may, cop.partnerSheet.isByHand(p.partner)], () => verbsOf(feature, row.acts));
    return anew;
  };
  cop.partnerMessage = { make, fill, limit };
})((window.cop = window.cop || {}));
