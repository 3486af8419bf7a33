/* Who works on an incident, who could, and what it still needs. */
(function (cop) {
  "use strict";
  const MOST = 6;
  const suggesting = new Map(); // incident -> the box in which suggestions stand
  const asking = new Map(); // subject -> the form for a new need

  const of = (kind, name, id) =>
    [...cop.picture.features.values()].filter(({ properties: p }) => p.kind === kind && p[name] === id);
  const assignmentRow = (feature) => {
    const p = feature.properties;
    const since = cop.ms(p.steps && p.steps[p.status]);
    const open = cop.assignments.isOpen(p);
    const name = cop.fields.nameOf(p.resource);
    return cop.h("li", { class: `task${open ? "" : " is-over"}` },
      cop.h("div", { class: "task-main" },
        cop.h("button", { class: "link-button", type: "button", "data-key": `resource-${feature.id}`, text: name, on: { click: () => cop.select(p.resource) } }),
        cop.h("span", { class: "row-sub", text: cop.say(p.duty) })),
      cop.h("div", { class: "task-state" },
        cop.h("span", { class: "chip", text: cop.term("status", p.status) }),
        cop.reach.mark(feature), cop.desk.lateNode(p), since === null ? null : cop.ageNode(since)),
      cop.h("div", { class: "verbs acts", "data-acts": "" },
        cop.h("button", { class: "button small", type: "button", "data-key": `task-${feature.id}`, text: cop.t("team.steps"),
          "aria-label": `${cop.t("team.steps")}: ${name}`, on: { click: () => cop.select(feature.id) } }),
        ...cop.assignments.endButtons(feature, { brief: true })));
  };

  /* Suggestions, with why. */
  const loadWords = (n) => (n ? cop.t("suggest.load", { n }) : cop.t("suggest.free"));
  const why = (one) =>
    [one.distance_m === null || one.distance_m === undefined ? cop.t("suggest.no-position")
      : `${cop.fields.distance(one.distance_m)} ${cop.t(cop.positions.of(one.resource) ? "suggest.live" : "suggest.last")}`,
      one.skills && one.skills.length ? cop.join(one.skills.map((skill) => cop.term("skill", skill))) : cop.t("suggest.no-skill"),
      loadWords(one.load),
      one.position_age_s > 900 ? cop.t("suggest.old", { age: cop.facts.hours(Math.round(one.position_age_s / 60)) }) : ""]
      .filter(Boolean).join(" · ");
  const assign = async (incident, resource, duty, box) => {
    if (await cop.assignments.assignTo(box, incident, resource, duty.value.trim())) endSuggest(incident.id);
  };
  const endSuggest = (id) => {
    const box = suggesting.get(id);
    if (!box) return;
    suggesting.delete(id);
    box.removeAttribute("data-dirty");
    box.remove();
    cop.detail.refresh();
  };
  const suggest = async (incident) => {
    const duty = cop.h("input", { type: "text", maxlength: "300", value: cop.facts.title(incident) });
    const list = cop.h("ul", { class: "suggestions" }, cop.h("li", { class: "skeleton quiet", text: cop.t("loading.short") }));
    const box = cop.h("div", { class: "suggest acts", "data-acts": "", "data-dirty": "" },
      cop.formField("assign.duty", duty), list,
      cop.h("div", { class: "verbs" }, cop.h("button", { class: "button ghost", type: "button", text: cop.t("cancel"), on: { click: () => endSuggest(incident.id) } })));
    suggesting.set(incident.id, box);
    cop.detail.refresh();
    const content = await cop.read(`/incidents/${incident.id}/suggestions?limit=${MOST}`, { at: box });
    const rows = (content && content.suggestions || []).map((one) => {
      const resource = cop.picture.get(one.resource);
      return cop.h("li", { class: "suggestion" },
        cop.h("div", { class: "task-main" }, cop.h("strong", { text: cop.fields.nameOf(one.resource) }),
          cop.h("span", { class: "row-sub", text: [resource && cop.fields.agency(resource.properties.agency), resource && cop.term("status", resource.properties.status)].filter(Boolean).join(" · ") }),
          cop.h("span", { class: "why", text: why(one) })),
        cop.h("button", { class: "button filled", type: "button", text: cop.t("assign.verb"), "aria-label": cop.t("assign.to", { name: cop.fields.nameOf(one.resource) }),
          on: { click: () => assign(incident, one.resource, duty, box) } }));
    });
    list.replaceChildren(...(rows.length ? rows : [cop.h("li", { class: "quiet", text: content ? cop.t("suggest.none") : "" })]));
    const first = list.querySelector("button");
    if (first) first.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  };
  cop.parts.add({ kind: "incident", key: "team", order: 40, render(feature) {
    const tasks = of("assignment", "incident", feature.id)
      .sort((a, b) => cop.assignments.isOpen(b.properties) - cop.assignments.isOpen(a.properties));
    const mayAssign = cop.mayOn("assign", feature) && cop.incidents.isOpen(feature);
    if (!tasks.length && !mayAssign) return null;
    const box = suggesting.get(feature.id);
    return cop.h("section", { class: "detail-part acts", "data-acts": "" },
      cop.h("h3", { text: cop.t("team.title") }),
      tasks.length ? cop.h("ul", { class: "tasks" }, ...tasks.map(assignmentRow)) : cop.h("p", { class: "quiet", text: cop.t("team.nobody") }),
      box || (mayAssign ? cop.h("button", { class: "button", type: "button", "data-key": "suggest", "data-verb": "suggest", text: cop.t("suggest.verb"), on: { click: () => suggest(feature) } }) : null));
  } });

  /* Needs: asked, on the way, met. */
  const meet = (need, body, at, done) =>
    cop.act("PATCH", `/needs/${need.id}`, body, { at, version: need.properties.version, id: need.id, base: need, done });
  const needRow = (feature) => {
    const p = feature.properties;
    const open = p.status === "open" || p.status === "part";
    const bar = cop.h("div", { class: "bar", "aria-hidden": "true" }, cop.h("span", {}));
    bar.firstChild.style.width = `${Math.min(100, Math.round((100 * p.fulfilled) / p.quantity))}%`;
    const arrived = cop.h("input", { type: "number", min: "0", max: "1000000", step: "1", value: p.fulfilled, "aria-label": cop.t("need.arrived"), class: "short", "data-key": `arrived-${feature.id}` });
    const at = (event) => event.target.closest(".acts");
    const cancel = async (event) => {
      const node = at(event);
      const reason = await cop.askReason({ title: cop.t("need.cancel-ask"), verb: cop.t("need.cancel"), danger: true });
      if (reason) await meet(feature, { cancelled: true, reason }, node, "need.cancelled");
    };
    const due = cop.ms(p.needed_by);
    return cop.h("li", { class: `task need${open ? "" : " is-over"}` },
      cop.h("div", { class: "task-main" },
        cop.h("strong", { text: `${cop.term("item", p.item)}${cop.say(p.title) ? ` · ${cop.say(p.title)}` : ""}` }),
        bar,
        cop.h("span", { class: "row-sub", text: [cop.t("need.progress", { n: p.fulfilled, all: p.quantity, unit: p.unit || "" }).trim(),
          p.asked_of ? cop.t("need.of", { agency: cop.fields.agency(p.asked_of) }) : "", due ? cop.t("need.by", { time: cop.time(due) }) : "", p.reason || ""].filter(Boolean).join(" · ") })),
      cop.h("div", { class: "task-state" }, cop.h("span", { class: `chip${open && due && cop.clock.now() > due ? " is-bad" : ""}`, text: cop.status("need", p.status) })),
      open && cop.mayOn("meet_need", feature)
        ? cop.h("div", { class: "verbs" }, arrived,
          cop.h("button", { class: "button small", type: "button", "data-key": `meet-${feature.id}`, text: cop.t("need.enter"),
            on: { click: (event) => { arrived.blur(); meet(feature, { fulfilled: Number(arrived.value) }, at(event), "need.done"); } } }),
          cop.h("button", { class: "button small", type: "button", "data-key": `all-${feature.id}`, text: cop.t("need.all"), on: { click: (event) => meet(feature, { fulfilled: p.quantity }, at(event), "need.done") } }),
          cop.h("button", { class: "button small", type: "button", "data-key": `cancel-${feature.id}`, text: `${cop.t("need.cancel")}…`, on: { click: cancel } }))
        : null);
  };
  const endAsk = (id) => {
    const node = asking.get(id);
    asking.delete(id);
    if (node) node.remove();
    cop.detail.refresh();
  };
  const beginAsk = (subject) => {
    const item = cop.h("select", {}, ...cop.config.need_items.map((code) => cop.formOption(code, "item", code)));
    const quantity = cop.h("input", { type: "number", min: "1", max: "1000000", step: "1", value: "1", required: true });
    const unit = cop.h("input", { type: "text", maxlength: "40" });
    const of_ = cop.h("select", {}, cop.formWord("option", "agency.none", { value: "" }), ...cop.agencies().map(([code, name]) => cop.h("option", { value: code, text: name })));
    const words = cop.h("input", { type: "text", maxlength: "300" });
    const node = cop.h("form", { class: "ask-form acts", "data-dirty": "", "data-acts": "", novalidate: true,
      on: { submit: async (event) => {
        event.preventDefault();
        const body = { subject: subject.id, item: item.value, quantity: Number(quantity.value) || 1, lang: cop.lang, severity: subject.properties.severity || "Unknown" };
        if (unit.value.trim()) body.unit = unit.value.trim();
        if (of_.value) body.asked_of = of_.value;
        if (words.value.trim()) body.words = words.value.trim();
        if (await cop.act("POST", "/needs", body, { at: node, done: "need.asked" })) endAsk(subject.id);
      } } },
    cop.h("div", { class: "two" }, cop.formField("field.item", item), cop.formField("field.quantity", quantity)),
    cop.h("div", { class: "two" }, cop.formField("field.unit", unit), cop.formField("field.asked_of", of_)),
    cop.formField("field.need-words", words),
    cop.h("div", { class: "verbs" }, cop.h("button", { class: "button filled", type: "submit", text: cop.t("need.ask") }),
      cop.h("button", { class: "button ghost", type: "button", text: cop.t("cancel"), on: { click: () => endAsk(subject.id) } })));
    asking.set(subject.id, node);
    cop.detail.refresh();
    requestAnimationFrame(() => requestAnimationFrame(() => item.focus()));
  };
  cop.parts.add({ kind: ["incident", "facility"], key: "needs", order: 45, render(feature) {
    const needs = of("need", "subject", feature.id);
    const p = feature.properties;
    const mayAsk = cop.may("ask_need") && (p.kind === "facility" || cop.incidents.isOpen(feature));
    if (!needs.length && (!mayAsk || p.kind === "facility")) {
      if (!mayAsk || p.feed) return null;
    }
    return cop.h("section", { class: "detail-part acts", "data-acts": "" },
      cop.h("h3", { text: cop.t("needs.title") }),
      needs.length ? cop.h("ul", { class: "tasks" }, ...needs.map(needRow)) : cop.h("p", { class: "quiet", text: cop.t("needs.none") }),
      asking.get(feature.id) || (mayAsk ? cop.h("button", { class: "button", type: "button", "data-key": "ask-need", "data-verb": "ask-need", text: cop.t("need.ask-verb"), on: { click: () => beginAsk(feature) } }) : null));
  } });
})((window.cop = window.cop || {}));
