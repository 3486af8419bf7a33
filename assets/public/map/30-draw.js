/* Draws what the layers show on one canvas, changes only what changed, and lets badges stand for
 * symbols that would lie on each other. */
(function (cop) {
  "use strict";
  const drawn = new Map(); // id -> {key, things}
  const EARTHLY = /Polygon$/;
  let chosen = "";
  let halo = null;

  const isLine = (type) => type.endsWith("LineString");
  /* Warnings and forecasts reach over all: outlines, or they would hide the map. */
  const isWide = ({ kind, severity }) => kind === "alert" || (kind === "hazard" && !severity);
  const style = (look, spec, { properties: p, geometry }) => {
    const isArea = EARTHLY.test(geometry.type);
    const pattern = isArea && !isWide(p) ? cop.patterns.of(look.layer, p) : null;
    return {
      color: cop.colour(spec.colour), weight: isArea ? 2 : p.kind === "hazard" ? 3 : 5, opacity: spec.stale ? 0.5 : 0.95,
      dashArray: spec.stale || look.rule.line === "dashed" ? "7 6" : null, fill: isArea && !isWide(p),
      fillColor: (pattern && cop.patterns.fill(pattern, spec.colour)) || cop.colour(spec.colour),
      fillOpacity: pattern ? 0.75 : 0.16,
    };
  };
  const shape = (look, spec, feature) => {
    const { type, coordinates } = feature.geometry;
    const options = style(look, spec, feature);
    if (!isLine(type) || look.rule.line !== "crosses") return L.geoJSON(feature.geometry, { style: options });
    const turn = (part) => part.map(([lon, lat]) => [lat, lon]);
    return new (cop.paths().Closed)(type === "LineString" ? turn(coordinates) : coordinates.map(turn), options);
  };
  /* A line with nothing to say is not worth its ink. */
  const isPlain = ({ rule }, { properties: p, geometry }) =>
    isLine(geometry.type) && p.kind === "facility" && p.status === "open" && !rule.line;

  const isGrouped = ({ layer }) => layer.draw === "marker";
  const build = (id, look, spec, feature) => {
    const { geometry } = feature;
    const things = [];
    const press = () => cop.sheet.open(isGrouped(look) ? cop.clusters.near(id) : [id]);
    if (geometry.type !== "Point" && !isPlain(look, feature)) things.push(shape(look, spec, feature).on("click", press));
    const hasSign = look.rule.shape !== "outline" && !(isLine(geometry.type) && isPlain(look, feature));
    if (!hasSign) return { things, mark: null };
    const [lon, lat] = cop.geo.centre(geometry);
    const mark = new (cop.paths().Symbol)([lat, lon], {
      spec, radius: Math.max(8, spec.size / 2), label: cop.looks.label(look, feature), labelZoom: look.layer.label_zoom,
    }).on("click", press);
    things.push(mark);
    return { things, mark };
  };
  const drop = (id) => {
    const known = drawn.get(id);
    if (!known) return;
    for (const thing of known.things) thing.remove();
    cop.clusters.drop(id);
    drawn.delete(id);
  };
  const draw = (id) => {
    const feature = cop.picture.get(id);
    const look = feature && feature.geometry ? cop.looks.of(id, cop.map.leaflet.getZoom()) : null;
    if (!look) return drop(id);
    const spec = cop.looks.spec(look, feature);
    const key = `${look.layer.key}|${look.rule.index}|${feature.properties.version}|${cop.symbols.key(spec)}|${cop.theme()}`;
    const known = drawn.get(id);
    if (known && known.key === key) return undefined;
    drop(id);
    const { things, mark } = build(id, look, spec, feature);
    for (const thing of things) thing.addTo(cop.map.leaflet);
    if (mark && isGrouped(look)) cop.clusters.put(id, mark, id, look, spec);
    drawn.set(id, { key, things });
    return undefined;
  };
  const drawAll = () => {
    const ids = new Set(drawn.keys());
    for (const { key } of cop.layers.all) for (const id of cop.layers.members(key)) ids.add(id);
    for (const id of ids) draw(id);
    after();
  };
  const after = () => {
    cop.clusters.arrange();
    cop.panel.refresh();
  };

  cop.selected = () => chosen;
  cop.onPress = (marker, act) => marker.on("click", act).on("keydown", ({ originalEvent: event }) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    act();
  });
  cop.choose = (ids, at, node) => cop.sheet.open(ids, { focus: document.activeElement === node, back: () => node.isConnected && node.focus() });
  cop.draw = {
    /* Mark *id* as the one that is looked at; "" for none. */
    choose(id) {
      chosen = id;
      if (halo) halo.remove();
      halo = null;
      const feature = id ? cop.picture.get(id) : null;
      if (feature && feature.geometry) {
        const [lon, lat] = cop.geo.centre(feature.geometry);
        halo = L.circleMarker([lat, lon], { radius: 22, color: cop.colour("focus"), weight: 4, fill: false, interactive: false }).addTo(cop.map.leaflet);
      }
      cop.clusters.arrange();
    },
    again: drawAll,
    start() {
      cop.looks.take({ put: [...cop.picture.all()], gone: [] });
      drawAll();
      cop.on("picture", (change) => {
        for (const id of [...cop.looks.take(change), ...[...change.put, ...change.gone].map((one) => one.id)]) draw(id);
        after();
      });
      cop.on("layers", drawAll);
      cop.on("tick", () => cop.soon("stale", drawAll));
      cop.map.leaflet.on("zoomend", drawAll);
    },
  };
})(window.cop);
