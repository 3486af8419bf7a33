/* My area: the map when it is wanted, and the same in words below it, nearest first. */
(function (cop) {
  "use strict";
  const FACILITY_GROUP = {
    shelter: "shelters", cold_shelter: "shelters", heat_shelter: "shelters", community_hall: "shelters",
    first_aid_post: "first_aid", hospital: "hospitals",
  };
  const GROUP = { incident: "incidents", hazard: "hazards", alert: "alerts", road: "roads", position: "teams", resource: "teams", observation: "hazards" };
  const ORDER = ["incidents", "hazards", "roads", "shelters", "first_aid", "hospitals", "teams"];
  const UNKNOWN_BY = { shelter: "shelters", first_aid_post: "first_aid", hospital: "hospitals" };
  const SHUT = ["closed", "full", "standby"];
  const MOST_ROWS = 12;
  const ROAD_SIGN = { closed: "✕", restricted: "▨" };
  const unfolded = new Set(); // groups shown whole
  let host = null; // keeps the map when the screen is drawn again
  let chosen = null;
  let wantedFocus = null;
  let alertsOpen = false;
  let located = false; // somebody asked where this phone is: followed while the map is shown

  const area = () => cop.field.data.area;
  const groupOf = ({ properties: p }) => FACILITY_GROUP[p.facility_type] || GROUP[p.kind] || null;
  const find = (id) => (area() ? area().features : []).find((feature) => feature.id === id) || null;
  const origin = () => {
    const here = cop.position.here();
    return here ? [here.lon, here.lat] : (area() && area().centre) || null;
  };
  const farOf = (feature) => {
    const [from, at] = [origin(), cop.geo.centre(feature.geometry)];
    return from && at ? cop.geo.distance(from, at) : Infinity;
  };
  const farWords = (feature) => {
    const at = cop.geo.centre(feature.geometry);
    if (cop.position.here()) return cop.geo.fromMe(at);
    const m = farOf(feature);
    if (m === Infinity) return "";
    const from = origin();
    return cop.t("area.from-middle", { far: cop.geo.metres(m), wind: cop.geo.wind(cop.geo.bearing(from, at)) });
  };
  const stateWords = ({ properties: p }) => {
    const words = [];
    if (p.kind === "road" || p.kind === "facility" || p.kind === "incident")
      words.push(cop.config.words[`status.${p.kind}.${p.status}`] ? cop.t(`status.${p.kind}.${p.status}`) : cop.term("status", p.status || "unknown"));
    if (p.sight) words.push(...p.sight.alarms.map(({ watched }) => cop.term("watched", watched)), cop.t("area.as-of", { time: cop.time(cop.ms(p.observed_at)) }));
    if (p.cause) words.push(cop.term("cause", p.cause));
    if (p.kind === "facility" && Number.isFinite(p.occupancy) && Number.isFinite(p.capacity))
      words.push(cop.t("people.of", { n: p.occupancy, all: p.capacity }));
    if (p.kind === "incident" && !p.verified) words.push(cop.t("my.unverified"));
    return words;
  };
  const worstOf = ({ alarms }) =>
    alarms.map(({ severity }) => severity).sort((a, b) => (cop.RANK[a] ?? 4) - (cop.RANK[b] ?? 4))[0];
  const sign = ({ properties: p }) => {
    if (p.sight) return cop.ui.severity(worstOf(p.sight));
    if (p.kind === "incident" || p.kind === "hazard" || p.kind === "alert") return cop.ui.severity(p.severity || "Unknown");
    const known = { shelters: "⌂", first_aid: "✚", hospitals: "✚", teams: "▲" };
    return cop.h("span", { class: "area-sign", "aria-hidden": "true", text: ROAD_SIGN[p.status] || known[groupOf({ properties: p })] || "•" });
  };

  /* Words of the age of all this, and of what could not be looked at. */
  const unknownOf = (key) => ((area() && area().unknown) || []).find(({ layer }) => layer === key) || null;
  const unknownWords = ({ layer, since }) =>
    since
      ? cop.t("area.unknown-since", { what: cop.term("layer", layer), time: cop.time(cop.ms(since)) })
      : cop.t("area.unknown-never", { what: cop.term("layer", layer) });
  const state = () => {
    const fresh = cop.field.freshness("area");
    if (!area()) return { state: "unknown", words: fresh.words };
    if (fresh.state === "live") return { state: "live", words: cop.t("area.as-of", { time: cop.time(cop.field.data.area_at) }) };
    return { state: fresh.state, words: cop.t("area.last-known", { time: cop.time(cop.field.data.area_at) }) };
  };
  const notices = () => {
    const now = state();
    const unknown = (area() && area().unknown) || [];
    return cop.h("div", { class: `area-state is-${now.state}` },
      cop.h("p", { text: `${now.state === "live" ? "" : "▲ "}${now.words}` }),
      ...unknown.map((one) => cop.h("p", { class: "is-unknown", text: `▨ ${unknownWords(one)}` })));
  };
  /* What is said for this place before what is said for other places, then the worst; what two
   * sources say in the same words stands once. */
  const isForHere = ({ geometry }) => {
    const [at, flat] = [origin(), geometry ? geometry.coordinates.flat(Infinity) : []];
    const spans = (value, axis) => {
      const all = flat.filter((_, n) => n % 2 === axis);
      return Math.min(...all) <= value && value <= Math.max(...all);
    };
    return geometry !== null && (!at || (spans(at[0], 0) && spans(at[1], 1)));
  };
  const alertsHere = () => {
    const all = area() ? area().features.filter((feature) => groupOf(feature) === "alerts") : [];
    all.sort((a, b) => Number(isForHere(b)) - Number(isForHere(a)) ||
      (cop.RANK[a.properties.severity] ?? 4) - (cop.RANK[b.properties.severity] ?? 4));
    const known = new Map();
    for (const one of all) {
      const said = `${one.properties.origin || ""} ${one.properties.severity} ${cop.titleOf(one).replaceAll(/\s/g, "")}`;
      if (!known.has(said)) known.set(said, one);
    }
    return [...known.values()];
  };
  const alertWords = (feature) =>
    [cop.ui.severity(feature.properties.severity || "Unknown"), " ", cop.h("b", { text: cop.titleOf(feature) }),
      feature.properties.origin ? ` (${cop.t("area.by-way", { name: feature.properties.origin })})` : ""];
  /* The worst stands there, the others are folded away: the map is what this screen is for. */
  const alerts = () => {
    const [worst, ...others] = alertsHere();
    if (!worst) return null;
    const item = (feature) => cop.h("li", {}, ...alertWords(feature));
    return cop.h("div", { class: "area-alerts", role: "group", "aria-label": cop.term("layer", "alerts") },
      cop.h("ul", {}, item(worst)),
      others.length ? cop.h("details", { class: "fold", open: alertsOpen, on: { toggle: ({ target }) => { alertsOpen = target.open; } } },
        cop.h("summary", { "data-key": "area-alerts", text: cop.t("area.warnings-more", { n: others.length }) }),
        cop.h("ul", {}, ...others.map(item))) : null);
  };

  /* In words, below the map */
  const focus = (id) => {
    chosen = id;
    if (cop.map.area) cop.map.focus(id);
    cop.$("area-map").scrollIntoView({ block: "start" });
    showChosen();
  };
  const row = (feature) =>
    cop.h("li", {}, cop.h("button", {
      type: "button", class: "area-row", "data-key": `area-${feature.id}`, "data-id": feature.id,
      on: { click: () => focus(feature.id) },
    }, sign(feature), cop.h("span", { class: "area-row-main" }, cop.h("b", { text: cop.titleOf(feature) }),
      cop.h("span", { class: "quiet", text: [...stateWords(feature), farWords(feature)].filter(Boolean).join(" · ") }))));
  const group = (key, all) => {
    const rows = all.filter((feature) => groupOf(feature) === key).sort((a, b) => farOf(a) - farOf(b));
    const unknown = unknownOf(key);
    if (!rows.length && (key === "teams" || key === "hazards") && !unknown) return null;
    const shown = unfolded.has(key) ? rows : rows.slice(0, MOST_ROWS);
    return cop.h("section", { class: "area-group" },
      cop.h("h2", { text: `${cop.term("layer", key)}${rows.length ? ` (${rows.length})` : ""}` }),
      unknown ? cop.h("p", { class: "is-unknown", text: `▨ ${unknownWords(unknown)}` })
        : rows.length ? null
          : cop.h("p", { class: "quiet", text: cop.t("area.none", { time: cop.time(cop.field.data.area_at) }) }),
      cop.h("ul", {}, ...shown.map(row)),
      rows.length > shown.length ? cop.ui.button("area.more", () => { unfolded.add(key); cop.field.redraw(); },
        { kind: "ghost", key: `more-${key}`, label: cop.t("area.more-n", { n: rows.length - shown.length }) }) : null);
  };
  /* The nearest of its sort that people may go to: from this phone where it knows where it is,
   * else from the middle of the area, as the server found it. */
  const nearestOf = (key, sort) => {
    const given = area().nearest[sort];
    const usable = area().features.filter((feature) => groupOf(feature) === key && !SHUT.includes(feature.properties.status));
    if (!cop.position.here()) return given ? find(given.id) : null;
    return usable.reduce((best, one) => (best && farOf(best) <= farOf(one) ? best : one), null);
  };
  const nearestIds = () =>
    new Set((area() ? Object.entries(UNKNOWN_BY) : []).map(([sort, key]) => nearestOf(key, sort)).filter(Boolean).map(({ id }) => id));
  const nearest = () =>
    cop.h("section", { class: "card nearest" }, cop.h("h2", { text: cop.t("area.nearest") }),
      cop.h("ul", {}, ...Object.entries(UNKNOWN_BY).map(([sort, key]) => {
        const feature = nearestOf(key, sort);
        const unknown = unknownOf(key);
        const label = cop.h("span", { class: "due-key", text: cop.t(`area.nearest-${sort}`) });
        return cop.h("li", { class: feature ? "is-nearest" : "" }, label, " ",
          unknown ? cop.h("p", { class: "is-unknown", text: `▨ ${unknownWords(unknown)}` }) : null,
          feature ? cop.h("ul", {}, row(feature)) : unknown ? null
            : cop.h("span", { text: cop.t("area.none-open", { time: cop.time(cop.field.data.area_at) }) }));
      })));
  /* The same in short, on the first screen: what is in force, what is closed, where to go. */
  const glance = () => {
    const near = ["shelter", "first_aid_post"].map((sort) => {
      const feature = area() && nearestOf(UNKNOWN_BY[sort], sort);
      return feature && cop.h("li", {}, cop.h("button", {
        type: "button", class: "area-row", "data-key": `glance-${feature.id}`, on: { click: () => cop.field.go("map", feature.id) },
      }, sign(feature), cop.h("span", { class: "area-row-main" }, cop.h("b", { text: cop.titleOf(feature) }),
        cop.h("span", { class: "quiet", text: [cop.t(`area.nearest-${sort}`), farWords(feature)].filter(Boolean).join(" · ") }))));
    });
    const [worst, ...others] = alertsHere();
    const shut = area() ? area().features.filter((feature) => groupOf(feature) === "roads").length : 0;
    const unknown = ["alerts", "roads"].map(unknownOf).filter(Boolean);
    const now = state();
    return cop.h("section", { class: "card glance", "aria-label": cop.t("area.glance") },
      cop.h("h2", { text: cop.t("area.glance") }),
      now.state === "live" ? null : cop.h("p", { class: "is-unknown", text: `▲ ${now.words}` }),
      ...unknown.map((one) => cop.h("p", { class: "is-unknown", text: `▨ ${unknownWords(one)}` })),
      worst ? cop.h("p", {}, ...alertWords(worst)) : null,
      others.length ? cop.h("p", { class: "quiet", text: cop.t("area.warnings-more", { n: others.length }) }) : null,
      shut ? cop.h("p", { text: cop.t("area.roads-n", { n: shut }) }) : null,
      cop.h("ul", {}, ...near.filter(Boolean)),
      cop.ui.button("area.open-map", () => cop.field.go("map"), { kind: "ghost", icon: "map", key: "open-map" }));
  };
  const list = () => {
    /* Nothing read is not nothing there: no group may say "none". */
    if (!area()) return [cop.h("p", { class: "empty not-read", text: state().words })];
    const all = area().features;
    return [nearest(), ...ORDER.map((key) => group(key, all))].filter(Boolean);
  };
  /* Put *nodes* into *box*; who was at a row of it stays there. */
  const refill = (box, nodes) => {
    const at = box.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    box.replaceChildren(...nodes);
    const again = at && box.querySelector(`[data-key="${CSS.escape(at)}"]`);
    if (again) again.focus({ preventScroll: true });
  };

  /* What was pressed on the map */
  const factsOf = (feature) => {
    const p = feature.properties;
    return [...stateWords(feature), farWords(feature), cop.ui.place(feature)].filter(Boolean).join(" · ");
  };
  function showChosen() {
    const box = host && host.parentNode && host.parentNode.querySelector("#area-chosen");
    if (!box) return undefined;
    const feature = chosen && (find(chosen) || cop.areaOwn().find(({ id }) => id === chosen));
    if (!feature) return box.replaceChildren();
    const when = cop.ms(feature.properties.updated_at || feature.properties.observed_at || feature.properties.reported_at || feature.properties.fetched_at);
    return box.replaceChildren(cop.h("div", { class: "card chosen" }, sign(feature), " ",
      cop.h("b", { text: cop.titleOf(feature) }), cop.h("p", { text: factsOf(feature) }),
      when ? cop.h("p", { class: "quiet" }, cop.ageNode(when)) : null));
  }
  /* My own tasks, as features with a place: their own, or their incident's. */
  cop.areaOwn = () => {
    const incidents = (cop.field.data.duty && cop.field.data.duty.incidents) || [];
    return cop.field.view().assignments.map(({ feature, status }) => {
      const incident = incidents.find(({ id }) => id === feature.properties.incident);
      const geometry = feature.geometry || (incident && incident.geometry) || null;
      return { ...feature, geometry, properties: { ...feature.properties, status } };
    });
  };

  const mapBox = () => {
    if (host) {
      host.setAttribute("aria-label", cop.t("area.map-label"));
      return host;
    }
    const status = cop.h("p", { class: "area-loading", role: "status", text: cop.t("area.loading") });
    const frame = cop.h("div", { class: "area-frame" }, status);
    const open = () => {
      cop.write(status, cop.t("area.loading"));
      cop.map.load().then(() => {
        status.remove();
        cop.map.area(frame);
        if (wantedFocus) cop.map.focus(wantedFocus);
      }).catch(() => {
        status.replaceChildren(cop.t("area.no-map"), " ",
          cop.ui.button("area.again", open, { kind: "ghost", key: "map-again" }));
      });
    };
    host = cop.h("section", { id: "area-map", class: "area-map", "aria-label": cop.t("area.map-label") }, frame);
    open();
    return host;
  };
  const locate = () => {
    located = true;
    cop.position.watch("map", true);
    cop.position.ask().then((found) => {
      if (!found) return cop.ui.toast(cop.t(cop.position.trouble() || "pos.unavailable"), { bad: true });
      return cop.map.area && cop.map.here();
    });
  };
  /* What stays while the rest is drawn again: the map and its buttons. */
  const frame = (box) => {
    const skip = (event) => {
      event.preventDefault();
      cop.$("area-list").focus();
    };
    box.dataset.lang = cop.lang;
    box.replaceChildren(cop.h("div", { class: "area" }, cop.h("div", { class: "area-top" }),
      cop.h("a", { class: "skip", href: "#area-list", text: cop.t("area.skip"), on: { click: skip } }),
      mapBox(),
      cop.h("div", { class: "where-acts" }, cop.ui.button("area.locate", locate, { kind: "ghost", key: "locate" })),
      cop.h("p", { class: "quiet", text: cop.t("area.locate-words") }),
      cop.h("div", { id: "area-chosen", "aria-live": "polite" }),
      cop.h("div", { class: "area-list", id: "area-list", tabindex: "-1" })));
  };
  const draw = (box, param) => {
    const opened = !box.firstChild;
    if (opened || box.dataset.lang !== cop.lang) frame(box);
    if (param && opened) chosen = wantedFocus = param;
    refill(box.querySelector(".area-top"), [notices(), alerts()].filter(Boolean));
    refill(box.querySelector(".area-list"), list());
    showChosen();
    if (cop.map.area) {
      cop.map.area(host.querySelector(".area-frame"));
      if (param && opened) cop.map.focus(param);
    }
    cop.position.glance();
  };

  cop.on("screen", (key) => cop.position.watch("map", key === "map" && located));
  cop.on("area-select", (id) => { chosen = id; showChosen(); });
  cop.on("start", () => cop.field.screen({
    key: "map", label: "area.tab", icon: "map", order: 30, when: () => true, draw, keep: true,
  }));
  cop.area = { state, unknownOf, nearestIds, glance };
})((window.cop = window.cop || {}));
