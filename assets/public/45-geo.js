/* Distances and directions. Metres; places as [lon, lat]. Nothing here leaves the device. */
(function (cop) {
  "use strict";
  const EARTH_M = 6371000;
  const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
  const rad = (degrees) => (degrees * Math.PI) / 180;

  /* The city is small: around *from* the earth is taken for flat. */
  const flat = (from) => {
    const across = EARTH_M * Math.cos(rad(from[1]));
    return ([lon, lat]) => [rad(lon - from[0]) * across, rad(lat - from[1]) * EARTH_M];
  };
  const nearestOn = ([x1, y1], [x2, y2]) => {
    const [dx, dy] = [x2 - x1, y2 - y1];
    const length = dx * dx + dy * dy;
    const t = length ? Math.max(0, Math.min(1, -(x1 * dx + y1 * dy) / length)) : 0;
    return [x1 + t * dx, y1 + t * dy];
  };
  const isAround = (ring) => {
    let inside = false;
    for (let n = 0, m = ring.length - 1; n < ring.length; m = n, n += 1) {
      const [[x1, y1], [x2, y2]] = [ring[n], ring[m]];
      if (y1 > 0 !== y2 > 0 && 0 < ((x2 - x1) * -y1) / (y2 - y1) + x1) inside = !inside;
    }
    return inside;
  };
  const closest = (all) =>
    all.reduce((best, at) => (!best || Math.hypot(...at) < Math.hypot(...best) ? at : best), null);
  const onLine = (line) => closest(line.length > 1 ? line.slice(1).map((at, n) => nearestOn(line[n], at)) : line);
  const onArea = (rings) => (isAround(rings[0]) && !rings.slice(1).some(isAround) ? [0, 0] : closest(rings.map(onLine)));
  const NEAREST = {
    Point: (c) => c,
    MultiPoint: closest,
    LineString: onLine,
    MultiLineString: (c) => closest(c.map(onLine)),
    Polygon: onArea,
    MultiPolygon: (c) => closest(c.map(onArea)),
  };
  const turn = (coordinates, to) =>
    typeof coordinates[0] === "number" ? to(coordinates) : coordinates.map((one) => turn(one, to));

  cop.geo = {
    /* From *here* to the nearest point of *geometry*: {m, wind}; null where it has no place. */
    way(here, geometry) {
      if (!geometry || !NEAREST[geometry.type] || !geometry.coordinates.length) return null;
      const at = NEAREST[geometry.type](turn(geometry.coordinates, flat(here)));
      const [x, y] = at;
      const degrees = ((Math.atan2(x, y) * 180) / Math.PI + 360) % 360;
      return { m: Math.hypot(x, y), wind: WINDS[Math.round(degrees / 45) % 8] };
    },
    far: (m) =>
      m < 995 ? cop.t("geo.m", { n: Math.max(10, Math.round(m / 10) * 10) }) : cop.t("geo.km", { n: (m / 1000).toFixed(m < 9950 ? 1 : 0).replace(/\.0$/, "") }),
    wind: (code) => cop.t(`geo.${code}`),
    /* A point that stands for *geometry*. */
    centre({ type, coordinates: c }) {
      const middle = (line) => line[Math.floor(line.length / 2)];
      const box = (ring) => [0, 1].map((axis) => {
        const all = ring.map((at) => at[axis]);
        return (Math.min(...all) + Math.max(...all)) / 2;
      });
      if (type === "Point") return c;
      if (type === "MultiPoint") return c[0];
      if (type === "LineString") return middle(c);
      if (type === "MultiLineString") return middle(middle(c));
      return box(type === "Polygon" ? c[0] : c[0][0]);
    },
  };
})(window.cop);
