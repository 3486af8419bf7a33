/* The one map of this phone: shown for the area, lent to whoever picks a place. */
(function (cop) {
  "use strict";
  const START = { centre: [22.33, 114.15], zoom: 11 };
  const ZOOMS = { minZoom: 9, maxZoom: 19 };
  let leaflet = null;
  let root = null;

  const control = (key, act) =>
    cop.h("button", { type: "button", class: `map-button is-${key}`, "data-t-label": `map.${key}`, "aria-label": cop.t(`map.${key}`),
      text: { in: "+", out: "−" }[key], on: { click: act } });
  /* Leaflet looks at the box's style: it must stand in the page by then. */
  const make = (box) => {
    const canvas = cop.h("div", { class: "map-canvas", role: "region", "aria-label": cop.t("area.map-label") });
    root = cop.h("div", { class: "map-root" }, canvas,
      cop.h("div", { class: "map-zoom" },
        control("in", () => leaflet.zoomIn()), control("out", () => leaflet.zoomOut())),
      cop.h("div", { class: "map-veil", "aria-hidden": "true" }),
      cop.h("p", { class: "map-note", hidden: true }),
      cop.h("div", { id: "cop-attribution", class: "map-attribution" }));
    box.append(root);
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    leaflet = L.map(canvas, {
      zoomControl: false, attributionControl: false, ...ZOOMS, zoomSnap: 0.5, tap: false,
      fadeAnimation: !calm, zoomAnimation: !calm, markerZoomAnimation: !calm, inertia: !calm,
      preferCanvas: true, trackResize: false,
    });
    leaflet.setView(START.centre, START.zoom);
    new ResizeObserver(fitSize).observe(root);
    L.control.scale({ imperial: false, position: "bottomleft" }).addTo(leaflet);
  };
  /* Only what is in the page has a size; the middle stays where it was: phones are turned. */
  const fitSize = () => { if (root.clientWidth && root.clientHeight) leaflet.invalidateSize({ animate: false }); };
  /* Put the map into *box*, made with its base the first time; gives the Leaflet map. */
  const into = (box) => {
    const first = !leaflet;
    if (first) {
      make(box);
      cop.base.attach(leaflet);
    }
    if (root.parentNode !== box) box.append(root);
    fitSize();
    return leaflet;
  };
  cop.map.stage = {
    into,
    get map() { return leaflet; },
    get root() { return root; },
  };
  cop.on("lang", () => {
    if (!leaflet) return;
    cop.relabel(root);
    root.querySelector(".map-canvas").setAttribute("aria-label", cop.t("area.map-label"));
    cop.base.relabel();
  });
  cop.on("theme", () => {
    cop.symbols.clear();
    if (leaflet) cop.base.restyle();
  });
})((window.cop = window.cop || {}));
