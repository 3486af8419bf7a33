/* Drawing on the map: for everyone, as notes of the picture with an end, or only in my view. */
(function (cop) {
  "use strict";
  const SHAPES = ["point", "line", "area", "text"];
  const LEAST = { point: 1, text: 1, line: 2, area: 3 };
  const HOURS = [1, 3, 6, 12, 24, 72, 168];
  const MOST_MINE = 100;
  let mine = null; // Leaflet's group of what only I see
  let current = null; // the sketch under way

  const round = ({ lng, lat }) => [Number(lng.toFixed(6)), Number(lat.toFixed(6))];
  const geometryOf = (shape, places) => {
    if (shape === "line") return { type: "LineString", coordinates: places };
    if (shape === "area") return { type: "Polygon", coordinates: [[...places, places[0]]] };
    return { type: "Point", coordinates: places[0] };
  };

  /* Let the reader click a shape on the map; gives its geometry, or null for Esc. */
  cop.sketch = (shape) => {
    if (current) current.end(null);
    return new Promise((resolve) => {
      const { leaflet } = cop.map;
      const places = [];
      const style = { color: cop.colour("accent"), weight: 3, dashArray: "4 6", fillOpacity: 0.12 };
      const shown = (shape === "area" ? L.polygon([], style) : L.polyline([], style)).addTo(leaflet);
      const dots = L.layerGroup().addTo(leaflet);
      const redraw = (over) => {
        const all = over ? [...places, over] : places;
        shown.setLatLngs(all.map(([lon, lat]) => [lat, lon]));
        dots.clearLayers();
        for (const [lon, lat] of places)
          L.circleMarker([lat, lon], { radius: 4, color: cop.colour("accent"), interactive: false }).addTo(dots);
      };
      const add = (place) => {
        places.push(place);
        redraw();
        if (LEAST[shape] === 1) finish();
      };
      const finish = () => {
        if (places.length >= LEAST[shape]) end(geometryOf(shape, places));
        else cop.announce(cop.t("draw.few"));
      };
      const undo = () => { places.pop(); redraw(); };
      const bar = cop.h("div", { class: "sketch-bar", role: "status" },
        cop.h("span", { text: cop.t(`draw.how.${shape}`) }),
        cop.h("button", { class: "button ghost", type: "button", text: cop.t("draw.middle"),
          on: { click: () => add(round(leaflet.getCenter())) } }),
        LEAST[shape] > 1 ? cop.h("button", { class: "button filled", type: "button", text: cop.t("draw.finish"),
          on: { click: finish } }) : null,
        cop.h("button", { class: "button ghost", type: "button", text: cop.t("cancel"),
          on: { click: () => end(null) } }));
      const box = leaflet.getContainer();
      let ended = false;
      const onClick = ({ latlng, originalEvent }) => {
        L.DomEvent.stop(originalEvent);
        add(round(latlng));
      };
      const onMove = ({ latlng }) => places.length && redraw(round(latlng));
      const onKey = (event) => {
        const act = { Escape: () => end(null), Enter: finish, Backspace: undo }[event.key];
        if (!act || event.target.closest("button, input, textarea, select, dialog")) return;
        event.preventDefault();
        event.stopPropagation();
        act();
      };
      /* A press on anything drawn is a press on the map while sketching. */
      const onPress = (event) => {
        event.stopPropagation();
        onClick({ latlng: leaflet.mouseEventToLatLng(event), originalEvent: event });
      };
      const onDouble = (event) => {
        event.stopPropagation();
        event.preventDefault();
        places.pop(); // the second press of the two
        finish();
      };
      const pane = leaflet.getPane("mapPane");
      function end(geometry) {
        if (ended) return;
        ended = true;
        current = null;
        shown.remove();
        dots.remove();
        bar.remove();
        leaflet.off("mousemove", onMove);
        box.removeEventListener("click", guard, true);
        box.removeEventListener("dblclick", guardDouble, true);
        document.removeEventListener("keydown", onKey, true);
        box.classList.remove("is-sketching");
        resolve(geometry);
      }
      const guard = (event) => pane.contains(event.target) || event.target === box ? onPress(event) : undefined;
      const guardDouble = (event) => pane.contains(event.target) || event.target === box ? onDouble(event) : undefined;
      leaflet.on("mousemove", onMove);
      box.addEventListener("click", guard, true);
      box.addEventListener("dblclick", guardDouble, true);
      document.addEventListener("keydown", onKey, true);
      box.classList.add("is-sketching");
      box.parentNode.append(bar);
      current = { end };
      cop.announce(cop.t(`draw.how.${shape}`));
    });
  };

  /* What to do with it: words and end; mine on the left, everyone's on the right. */
  const field = (key, input) => cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(key) }), input);
  const span = (hours) =>
    hours < 24 ? cop.t("draw.hours", { n: hours }) : cop.t("draw.days", { n: hours / 24 });
  const askWhat = async (shape, geometry) => {
    const words = cop.h("input", { maxlength: "300", required: shape === "text" });
    const hours = cop.h("select", {}, ...HOURS.map((n) =>
      cop.h("option", { value: String(n), text: span(n), selected: n === 6 })));
    const said = (verb) => () => {
      if (shape === "text" && !words.value.trim()) {
        words.setAttribute("aria-invalid", "true");
        words.focus();
        return null;
      }
      return verb;
    };
    const verb = await cop.dialog({
      title: cop.t("draw.title"),
      body: cop.h("div", { class: "stack" }, field("draw.words", words), field("draw.ends", hours)),
      buttons: [{ value: said("mine"), words: cop.t("draw.mine") },
        ...(shape === "area" && cop.may("draft_alert") ? [{ value: "warn", words: cop.t("alerting.make") }] : []),
        ...(cop.may("draw") ? [{ value: said("share"), words: cop.t("draw.share"), filled: true }] : [])],
    });
    if (!verb) return;
    const drawing = { shape, geometry, words: words.value.trim() };
    if (verb === "mine") keep(drawing);
    else if (verb === "warn") await cop.alertList.begin({ geometry });
    else {
      const ends = new Date(cop.clock.now() + Number(hours.value) * 3600e3).toISOString();
      await cop.act("POST", "/notes",
        { topic: "drawing", ...drawing, lang: cop.lang, expires_at: ends }, { done: "draw.shared" });
    }
  };

  /* Only my view: kept in this browser, drawn dashed, never sent. */
  const kept = () => cop.prefs.get("drawings", []).filter((one) => SHAPES.includes(one.shape));
  const keep = (drawing) => {
    cop.prefs.set("drawings", [...kept(), drawing].slice(-MOST_MINE));
    showMine();
    cop.toast({ words: cop.t("draw.kept") });
  };
  const showMine = () => {
    if (!mine) mine = L.layerGroup().addTo(cop.map.leaflet);
    mine.clearLayers();
    for (const { shape, geometry, words } of kept()) {
      const style = { color: cop.colour("text"), weight: 2, dashArray: "2 6", fillOpacity: 0.08, interactive: false };
      const thing = L.geoJSON(geometry, { style, interactive: false,
        pointToLayer: (_, at) => L.circleMarker(at, { ...style, radius: shape === "text" ? 2 : 6 }) });
      if (words) {
        const name = cop.h("span", { text: `${words} · ${cop.t("draw.mine-title")}` });
        thing.bindTooltip(name, { permanent: true, direction: "right", className: "mine-label" });
      }
      thing.addTo(mine);
    }
    const clear = cop.$("cop-draw").querySelector("[data-draw=clear]");
    if (clear) clear.hidden = kept().length === 0;
  };

  /* The words of what everybody sees stand beside it. */
  const labels = new Map(); // id -> Leaflet's tooltip
  const showLabels = ({ put, gone }) => {
    const drop = (id) => {
      if (labels.has(id)) labels.get(id).remove();
      labels.delete(id);
    };
    for (const { id } of gone) drop(id);
    for (const feature of put) {
      if (feature.properties.topic !== "drawing") continue;
      drop(feature.id);
      label(feature);
    }
  };
  const label = (feature) => {
    const words = cop.say(feature.properties.title);
    const at = cop.placeOf(feature);
    if (!words || !at || !cop.layers.isShown("drawings")) return;
    labels.set(feature.id, L.tooltip({ permanent: true, direction: "right", offset: [12, 0], className: "shared-label" })
      .setLatLng([at[1], at[0]]).setContent(cop.h("span", { text: words })).addTo(cop.map.leaflet));
  };
  const relabelAll = () => {
    const drawings = [...cop.layers.members("drawings")].map((id) => cop.picture.get(id)).filter(Boolean);
    for (const tooltip of labels.values()) tooltip.remove();
    labels.clear();
    for (const feature of drawings) label(feature);
  };

  const start = async (shape) => {
    const geometry = await cop.sketch(shape);
    if (geometry) await askWhat(shape, geometry);
  };
  const build = () => {
    const box = cop.$("cop-draw");
    box.replaceChildren(
      ...SHAPES.map((shape) => cop.h("button", { class: "button ghost", type: "button", "data-t": `draw.${shape}`,
        on: { click: () => start(shape) } })),
      cop.h("button", { class: "button ghost", type: "button", "data-t": "draw.mine-clear", "data-draw": "clear",
        hidden: true, on: { click: () => { cop.prefs.set("drawings", []); showMine(); } } }));
    cop.relabel(box);
    for (const node of document.querySelectorAll("[data-draw-toggle]"))
      node.addEventListener("click", () => toggle(node));
  };
  const toggle = (node) => {
    const box = cop.$("cop-draw");
    box.hidden = !box.hidden;
    (node || document.querySelector("[data-draw-toggle]")).setAttribute("aria-expanded", String(!box.hidden));
    if (!box.hidden) box.querySelector("button").focus();
  };

  cop.on("start", () => {
    build();
    showMine();
    cop.parts.add({
      kind: "note", order: 10,
      render: (feature) => {
        const p = feature.properties;
        if (p.topic !== "drawing" || !cop.may("draw")) return null;
        return cop.h("section", { class: "detail-part acts" }, cop.h("button", {
          class: "button danger", type: "button", text: cop.t("draw.remove"),
          on: { click: () => cop.act("DELETE", `/notes/${feature.id}`, null,
            { id: feature.id, version: p.version, base: feature, done: "draw.removed" }) } }));
      },
    });
  });
  cop.on("picture", (change) => mine && showLabels(change));
  cop.on("layers", (key) => mine && key === "drawings" && relabelAll());
  cop.on("theme", () => mine && showMine());
  cop.on("lang", () => {
    if (!mine) return;
    cop.relabel(cop.$("cop-draw"));
    showMine();
    relabelAll();
  });
  cop.keys.d = () => toggle();
})((window.cop = window.cop || {}));
