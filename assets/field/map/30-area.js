/* Own area on the map: dangers by shape, colour and pattern, closed roads with crosses, places to
 * go, my task, my team's area and, on this phone only, where I am. */
(function (cop) {
  "use strict";
  const TARGET = 44; // pixels, of what a finger has to meet
  const AREA_ZOOM = 13;
  const NEAR_ZOOM = 15;
  const TAG_ZOOM = 14.5; // from here on the nearest places carry the word, not only the ring
  const STILL = { animate: false }; // an animation that runs on would undo the next view
  const drawn = new Map(); // id -> {key, thing}
  let map = null;
  let group = null;
  let me = null;
  let fitted = false;
  let wanted = null;
  let root = null;
  let lent = false; // somebody picks a place: nothing may move the map under the cross

  const marker = (feature, look, at, { nearest = false, task = false } = {}) => {
    const box = cop.h("div", { class: `area-mark${nearest ? " is-nearest" : ""}${task ? " is-task" : ""}` },
      cop.symbols.element(look.spec),
      task ? cop.h("span", { class: "area-tag", text: cop.t("area.my-task") }) : null,
      nearest ? cop.h("span", { class: "area-tag", text: cop.t("area.nearest-tag") }) : null);
    return L.marker([at[1], at[0]], {
      icon: L.divIcon({ className: "area-icon", html: box, iconSize: [TARGET, TARGET] }),
      keyboard: false, zIndexOffset: task ? 2000 : nearest ? 1000 : 0,
    }).on("click", () => cop.emit("area-select", feature.id));
  };
  /* Warnings and forecasts reach over the whole city, one on the other: outlines, or they would
   * hide the map. What they say stands in words above it. */
  const isWide = ({ kind, severity }) => kind === "alert" || (kind === "hazard" && !severity);
  const style = ({ spec, pattern, line }, isArea, isFilled = isArea) => ({
    color: cop.colour(spec.colour), weight: isArea ? 2 : 5, opacity: spec.stale ? 0.45 : 0.9,
    dashArray: spec.vague || spec.stale || line === "dashed" ? "6 6" : null, fill: isFilled,
    fillColor: (pattern && cop.patterns.fill(pattern, spec.colour)) || cop.colour(spec.colour),
    fillOpacity: pattern ? 0.75 : 0.16,
  });
  const closed = ({ type, coordinates }, options) => {
    const turn = (part) => part.map(([lon, lat]) => [lat, lon]);
    const lines = type === "LineString" ? turn(coordinates) : coordinates.map(turn);
    return new (cop.paths().Closed)(lines, options);
  };
  const make = (feature, options) => {
    const look = cop.looks.of(feature);
    const { geometry } = feature;
    const things = [];
    const isArea = geometry.type.endsWith("Polygon");
    if (isArea || geometry.type.endsWith("LineString")) {
      const path = !isArea && look.line === "crosses"
        ? closed(geometry, style(look, false)) : L.geoJSON(geometry, { style: style(look, isArea, isArea && !isWide(feature.properties)) });
      things.push(path.on("click", () => cop.emit("area-select", feature.id)));
    }
    const at = cop.geo.centre(geometry);
    if (at && feature.properties.kind !== "alert") things.push(marker(feature, look, at, options));
    return L.layerGroup(things);
  };
  const teamAreas = () =>
    cop.field.view().resources
      .filter(({ feature }) => feature.properties.area)
      .map(({ feature }) => ({ id: `${feature.id}#area`, area: feature.properties.area, feature }));
  const put = (id, key, build) => {
    const known = drawn.get(id);
    if (known && known.key === key) return;
    if (known) group.removeLayer(known.thing);
    const thing = build();
    group.addLayer(thing);
    drawn.set(id, { key, thing });
  };
  const update = () => {
    if (!map || !group || lent) return;
    const area = cop.field.data.area;
    const features = (area ? area.features : []).filter(({ geometry }) => geometry);
    const own = cop.areaOwn().filter(({ geometry }) => geometry);
    cop.looks.learn(features);
    const nearest = cop.area.nearestIds();
    const dress = `${cop.lang}|${document.documentElement.dataset.theme}|${JSON.stringify((area && area.unknown) || [])}`;
    const seen = new Set();
    for (const { id, area: geometry } of teamAreas()) {
      seen.add(id);
      put(id, `${dress}|${JSON.stringify(geometry)}`, () => L.geoJSON(geometry, {
        style: { color: cop.colour("accent"), weight: 2.5, dashArray: "10 6", fill: false }, interactive: false,
      }));
    }
    for (const feature of features) {
      if (cop.looks.isHidden(feature)) continue;
      seen.add(feature.id);
      const options = { nearest: nearest.has(feature.id) };
      put(feature.id, `${dress}|${feature.properties.version}|${options.nearest}`, () => make(feature, options));
    }
    for (const feature of own) {
      seen.add(feature.id);
      put(feature.id, `${dress}|${feature.properties.version}|${feature.properties.status}`, () => make(feature, { task: true }));
    }
    for (const id of [...drawn.keys()])
      if (!seen.has(id)) {
        group.removeLayer(drawn.get(id).thing);
        drawn.delete(id);
      }
    veil();
    showMe();
    fit(area);
    legend(features, own);
  };

  /* What is old is hatched lightly; what is not known lies under a veil, with the words on it. */
  const veil = () => {
    const now = cop.area.state();
    const unknown = (cop.field.data.area && cop.field.data.area.unknown) || [];
    const note = root.querySelector(".map-note");
    root.classList.toggle("is-stale", now.state === "stale");
    root.classList.toggle("is-unknown", now.state === "unknown" || unknown.some(({ layer }) => cop.looks.isVital(layer)));
    const words = [
      now.state === "live" ? "" : now.words,
      unknown.length ? cop.t("area.unknown-some", { what: cop.join(unknown.map(({ layer }) => cop.term("layer", layer))) }) : "",
    ].filter(Boolean).join(" · ");
    note.hidden = !words;
    cop.write(note, words);
  };
  const showMe = () => {
    const here = cop.position.here();
    if (!here) return;
    const at = [here.lat, here.lon];
    if (!me) {
      const ring = L.circle(at, { radius: here.accuracy, color: cop.colour("accent"), weight: 1.5, fillOpacity: 0.12, interactive: false });
      const dot = L.circleMarker(at, { radius: 8, color: "#ffffff", weight: 3, fillColor: cop.colour("accent"), fillOpacity: 1, interactive: false });
      me = { ring: ring.addTo(map), dot: dot.addTo(map) };
    }
    me.ring.setLatLng(at).setRadius(here.accuracy).setStyle({ color: cop.colour("accent") });
    me.dot.setLatLng(at).setStyle({ fillColor: cop.colour("accent") }).bringToFront();
  };
  const fit = (area) => {
    if (fitted) return undefined;
    if (wanted) return focus(wanted);
    const [task] = area ? [] : cop.areaOwn().filter(({ geometry }) => geometry);
    if (task) return focusAt(cop.geo.centre(task.geometry));
    if (!area) return undefined;
    fitted = true;
    const [west, south, east, north] = area.bbox || [];
    if (area.centre) return map.setView([area.centre[1], area.centre[0]], AREA_ZOOM, STILL);
    return west === undefined ? undefined : map.fitBounds([[south, west], [north, east]], STILL);
  };
  const focus = (id) => {
    wanted = id;
    if (!map) return;
    const all = [...cop.areaOwn(), ...(cop.field.data.area ? cop.field.data.area.features : [])];
    const feature = all.find((one) => one.id === id);
    const at = feature && cop.geo.centre(feature.geometry);
    if (!at) return;
    focusAt(at);
    cop.emit("area-select", id);
  };
  const focusAt = ([lon, lat]) => {
    fitted = true;
    map.setView([lat, lon], Math.max(map.getZoom(), NEAR_ZOOM), STILL);
  };

  /* Only what is on the map now: symbol and words. */
  const legend = (features, own) => {
    const rows = new Map();
    for (const feature of [...own, ...features]) {
      if (cop.looks.isHidden(feature)) continue;
      const look = cop.looks.of(feature);
      const words = look.title && look.title !== look.word ? `${look.title}: ${look.word}` : look.word;
      if (!rows.has(words)) rows.set(words, look);
    }
    const box = root.querySelector(".map-legend ul");
    box.replaceChildren(...[...rows].map(([words, { spec, pattern }]) =>
      cop.h("li", {}, swatch(spec, pattern), cop.h("span", { text: words }))));
    if (me) box.append(cop.h("li", {}, cop.h("span", { class: "me-sign", "aria-hidden": "true" }), cop.h("span", { text: cop.t("area.me") })));
    if (cop.area.nearestIds().size)
      box.append(cop.h("li", {}, cop.h("span", { class: "near-sign", "aria-hidden": "true" }), cop.h("span", { text: cop.t("area.nearest-ring") })));
    if (teamAreas().length)
      box.append(cop.h("li", {}, cop.h("span", { class: "own-sign", "aria-hidden": "true" }), cop.h("span", { text: cop.t("area.own") })));
    cop.write(root.querySelector(".map-legend summary"), cop.t("area.legend"));
  };
  const swatch = (spec, pattern) =>
    cop.h("span", { class: `map-swatch${pattern ? ` is-${pattern}` : ""}`, "aria-hidden": "true" },
      cop.symbols.element({ ...spec, count: 0, maybe: false, vague: false }, 18));

  /* Show the area in *box*; called again, only what changed is drawn. */
  cop.map.area = (box) => {
    if (lent) return;
    map = cop.map.stage.into(box);
    root = cop.map.stage.root;
    if (!group) {
      group = L.layerGroup().addTo(map);
      map.on("zoomend", () => root.classList.toggle("is-close", map.getZoom() >= TAG_ZOOM));
      root.append(cop.h("details", { class: "map-legend" }, cop.h("summary", { "data-key": "legend" }), cop.h("ul", {})));
    }
    update();
  };
  cop.map.focus = focus;
  cop.map.here = () => {
    const here = cop.position.here();
    if (!here || !map) return;
    showMe();
    map.setView([here.lat, here.lon], Math.max(map.getZoom(), NEAR_ZOOM), STILL);
  };
  /* Give way to whoever picks a place, and come back. */
  cop.map.lend = (on) => {
    lent = on;
    if (group && map) (on ? map.removeLayer(group) : map.addLayer(group));
    if (root) root.classList.toggle("is-picking", on);
    update();
  };
  cop.on("change", () => cop.soon("area-map", update));
  cop.on("theme", () => { drawn.clear(); if (group) group.clearLayers(); cop.soon("area-map", update); });
  cop.on("lang", () => cop.soon("area-map", update));
  cop.on("position", () => cop.soon("area-map", update));
})((window.cop = window.cop || {}));
