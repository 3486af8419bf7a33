/* An incident in the right panel: where its life stands, the next steps, changing what is said of
 * it, and the parts of a major one. */
(function (cop) {
  "use strict";
  const STEPS = ["reported", "verified", "responding", "contained", "closed"];
  const ENDED = ["closed", "rejected"];
  const ACTIONS = {
    verified: "verify_incident", rejected: "verify_incident", responding: "respond_incident",
    contained: "respond_incident", closed: "close_incident",
  };
  const editing = new Map(); // id -> {node, form}: kept while the incident is chosen

  cop.incidents = {
    isOpen: ({ properties: p }) => cop.config.incident_open.includes(p.status),
    all: () => [...cop.picture.features.values()].filter(({ properties }) => properties.kind === "incident"),
    childrenOf: (id) => cop.incidents.all().filter(({ properties }) => properties.parent === id),
    /* A status as a stage of an incident's life. */
    stage: (status) => cop.status("incident", status),
    /* Verified or not, and how sure, as a word. */
    stateWords(p) {
      const words = [cop.incidents.stage(p.status)];
      if (!p.verified && p.status !== "reported") words.push(cop.t("unverified"));
      else if (!p.verified) words[0] = cop.t("unverified");
      if (p.confidence) words.push(cop.term("confidence", p.confidence));
      return words;
    },
  };
  const isOurs = ({ properties }) => !properties.feed && !properties.origin;
  const reopens = (from, to) => ENDED.includes(from) && from !== to;

  const stepper = (p) => {
    const at = STEPS.indexOf(p.status);
    return cop.h("ol", { class: "life-steps", "aria-label": cop.t("stepper") },
      ...STEPS.map((status, index) => {
        const ms = cop.ms(p.steps && p.steps[status]) ?? (status === "reported" ? cop.ms(p.reported_at) : null);
        const done = at >= 0 && index <= at && (ms !== null || index === at);
        return cop.h("li", { class: `life-step${done ? " is-done" : ""}${index === at ? " is-now" : ""}`, "aria-current": index === at ? "step" : null },
          cop.h("span", { class: "life-mark", "aria-hidden": "true" }),
          cop.h("span", { class: "life-word", text: cop.incidents.stage(status) }),
          done && ms !== null ? cop.h("time", { class: "life-time", text: cop.time(ms), datetime: new Date(ms).toISOString(), title: cop.age(ms) }) : cop.h("span", { class: "life-time" }));
      }));
  };

  const change = (feature, at, body, done) =>
    cop.act("POST", `/incidents/${feature.id}/status`, body, {
      at, version: feature.properties.version, id: feature.id, base: feature, done,
    });
  const sure = async () =>
    cop.dialog({
      title: cop.t("verify.ask"), body: cop.h("p", { text: cop.t("verify.hint") }), equal: true,
      buttons: ["low", "medium", "high"].map((value) => ({ value, words: cop.term("sure", value), filled: true })),
    });
  /* Nobody is left working on what is over without being seen. */
  const closeOver = async (feature) => {
    const left = cop.desk.all("assignment").filter(({ properties: p }) => p.incident === feature.id && cop.desk.OPEN.includes(p.status));
    if (!left.length) return true;
    const answer = await cop.dialog({
      title: cop.t("close.still"),
      body: cop.h("div", { class: "stack" }, cop.h("ul", { class: "plain" }, ...left.map(({ properties: p }) =>
        cop.h("li", { text: `${cop.fields.nameOf(p.resource)} · ${cop.term("status", p.status)}` }))), cop.h("p", { text: cop.t("close.still-hint") })),
      buttons: [{ value: "no", words: cop.t("cancel") }, { value: "yes", words: cop.t("close.still-verb"), filled: true }],
    });
    return answer === "yes";
  };
  const step = async (feature, status, at) => {
    const p = feature.properties;
    const body = { status };
    if (status === "rejected" || reopens(p.status, status)) {
      const key = status === "rejected" ? "rejected" : "reopen";
      body.reason = await cop.askReason({ title: cop.term("verbask", key), verb: cop.term("verb", key), danger: status === "rejected" });
      if (!body.reason) return;
    }
    if (status === "closed" && !(await closeOver(feature))) return;
    if (status === "verified") {
      body.confidence = await sure();
      if (!body.confidence) return;
    }
    await change(feature, at, body, `done.${reopens(p.status, status) ? "reopen" : status}`);
  };
  const verbs = (feature) => {
    const p = feature.properties;
    const next = (cop.config.next_status[p.status] || []).slice()
      .sort((a, b) => (a === "rejected") - (b === "rejected") || STEPS.indexOf(a) - STEPS.indexOf(b));
    const found = next.filter((status) =>
      cop.mayOn(reopens(p.status, status) ? "close_incident" : ACTIONS[status] || "close_incident", feature));
    const main = found.find((status) => STEPS.indexOf(status) > STEPS.indexOf(p.status));
    return found.map((status) => {
      const again = reopens(p.status, status) || (p.status === "contained" && status === "responding");
      const key = reopens(p.status, status) ? "reopen" : again ? "again" : status;
      return cop.h("button", {
        class: `button${status === main ? " filled" : ""}${status === "rejected" ? " danger" : ""}`, type: "button",
        "data-key": `verb-${status}`, "data-verb": status,
        text: cop.term("verb", key) + (status === "rejected" || reopens(p.status, status) ? "…" : ""),
        on: { click: (event) => step(feature, status, event.currentTarget.closest(".acts")) },
      });
    });
  };

  cop.parts.add({ kind: "incident", key: "life", order: 10, render(feature) {
    const p = feature.properties;
    const node = cop.h("section", { class: "detail-part acts life", "data-acts": "", "aria-label": cop.t("life") });
    node.append(stepper(p));
    if (p.status === "rejected" || (p.reason && p.status !== "closed"))
      node.append(cop.h("p", { class: "remark is-note", text: p.status === "rejected"
        ? `${cop.term("status", "rejected")}${p.reason ? `: ${p.reason}` : ""}` : cop.t("life.reason", { reason: p.reason }) }));
    if (p.status === "merged" && p.merged_into)
      node.append(cop.h("p", { class: "remark is-note" }, `${cop.t("life.merged")} `,
        cop.h("button", { class: "link-button", type: "button", "data-key": "merged", text: cop.fields.nameOf(p.merged_into), on: { click: () => cop.select(p.merged_into) } })));
    if (isOurs(feature)) node.append(cop.h("div", { class: "verbs" }, ...verbs(feature), editVerb(feature)));
    else if (p.origin) node.append(cop.h("p", { class: "hint", text: cop.t("life.others-own", { name: cop.partners.namedBy(p.origin) }) }));
    else if (cop.may("report_incident") && cop.incidents.isOpen(feature))
      node.append(cop.h("p", { class: "hint", text: cop.t("life.publisher") }),
        cop.h("div", { class: "verbs" }, cop.h("button", { class: "button filled", type: "button", "data-key": "take-on", text: cop.t("life.take-on"),
          on: { click: () => cop.report.open({ same_as: feature.id, incident_type: p.incident_type, severity: p.severity, title: p.title,
            place: p.place, geometry: feature.geometry, placing: p.placing, precision_m: p.precision_m ?? null, reported_by: "agency" }) } })));
    return node;
  } });

  /* Changing what is said of it. */
  const editVerb = (feature) =>
    cop.mayOn("edit_incident", feature) && !editing.has(feature.id)
      ? cop.h("button", { class: "button", type: "button", "data-key": "edit", "data-verb": "edit", text: cop.t("edit.verb"), on: { click: () => beginEdit(feature) } })
      : "";
  const endEdit = (id) => {
    const held = editing.get(id);
    if (!held) return;
    held.form.place.end();
    editing.delete(id);
    held.node.removeAttribute("data-dirty");
    held.node.remove();
    cop.detail.refresh();
    requestAnimationFrame(() => {
      const heading = document.querySelector("#cop-detail-body h2");
      if (heading && cop.selected() === id) heading.focus({ preventScroll: true });
    });
  };
  function beginEdit(feature) {
    const { id } = feature;
    const form = cop.incidentForm(feature, {});
    const save = async () => {
      const changes = form.changes();
      if (!Object.keys(changes).length) return endEdit(id);
      const content = await cop.act("PATCH", `/incidents/${id}`, changes, {
        at: node, version: feature.properties.version, id, base: feature, done: "edit.done", kept: () => endEdit(id),
      });
      if (content) endEdit(id);
      return undefined;
    };
    const node = cop.h("form", { class: "detail-part edit-form", novalidate: true, "data-dirty": "", "data-acts": "", "aria-label": cop.t("edit.title"),
      on: { submit: (event) => { event.preventDefault(); save(); },
        keydown: (event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); save(); }
          else if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
        } } },
    cop.formWord("h3", "edit.title"), form.node,
    cop.h("div", { class: "verbs" },
      cop.h("button", { class: "button filled", type: "submit", "data-t": "edit.save", text: cop.t("edit.save") }),
      cop.h("button", { class: "button ghost", type: "button", "data-t": "cancel", text: cop.t("cancel"), on: { click: () => endEdit(id) } })));
    form.place.picking = (on) => document.body.classList.toggle("is-placing", on);
    editing.set(id, { node, form });
    cop.detail.refresh();
    requestAnimationFrame(() => requestAnimationFrame(() => form.words.focus()));
  }
  cop.parts.add({ kind: "incident", key: "edit", order: 12, render(feature) {
    const held = editing.get(feature.id);
    return held ? held.node : null;
  } });
  /* Only the chosen one's place can be moved on the map. */
  cop.on("select", ({ id }) => {
    for (const [other, { form }] of editing) form.place.show(other === id);
  });

  /* A major incident and its parts. */
  const link = (feature) =>
    cop.h("li", {}, cop.h("button", { class: "row", type: "button", "data-key": `to-${feature.id}`, on: { click: () => cop.select(feature.id) } },
      cop.h("span", { class: "row-symbol" }, cop.facts.symbol(feature, 16)),
      cop.h("span", { class: "row-main" }, cop.h("span", { class: "row-title", text: cop.facts.title(feature) }),
        cop.h("span", { class: "row-sub", text: cop.facts.headline(feature) })),
      cop.ageNode(cop.facts.when(feature))));
  cop.incidents.link = link;
  cop.parts.add({ kind: "incident", key: "family", order: 55, render(feature) {
    const children = cop.incidents.childrenOf(feature.id);
    const parent = feature.properties.parent && cop.picture.get(feature.properties.parent);
    if (!children.length && !parent) return null;
    const counts = new Map();
    for (const { properties: p } of children) counts.set(p.status, (counts.get(p.status) || 0) + 1);
    const words = cop.join([...counts].map(([status, n]) => `${n} ${cop.incidents.stage(status)}`));
    return cop.h("section", { class: "detail-part" },
      parent ? cop.h("h3", { text: cop.t("family.parent") }) : null,
      parent ? cop.h("ul", { class: "rows" }, link(parent)) : null,
      children.length ? cop.h("h3", { text: cop.t("family.children", { n: children.length }) }) : null,
      children.length ? cop.h("p", { class: "hint", text: words }) : null,
      children.length ? cop.h("ul", { class: "rows" }, ...children.map(link)) : null);
  } });

  /* What METHANE and the count of casualties say. */
  cop.parts.add({ kind: "incident", key: "first-report", order: 60, render({ properties: p }) {
    const rows = [];
    const add = (label, words) => rows.push(cop.h("div", { class: "fact" }, cop.h("dt", { text: label }), cop.h("dd", { text: words })));
    if (p.lead_agency) add(cop.fields.label("lead_agency"), cop.fields.agency(p.lead_agency));
    if ((p.supporting_agencies || []).length) add(cop.fields.label("supporting_agencies"), cop.fields.words("supporting_agencies", p.supporting_agencies));
    for (const name of ["dead", "serious", "minor", "missing", "trapped"])
      if (p.casualties) add(cop.term("casualties", name), p.casualties[name] ?? cop.t("casualties.unknown"));
    for (const name of ["major", "location", "hazards", "access", "services"])
      if (p.methane && p.methane[name]) add(cop.term("methane", name), cop.fields.words(name, p.methane[name]));
    if (p.reported_by) add(cop.fields.label("reported_by"), cop.term("by", p.reported_by));
    if (!rows.length) return null;
    return cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("first-report") }), cop.h("dl", {}, ...rows));
  } });
})((window.cop = window.cop || {}));
