/* Keeps what is drawn in step with the picture: per entity and layer one drawn thing, changed in
 * place. The map's view, popups and focus are never touched by an update. */
(function (cop) {
  "use strict";
  const MOST_MARKERS = 250; // elements per layer; the rest of a crowded layer goes on the canvas
  const DISTRICT_WASH = 0.55; // under the figures of the worst rain: no paler than the step below
  const BATCH = 400; // things drawn per frame when a whole layer appears
  const drawn = new Map(); // "id\nlayer" -> {things, kind, key, version}
  const elements = new Map(); // layer key -> number of marker elements
  let queue = [];
  let map = null;

  const middle = (coordinates) => coordinates[Math.floor(coordinates.length / 2)];
  const ringCentre = (ring) => {
    const lons = ring.map((at) => at[0]);
    const lats = ring.map((at) => at[1]);
    return [
      (Math.min(...lons) + Math.max(...lons)) / 2, (Math.min(...lats) + Math.max(...lats)) / 2,
    ];
  };
  /* The places where a symbol stands for a geometry, longitude first. */
  const places = (geometry) => {
    const c = geometry.coordinates;
    switch (geometry.type) {
      case "Point": return [c];
      case "MultiPoint": return c;
      case "LineString": return [middle(c)];
      case "MultiLineString": return c.length ? [middle(c[Math.floor(c.length / 2)])] : [];
      case "Polygon": return [ringCentre(c[0])];
      default: return c.length ? [ringCentre(c[0][0])] : [];
    }
  };
  cop.placeOf = (feature) => {
    let geometry = cop.placed(feature);
    if (!geometry && feature.properties.district)
      geometry = cop.base.districts.get(feature.properties.district);
    return geometry ? places(geometry)[0] : null;
  };

  /* One canvas for everything: of two that lie on each other only the upper sees the mouse. */
  let onlyCanvas = null;
  const canvas = () => {
    if (!onlyCanvas) {
      map.createPane("dense").style.zIndex = 420;
      map.getPane("dense").classList.add("picture-pane");
      onlyCanvas = L.canvas({ pane: "dense", padding: 0.3, tolerance: 4 });
    }
    return onlyCanvas;
  };

  const labelOf = (layer, feature) => {
    if (!layer.label) return "";
    const value = cop.layers.read(feature.properties, layer.label);
    return typeof value === "number" ? value.toFixed(layer.digits) : "";
  };
  const lineStyle = (spec, isArea, pattern) => ({
    color: cop.colour(spec.colour),
    weight: isArea ? 2 : Math.max(2, spec.size / 4),
    opacity: spec.stale ? 0.45 : 0.9,
    dashArray:
      spec.vague || spec.stale || spec.shape === "ring" || spec.line === "dashed" ? "6 6" : null,
    fill: isArea,
    fillColor: (pattern && cop.patterns.fill(pattern, spec.colour)) || cop.colour(spec.colour),
    fillOpacity: isArea ? (pattern ? (spec.stale ? 0.4 : 0.75) : 0.16) : 0,
  });

  /* Pressed with a pointer or, where it has the focus, with Enter. */
  cop.onPress = (thing, act) => {
    thing.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      act(event);
    });
    thing.on("keydown", (event) => {
      if (event.originalEvent.key !== "Enter" && event.originalEvent.key !== " ") return;
      L.DomEvent.stop(event.originalEvent);
      act(event);
    });
    return thing;
  };
  const listen = (thing, id, name) =>
    cop.onPress(thing, (event) => {
      const at = event.latlng || thing.getLatLng();
      const element = thing.getElement && thing.getElement();
      const ids = thing instanceof L.Marker ? cop.clusters.near(name) : under(event, thing, id);
      cop.choose(ids.length > 1 ? ids : [id], at, element);
    });
  /* Everything on the canvas under the pointer; symbols count before the areas they lie in. */
  const under = ({ layerPoint }, pressed, id) => {
    const area = isField(pressed);
    const found = new Set([id]);
    for (const [name, { things }] of drawn)
      for (const thing of things) {
        if (thing instanceof L.Marker || isField(thing) !== area) continue;
        const parts = thing.getLayers ? thing.getLayers() : [thing];
        if (parts.some((part) => part._containsPoint && part._containsPoint(layerPoint)))
          found.add(name.split("\n")[0]);
      }
    return [...found];
  };

  /* The value beside a marker, from the zoom on at which there is room for it. */
  const besideOf = (layer, feature) =>
    map.getZoom() >= layer.label_zoom ? labelOf(layer, feature) : "";
  const markerIcon = (spec, beside) =>
    L.divIcon({
      className: "mark", iconSize: [spec.size + 6, spec.size + 6],
      html: beside ? cop.h("span", { class: "mark-box" }, cop.symbols.element(spec), cop.h("span", { class: "mark-value num", text: beside }))
        : cop.symbols.element(spec),
    });
  const nameOf = (layer, feature) =>
    [`${cop.say(layer.title)}: ${cop.facts.title(feature)}`, ...cop.facts.marks(feature).map(({ more }) => more)].join(" · ");

  const makeMarker = (at, spec, layer, feature) => {
    const marker = L.marker([at[1], at[0]], {
      icon: markerIcon(spec, besideOf(layer, feature)), pane: "markerPane", keyboard: true, riseOnHover: true,
      zIndexOffset: layer.order * 100, title: nameOf(layer, feature), alt: nameOf(layer, feature),
    });
    return marker;
  };
  const makeSymbol = (at, spec, layer, feature) =>
    new (cop.paths().Symbol)([at[1], at[0]], {
      spec, label: labelOf(layer, feature), labelZoom: layer.label_zoom,
      radius: Math.max(8, spec.size / 2), renderer: canvas(), stroke: false,
    });

  /* What of it is drawn: its own place, one that it names, or the way between two. */
  const geometryOf = (layer, feature) => {
    if (layer.draw === "link") return cop.links.between(feature);
    return layer.place ? feature.properties[layer.place] : cop.placed(feature);
  };
  const make = (look, feature) => {
    const { layer, rule } = look;
    const spec = cop.symbols.spec(look, feature);
    if (layer.draw === "grid") return makeGrid(layer, feature);
    if (layer.draw === "district") return makeDistrict(look, feature, spec);
    const geometry = geometryOf(layer, feature);
    if (!geometry) return null;
    const things = [];
    const isArea = geometry.type.endsWith("Polygon");
    const pattern = isArea ? rule.pattern || cop.patterns.of(layer, feature.properties) : null;
    if (isArea ? showsArea(layer) : geometry.type.endsWith("LineString")) {
      const style = { ...lineStyle(spec, isArea, pattern), renderer: canvas() };
      if (!isArea && rule.line === "crosses") things.push(makeClosed(geometry, style));
      else things.push(L.geoJSON(geometry, { style, renderer: canvas() }));
    }
    if (rule.shape !== "outline") {
      const room = MOST_MARKERS - (elements.get(layer.key) || 0);
      const asMarker = layer.draw === "marker" && room > 0;
      const thing = asMarker ? makeMarker : makeSymbol;
      for (const at of places(geometry)) things.push(thing(at, spec, layer, feature));
      if (asMarker) elements.set(layer.key, MOST_MARKERS - room + places(geometry).length);
      return { things, marker: asMarker, layer };
    }
    return { things, marker: false, layer };
  };
  const makeClosed = (geometry, style) => {
    const many = geometry.type.startsWith("Multi");
    const latLngs = L.GeoJSON.coordsToLatLngs(geometry.coordinates, many ? 1 : 0);
    return new (cop.paths().Closed)(latLngs, { ...style, weight: Math.max(6, style.weight) });
  };
  const makeDistrict = ({ layer, rule }, feature, spec) => {
    const area = cop.base.districts.get(feature.properties.district);
    if (!area) return null;
    const empty = spec.colour === "rain-0";
    const style = {
      color: cop.colour("district-line"), weight: 1, fillColor: cop.colour(spec.colour),
      fillOpacity: empty ? 0 : spec.stale ? 0.15 : 0.32,
    };
    if (rule.pattern)
      Object.assign(style, {
        fillColor: cop.patterns.fill(rule.pattern, spec.colour, DISTRICT_WASH),
        fillOpacity: spec.stale ? 0.35 : 0.7,
      });
    const unknown = spec.colour === "unknown";
    if (unknown)
      Object.assign(style, {
        fillColor: cop.patterns.fill("hatch", "unknown"), fillOpacity: 0.4, dashArray: "4 4",
      });
    return { things: [L.geoJSON(area, { style, renderer: canvas() })], layer };
  };
  const makeGrid = (layer, feature) => {
    const grid = feature.properties.grid;
    if (!grid) return null;
    const colourOf = (value) => cop.colour(cop.layers.ruleFor(layer, { value }).colour);
    const thing = new (cop.paths().Grid)(grid, { colourOf, renderer: canvas() });
    return { things: [thing], layer };
  };

  const erase = (name) => {
    const held = drawn.get(name);
    if (!held) return;
    for (const thing of held.things) {
      thing.remove();
      if (held.marker && thing instanceof L.Marker)
        elements.set(held.layer.key, elements.get(held.layer.key) - 1);
    }
    cop.clusters.drop(name);
    drawn.delete(name);
  };
  /* Areas lie under points, or a point inside one could not be reached. */
  const isField = (thing) =>
    thing instanceof L.GeoJSON || thing instanceof cop.paths().Grid;
  const showsArea = (layer) => map.getZoom() >= layer.area_zoom;
  const isVisible = (layer) =>
    cop.layers.isShown(layer.key) && map.getZoom() >= layer.min_zoom;

  const shapeKey = (layer, feature) => {
    const g = geometryOf(layer, feature);
    if (layer.draw === "grid") return `v${feature.properties.version}`;
    if (!g || g.type === "Point") return g ? "Point" : "";
    return g.type + JSON.stringify(g.coordinates);
  };
  /* In place where only the look or a point's position changed; anew where the shape did. */
  const change = (held, look, feature) => {
    const spec = cop.symbols.spec(look, feature);
    const key = keyOf(look, feature);
    const thing = held.things[held.things.length - 1];
    if (held.marker) {
      if (held.key !== key) {
        const focused = document.activeElement === thing.getElement();
        thing.setIcon(markerIcon(spec, besideOf(look.layer, feature)));
        if (focused && thing.getElement()) thing.getElement().focus({ preventScroll: true });
      }
      const name = nameOf(look.layer, feature);
      if (thing.getElement() && thing.getElement().title !== name) thing.getElement().title = name;
    } else {
      thing.setLook(spec, labelOf(look.layer, feature));
    }
    if (held.things.length > 1) {
      if (held.key !== key) held.things[0].setStyle(lineStyle(spec, true, look.rule.pattern));
    } else if (held.shape === "Point") {
      const at = geometryOf(look.layer, feature).coordinates;
      const here = thing.getLatLng();
      if (here.lat !== at[1] || here.lng !== at[0]) thing.setLatLng([at[1], at[0]]);
    }
    held.key = key;
  };
  const keyOf = (look, feature) =>
    [cop.symbols.key(cop.symbols.spec(look, feature)), look.layer.label ? besideOf(look.layer, feature) : "",
      look.rule.pattern, showsArea(look.layer)].join();
  /* A symbol at a place, or a symbol on the area that its rule fills. */
  const isChangeable = ({ shape, things }, { layer, rule }, now) =>
    shape === now && (shape === "Point" ||
      (rule.pattern && shape.startsWith("Polygon") && things.length === (showsArea(layer) ? 2 : 1)));

  const cluster = (name, id, look, feature, { things }) => {
    if (look.layer.draw !== "marker") return;
    const marker = things.find((thing) => thing instanceof L.Marker || thing instanceof cop.paths().Symbol);
    if (marker) cop.clusters.put(name, marker, id, look, cop.symbols.spec(look, feature));
  };

  const draw = (id) => {
    const feature = cop.picture.get(id);
    if (!feature) return;
    for (const look of cop.layers.looks(id)) {
      const name = `${id}\n${look.layer.key}`;
      const held = drawn.get(name);
      if (!isVisible(look.layer)) {
        erase(name);
        continue;
      }
      const shape = shapeKey(look.layer, feature);
      if (held && isChangeable(held, look, shape)) {
        change(held, look, feature);
        cluster(name, id, look, feature, held);
        continue;
      }
      const spec = keyOf(look, feature);
      if (held && held.shape === shape && held.key === spec) continue;
      erase(name);
      const made = make(look, feature);
      if (!made) continue;
      for (const thing of made.things) {
        listen(thing, id, name).addTo(map);
        if (isField(thing)) thing.bringToBack();
      }
      drawn.set(name, { ...made, shape, key: spec });
      cluster(name, id, look, feature, made);
    }
  };

  const work = () => {
    const now = queue.splice(0, BATCH);
    for (const id of now) draw(id);
    cop.clusters.settle();
    if (queue.length) cop.soon("draw", work);
  };
  const later = (ids) => {
    for (const id of ids) queue.push(id);
    if (queue.length) cop.soon("draw", work);
  };
  const dropAbsent = (feature) => {
    for (const layer of cop.layers.all) erase(`${feature.id}\n${layer.key}`);
  };

  cop.map = {
    get leaflet() { return map; },
    get canvas() { return canvas(); },
    /* Called by dash-leaflet, with its map, when the group of live layers is added to it. */
    attach(_event, context) {
      if (map) return;
      map = context.map;
      /* Dash's own effects set the view once more after this; ours begins when they are done. */
      setTimeout(cop.start, 0);
    },
    take({ put, gone }, touched) {
      for (const feature of gone) dropAbsent(feature);
      for (const feature of put) touched.add(feature.id);
      for (const id of touched) leaveOld(id);
      later(touched);
      cop.clusters.settle();
    },
    redraw: later,
    redrawLayer(key) {
      later(cop.layers.members(key));
    },
    /* Draw everything again: another theme, another language of labels, a feed gone stale. */
    redrawAll() {
      for (const name of [...drawn.keys()]) erase(name);
      later(cop.picture.features.keys());
    },
    redrawFeed(key) {
      const ids = [];
      for (const feature of cop.picture.features.values())
        if (feature.properties.feed === key) ids.push(feature.id);
      later(ids);
    },
    fieldsToBack() {
      for (const { things } of drawn.values())
        for (const thing of things) if (isField(thing)) thing.bringToBack();
    },
    drawnCount: () => drawn.size,
    /* What stands for an entity on the map; null where nothing does. */
    standing(id) {
      const [look] = cop.layers.looks(id);
      const held = look && drawn.get(`${id}\n${look.layer.key}`);
      return held ? held.things[held.things.length - 1] : null;
    },
  };
  /* An entity that changed from one layer to another must leave the first. */
  function leaveOld(id) {
    const now = new Set(cop.layers.looks(id).map(({ layer }) => layer.key));
    for (const layer of cop.layers.all) {
      const name = `${id}\n${layer.key}`;
      if (!now.has(layer.key) && drawn.has(name)) erase(name);
    }
  }
})((window.cop = window.cop || {}));
