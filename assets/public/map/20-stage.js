/* The map itself: its box, its buttons, the base below it. */
(function (cop) {
  "use strict";
  const CITY = [[22.235, 113.93], [22.51, 114.28]];
  const BOUNDS = [[14, 104], [32, 126]]; // as far as a cyclone is of interest
  const ZOOMS = { minZoom: 6, maxZoom: 18 };
  const NEAR_ZOOM = 15;
  const STILL = { animate: false };
  let leaflet = null;
  let root = null;
  let me = null;

  const control = (key, sign, act) =>
    cop.h("button", { type: "button", class: "map-button", "aria-label": cop.t(`map.${key}`), title: cop.t(`map.${key}`), text: sign, on: { click: act } });
  const fitSize = () => {
    if (root.clientWidth && root.clientHeight) leaflet.invalidateSize({ animate: false });
  };
  const make = (box) => {
    const canvas = cop.h("div", { class: "map-canvas", role: "region", "aria-label": cop.t("map.label") });
    root = cop.h("div", { class: "map-root" }, canvas,
      cop.h("div", { class: "map-veil", "aria-hidden": "true" }),
      cop.h("p", { class: "map-note", hidden: true }),
      cop.h("div", { class: "map-zoom" },
        control("in", "+", () => leaflet.zoomIn()), control("out", "−", () => leaflet.zoomOut()),
        control("city", "⌂", () => leaflet.fitBounds(CITY))),
      cop.h("div", { id: "cop-attribution", class: "map-attribution" }));
    box.append(root);
    const calm = cop.isCalm();
    leaflet = L.map(canvas, {
      zoomControl: false, attributionControl: false, ...ZOOMS, maxBounds: BOUNDS, zoomSnap: 0.5, tap: false,
      fadeAnimation: !calm, zoomAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
      renderer: L.canvas({ padding: 0.3, tolerance: matchMedia("(pointer: coarse)").matches ? 12 : 4 }), trackResize: false,
    });
    leaflet.fitBounds(CITY, STILL);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(leaflet);
    new ResizeObserver(fitSize).observe(root);
    cop.on("shown", fitSize);
    cop.on("theme", () => {
      cop.symbols.clear();
      cop.base.restyle();
      cop.draw.again();
    });
  };

  let ring = null;
  const outline = () => {
    const geometry = cop.base.districts.get(cop.district.chosen);
    if (ring) ring.remove();
    ring = geometry ? L.geoJSON(geometry, {
      interactive: false, style: { color: cop.colour("accent"), weight: 3, dashArray: "10 6", fill: false },
    }).addTo(leaflet) : null;
    return ring;
  };
  let was = cop.district.chosen;
  const showDistrict = (code) => {
    const found = outline();
    if (found && code !== was) leaflet.fitBounds(found.getBounds(), { maxZoom: 14, ...STILL });
    was = code;
  };

  cop.map = {
    get leaflet() { return leaflet; },
    get root() { return root; },
    /* Make the map in *box*, with all that is known on it. */
    async open(box) {
      make(box);
      cop.panel.build(root);
      cop.base.attach(leaflet);
      cop.on("districts", outline);
      cop.on("theme", outline);
      cop.on("district", showDistrict);
      cop.sheet.build(root);
      cop.draw.start();
      cop.veil.show();
    },
    look(at, zoom = NEAR_ZOOM) {
      leaflet.setView([at[1], at[0]], Math.max(leaflet.getZoom(), zoom), STILL);
      const { height } = cop.sheet.over();
      if (height) leaflet.panBy([0, height / 2], STILL);
    },
    show(id, back) {
      const feature = cop.picture.get(id);
      if (!feature || !feature.geometry) return back();
      const { type } = feature.geometry;
      for (const { layer } of cop.layers.looks(id)) if (!cop.layers.isShown(layer.key)) cop.layers.show(layer.key, true);
      cop.sheet.open([id], { focus: true, back });
      const paddingBottomRight = [0, cop.sheet.over().height];
      if (type.endsWith("Polygon")) leaflet.fitBounds(L.geoJSON(feature.geometry).getBounds(), { maxZoom: 14, paddingBottomRight, ...STILL });
      else cop.map.look(cop.geo.centre(feature.geometry));
      return undefined;
    },
    showMe({ at, accuracy }) {
      cop.map.forgetMe();
      const place = [at[1], at[0]];
      const colour = cop.colour("accent");
      const around = L.circle(place, { radius: accuracy, color: colour, weight: 1.5, fillOpacity: 0.12, interactive: false });
      const dot = L.circleMarker(place, { radius: 8, color: "#ffffff", weight: 3, fillColor: colour, fillOpacity: 1, interactive: false });
      me = L.layerGroup([around, dot]).addTo(leaflet);
      cop.map.look(at);
    },
    forgetMe() {
      if (me) me.remove();
      me = null;
    },
  };
})(window.cop);
