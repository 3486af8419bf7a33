/* Where teams are now, as their phones say. A live position stands apart from its team: it moves
 * the team's symbol, and when it has expired the symbol goes back to the last known place. However
 * many positions come, what is drawn moves at most once a second. */
(function (cop) {
  "use strict";
  const EVERY_MS = 1000;
  const CHECK_MS = 5000;
  const SLOW_KMH = 3; // slower than this, a phone's heading says nothing
  const live = new Map(); // resource -> its live position
  const moved = new Set(); // resources whose symbol must follow

  const isExpired = ({ properties: p }) => {
    const until = cop.ms(p.expires_at);
    return until !== null && until <= cop.clock.now();
  };
  const later = (resource) => {
    moved.add(resource);
    cop.soon("positions", move, EVERY_MS);
  };
  const end = (resource) => {
    if (live.delete(resource)) later(resource);
  };
  cop.on("picture", ({ put, gone }) => {
    for (const feature of put) {
      const p = feature.properties;
      if (p.kind !== "position") continue;
      if (isExpired(feature)) end(p.resource);
      else {
        live.set(p.resource, feature);
        later(p.resource);
      }
    }
    for (const { id, properties: p } of gone)
      if (p.kind === "position" && live.get(p.resource) && live.get(p.resource).id === id) end(p.resource);
  });

  /* The symbols of those that moved, the lines to where they were sent, and what marks the choice. */
  const move = () => {
    if (!cop.desk.ready || !moved.size) return;
    const ids = new Set(moved);
    moved.clear();
    if (cop.layers.all.some(({ draw, key }) => draw === "link" && cop.layers.isShown(key)))
      for (const { id, properties: p } of cop.desk.all("assignment"))
        if (ids.has(p.resource) && cop.desk.OPEN.includes(p.status)) ids.add(id);
    cop.map.redraw(ids);
    cop.legend.refresh();
    if (!moved.size && ids.has(cop.selected())) cop.followPlace();
  };
  cop.on("start", () => {
    move();
    setInterval(() => {
      for (const [resource, feature] of live) if (isExpired(feature)) end(resource);
    }, CHECK_MS);
  });

  /* What somebody has said of its place since then counts for more. */
  const of = (resource) => {
    const position = live.get(resource);
    if (!position) return null;
    const team = cop.picture.get(resource);
    return team && cop.ms(team.properties.position_at) > cop.ms(position.properties.observed_at) ? null : position;
  };
  /* Where a feature stands now: a team with a live position there, all else at its own place. */
  cop.placed = (feature) => {
    const position = of(feature.id);
    return position ? position.geometry : feature.geometry;
  };
  /* Degrees from north, in steps, of one that is on the move; null else. */
  const heading = (resource) => {
    const { heading_deg: degrees, speed_kmh: speed } = (of(resource) || { properties: {} }).properties;
    return degrees === undefined || degrees === null || !(speed >= SLOW_KMH) ? null : (Math.round(degrees / 15) * 15) % 360;
  };

  const within = (metres) => (metres < 1000 ? `${Math.ceil(metres)} m` : cop.fields.distance(metres));
  /* In words: now, how old and how exact; or where it was last known to be. */
  const words = (feature) => {
    const position = of(feature.id);
    if (position) {
      const p = position.properties;
      return cop.h("span", { class: "is-live-position" },
        cop.h("span", { "aria-hidden": "true", text: "◉ " }), cop.t("position.live"), " · ",
        cop.ageNode(cop.ms(p.observed_at)),
        p.precision_m ? ` · ${cop.t("position.within", { distance: within(p.precision_m) })}` : null,
        heading(feature.id) === null ? null : ` · ${cop.facts.number(p.speed_kmh)} km/h`);
    }
    const at = cop.ms(feature.properties.position_at);
    if (at === null)
      return cop.h("span", { text: cop.t(feature.geometry ? "position.roster" : "team.no-position") });
    return cop.h("span", {}, cop.t("position.last"), " ", cop.h("span", { class: "num", text: cop.time(at) }),
      " · ", cop.ageNode(at));
  };
  const short = (feature) =>
    cop.t(of(feature.id) ? "position.live" : feature.geometry ? "position.last-place" : "team.no-position");

  cop.positions = { of, heading, words, short, get count() { return live.size; } };
})((window.cop = window.cop || {}));
