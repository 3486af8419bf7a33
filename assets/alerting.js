/* Warnings of our own: the list by how far each has come, and where one is begun: from an incident,
 * a hazard, a drawn area, one in force, or from nothing. */
(function (cop) {
  "use strict";
  /* Before its end somebody has to decide whether it goes on; somebody has been waiting too long for
   * an answer: the same limits by which the attention queue goes. */
  const limitMs = (name) => cop.config.alert_limits_min[name] * 60000;
  const GROUPS = ["in-force", "asked", "returned", "writing"];
  const AREAS = ["Polygon", "MultiPolygon"];
  const isShown = () => !cop.$("cop-alerting").hidden;
  let list = null;

  /* A warning that was released here, not a publisher's and not a partner's. */
  const isOwn = ({ properties: p }) => p.kind === "alert" && Boolean(p.released_at) && !p.feed && !p.origin;
  const isOpen = ({ properties: p }) => ["writing", "asked", "returned"].includes(p.state);
  const drafts = () => cop.desk.all("draft").filter(isOpen);
  const isInForce = (feature) => isOwn(feature) && feature.properties.msg_type !== "Cancel";
  const inForce = () => cop.desk.all("alert").filter(isInForce);
  const titleOf = (feature) => cop.say(feature.properties.title) || cop.say(feature.properties.event) || cop.t("alerting.untitled");

  /* How a warning in force stands: late is said by a word and a sign, not by colour alone. */
  const lateness = ({ properties: p }) => {
    const end = cop.ms(p.expires_at);
    if (end === null) return { state: "", words: cop.t("alerting.endless") };
    const left = end - cop.clock.now();
    if (left <= 0) return { state: "over", words: `▲ ${cop.t("alerting.over", { time: cop.time(end) })}` };
    const age = cop.facts.hours(Math.ceil(left / 60000));
    if (left <= limitMs("expires")) return { state: "soon", words: `◔ ${cop.t("alerting.soon", { age })}` };
    return { state: "", words: cop.t("alerting.left", { age }) };
  };
  const waiting = ({ properties: p }) => {
    if (p.state === "returned") return { state: "soon", words: `◀ ${cop.t("alerting.sent-back", { reason: p.reason || "–" })}` };
    if (p.state !== "asked" || !p.asked_at) return { state: "", words: "" };
    const since = cop.clock.now() - cop.ms(p.asked_at);
    const age = cop.age(cop.ms(p.asked_at));
    return since > limitMs("released") ? { state: "over", words: `▲ ${cop.t("alerting.waits-long", { age })}` }
      : { state: "", words: cop.t("alerting.waits", { age }) };
  };
  const groupOf = (feature) => (feature.properties.kind === "alert" ? "in-force" : feature.properties.state);
  const replacedWords = (p) => {
    if (!p.replaces) return "";
    const old = cop.picture.get(p.replaces);
    return cop.t(`alerting.is-${p.msg_type}`, { title: old ? titleOf(old) : p.replaces });
  };

  /* The list */
  const openOf = (feature) => (feature.properties.kind === "alert" ? cop.select(feature.id) : cop.alerting.open(feature.id));
  const make = (id) => {
    const row = { look: "" };
    row.head = cop.h("h3", { class: "alerting-head" });
    row.button = cop.h("button", { class: "row alerting-row", type: "button", on: { click: () => {
      const feature = cop.picture.get(id);
      if (feature) openOf(feature);
    } } });
    row.node = cop.h("li", { "data-id": id }, row.head, row.button);
    return row;
  };
  const fill = (row, { feature, first }) => {
    const p = feature.properties;
    const group = groupOf(feature);
    const late = p.kind === "alert" ? lateness(feature) : waiting(feature);
    row.head.hidden = !first;
    cop.write(row.head, cop.t(`alerting.${group}`));
    row.button.setAttribute("aria-current", String((cop.alerting.current() || cop.selected()) === feature.id));
    row.node.dataset.group = group;
    const look = [p.version, cop.lang, cop.theme(), late.words].join("|");
    if (look === row.look) return false;
    const anew = row.look !== "";
    row.look = look;
    const by = p.author ? cop.t("alerting.by", { name: p.author }) : "";
    row.button.replaceChildren(...[
      cop.h("span", { class: "row-symbol" }, cop.desk.mark(p.severity)),
      cop.h("span", { class: "row-main" },
        cop.config.exercise ? cop.h("span", { class: "chip is-exercise-mark", text: cop.t("mode.exercise") }) : null,
        cop.h("span", { class: "row-title", text: titleOf(feature) }),
        cop.h("span", { class: "row-sub", text: [replacedWords(p), cop.say(p.area), by].filter(Boolean).join(" · ") }),
        late.words ? cop.h("span", { class: `order-state${late.state === "over" ? " is-overdue" : late.state ? " is-soon" : ""}`, "data-late": late.state, text: late.words }) : null),
      p.kind === "alert" ? cop.ageNode(cop.ms(p.released_at || p.issued_at)) : null].filter(Boolean));
    return anew;
  };
  const render = (options = {}) => {
    if (!list || !isShown()) return;
    const end = (feature) => cop.ms(feature.properties.expires_at) ?? Infinity;
    const found = [...inForce().sort((a, b) => end(a) - end(b)), ...drafts()];
    found.sort((a, b) => GROUPS.indexOf(groupOf(a)) - GROUPS.indexOf(groupOf(b)));
    const items = found.map((feature, at) => ({
      id: feature.id, feature, first: !at || groupOf(found[at - 1]) !== groupOf(feature),
    }));
    list.render(items, options);
    const [state, words] = cop.desk.state(items.length, "alerting.none");
    const note = cop.$("cop-alerting-state");
    cop.write(note, words);
    note.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    note.hidden = !words;
  };
  const refresh = (options) => (options && options.all ? render(options) : cop.soon("alerting", () => render()));

  /* Beginning one */
  const askKind = async (severity, isDrawn) => {
    const kind = cop.h("select", { name: "event_type", required: true }, cop.h("option", { value: "", text: "–" }),
      ...cop.alertForm.eventCodes().map((code) => cop.h("option", { value: code, text: cop.alertForm.eventWords(code) })));
    const chosen = (verb) => () => { // none stands there by itself: the first would be taken unseen
      if (kind.value) return verb;
      kind.setAttribute("aria-invalid", "true");
      kind.focus();
      return null;
    };
    const grade = cop.h("select", { name: "severity" }, ...cop.desk.options(cop.alertForm.SEVERITIES.map((code) => [code, cop.term("severity", code)]), severity));
    const field = (key, node) => cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(key) }), node);
    const pressed = await cop.dialog({
      title: cop.t("alerting.ask-event"), focus: kind,
      body: cop.h("div", { class: "stack" },
        cop.config.exercise ? cop.h("p", { class: "exercise-band", text: cop.t("alerting.exercise") }) : null,
        field("alerting.event_type", kind), field("fact.severity", grade)),
      buttons: [...(isDrawn ? [] : [{ value: chosen("draw"), words: cop.t("alerting.begin-draw") }]), { value: chosen("write"), words: cop.t("alerting.begin"), filled: true }],
    });
    return pressed && { pressed, body: { event_type: kind.value, severity: grade.value } };
  };
  async function begin(given = {}) {
    const chosen = await askKind("Moderate", Boolean(given.geometry));
    if (!chosen) return;
    const body = { ...chosen.body, ...given };
    if (chosen.pressed === "draw") {
      const geometry = await cop.alerting.aside(() => cop.sketch("area"));
      if (!geometry) return;
      body.geometry = geometry;
    }
    await makeOne(cop.$("cop-alerting-acts"), "/drafts", body);
  }
  /* Make a draft at *path* and open it. */
  async function makeOne(at, path, body, feature = null) {
    const content = await cop.act("POST", path, body, {
      at, done: "alerting.made", undoable: false,
      ...(feature ? { id: feature.id, base: feature, version: feature.properties.version } : {}),
    });
    if (!content) return;
    /* The next message of a warning is known by the warning: one is prepared at a time. */
    awaited = feature ? () => pendingOf(feature.id)[0] : () => cop.picture.get(content.id);
    openAwaited();
  }
  let awaited = null; // gives the draft that was just made, once it is on the picture
  const openAwaited = () => {
    const found = awaited && awaited();
    if (!found) return;
    awaited = null;
    cop.alerting.open(found.id);
  };

  /* In the detail of what it may be made from, of a warning of our own, and of a draft. */
  const verb = (key, act, kind = "") => cop.h("button", {
    class: `button ${kind}`.trim(), type: "button", "data-key": key, text: cop.t(key), on: { click: (event) => act(event.currentTarget.closest(".acts")) },
  });
  const pendingOf = (id) => drafts().filter(({ properties: p }) => p.replaces === id || p.source === id);
  const pendingNodes = (id) => {
    const found = pendingOf(id);
    return found.length ? cop.h("p", { class: "remark is-note" }, `${cop.t("alerting.pending")} `,
      ...found.map((one) => cop.h("button", { class: "link-button", type: "button", "data-key": `draft-${one.id}`,
        text: `${titleOf(one)} (${cop.term("draft", one.properties.state)})`, on: { click: () => cop.alerting.open(one.id) } }))) : null;
  };
  const from = (feature) => {
    if (!cop.may("draft_alert")) return null;
    const { kind } = feature.properties;
    if (kind === "note" && !(feature.geometry && AREAS.includes(feature.geometry.type))) return null;
    const act = kind === "note" ? () => begin({ geometry: feature.geometry }) : (at) => makeOne(at, "/drafts", { source: feature.id });
    return cop.h("div", { class: "detail-part acts", "data-acts": "" }, pendingNodes(feature.id), verb("alerting.make", act));
  };
  const own = (feature) => {
    if (!isInForce(feature) || !cop.mayOn("draft_alert", feature)) return null;
    const late = lateness(feature);
    const change = (what, kind) => verb(`alerting.${what}`, (at) => makeOne(at, `/alerts/${feature.id}/${what}`, {}, feature), kind);
    return cop.h("section", { class: "detail-part acts", "data-acts": "", "aria-label": cop.t("alerting.ours") },
      cop.h("p", { class: `order-state${late.state === "over" ? " is-overdue" : late.state ? " is-soon" : ""}`, text: late.words }),
      pendingNodes(feature.id) || // one change is prepared at a time
        cop.h("div", { class: "verbs" }, change("update"), change("extend", late.state ? "filled" : ""), change("cancel", "danger")));
  };
  const draft = (feature) => {
    const p = feature.properties;
    const late = waiting(feature);
    return cop.h("section", { class: "detail-part acts", "aria-label": cop.term("kind", "draft") },
      cop.h("p", {}, cop.h("b", { text: cop.term("draft", p.state) }), late.words ? ` · ${late.words}` : ""),
      replacedWords(p) ? cop.h("p", { text: replacedWords(p) }) : null,
      verb("alerting.open", () => cop.alerting.open(feature.id), "filled"));
  };

  cop.on("start", () => {
    list = cop.keyed({ box: cop.$("cop-alerting-box"), list: cop.$("cop-alerting-list"), chip: cop.$("cop-alerting-chip"), make, fill, refresh });
    for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => refresh());
    cop.$("cop-alerting-new").addEventListener("click", () => begin());
    cop.parts.add({ kind: ["incident", "hazard", "note"], key: "make-alert", order: 18, render: from });
    cop.parts.add({ kind: "alert", key: "own-alert", order: 8, render: own });
    cop.parts.add({ kind: "draft", key: "draft", order: 8, render: draft });
    cop.desk.watch(["draft"], () => awaited && setTimeout(openAwaited, 0)); // when every panel has taken the change
    cop.desk.watch(["draft", "alert"], () => cop.soon("alerting-soon", () => render(), 250));
    setInterval(() => refresh(), 10000); // the end comes nearer by the clock alone
  });
  cop.on("me", () => {
    cop.$("cop-alerting-new").hidden = !cop.may("draft_alert");
    const hidden = !cop.desk.isCommand;
    cop.$("cop-tab-alerting").hidden = hidden;
    if (hidden && isShown()) cop.showTab("situation");
  });
  cop.on("select", () => refresh());
  cop.keys.w = () => {
    if (!cop.desk.isCommand) return;
    cop.showLeft("alerting");
    render({ all: true });
    const first = cop.$("cop-alerting-new").hidden ? cop.$("cop-alerting-list").querySelector("button") : cop.$("cop-alerting-new");
    (first || cop.$("cop-tab-alerting")).focus();
  };
  cop.alertList = { titleOf, replacedWords, isOpen, isInForce, begin, refresh };
})((window.cop = window.cop || {}));
