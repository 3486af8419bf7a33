/* What the parts of the duty desk stand on: the entities of each kind that people keep, what I may
 * do with them, their names, and small pieces of page. */
(function (cop) {
  "use strict";
  const KINDS = [
    "attention", "resource", "assignment", "order", "receipt", "facility", "need", "incident", "draft", "alert",
    "partner", "message",
  ];
  const OPEN = ["proposed", "assigned", "delivered", "acknowledged", "en_route", "on_scene"];
  const OPEN_INCIDENT = ["reported", "verified", "responding", "contained"];
  const kept = new Map(KINDS.map((kind) => [kind, new Map()]));
  const watchers = [];
  let isReady = false;

  cop.on("picture", ({ put, gone, reset }) => {
    const touched = new Set();
    for (const { id, properties } of gone)
      if (kept.has(properties.kind) && kept.get(properties.kind).delete(id)) touched.add(properties.kind);
    for (const feature of put) {
      const { kind } = feature.properties;
      if (!kept.has(kind)) continue;
      kept.get(kind).set(feature.id, feature);
      touched.add(kind);
    }
    if (isReady && (touched.size || reset)) tell(touched, { put, gone, reset });
  });
  const tell = (touched, change) => {
    for (const { kinds, react } of watchers)
      if (change.reset || kinds.some((kind) => touched.has(kind))) react(change);
  };
  const again = () => tell(new Set(KINDS), { put: [], gone: [], reset: true });

  cop.on("start", () => {
    isReady = true;
    again();
  });
  for (const name of ["me", "lang", "link", "theme"]) cop.on(name, () => isReady && again());

  /* Who may do what is decided by the server; this only leaves out buttons that it would refuse. */
  const may = (action, { agencies = [], own = [] } = {}) => {
    const { may: scopes, agency: mine, name, belongs_to: belongs = [] } = cop.me;
    const scope = scopes[action];
    if (!scope) return false;
    if (scope === "any") return true;
    if (scope === "agency" && mine && agencies.includes(mine)) return true;
    return own.some((id) => id && (id === name || belongs.includes(id)));
  };
  const isMine = (id) => (cop.me.belongs_to || []).includes(id);

  /* Names */
  const agency = (code) =>
    code ? cop.say(cop.config.publishers[code]) || code : cop.t("desk.no-agency");
  const nameOf = (id) => {
    const feature = id && cop.picture.get(id);
    if (!feature) return id ? cop.t("desk.left", { id: id.slice(id.indexOf(":") + 1) }) : "–";
    const { kind } = feature.properties;
    if (kind !== "assignment") return cop.facts.title(feature);
    const { duty, incident, resource } = feature.properties;
    return cop.t("desk.task-of", {
      team: nameOf(resource), task: cop.say(duty) || (incident ? nameOf(incident) : "–"),
    });
  };
  const placeWords = (feature) => {
    if (!feature) return "";
    const words = cop.facts.where(feature.properties);
    const { incident, resource, subject, primary, about } = feature.properties;
    const from = incident || subject || primary || about || resource;
    return words || !from ? words : placeWords(cop.picture.get(from));
  };

  /* Assignments */
  const openOf = (resource) =>
    [...kept.get("assignment").values()]
      .filter(({ properties: p }) => p.resource === resource && OPEN.includes(p.status))
      .sort((a, b) => stepAt(b.properties) - stepAt(a.properties));
  const stepAt = (p) => cop.ms((p.steps || {})[p.status]) || 0;
  /* Whether the present step takes too long: by the limits that the server set. */
  const lateness = (p) => {
    if (!OPEN.includes(p.status)) return { state: "", at: null };
    const now = cop.clock.now();
    const [warn, over] = [cop.ms(p.warn_at), cop.ms(p.overdue_at)];
    if (over !== null && over <= now) return { state: "overdue", at: over };
    if (warn !== null && warn <= now) return { state: "warn", at: over };
    return { state: "", at: over };
  };
  const lateNode = (p) => {
    const { state, at } = lateness(p);
    if (!state) return null;
    return cop.h("span", { class: `late-sign is-${state}` },
      cop.h("span", { "aria-hidden": "true", text: state === "overdue" ? "▲ " : "◔ " }),
      cop.t(`desk.${state}`), at === null ? null : " ", at === null ? null : cop.ageNode(at));
  };

  /* Pieces of page */
  const button = (key, act, { kind = "", label, disabled, values, pressed } = {}) => {
    const words = cop.t(key, values);
    return cop.h("button", {
      class: `button ${kind}`.trim(), type: "button", text: words, disabled,
      "aria-label": label ? `${words}: ${label}` : null,
      "aria-pressed": pressed === undefined ? null : String(pressed), "data-key": `${key} ${label || ""}`,
      on: { click: (event) => act(event.currentTarget.closest(".acts")) },
    });
  };
  const acts = (...children) => {
    const found = children.flat().filter(Boolean);
    return found.length ? cop.h("div", { class: "acts desk-acts" }, ...found) : null;
  };
  const part = (key, ...children) => {
    const found = children.flat().filter(Boolean);
    return found.length
      ? cop.h("section", { class: "detail-part desk-part" }, cop.h("h3", { text: cop.t(key) }), ...found)
      : null;
  };
  const fact = (key, words) =>
    words === null || words === undefined || words === "" ? null
      : cop.h("div", { class: "fact" }, cop.h("dt", { text: cop.t(key) }),
        cop.h("dd", {}, words instanceof Node ? words : String(words)));
  const link = (id, words) =>
    cop.picture.get(id)
      ? cop.h("button", { class: "link-button", type: "button", text: words || nameOf(id),
        on: { click: () => cop.select(id) } })
      : cop.h("span", { text: words || nameOf(id) });
  const mark = (severity, size = 18) =>
    cop.symbols.element({
      shape: severity || "Unknown", colour: `sev-${(severity || "Unknown").toLowerCase()}`, size,
    }, size);
  const options = (pairs, chosen) =>
    pairs.map(([value, words]) => cop.h("option", { value, text: words, selected: value === chosen }));

  /* Open a panel, whatever is open now. */
  const openPanel = (name) => {
    if (document.body.classList.contains(`no-${name}`)) document.querySelector(`[data-panel="${name}"]`).click();
  };
  cop.showLeft = (tab) => {
    openPanel("left");
    if (cop.isPhone()) cop.showPhone("situation");
    cop.showTab(tab);
  };
  cop.showRight = () => {
    openPanel("right");
    if (cop.isPhone()) cop.showPhone("desk");
  };

  /* What a panel may say of itself besides its rows: loading, unknown, old, or looked and empty. */
  const state = (count, emptyKey) => {
    const troubles = cop.troubles();
    if (!cop.picture.loaded)
      return cop.link.state === "lost"
        ? ["unknown", cop.t("list.never")] : ["loading", cop.t("loading")];
    const ago = cop.link.heardAgo();
    const heard = cop.clock.now() - (ago === null ? 0 : ago * 1000 * cop.clock.speed);
    const time = cop.time(cop.link.since || heard);
    if (troubles.length) return ["stale", cop.t("state.stale", { time })];
    if (!count) return ["empty", cop.t("state.empty", { words: cop.t(emptyKey), time })];
    return ["live", ""];
  };
  const stateNode = (count, emptyKey) => {
    const [name, words] = state(count, emptyKey);
    return words
      ? cop.h("p", { class: `remark desk-state is-${name}${name === "loading" ? " skeleton" : ""}`, text: words })
      : null;
  };

  cop.desk = {
    OPEN, OPEN_INCIDENT,
    get ready() { return isReady; },
    get isCommand() { return cop.me.audience === "command"; },
    all: (kind) => [...kept.get(kind).values()],
    count: (kind) => kept.get(kind).size,
    watch: (kinds, react) => watchers.push({ kinds, react }),
    may, isMine, agency, nameOf, placeWords, openOf, stepAt, lateness, lateNode,
    comma: () => cop.t("comma"), button, acts, part, fact, link, mark, options, state, stateNode,
  };
})((window.cop = window.cop || {}));
