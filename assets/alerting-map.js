/* A small map of an area, drawn from what this page has itself: it looks the same to whoever
 * releases a warning as to whoever wrote it, with or without a network. */
(function (cop) {
  "use strict";
  const WIDTH = 480;
  const HEIGHT = 270;
  const LEAST = 0.05; // degrees of latitude that are shown at least
  const MARGIN = 0.35; // of the area's own size, on each side
  const BARS_KM = [0.5, 1, 2, 5, 10, 20, 50, 100, 200];
  const KM_PER_DEGREE = 111.2;
  const MOST_NAMES = 12;

  const polygons = (geometry) =>
    !geometry ? [] : geometry.type === "Polygon" ? [geometry.coordinates]
      : geometry.type === "MultiPolygon" ? geometry.coordinates : [];
  const bounds = (rings) => {
    const all = rings.flat();
    const lons = all.map(([lon]) => lon);
    const lats = all.map(([, lat]) => lat);
    return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  };
  /* How many points an area has, the closing ones counted, as a message counts them. */
  const points = (geometry) => polygons(geometry).reduce((sum, rings) => sum + rings[0].length, 0);

  /* From degrees to the drawing: the area in the middle, its surroundings about it. */
  const frame = (geometry) => {
    const [w, s, e, n] = bounds(polygons(geometry).map((rings) => rings[0]));
    const narrow = Math.cos((((s + n) / 2) * Math.PI) / 180);
    const high = Math.max(LEAST, (n - s) * (1 + 2 * MARGIN), ((e - w) * narrow * (1 + 2 * MARGIN) * HEIGHT) / WIDTH);
    const scale = HEIGHT / high; // pixels a degree of latitude
    const [lon, lat] = [(w + e) / 2, (s + n) / 2];
    return {
      scale,
      to: ([x, y]) => [WIDTH / 2 + (x - lon) * narrow * scale, HEIGHT / 2 - (y - lat) * scale],
    };
  };
  const pathOf = (rings, to) =>
    rings.map((ring) => `M${ring.map((at) => to(at).map((n) => n.toFixed(1)).join(" ")).join("L")}Z`).join("");

  const bar = ({ scale }) => {
    const km = BARS_KM.filter((n) => (n / KM_PER_DEGREE) * scale <= WIDTH / 4).at(-1) || BARS_KM[0];
    const long = (km / KM_PER_DEGREE) * scale;
    return cop.svg("g", { class: "alert-map-bar" },
      cop.svg("path", { d: `M12 ${HEIGHT - 16}v6h${long.toFixed(1)}v-6` }),
      cop.svg("text", { x: 18 + long, y: HEIGHT - 9 }, `${km} km`));
  };
  /* The greatest places first, as many as stand apart. */
  const names = (to) => {
    const taken = [];
    const found = [];
    for (const { text, lat, lon } of cop.base.places) {
      const words = cop.say(text);
      const half = 5 + (words.length * (cop.lang === "en" ? 6 : 12)) / 2;
      const [x, y] = to([lon, lat]);
      if (x < half || x > WIDTH - half || y < 16 || y > HEIGHT - 26) continue;
      if (taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - y) < 18)) continue;
      taken.push({ x, y, half });
      found.push(cop.svg("text", { x, y, class: "alert-map-name" }, words));
      if (found.length >= MOST_NAMES) break;
    }
    return found;
  };

  /* Give the map of *geometry*; null where there is no area. */
  cop.alertMap = (geometry, severity = "Unknown") => {
    if (!polygons(geometry).length) return null;
    const view = frame(geometry);
    const land = [...cop.base.districts.values()].flatMap(polygons).map((rings) => pathOf(rings, view.to)).join("");
    const area = polygons(geometry).map((rings) => pathOf([rings[0]], view.to)).join("");
    return cop.svg("svg", {
      class: `alert-map is-${severity.toLowerCase()}`, viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img",
      "aria-label": cop.t("alerting.map-words", { n: points(geometry) }),
    },
    cop.svg("rect", { width: WIDTH, height: HEIGHT, class: "alert-map-water" }),
    cop.svg("path", { d: land, class: "alert-map-land" }),
    cop.svg("path", { d: area, class: "alert-map-area" }),
    ...names(view.to), bar(view));
  };

  /* The area on the large map, while it is being looked at there. */
  let shown = null;
  cop.alertArea = {
    polygons, points,
    hide() {
      if (shown) shown.remove();
      shown = null;
    },
    show(geometry) {
      cop.alertArea.hide();
      if (!polygons(geometry).length) return;
      const style = { color: cop.colour("accent"), weight: 3, dashArray: "10 5", fillOpacity: 0.12 };
      shown = L.geoJSON(geometry, { style, interactive: false }).addTo(cop.map.leaflet);
    },
    /* Bring it into the part of the map that the sheet leaves free. */
    look(geometry, covered = 0) {
      if (!polygons(geometry).length) return;
      const [w, s, e, n] = bounds(polygons(geometry).map((rings) => rings[0]));
      cop.map.leaflet.fitBounds([[s, w], [n, e]], { paddingTopLeft: [30, 30], paddingBottomRight: [30 + covered, 30], maxZoom: 15 });
    },
  };
})((window.cop = window.cop || {}));
