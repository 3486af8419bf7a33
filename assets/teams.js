/* The board of teams: per agency how many can be sent, and each team with what it does now. */
(function (cop) {
  "use strict";
  const STATUSES = ["available", "assigned", "resting", "out_of_service"];
  const SIGNS = { available: "●", assigned: "▶", resting: "◐", out_of_service: "✕" };
  const FIRST = 12; // teams shown per agency and status before "more" is asked for
  const STEP = 60;
  const MOST_ASKED = 50; // teams that one roll call may name
  const SMALL = 60; // with no more teams than this, every agency stands open
  const filter = { words: "", agency: "", skill: "", status: "" };
  const opened = new Map(); // agency -> open or not, where the reader has said so
  const limits = new Map(); // "agency|status" -> rows shown
  const nodes = new Map(); // id -> {node, look}
  const isShown = () => !cop.$("cop-teams").hidden;

  const allWords = (feature, p) =>
    [...Object.values(p.title || {}), ...Object.values(p.duty || {}), p.agency, p.leader || "",
      cop.desk.agency(p.agency), ...(p.skills || []).map((code) => cop.term("skill", code))]
      .join("\n").toLowerCase();
  const passes = (feature) => {
    const p = feature.properties;
    return (!filter.agency || p.agency === filter.agency) &&
      (!filter.skill || (p.skills || []).includes(filter.skill)) &&
      (!filter.status || p.status === filter.status) &&
      (!filter.words || filter.words.split(/\s+/).every((word) => allWords(feature, p).includes(word)));
  };
  const isFiltered = () => Object.values(filter).some(Boolean);

  /* One pass over the assignments, not one per team. */
  const present = () => {
    const byTeam = new Map();
    for (const feature of cop.desk.all("assignment")) {
      const p = feature.properties;
      if (!cop.desk.OPEN.includes(p.status)) continue;
      const held = byTeam.get(p.resource);
      const unreached = cop.reach.unreachedSince(feature);
      if (held && unreached !== null) held.unreached = Math.min(held.unreached ?? Infinity, unreached);
      if (!held) byTeam.set(p.resource, { feature, n: 1, unreached });
      else {
        held.n += 1;
        if (cop.desk.stepAt(p) > cop.desk.stepAt(held.feature.properties)) held.feature = feature;
      }
    }
    return byTeam;
  };

  const sign = (status) =>
    cop.h("span", { class: `team-sign is-${status}`, "aria-hidden": "true", text: SIGNS[status] });
  const facts = (p) =>
    [p.strength === undefined ? null : cop.t("people", { n: p.strength }),
      (p.skills || []).map((code) => cop.term("skill", code)).join(cop.desk.comma())]
      .filter(Boolean).join(" · ");
  const task = (now) => {
    if (!now) return null;
    const p = now.feature.properties;
    const at = cop.desk.stepAt(p);
    return cop.h("span", { class: "team-task" },
      cop.h("b", { text: cop.term("status", p.status) }),
      at ? " " : null, at ? cop.ageNode(at) : null,
      ` · ${cop.say(p.duty) || (p.incident ? cop.desk.nameOf(p.incident) : "")}`,
      now.n > 1 ? cop.h("span", { class: "team-double", text: ` ▲ ${cop.t("team.tasks", { n: now.n })}` }) : null,
      cop.desk.lateNode(p), now.unreached === null ? null : " ", now.unreached === null ? null : cop.reach.sign(now.unreached));
  };
  const row = (feature, now) => {
    const p = feature.properties;
    const late = now ? cop.desk.lateness(now.feature.properties).state : "";
    const live = cop.positions.of(feature.id);
    const look = [p.version, now && now.feature.properties.version, now && now.n, late, now && now.unreached, live && live.properties.observed_at, cop.lang].join("|");
    const held = nodes.get(feature.id);
    const chosen = cop.selected() === feature.id;
    if (held && held.look === look) {
      held.node.firstChild.setAttribute("aria-current", String(chosen));
      return held.node;
    }
    const at = cop.ms(live ? live.properties.observed_at : p.position_at);
    const node = cop.h("li", { "data-id": feature.id },
      cop.h("button", {
        class: `row team-row${late ? ` is-${late}` : ""}`, type: "button", "aria-current": String(chosen),
        on: { click: () => cop.select(feature.id) },
      },
      sign(p.status),
      cop.h("span", { class: "row-main" },
        cop.h("span", { class: "row-title", text: cop.facts.title(feature) }),
        cop.h("span", { class: "row-sub", text: facts(p) }), task(now)),
      at === null ? cop.h("span", { class: "age", text: cop.t("team.no-position") })
        : cop.h("span", { class: `team-position${live ? " is-live" : ""}` },
          cop.h("span", { class: "sr-only", text: `${cop.t(live ? "position.live" : "team.position")} ` }),
          cop.ageNode(at))));
    nodes.set(feature.id, { node, look });
    return node;
  };

  const column = (code, status, teams, now) => {
    const key = `${code}|${status}`;
    const limit = limits.get(key) || FIRST;
    const rest = teams.length - limit;
    return cop.h("section", { class: `team-column is-${status}` },
      cop.h("h4", {}, sign(status), ` ${cop.term("status", status)} `, cop.h("b", { text: teams.length })),
      teams.length
        ? cop.h("ul", { class: "rows" }, ...teams.slice(0, limit).map((team) => row(team, now.get(team.id))))
        : cop.h("p", { class: "team-none", text: "–" }),
      rest > 0 ? cop.h("button", {
        class: "button small", type: "button", text: cop.t("desk.more", { n: rest }),
        on: { click: () => { limits.set(key, limit + STEP); refresh(); } },
      }) : null);
  };
  const group = (code, teams, now, open) => {
    const byStatus = new Map(STATUSES.map((status) => [status, []]));
    for (const team of teams) (byStatus.get(team.properties.status) || byStatus.get("out_of_service")).push(team);
    const counts = STATUSES.map((status) =>
      cop.h("span", { class: `team-count is-${status}` }, sign(status),
        cop.h("span", { class: "sr-only", text: cop.term("status", status) }),
        cop.h("b", { text: byStatus.get(status).length })));
    const node = cop.h("details", { class: "team-group", open, "data-agency": code },
      cop.h("summary", {}, cop.h("span", { class: "team-agency", text: cop.desk.agency(code) }),
        cop.h("span", { class: "team-counts" }, ...counts)));
    if (open)
      node.append(cop.h("div", { class: "team-columns" },
        ...STATUSES.filter((status) => !filter.status || filter.status === status)
          .map((status) => column(code, status, byStatus.get(status), now))));
    node.querySelector("summary").addEventListener("click", () => {
      opened.set(code, !open);
      refresh();
    });
    return node;
  };

  const totals = (teams) =>
    cop.h("ul", { class: "team-totals" }, ...STATUSES.map((status) => {
      const n = teams.filter(({ properties: p }) => p.status === status).length;
      return cop.h("li", {}, cop.h("button", {
        class: `team-total is-${status}`, type: "button", "aria-pressed": String(filter.status === status),
        on: { click: () => { filter.status = filter.status === status ? "" : status; refresh(); } },
      }, sign(status), cop.h("b", { text: n }), cop.h("span", { text: cop.term("status", status) })));
    }));

  /* The teams that the filters leave, asked whether they are safe. */
  let these = [];
  const askThese = cop.h("button", { class: "button small roll-these", type: "button", "data-t": "roll.ask-these", hidden: true,
    on: { click: () => cop.roll.compose({ mode: "resource", resource: these }) } });

  let pointed = false;
  const render = () => {
    if (!cop.desk.ready || !isShown()) return;
    const box = cop.$("cop-teams-list");
    const all = cop.desk.all("resource");
    const found = all.filter(passes);
    const now = present();
    const byAgency = new Map();
    const title = new Map(found.map((feature) => [feature.id, cop.facts.title(feature)]));
    found.sort((a, b) => title.get(a.id).localeCompare(title.get(b.id), cop.lang, { numeric: true }));
    for (const team of found) {
      const code = team.properties.agency || "";
      if (!byAgency.has(code)) byAgency.set(code, []);
      byAgency.get(code).push(team);
    }
    const codes = [...byAgency.keys()].sort((a, b) => cop.desk.agency(a).localeCompare(cop.desk.agency(b), cop.lang));
    const many = found.length > SMALL;
    const focus = focusIn(box);
    cop.$("cop-teams-totals").replaceChildren(totals(all));
    box.replaceChildren(...codes.map((code) =>
      group(code, byAgency.get(code), now, opened.get(code) ?? (!many || codes.length === 1 || isFiltered()))));
    restore(box, focus);
    for (const id of nodes.keys()) if (!cop.picture.get(id)) nodes.delete(id);
    const [state, words] = cop.desk.state(all.length, "team.none");
    const note = cop.$("cop-teams-state");
    const none = state === "live" && !found.length;
    cop.write(note, none ? cop.t("list.nothing-fits") : words);
    note.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    note.hidden = !none && !words;
    these = isFiltered() ? found.map(({ id }) => id) : [];
    askThese.hidden = !cop.may("issue_order") || !these.length || these.length > MOST_ASKED;
    cop.write(cop.$("cop-teams-count"), cop.t("list.count", { n: found.length, all: all.length }));
    buildFilters(all);
  };
  /* What is drawn anew must not take the focus from whoever works by keyboard. */
  const focusIn = (box) => {
    const held = document.activeElement;
    if (!box.contains(held)) return null;
    const item = held.closest("[data-id]");
    const agency = held.closest("[data-agency]");
    return { id: item && item.dataset.id, agency: agency && agency.dataset.agency };
  };
  const restore = (box, focus) => {
    if (!focus || box.contains(document.activeElement)) return;
    const node = focus.id
      ? box.querySelector(`[data-id="${CSS.escape(focus.id)}"] button`)
      : box.querySelector(`[data-agency="${CSS.escape(focus.agency || "")}"] summary`);
    if (node) node.focus({ preventScroll: true });
  };
  const refresh = () => cop.soon("teams", render);
  const refreshSoon = () => {
    if (pointed) return; // nothing moves under the pointer; it is drawn when that leaves
    cop.soon("teams-soon", render, 400);
  };

  let filterLook = "";
  const buildFilters = (teams) => {
    const agencies = [...new Set(teams.map(({ properties: p }) => p.agency))].sort();
    const skills = [...new Set(teams.flatMap(({ properties: p }) => p.skills || []))].sort();
    const look = `${cop.lang}|${agencies}|${skills}|${filter.status}`;
    if (look === filterLook) return;
    filterLook = look;
    const fill = (id, name, pairs) => {
      const node = cop.$(id);
      node.replaceChildren(...cop.desk.options([["", cop.t(`team.any-${name}`)], ...pairs], filter[name]));
    };
    fill("cop-teams-agency", "agency", agencies.map((code) => [code, cop.desk.agency(code)]));
    fill("cop-teams-skill", "skill", skills.map((code) => [code, cop.term("skill", code)]));
    fill("cop-teams-status", "status", STATUSES.map((code) => [code, cop.term("status", code)]));
  };

  const build = () => {
    const choose = (name) => {
      filter[name] = cop.$(`cop-teams-${name}`).value;
      refresh();
    };
    const wide = cop.h("button", { id: "cop-teams-wide", class: "button small", type: "button", "data-t": "team.wide" });
    cop.$("cop-teams-filters").append(
      cop.h("input", {
        id: "cop-teams-search", type: "search", "data-t-label": "team.search", autocomplete: "off",
        on: { input: (event) => {
          filter.words = event.target.value.trim().toLowerCase();
          cop.soon("teams-search", render, 120);
        } },
      }),
      cop.h("select", { id: "cop-teams-agency", "data-t-label": "team.agency", on: { change: () => choose("agency") } }),
      cop.h("select", { id: "cop-teams-skill", "data-t-label": "team.skills", on: { change: () => choose("skill") } }),
      cop.h("select", { id: "cop-teams-status", "data-t-label": "fact.status", on: { change: () => choose("status") } }),
      wide);
    cop.$("cop-teams-count").before(askThese);
    for (const id of ["cop-teams-filters", "cop-teams"]) cop.relabel(cop.$(id));
    return wide;
  };
  cop.on("start", () => {
    const wide = build();
    const box = cop.$("cop-teams-list");
    box.addEventListener("pointerenter", (event) => { pointed = event.pointerType === "mouse"; });
    box.addEventListener("pointerleave", () => { pointed = false; refreshSoon(); });
    const widen = (on) => {
      document.body.classList.toggle("wide-left", on);
      wide.setAttribute("aria-pressed", String(on));
      cop.prefs.set("teams.wide", on);
      cop.soon("size", () => cop.map.leaflet.invalidateSize({ pan: false }), 50);
    };
    wide.addEventListener("click", () => widen(wide.getAttribute("aria-pressed") !== "true"));
    widen(cop.prefs.get("teams.wide", false));
    for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", refresh);
    setInterval(refreshSoon, 5000); // limits pass by the clock alone
  });
  cop.keys.t = () => cop.teams.show();
  cop.on("select", refresh);
  cop.desk.watch(["resource", "assignment"], () => (nodes.size ? refreshSoon() : refresh()));

  cop.teams = {
    STATUSES, sign, refresh,
    show() {
      cop.showLeft("teams");
      refresh();
      cop.$("cop-teams-search").focus();
    },
  };
})((window.cop = window.cop || {}));
