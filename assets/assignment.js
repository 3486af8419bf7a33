/* A task given to a team: its steps with their times and limits, and the next one. */
(function (cop) {
  "use strict";
  const STEPS = [
    "proposed", "assigned", "delivered", "acknowledged", "en_route", "on_scene", "completed",
  ];
  const NEXT = {
    proposed: "assigned", assigned: "acknowledged", delivered: "acknowledged",
    acknowledged: "en_route", en_route: "on_scene", on_scene: "completed",
  };
  const DUE_MIN = [15, 30, 60, 120, 240];
  const HANDED_OVER = /^handed over(: )?/; // the store's own word, said by the next fact
  const isOpen = (p) => cop.desk.OPEN.includes(p.status);

  /* Every step with its time; the present one with its limit. */
  const stepper = (feature) => {
    const p = feature.properties;
    const times = p.steps || {};
    const ended = !STEPS.includes(p.status);
    const steps = ended ? [...STEPS.filter((step) => times[step]), p.status] : STEPS;
    const reached = steps.indexOf(p.status);
    let before = null;
    return cop.h("ol", { class: "steps" }, ...steps.map((step, index) => {
      const at = cop.ms(times[step]);
      const took = at !== null && before !== null ? at - before : null;
      if (at !== null) before = at;
      const state = index < reached ? (at === null ? "skipped" : "done") : index === reached ? "now" : "to-come";
      return cop.h("li", { class: `step is-${state}`, "aria-current": state === "now" ? "step" : null },
        cop.h("span", { class: "step-sign", "aria-hidden": "true",
          text: { done: "✓", now: ended ? "■" : "▶", skipped: "–", "to-come": "○" }[state] }),
        cop.h("span", { class: "step-name", text: cop.term("status", step) }),
        cop.h("span", { class: "step-time" },
          at === null ? cop.h("span", { class: "sr-only", text: cop.t(`step.${state}`) })
            : cop.h("span", { class: "num", text: cop.time(at) }),
          took === null ? null : cop.h("span", { class: "step-took", text: ` +${cop.facts.hours(Math.round(took / 60000))}` })),
        state === "now" && isOpen(p) ? limit(p) : null);
    }));
  };
  const limit = (p) => {
    const { state, at } = cop.desk.lateness(p);
    if (at === null) return null;
    if (state === "overdue") return cop.h("span", { class: "step-limit" }, cop.desk.lateNode(p));
    return cop.h("span", { class: `step-limit is-${state || "well"}` },
      state ? cop.h("span", { "aria-hidden": "true", text: "◔ " }) : null,
      cop.t(state ? "assignment.limit-near" : "assignment.limit", { time: cop.time(at) }), " · ", cop.ageNode(at));
  };

  /* Deeds */
  const agencyOf = (p) =>
    p.agency || (cop.picture.get(p.resource) || { properties: {} }).properties.agency;
  const mayStep = (p) =>
    cop.desk.may("step_assignment", { agencies: [agencyOf(p)], own: [p.resource] });
  const mayAssign = (p) => cop.desk.may("assign", { agencies: [agencyOf(p)] });
  const step = (at, feature, body, versioned = false) =>
    cop.act("POST", `/assignments/${feature.id}/step`, body, {
      at, id: feature.id, base: feature, done: `assignment.did-${body.status}`,
      version: versioned ? feature.properties.version : undefined,
    });
  const fresh = (feature) => cop.picture.get(feature.id) || feature;

  /* The one button that comes next; null where nothing does, or it is not mine to press. */
  const nextButton = (feature, { big = false } = {}) => {
    const p = feature.properties;
    const next = NEXT[p.status];
    if (!next || !(p.status === "proposed" ? mayAssign(p) : mayStep(p))) return null;
    return cop.desk.button(`step-verb.${next}`,
      (at) => step(at, feature, { status: next }, p.status === "proposed"),
      { kind: big ? "filled big" : "filled", label: cop.desk.nameOf(feature.id) });
  };
  async function decline(at, feature) {
    const reason = await cop.askReason({
      title: cop.t("assignment.decline-title"), verb: cop.t("assignment.decline"), danger: true,
      about: cop.desk.nameOf(feature.id),
    });
    return reason && step(at, fresh(feature), { status: "declined", reason });
  }
  async function standDown(at, feature) {
    const reason = await cop.askReason({
      title: cop.t("assignment.stand-down-title"), verb: cop.t("assignment.stand-down"), danger: true,
      about: cop.t("assignment.stand-down-who", { team: cop.desk.nameOf(feature.properties.resource) }),
    });
    return reason && step(at, fresh(feature), { status: "stood_down", reason }, true);
  }
  const findTeams = (except) => (words) =>
    cop.desk.all("resource")
      .filter(({ id, properties: p }) => id !== except && p.status !== "out_of_service")
      .map((feature) => ({ id: feature.id, title: cop.facts.title(feature), p: feature.properties }))
      .filter(({ title, p }) => !words || `${title}\n${p.agency}\n${(p.skills || []).map((code) => cop.term("skill", code))}`.toLowerCase().includes(words))
      .sort((a, b) => cop.teams.STATUSES.indexOf(a.p.status) - cop.teams.STATUSES.indexOf(b.p.status) || a.title.localeCompare(b.title, cop.lang, { numeric: true }))
      .map(({ id, title, p }) => ({
        id, title,
        more: [cop.term("status", p.status), cop.desk.agency(p.agency),
          (p.skills || []).map((code) => cop.term("skill", code)).join(cop.desk.comma())].filter(Boolean).join(" · "),
      }));
  async function handOver(at, feature) {
    const given = await cop.ask({
      title: cop.t("assignment.hand-over-title"), confirm: "assignment.hand-over",
      intro: [cop.desk.nameOf(feature.id)],
      fields: [
        { name: "resource", label: "assignment.to-team", type: "choose", required: true, find: findTeams(feature.properties.resource) },
        { name: "reason", label: "desk.reason", type: "textarea", max_length: 1000 },
      ],
    });
    if (!given) return null;
    const now = fresh(feature);
    const body = { resource: given.resource, ...(given.reason ? { reason: given.reason } : {}) };
    return cop.act("POST", `/assignments/${feature.id}/hand-over`, body, {
      at, id: feature.id, base: feature, version: now.properties.version, done: "assignment.did-hand-over",
      handle: { "double-assigned": acceptDouble(() => body) },
    });
  }
  /* *brief*: as in an incident's row, where only the desk acts. */
  const endButtons = (feature, { brief = false } = {}) => {
    const kind = brief ? "small" : "";
    const p = feature.properties;
    if (!isOpen(p)) return [];
    const early = ["proposed", "assigned", "delivered", "acknowledged"].includes(p.status);
    return [
      mayAssign(p) ? cop.desk.button("assignment.hand-over", (at) => handOver(at, feature), { kind }) : null,
      mayAssign(p) ? cop.desk.button("assignment.stand-down", (at) => standDown(at, feature), { kind: brief ? kind : "danger" }) : null,
      early && !brief && mayStep(p) ? cop.desk.button("assignment.decline", (at) => decline(at, feature), { kind: "danger" }) : null,
    ].filter(Boolean);
  };

  /* A team with two tasks: never silently. */
  const acceptDouble = (body) => async (problem) => {
    const others = (problem.others || []).map((id) => {
      const held = cop.picture.get(id);
      return [cop.desk.nameOf(id), held && cop.term("status", held.properties.status)].filter(Boolean).join(" · ");
    });
    const answer = await cop.dialog({
      title: cop.t("assignment.double-title"),
      body: cop.h("div", { class: "stack" }, cop.h("p", { text: cop.t("assignment.double") }),
        cop.h("ul", { class: "bullets" }, ...others.map((words) => cop.h("li", { text: words })))),
      buttons: [{ value: "both", words: cop.t("assignment.double-verb"), filled: true, danger: true }],
    });
    return answer === "both" ? { ...body(), accept_double: true } : null;
  };
  /* Give a team a task; the incident is chosen from those that are open. */
  async function assign(at, team) {
    const findIncidents = (words) =>
      cop.desk.all("incident")
        .filter(({ properties: p }) => cop.desk.OPEN_INCIDENT.includes(p.status))
        .map((feature) => ({ feature, title: cop.facts.title(feature) }))
        .filter(({ feature, title }) =>
          !words || `${title}\n${cop.facts.where(feature.properties)}\n${feature.properties.number || ""}`.toLowerCase().includes(words))
        .sort((a, b) => cop.layers.rank(a.feature.properties.severity) - cop.layers.rank(b.feature.properties.severity) || cop.facts.when(b.feature) - cop.facts.when(a.feature))
        .map(({ feature, title }) => ({
          id: feature.id, title,
          more: [cop.term("severity", feature.properties.severity), cop.term("status", feature.properties.status),
            cop.facts.where(feature.properties)].filter(Boolean).join(" · "),
        }));
    const given = await cop.ask({
      title: cop.t("assignment.assign-title", { team: cop.facts.title(team) }), confirm: "assignment.assign-verb",
      check: ({ incident, words }) => (incident || words ? null : "words"),
      fields: [
        { name: "incident", label: "assignment.incident", type: "choose", find: findIncidents },
        { name: "words", label: "assignment.duty", type: "textarea", max_length: 1000, rows: "2" },
        { name: "due", label: "assignment.due-in", type: "select", value: "",
          options: [["", cop.t("assignment.due-none")], ...DUE_MIN.map((n) => [String(n), cop.facts.hours(n)])] },
      ],
    });
    if (!given) return null;
    const incident = given.incident && cop.picture.get(given.incident);
    const body = { resource: team.id, lang: cop.lang, words: given.words || cop.facts.title(incident) };
    if (incident) Object.assign(body, { incident: incident.id, severity: incident.properties.severity });
    if (given.due) body.due_at = new Date(cop.clock.now() + Number(given.due) * 60000).toISOString();
    return cop.act("POST", "/assignments", body, {
      at, done: "assignment.did-assigned", handle: { "double-assigned": acceptDouble(() => body) },
    });
  }

  /* Give the team *resource* a task at *incident*, in *words*; from wherever it is asked. */
  const assignTo = (at, incident, resource, words) => {
    const body = {
      resource, incident: incident.id, words: words || cop.facts.title(incident), lang: cop.lang,
      severity: incident.properties.severity,
    };
    return cop.act("POST", "/assignments", body, {
      at, done: "assignment.did-assigned", handle: { "double-assigned": acceptDouble(() => body) },
    });
  };

  const facts = (feature) => {
    const p = feature.properties;
    const due = cop.ms(p.due_at);
    return cop.h("dl", {},
      cop.desk.fact("assignment.team", cop.desk.link(p.resource)),
      p.incident ? cop.desk.fact("assignment.incident", cop.desk.link(p.incident)) : null,
      cop.desk.fact("assignment.duty", cop.say(p.duty)),
      cop.desk.fact("desk.leader", p.leader),
      due === null ? null : cop.desk.fact("assignment.due",
        cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(due) }), " · ", cop.ageNode(due))),
      cop.desk.fact("desk.reason", p.handed_over_to ? (p.reason || "").replace(HANDED_OVER, "") : p.reason),
      p.handed_over_to ? cop.desk.fact("assignment.handed-to", cop.desk.link(p.handed_over_to)) : null,
      p.handed_over_from ? cop.desk.fact("assignment.handed-from", cop.desk.link(p.handed_over_from)) : null);
  };
  const doubled = (p) =>
    (p.also || []).length
      ? cop.h("div", { class: "remark is-warn" }, cop.h("p", { text: `▲ ${cop.t("assignment.also")}` }),
        cop.h("ul", {}, ...p.also.map((id) => cop.h("li", {}, cop.desk.link(id)))))
      : null;

  cop.on("start", () => {
    cop.parts.add({
      kind: "assignment", key: "task-steps", order: 10,
      render: (feature) => cop.desk.part("assignment.steps",
        doubled(feature.properties), stepper(feature),
        cop.desk.acts(nextButton(feature), ...endButtons(feature)), facts(feature)),
    });
    /* Limits pass by the clock alone. */
    setInterval(() => {
      const { feature } = cop.selection();
      if (feature && ["assignment", "resource"].includes(feature.properties.kind)) cop.detail.refresh();
    }, 10000);
  });

  cop.assignments = { stepper, nextButton, endButtons, assign, assignTo, isOpen, step, mayStep };
})((window.cop = window.cop || {}));
