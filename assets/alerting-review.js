/* What will be published, as it will be read, and the second person's choice: release or send back. */
(function (cop) {
  "use strict";
  const SAID = ["area", "description", "instruction"];

  const when = (iso) =>
    iso ? cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(cop.ms(iso)) }), " · ", cop.ageNode(cop.ms(iso))) : null;
  const paragraphs = (words) => words.split(/\n+/).filter(Boolean).map((line) => cop.h("p", { text: line }));
  /* One language, the whole of it; what is missing says so. */
  const wording = (p, [lang, name, tag]) => {
    const part = (key) => [
      cop.h("h5", { text: cop.t(`alerting.${key}`) }),
      ...(p[key] && p[key][lang] ? paragraphs(p[key][lang]).map((node) => { node.lang = tag; return node; })
        : [cop.h("p", { class: "is-missing", text: `▲ ${cop.t("alerting.empty")}` })]),
    ];
    const title = p.title && p.title[lang];
    return cop.h("article", { class: "review-words", "data-alerting-lang": lang },
      cop.h("h4", { text: name }),
      p.event && p.event[lang] ? cop.h("p", { class: "review-event", lang: tag, text: p.event[lang] })
        : cop.h("p", { class: "is-missing", text: `▲ ${cop.t("alerting.said", { name: cop.t("alerting.event"), words: cop.t("alerting.empty") })}` }),
      title ? cop.h("p", { class: "review-title", lang: tag, text: title })
        : cop.h("p", { class: "is-missing", text: `▲ ${cop.t("alerting.said", { name: cop.t("alerting.title"), words: cop.t("alerting.empty") })}` }),
      ...SAID.flatMap(part));
  };
  const facts = ({ properties: p }) => {
    const span = p.ends_at ? cop.ms(p.ends_at) - (cop.ms(p.valid_from) ?? cop.clock.now()) : null;
    return cop.h("dl", { class: "review-facts" },
      cop.desk.fact("cap.type", cop.t(`msg.${p.msg_type || "Alert"}`)),
      cop.desk.fact("alerting.event_type", cop.alertForm.eventWords(p.event_type)),
      cop.desk.fact("fact.severity", cop.h("span", { class: "review-severity" }, cop.desk.mark(p.severity, 16), cop.term("severity", p.severity || "Unknown"))),
      cop.desk.fact("alerting.urgency", cop.term("urgency", p.urgency || "Unknown")),
      cop.desk.fact("alerting.certainty", cop.term("certainty", p.certainty || "Unknown")),
      cop.desk.fact("alerting.responses", cop.join((p.responses || []).map((one) => cop.term("response", one))) || "–"),
      cop.desk.fact("alerting.valid_from", when(p.valid_from) || cop.t("alerting.begins-now")),
      cop.desk.fact("alerting.ends_at", p.ends_at ? when(p.ends_at) : cop.h("span", { class: "is-missing", text: `▲ ${cop.t("alerting.endless")}` })),
      span > 0 ? cop.desk.fact("alerting.span", cop.facts.hours(Math.round(span / 60000))) : null,
      cop.desk.fact("alerting.contact", p.contact), cop.desk.fact("alerting.web", p.web),
      cop.desk.fact("alerting.reason", p.state === "returned" ? "" : p.reason));
  };
  /* Give the node that shows *feature* as it will be published. */
  cop.alertReview = (feature) =>
    cop.h("div", { class: "alert-review" },
      cop.h("h3", { text: cop.t("alerting.review") }),
      cop.h("div", { class: "review-columns" }, ...cop.alertForm.LANGS.map((one) => wording(feature.properties, one))),
      cop.h("div", { class: "review-two" }, facts(feature),
        cop.alertMap(feature.geometry, feature.properties.severity) ||
          cop.h("p", { class: "is-missing", text: `▲ ${cop.t("alerting.no-area")}` })));

  /* Why this reader may not release it; null where they may. */
  const whyNot = ({ properties: p }) => {
    if (!cop.may("release_alert")) return "alerting.not-role";
    return [p.author, p.asked_by].includes(cop.me.name) ? "alerting.own" : null;
  };

  /* The question before it goes: what it reaches, and a mark that is set by hand. Nothing that is
   * pressed twice by mistake answers it. */
  const sure = (feature, check) => {
    const read = cop.h("input", { type: "checkbox", name: "read" });
    const line = cop.h("p", { class: "deed-state", role: "status" });
    const said = () => {
      if (read.checked) return "release";
      cop.write(line, cop.t("alerting.release-first"));
      line.classList.add("is-bad");
      read.focus();
      return null;
    };
    const p = feature.properties;
    return cop.dialog({
      title: cop.t(cop.config.exercise ? "alerting.release-exercise" : "alerting.release-title"), focus: read,
      body: cop.h("div", { class: "stack" },
        cop.config.exercise ? cop.h("p", { class: "exercise-band", text: cop.t("alerting.exercise") }) : null,
        cop.h("blockquote", { class: "order-quote", text: cop.say(p.title) || cop.t("alerting.untitled") }),
        cop.h("p", { text: p.ends_at ? cop.t("alerting.said", { name: cop.t("alerting.ends_at"), words: cop.time(cop.ms(p.ends_at)) }) : "" }),
        cop.h("div", { class: "release-reach" }, cop.h("h3", { text: cop.t("alerting.reach") }),
          ...cop.alertCheck.reach(check).map((words) => cop.h("p", { text: words }))),
        cop.h("label", { class: "check" }, read, cop.h("span", { text: cop.t("alerting.release-read") })), line),
      buttons: [{ value: "no", words: cop.t("cancel") },
        { value: said, words: cop.t("alerting.release-now"), filled: true, danger: true }],
    });
  };
  async function release(at, feature, check) {
    if ((await sure(feature, check)) !== "release") return;
    const { version } = feature.properties; // as it was read, not as it may be by now
    const content = await cop.act("POST", `/drafts/${feature.id}/release`, {}, {
      at, id: feature.id, base: feature, version, done: "alerting.did-release", undoable: false, reread: true,
      failed: ({ status }) => status === 412 && cop.toast({ words: cop.t("alerting.reread"), warn: true }),
    });
    if (!content) return;
    cop.alerting.close();
    cop.whenThere(content.id, () => {
      cop.select(content.id);
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const heading = document.querySelector("#cop-detail-body h2");
        if (heading && cop.selected() === content.id) heading.focus({ preventScroll: true });
      }));
    });
  }
  async function sendBack(at, feature) {
    const reason = await cop.askReason({ title: cop.t("alerting.return-title"), verb: cop.t("alerting.return-verb"), about: cop.say(feature.properties.title) });
    if (!reason) return;
    await cop.act("POST", `/drafts/${feature.id}/return`, { reason }, {
      at, id: feature.id, base: feature, version: feature.properties.version, done: "alerting.did-return",
    });
  }

  const withdraw = (at, feature) => cop.act("POST", `/drafts/${feature.id}/withdraw`, {}, {
    at, id: feature.id, base: feature, version: feature.properties.version, done: "alerting.did-withdraw",
  });

  /* The foot of what waits for a second person. */
  cop.alertReview.foot = (feature, check, change) => {
    const p = feature.properties;
    const why = whyNot(feature);
    const verb = (key, act, kind = "") => cop.h("button", {
      class: `button ${kind}`.trim(), type: "button", "data-key": key, text: cop.t(key), on: { click: (event) => act(event.currentTarget.closest(".acts")) },
    });
    return cop.h("div", { class: "acts alerting-verbs", "data-acts": "" },
      cop.h("p", { class: "hint", text: cop.t("alerting.asked-by", { name: p.asked_by || p.author, time: cop.time(cop.ms(p.asked_at)) }) }),
      why ? cop.h("p", { class: "remark is-note", "data-why": why, text: cop.t(why) }) : null,
      !why && check.items && check.forbids() ? cop.h("p", { class: "remark is-warn", text: `✕ ${cop.t("alerting.forbidden")}` }) : null,
      cop.h("div", { class: "verbs" },
        why || check.forbids() ? null : verb("alerting.release", (at) => release(at, feature, check), "filled"),
        why ? null : verb("alerting.return", (at) => sendBack(at, feature)),
        why && change ? verb("alerting.withdraw", (at) => withdraw(at, feature)) : null,
        change ? verb("alerting.change", change, "ghost") : null));
  };
})((window.cop = window.cop || {}));
