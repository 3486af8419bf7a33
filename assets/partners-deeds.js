/* What can be done with a message of a partner: take note of it, make a need or a task of it, tell
 * the public. Each deed stands where it was done: *at*, the place of the message's verbs. */
(function (cop) {
  "use strict";
  const MOST_TITLE = 160; // characters of a headline
  const MOST_PLACES = 300;
  let awaited = null; // id of the draft that was just made, until it is on the picture

  /* *asked*: the message as it stood when the person was asked. Who decides a step that somebody else
   * has decided meanwhile is shown both; what else has changed of the message is no matter. */
  const send = async (at, asked, step, body, done) => {
    const now = cop.picture.get(asked.id) || asked;
    const isSame = [step, `no_${step}`, `${step}_by`].every((name) => (now.properties[name] ?? null) === (asked.properties[name] ?? null));
    const base = isSame ? now : asked;
    const content = await cop.act("POST", `/messages/${asked.id}/${step}`, body, {
      at, id: asked.id, base, version: base.properties.version, undoable: false, done,
    });
    cop.partnerSheet.refresh();
    return content;
  };
  async function note(at, id) {
    await cop.act("POST", `/messages/${id}/acknowledge`, {}, { at, undoable: false, done: "partners.did-note" });
    cop.partnerSheet.refresh();
  }

  /* A question that stays, with what was typed, until it is done; says what went wrong in itself. */
  const askAndDo = ({ title, body, verb, focus, submit }) => {
    const node = cop.h("div", { class: "stack acts", "data-acts": "" }, ...body.filter(Boolean));
    const go = () => {
      submit(node).then((done) => {
        const dialog = node.closest("dialog");
        if (done && dialog) dialog.close();
      });
      return null;
    };
    return cop.dialog({ title, body: node, focus, buttons: [{ value: go, words: cop.t(verb), filled: true }] });
  };
  const field = (key, input, hint) =>
    cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(key) }), input, hint ? cop.h("small", { text: hint }) : null);
  const option = ([value, words], chosen) => cop.h("option", { value, text: words, selected: value === chosen });
  const isPlace = (feature) =>
    feature && (feature.properties.kind === "incident" ? cop.desk.OPEN_INCIDENT.includes(feature.properties.status)
      : feature.properties.kind === "facility");

  /* What needs may be for: what the message is about and what is chosen stand first. */
  const places = ({ properties: p }) => {
    const near = [...(p.about || []), cop.selected()].map((id) => id && cop.picture.get(id)).filter(isPlace);
    const newest = (kind) => cop.desk.all(kind).filter(isPlace).sort((a, b) => (cop.facts.when(b) || 0) - (cop.facts.when(a) || 0));
    const all = [...new Map([...near, ...newest("incident"), ...newest("facility")].map((one) => [one.id, one])).values()];
    return { near: near[0] || null, all: all.slice(0, MOST_PLACES) };
  };
  const need = (at, id) => {
    const message = cop.picture.get(id);
    const p = message.properties;
    const { near, all } = places(message);
    /* Where nothing says what it is for, nothing is taken for granted. */
    const subject = cop.h("select", {}, near ? null : option(["", cop.t("partners.need-choose")]), ...all.map((one) => option([one.id, cop.facts.title(one)])));
    const item = cop.h("select", {}, ...cop.config.need_items.map((code) => option([code, cop.term("item", code)])));
    const quantity = cop.h("input", { type: "number", min: "1", max: "1000000", step: "1", value: "1", required: true });
    const unit = cop.h("input", { type: "text", maxlength: "40" });
    const of = cop.h("select", {}, option(["", cop.t("agency.none")]), ...cop.agencies().map((pair) => option(pair)));
    const words = cop.h("input", { type: "text", maxlength: "300", value: cop.say(p.title).slice(0, 300) });
    const submit = async (where) => {
      const amount = Number(quantity.value);
      for (const input of [subject, quantity]) input.toggleAttribute("aria-invalid", false);
      const wrong = !subject.value ? subject : !Number.isInteger(amount) || amount < 1 ? quantity : null;
      if (wrong) {
        wrong.setAttribute("aria-invalid", "true");
        wrong.focus();
        return null;
      }
      const body = { subject: subject.value, item: item.value, quantity: amount, unit: unit.value.trim(), severity: p.severity || "Unknown", words: words.value.trim(), lang: cop.lang };
      if (of.value) body.asked_of = of.value;
      return send(where, message, "task", { need: body }, "partners.did-need");
    };
    const two = (...fields) => cop.h("div", { class: "two" }, ...fields);
    return askAndDo({
      title: cop.t("partners.need-title"), verb: "partners.need-verb", focus: all.length ? subject : item, submit,
      body: [all.length ? null : cop.h("p", { class: "remark is-warn", text: cop.t("partners.need-nowhere") }),
        field("partners.need-for", subject), two(field("field.item", item), field("field.quantity", quantity)),
        two(field("field.unit", unit), field("field.asked_of", of)), field("field.need-words", words)],
    });
  };

  /* One that there is already */
  const chosen = async (title, all) => {
    const rows = all.map((one) => ({
      id: one.id, title: cop.desk.nameOf(one.id),
      more: [cop.term("kind", one.properties.kind), one.properties.kind === "draft" ? cop.term("draft", one.properties.state) : one.properties.status && cop.status(one.properties.kind, one.properties.status)].filter(Boolean).join(" · "),
    }));
    const given = await cop.ask({
      title: cop.t(title), confirm: "partners.link",
      fields: [{ name: "id", label: title, type: "choose", required: true,
        find: (words) => rows.filter((row) => `${row.title} ${row.more}`.toLowerCase().includes(words)) }],
    });
    return given && given.id;
  };
  async function task(at, id) {
    const asked = cop.picture.get(id);
    const needs = cop.desk.all("need").filter(({ properties: p }) => ["open", "part"].includes(p.status));
    const tasks = cop.desk.all("assignment").filter(({ properties: p }) => cop.desk.OPEN.includes(p.status));
    const found = await chosen("partners.task-title", [...needs, ...tasks]);
    if (found) await send(at, asked, "task", { task: found }, "partners.did-link");
  }
  async function notice(at, id) {
    const asked = cop.picture.get(id);
    const own = ({ properties: p }) => p.released_at && !p.feed && !p.origin;
    const found = await chosen("partners.notice-title",
      [...cop.desk.all("draft").filter(cop.alertList.isOpen), ...cop.desk.all("alert").filter(own)]);
    if (found) await send(at, asked, "notice", { notice: found }, "partners.did-link");
  }
  const notNeeded = (step) => async (at, id) => {
    const asked = cop.picture.get(id);
    const reason = await cop.askReason({ title: cop.t(`partners.no-${step}-title`), verb: cop.t(`partners.no-${step}-verb`), about: cop.facts.title(asked) });
    if (reason) await send(at, asked, step, { not_needed: reason });
  };

  /* A draft is begun as any other, and belongs to the message from then on. */
  const draft = (at, id) => {
    const asked = cop.picture.get(id);
    const { properties: p } = asked;
    const sources = (p.about || []).map((one) => cop.picture.get(one))
      .filter((one) => one && ["hazard", "incident"].includes(one.properties.kind));
    const source = cop.h("select", { name: "source" }, ...sources.map((one) => option([one.id, cop.facts.title(one)])), option(["", cop.t("partners.draft-new")]));
    const event = cop.h("select", { name: "event_type" }, ...cop.alertForm.eventCodes().map((code) => option([code, cop.alertForm.eventWords(code)])));
    const eventField = field("alerting.event_type", event);
    const show = () => { eventField.hidden = Boolean(source.value); };
    source.addEventListener("change", show);
    show();
    const said = (text, most) => Object.fromEntries(Object.entries(text || {}).map(([lang, words]) => [lang, words.slice(0, most)]));
    let made = null; // the draft stands even where the link fails
    const submit = async (where) => {
      const body = source.value ? { source: source.value }
        : { event_type: event.value, severity: p.severity || "Unknown", title: said(p.title, MOST_TITLE), description: said(p.description, 4000) };
      made = made || (await cop.act("POST", "/drafts", body, { at: where, undoable: false, done: "alerting.made" }));
      if (!made) return null;
      const linked = await send(where, asked, "notice", { notice: made.id });
      if (!linked) return null;
      awaited = made.id;
      openAwaited();
      return linked;
    };
    return askAndDo({
      title: cop.t("partners.draft-title"), verb: "partners.draft-verb", focus: sources.length ? source : event, submit,
      body: [cop.config.exercise ? cop.h("p", { class: "exercise-band", text: cop.t("alerting.exercise") }) : null,
        cop.h("p", { text: cop.t("partners.draft-hint") }), sources.length ? field("partners.draft-from", source) : null, eventField],
    });
  };
  const openAwaited = () => {
    if (!awaited || !cop.picture.get(awaited)) return;
    const id = awaited;
    awaited = null;
    cop.alerting.open(id);
  };
  cop.on("start", () => cop.desk.watch(["draft"], () => awaited && setTimeout(openAwaited, 0)));

  cop.partnerDeeds = { note, need, task, notice, draft, noTask: notNeeded("task"), noNotice: notNeeded("notice") };
})((window.cop = window.cop || {}));
