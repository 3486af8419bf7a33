/* Layers of somebody else's on the map: all in one neutral style, under our own things, so that
 * nothing of theirs is taken for ours. Their words reach the page as text nodes alone. */
(function (cop) {
  "use strict";
  const BATCH = 400; // features drawn per frame
  const SPREAD_MS = 4000; // hundreds of pages do not all ask at once for what is new
  const STALE_AFTER = 3; // times its interval
  const shown = new Map(); // id -> {group, features, state, fetched, run}
  const wanted = new Set(cop.prefs.get("others", []));
  let popup = null;

  const layerOf = (id) => {
    const feature = cop.picture.get(id);
    return feature && feature.properties.kind === "layer" ? feature.properties : null;
  };
  /* What can be said of its age: never, live, failing or stale. */
  const ageOf = (p) => {
    const fetched = cop.ms(p.fetched_at);
    if (fetched === null) return { state: "never", failed: p.state === "failing", fetched };
    const old = cop.clock.now() - fetched > STALE_AFTER * (p.every_s ?? 3600) * 1000;
    return { state: old ? "stale" : p.state === "failing" ? "failing" : "live", fetched };
  };

  /* A square with the letter of its layer: no symbol of ours is one. Drawn once for all, since
   * there may be thousands. */
  const SIDE = 16;
  const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  const freeLetter = () => {
    const taken = new Set([...shown.values()].map(({ letter }) => letter));
    return [...LETTERS].find((letter) => !taken.has(letter)) || "";
  };
  const sprites = new Map(); // its look -> a picture of it
  const spriteOf = ({ color, fillColor, opacity, dashArray, letter }) => {
    const key = [color, fillColor, opacity, dashArray, letter].join();
    if (sprites.has(key)) return sprites.get(key);
    const scale = window.devicePixelRatio || 1;
    const sprite = cop.h("canvas", { width: SIDE * scale, height: SIDE * scale });
    const ctx = sprite.getContext("2d");
    ctx.scale(scale, scale);
    ctx.globalAlpha = opacity;
    ctx.fillStyle = fillColor;
    ctx.strokeStyle = color;
    ctx.lineWidth = 2;
    if (dashArray) ctx.setLineDash([3, 2]);
    ctx.fillRect(2, 2, SIDE - 4, SIDE - 4);
    ctx.strokeRect(2, 2, SIDE - 4, SIDE - 4);
    ctx.font = "bold 10px sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillStyle = color;
    ctx.fillText(letter, SIDE / 2, SIDE / 2 + 0.5);
    sprites.set(key, sprite);
    return sprite;
  };
  let Square = null;
  const square = () => {
    Square = Square || L.CircleMarker.extend({
      _updatePath() {
        const renderer = this._renderer;
        if (!renderer._drawing || this._empty()) return;
        const { x, y } = this._point;
        renderer._ctx.drawImage(spriteOf(this.options), x - SIDE / 2, y - SIDE / 2, SIDE, SIDE);
      },
    });
    return Square;
  };
  const styleOf = (id, type) => {
    const p = layerOf(id);
    const isOld = p && ageOf(p).state === "stale";
    const isPoint = type.endsWith("Point");
    return {
      letter: (shown.get(id) || {}).letter || "",
      renderer: cop.map.canvas, color: cop.colour("text-soft"), weight: 2, radius: 5,
      opacity: isOld ? 0.55 : 1, dashArray: isOld ? "3 3" : null,
      fill: !type.includes("Line"), fillColor: cop.colour("surface"),
      fillOpacity: isPoint ? 0.85 : 0.12,
    };
  };

  /* Which of its words is a feature's name, in the reader's language where there are several. */
  const ENDS = { en: /(en|eng|english)$/i, "zh-Hant": /(tc|cht|hant|zh|chi|chinese)$/i, "zh-Hans": /(sc|chs|hans|cn)$/i };
  cop.othersName = (feature) => {
    const words = Object.entries(feature.properties).filter(([, value]) => typeof value === "string");
    const names = words.filter(([key]) => /name|title|名/i.test(key));
    const own = names.find(([key]) => ENDS[cop.lang].test(key));
    return (own || names[0] || words[0] || [0, String(feature.id)])[1];
  };
  const contentOf = (id, feature) => {
    const p = layerOf(id) || {};
    const fetched = cop.ms(p.fetched_at);
    return cop.h("div", { class: "popup-body others-body" },
      cop.h("strong", { text: cop.othersName(feature) }),
      cop.h("dl", { class: "others-facts", tabindex: "0", "aria-label": cop.othersName(feature) },
        ...Object.entries(feature.properties).flatMap(([key, value]) => [
          cop.h("dt", { text: key }), cop.h("dd", { text: String(value) })])),
      cop.h("span", { class: "popup-when", text: cop.say(p.title) },
        p.attribution ? ` · ${p.attribution}` : null, fetched === null ? null : " · ",
        fetched === null ? null : cop.ageNode(fetched)));
  };
  const closePopup = () => {
    if (!popup) return false;
    popup.remove();
    popup = null;
    return true;
  };
  const open = (id, feature, at) => {
    closePopup();
    const edges = cop.isPhone() ? 12 : 70; // where the map has buttons
    popup = L.popup({ className: "others-popup", maxWidth: 320, closeOnClick: true, autoPanPadding: [edges, edges] })
      .setLatLng(at).setContent(contentOf(id, feature)).openOn(cop.map.leaflet);
  };

  const make = (id, feature) => {
    const type = feature.geometry.type;
    const style = styleOf(id, type);
    const thing = L.GeoJSON.geometryToLayer(feature, {
      ...style, pointToLayer: (_, at) => new (square())(at, style),
    });
    if (thing.setStyle) thing.setStyle(style);
    thing.on("click", (event) => {
      L.DomEvent.stopPropagation(event);
      open(id, feature, event.latlng);
    });
    return thing;
  };
  /* A part each frame: five thousand points hold nothing up. */
  const draw = (id, held) => {
    const run = (held.run = {});
    held.group.clearLayers();
    let next = 0;
    const step = () => {
      if (held.run !== run || shown.get(id) !== held) return;
      for (const feature of held.features.slice(next, next + BATCH)) {
        const thing = make(id, feature);
        held.group.addLayer(thing);
        thing.bringToBack();
      }
      next += BATCH;
      if (next < held.features.length) requestAnimationFrame(step);
      else {
        held.state = "drawn";
        arrange();
        cop.emit("others", id);
      }
    };
    step();
  };

  /* From below: their areas, our areas, their points, our symbols: each of ours can be pressed. */
  const arrange = () => {
    cop.map.fieldsToBack();
    for (const { group, features } of shown.values())
      if (features.length)
        group.eachLayer((thing) => { if (!(thing instanceof square())) thing.bringToBack(); });
  };

  const load = async (id, held) => {
    const p = layerOf(id);
    if (!p || p.fetched_at === undefined) return;
    held.fetched = p.fetched_at;
    if (held.state !== "drawn") held.state = "loading";
    cop.emit("others", id);
    try {
      const answer = await fetch(`/api/v1/layers/${encodeURIComponent(id)}/features`);
      if (!answer.ok) throw new Error(String(answer.status));
      const tag = answer.headers.get("etag");
      const same = held.state === "drawn" && tag === held.tag;
      const features = same ? held.features : (await answer.json()).features;
      if (shown.get(id) !== held) return;
      Object.assign(held, { features, tag });
      if (!same) draw(id, held);
    } catch {
      held.fetched = null;
      if (held.state !== "drawn") held.state = "failed";
    }
    cop.emit("others", id);
  };
  const addTiles = (id, held) => {
    const pane = cop.map.leaflet.getPane("others") || cop.map.leaflet.createPane("others");
    pane.style.zIndex = 300;
    held.group = L.tileLayer(`/api/v1/layers/${encodeURIComponent(id)}/tiles/{z}/{x}/{y}.png`, {
      pane: "others", minZoom: 4, maxZoom: 19, maxNativeZoom: 19, opacity: 0.8,
    });
    held.group.on("tileerror", () => {
      held.state = "gaps";
      cop.emit("others", id);
    });
    held.group.on("loading", () => { held.state = "drawn"; });
    held.group.addTo(cop.map.leaflet);
    if (held.old) held.group.setOpacity(0.4);
    held.fetched = layerOf(id).fetched_at;
  };
  const put = (id) => {
    const p = layerOf(id);
    if (!p || shown.has(id) || !cop.map.leaflet) return;
    const held = {
      group: null, features: [], state: "loading", fetched: null, run: null,
      letter: freeLetter(), old: ageOf(p).state === "stale",
    };
    shown.set(id, held);
    if (p.service === "wms") addTiles(id, held);
    else {
      held.group = L.layerGroup().addTo(cop.map.leaflet);
      load(id, held);
    }
  };
  const drop = (id) => {
    const held = shown.get(id);
    if (!held) return;
    shown.delete(id);
    held.group.remove();
    closePopup();
  };

  /* How a layer looks: the letter in its squares, or a sign of its sort; "" while nothing is drawn. */
  const lookOf = (id) => {
    const held = shown.get(id);
    if (!held || !layerOf(id)) return "";
    if (layerOf(id).service === "wms") return "▦";
    const types = held.features.map(({ geometry }) => geometry.type);
    if (types.some((type) => type.endsWith("Point"))) return held.letter || "□";
    if (!types.length) return "";
    return types.every((type) => type.includes("Line")) ? "╱" : "▭";
  };

  cop.others = {
    ageOf,
    layerOf,
    isShown: (id) => wanted.has(id),
    shown: () => [...shown.keys()],
    stateOf: (id) => (shown.get(id) || {}).state || "",
    featuresOf: (id) => (shown.get(id) || { features: [] }).features,
    show(id, on) {
      if (on) wanted.add(id);
      else wanted.delete(id);
      cop.prefs.set("others", [...wanted]);
      if (on) put(id);
      else drop(id);
      cop.emit("others", id);
    },
    /* Go to one feature and open its words. */
    visit(id, feature) {
      const box = L.geoJSON(feature).getBounds();
      const [lat, lon] = [box.getCenter().lat, box.getCenter().lng];
      cop.fly([lon, lat], 15);
      open(id, feature, [lat, lon]);
    },
    /* Layers that came, went, or were fetched anew. */
    take(ids) {
      for (const id of ids) {
        const p = layerOf(id);
        const held = shown.get(id);
        if (!p) drop(id);
        else if (!held && wanted.has(id)) put(id);
        else if (held && p.fetched_at && p.fetched_at !== held.fetched) renew(id, held, p);
      }
    },
    redraw() {
      for (const [id, held] of shown) if (held.features.length) draw(id, held);
    },
    lookOf,
    /* A small picture of how it looks on the map. */
    sign(id) {
      const look = lookOf(id);
      if (!look || !LETTERS.includes(look)) return cop.h("span", { class: "others-sign", "aria-hidden": "true", text: look });
      const square = cop.h("canvas", { class: "others-sign", width: SIDE * 2, height: SIDE * 2, "aria-hidden": "true" });
      square.getContext("2d").drawImage(spriteOf(styleOf(id, "Point")), 0, 0, SIDE * 2, SIDE * 2);
      return square;
    },
  };
  function renew(id, held, p) {
    held.fetched = p.fetched_at;
    setTimeout(() => {
      if (shown.get(id) !== held) return;
      if (p.service === "wms") held.group.redraw();
      else load(id, held);
    }, held.features.length ? Math.random() * SPREAD_MS : 0);
  }
  /* What becomes old while it is looked at is drawn as old. */
  const lookForOld = () => {
    for (const [id, held] of shown) {
      const p = layerOf(id);
      const old = Boolean(p) && ageOf(p).state === "stale";
      if (!p || old === held.old) continue;
      held.old = old;
      if (p.service === "wms") held.group.setOpacity(old ? 0.4 : 0.8);
      else if (held.features.length) draw(id, held);
    }
  };
  cop.on("health", lookForOld);
  cop.on("picture", lookForOld);
  cop.backs.push(closePopup);
  for (const name of ["picture", "layers"])
    cop.on(name, () => shown.size && cop.soon("others-order", arrange, 2000));
})((window.cop = window.cop || {}));
