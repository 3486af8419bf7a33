/* The first screen: what to do now, where, by when, under whom; and the one step that comes next. */
(function (cop) {
  "use strict";
  const NEXT = {
    assigned: "acknowledged", delivered: "acknowledged", acknowledged: "en_route",
    en_route: "on_scene", on_scene: "completed",
  };
  const STEPS = ["assigned", "acknowledged", "en_route", "on_scene", "completed"];
  const MAY_DECLINE = ["assigned", "delivered", "acknowledged"];
  const ENDED = ["completed", "declined", "stood_down"];
  const TEAM_STATUS = ["available", "resting", "out_of_service"];
  const STATUS_SIGN = { available: "●", assigned: "▶", resting: "◐", out_of_service: "✕" };
  const DUE_EVERY_MS = 5000;
  const ON_PHONES = ["field", "warden"];
  const DESK = "/command";

  /* "14:30 · in 25 min" or "14:02 · 8 min late"; kept true by the clock alone. */
  const dueWords = (ms) => {
    const late = cop.clock.now() > ms;
    return late ? `▲ ${cop.t("my.late", { age: cop.age(ms) })}` : cop.age(ms);
  };
  cop.dueNode = (ms) =>
    cop.h("span", { class: "due-time" }, cop.h("b", { class: "num", text: cop.time(ms) }), " ",
      cop.h("span", { class: `due-in${cop.clock.now() > ms ? " is-late" : ""}`, "data-due": ms, text: dueWords(ms) }));
  setInterval(() => {
    for (const node of document.querySelectorAll("[data-due]")) {
      const ms = Number(node.dataset.due);
      cop.write(node, dueWords(ms));
      node.classList.toggle("is-late", cop.clock.now() > ms);
    }
  }, DUE_EVERY_MS);

  const rank = ({ feature: { properties: p } }) => cop.RANK[p.severity] ?? 4;
  const givenAt = ({ feature: { properties: p } }) => cop.ms((p.steps || {}).assigned) || 0;
  /* The one to do first: what is over and what nobody decided yet last, then the most severe, then
   * the newest. */
  const place = ({ status }) => (ENDED.includes(status) ? 2 : status === "proposed" ? 1 : 0);
  const tasks = () =>
    [...cop.field.view().assignments].sort(
      (a, b) => place(a) - place(b) || rank(a) - rank(b) || givenAt(b) - givenAt(a),
    );
  const incidentOf = ({ feature: { properties: p } }) => {
    const all = (cop.field.data.duty && cop.field.data.duty.incidents) || [];
    return all.find(({ id }) => id === p.incident) || null;
  };
  const placeOf = (task) => {
    const incident = incidentOf(task);
    return cop.geo.centre(task.feature.geometry) || (incident && cop.geo.centre(incident.geometry));
  };

  /* Deeds */
  const step = (task, status, more) =>
    cop.field.act({
      kind: "step", method: "POST", path: `/assignments/${task.feature.id}/step`,
      body: { status, at: cop.field.at(), ...more }, about: task.feature.id,
      label: { key: `my.did-${status}`, values: { task: cop.titleOf(task.feature) } },
    });
  async function decline(task) {
    const reason = await cop.ui.ask({
      title: cop.t("my.decline-title"), words: cop.titleOf(task.feature), reason: true, confirm: "my.decline-verb",
    });
    return reason ? step(task, "declined", { reason }) : null;
  }
  const report = ({ feature }, status) =>
    cop.field.act({
      kind: "status", method: "POST", path: `/resources/${feature.id}/report`,
      body: { status, at: cop.field.at() }, about: feature.id,
      label: { key: "my.did-status", values: { team: cop.titleOf(feature), status: cop.term("status", status) } },
    });

  /* Where: words, way, map */
  const navigateTo = ([lon, lat]) => {
    const agent = navigator.userAgent;
    if (/Android/.test(agent)) return `geo:${lat},${lon}?q=${lat},${lon}`;
    if (/iPhone|iPad|Macintosh/.test(agent)) return `https://maps.apple.com/?daddr=${lat},${lon}`;
    return `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=17/${lat}/${lon}`;
  };
  const where = (task) => {
    const at = placeOf(task);
    const incident = incidentOf(task);
    const words =
      cop.ui.place(task.feature) || (incident ? cop.ui.place(incident) : "") || cop.t("my.place-unknown");
    const exact = incident && incident.properties.methane && incident.properties.methane.location;
    const far = cop.geo.fromMe(at);
    return cop.h("div", { class: "where" },
      cop.h("p", { class: "where-words", text: words }),
      exact ? cop.h("p", { text: exact }) : null,
      far ? cop.h("p", { class: "where-far" }, cop.h("b", { text: far })) : null,
      at ? cop.h("div", { class: "where-acts" },
        cop.ui.button("my.on-map", () => cop.field.go("map", task.feature.id), { kind: "ghost", icon: "map", key: "on-map" }),
        cop.h("a", {
          class: "button is-ghost", href: navigateTo(at), target: "_blank", rel: "noopener noreferrer",
          "data-key": "navigate", text: cop.t("my.navigate"),
        })) : null);
  };
  const byWhen = ({ feature: { properties: p }, status, pending }) => {
    const due = cop.ms(p.due_at);
    const limit = pending.some(({ kind, state }) => kind === "step" && state !== "refused") ? null : cop.ms(p.overdue_at);
    if (ENDED.includes(status)) return null;
    return cop.h("div", { class: "due" },
      due === null ? null : cop.h("p", {}, cop.h("span", { class: "due-key", text: cop.t("my.by") }), " ", cop.dueNode(due)),
      limit === null || limit === due || !NEXT[status] ? null
        : cop.h("p", { class: "due-step" }, cop.h("span", { class: "due-key", text: cop.t(`my.do.${NEXT[status]}`) }), " ",
          cop.t("my.until"), " ", cop.dueNode(limit)));
  };
  const leader = ({ feature: { properties: p } }) => {
    const duty = cop.field.data.duty;
    const name = p.leader || duty.leader;
    const contact = p.contact || duty.leader_contact;
    if (!name && !contact) return null;
    return cop.h("div", { class: "leader" },
      cop.h("p", {}, cop.h("span", { class: "due-key", text: cop.t("my.leader") }), " ", cop.h("b", { text: name || "–" })),
      contact ? cop.ui.call(contact) : null);
  };

  const fact = (key, words) =>
    words ? cop.h("div", {}, cop.h("dt", { text: cop.t(key) }), cop.h("dd", { text: words })) : null;
  const facts = (task) => {
    const incident = incidentOf(task);
    if (!incident) return null;
    const p = incident.properties;
    const hurt = Object.entries(p.casualties || {})
      .filter(([, n]) => n !== null && n !== undefined)
      .map(([who, n]) => `${cop.term("casualties", who)} ${n}`);
    const methane = p.methane || {};
    return cop.h("section", { class: "task-facts", "aria-label": cop.t("my.incident") },
      cop.h("h3", { text: [cop.term("incident", p.incident_type), p.number].filter(Boolean).join(" · ") }),
      p.verified ? null : cop.h("p", { class: "quiet", text: `○ ${cop.t("my.unverified")}` }),
      cop.h("dl", {},
        fact("methane.hazards", methane.hazards), fact("methane.access", methane.access),
        fact("my.casualties", cop.join(hurt)), fact("my.words", cop.say(p.description) || cop.say(p.title)),
        fact("methane.services", methane.services)));
  };

  /* Steps with their times; what only this phone knows yet says so. */
  const steps = ({ feature: { properties: p }, status, pending }) => {
    const here = new Map(
      pending.filter(({ kind, state }) => kind === "step" && state !== "refused" && state !== "confirmed")
        .map(({ body }) => [body.status, body.at]),
    );
    const times = { ...(p.steps || {}), ...Object.fromEntries(here) };
    const shown = [...STEPS.filter((one) => one !== "completed" || status !== "declined"), ...(status === "declined" ? ["declined"] : [])];
    const reached = shown.indexOf(status === "delivered" ? "assigned" : status);
    return cop.h("ol", { class: "my-steps", "aria-label": cop.t("my.steps") }, ...shown.map((one, index) => {
      const at = cop.ms(times[one]);
      const done = index <= reached;
      return cop.h("li", { class: done ? "is-done" : "", "aria-current": index === reached ? "step" : null },
        cop.h("span", { "aria-hidden": "true", text: done ? (at === null ? "–" : "✓") : "○" }),
        cop.h("span", { text: cop.term("status", one) }),
        at === null ? null : cop.h("span", { class: "num", text: cop.time(at) }),
        here.has(one) ? cop.h("span", { class: "here", text: cop.t("my.only-here") }) : null);
    }));
  };

  const bigButton = (task) => {
    const next = NEXT[task.status];
    if (!next || !cop.field.may("step_assignment")) return null;
    return cop.ui.decisive(`my.do.${next}`, () => step(task, next), { kind: "big", key: "next-step" });
  };
  const card = (task, verb) => {
    const { feature, status, pending } = task;
    const p = feature.properties;
    const head = cop.h("div", { class: "task-head" },
      cop.h("p", { class: "task-line" }, cop.ui.severity(p.severity || "Unknown"),
        cop.ui.chip(status === "proposed" ? cop.t("my.proposed") : cop.term("status", status)), cop.ui.pendingChip(pending)),
      cop.h("h2", { class: "task-what", text: cop.titleOf(feature) }), where(task));
    cop.receipts.watch(head, feature.id);
    const early = MAY_DECLINE.includes(status) && cop.field.may("step_assignment");
    return cop.h("article", {
      class: `card task sev-${(p.severity || "Unknown").toLowerCase()}`, "data-id": feature.id, "aria-label": cop.t("my.task"),
    }, head, byWhen(task), verb, leader(task), facts(task), steps(task),
    status === "proposed" ? cop.h("p", { class: "quiet", text: cop.t("my.proposed-words") }) : null,
    early ? cop.ui.button("my.decline", () => decline(task), { kind: "ghost", key: "decline" }) : null);
  };
  const row = (task) =>
    cop.h("li", {}, cop.h("button", {
      type: "button", class: "task-row", "data-key": `task-${task.feature.id}`, "data-id": task.feature.id,
      on: { click: () => cop.field.go("duty", task.feature.id) },
    }, cop.ui.severity(task.feature.properties.severity || "Unknown"),
    cop.h("span", { class: "task-row-words", text: cop.titleOf(task.feature) }),
    cop.h("span", { class: "quiet", text: cop.term("status", task.status) })));

  /* My team */
  const team = (one) => {
    const { feature, status, pending } = one;
    const name = cop.titleOf(feature);
    return cop.h("div", { class: "team", "data-id": feature.id },
      cop.h("h3", {}, name, " ", cop.ui.pendingChip(pending)),
      cop.h("p", { class: "team-status" }, cop.h("span", { "aria-hidden": "true", text: `${STATUS_SIGN[status] || "○"} ` }), cop.term("status", status)),
      cop.field.may("report_resource") ? cop.h("div", { class: "segments", role: "group", "aria-label": cop.t("my.team-status", { team: name }) },
        ...TEAM_STATUS.map((code) => {
          const on = code === status || (code === "available" && status === "assigned");
          return cop.h("button", {
            type: "button", "aria-pressed": String(on), "data-key": `${code}-${feature.id}`,
            on: { click: () => on || report(one, code) },
          }, cop.h("span", { "aria-hidden": "true", text: `${STATUS_SIGN[code]} ` }), cop.t(`my.team-${code}`));
        })) : null);
  };
  const teams = () => {
    const all = cop.field.view().resources;
    if (!all.length) return null;
    return cop.h("section", { class: "my-team", "aria-label": cop.t("my.team") },
      cop.h("h2", { text: cop.t("my.team") }), ...all.map(team), cop.position.control());
  };

  const isDesk = () => !ON_PHONES.includes((cop.field.data.me || {}).role);
  const nothing = (all) => {
    if (!cop.field.data.duty)
      return cop.h("section", { class: "card not-known" }, cop.h("p", { class: "empty", text: cop.field.emptyWords("my.none") }));
    if (all.length) return null;
    const { resources, facilities } = cop.field.view();
    const mine = resources.length + facilities.length;
    return cop.h("section", { class: `card ${cop.field.freshness().known ? "nothing" : "not-known"}` },
      cop.h("p", { class: "empty", text: mine ? cop.field.emptyWords("my.none") : cop.t("my.no-team") }),
      ...(mine ? [] : isDesk() ? [
        cop.h("p", { class: "quiet", text: cop.t("my.desk-words") }),
        cop.h("a", { class: "button is-ghost", href: DESK, "data-key": "to-desk", text: cop.t("my.to-desk") }),
      ] : [cop.h("p", { class: "quiet", text: cop.t("my.no-team-ask") })]));
  };

  const draw = (box, param) => {
    const all = tasks();
    const first = all.find(({ feature }) => feature.id === param) || all[0];
    const others = all.filter((one) => one !== first);
    const next = first ? bigButton(first) : null;
    /* Under the thumb only where it can be taken for nothing else: an order's answer comes first. */
    const isBelow = next && !cop.orders.waiting();
    box.replaceChildren(cop.h("div", { class: "duty" },
      ...cop.orders.cards(), ...cop.told.notes(),
      nothing(all), first ? card(first, isBelow ? null : next) : null, ...cop.orders.answered(),
      cop.area.glance(),
      others.length ? cop.h("section", { class: "others" }, cop.h("h2", { text: cop.t("my.others", { n: others.length }) }),
        cop.h("ul", {}, ...others.map(row))) : null,
      teams(), cop.orders.history()),
    isBelow ? cop.h("div", { class: "thumb" }, next) : "");
    cop.position.glance();
  };

  cop.on("position", () => {
    for (const node of document.querySelectorAll(".task .where")) {
      const task = tasks().find(({ feature }) => feature.id === node.closest(".task").dataset.id);
      if (task) node.replaceWith(where(task));
    }
  });
  cop.on("start", () => cop.field.screen({
    key: "duty", label: "my.tab", icon: "duty", order: 10, when: () => true, draw,
    badge: () => cop.orders.waiting() + tasks().filter(({ status }) => ["assigned", "delivered"].includes(status)).length,
  }));
})((window.cop = window.cop || {}));
