/* Places in words: how far, in which direction. Distances in metres, places as [lon, lat]. */
(function (cop) {
  "use strict";
  const EARTH_M = 6371000;
  const WINDS = ["n", "ne", "e", "se", "s", "sw", "w", "nw"];
  const rad = (degrees) => (degrees * Math.PI) / 180;

  const distance = ([lon1, lat1], [lon2, lat2]) => {
    const h =
      Math.sin(rad(lat2 - lat1) / 2) ** 2 +
      Math.cos(rad(lat1)) * Math.cos(rad(lat2)) * Math.sin(rad(lon2 - lon1) / 2) ** 2;
    return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, h)));
  };
  const bearing = ([lon1, lat1], [lon2, lat2]) => {
    const east = Math.sin(rad(lon2 - lon1)) * Math.cos(rad(lat2));
    const north =
      Math.cos(rad(lat1)) * Math.sin(rad(lat2)) -
      Math.sin(rad(lat1)) * Math.cos(rad(lat2)) * Math.cos(rad(lon2 - lon1));
    return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
  };
  const wind = (degrees) => cop.t(`geo.${WINDS[Math.round(degrees / 45) % 8]}`);
  const metres = (m) =>
    m < 995
      ? cop.t("geo.m", { n: Math.max(10, Math.round(m / 10) * 10) })
      : cop.t("geo.km", { n: (m / 1000).toFixed(m < 9950 ? 1 : 0) });

  const middle = (line) => line[Math.floor(line.length / 2)];
  const ringCentre = (ring) => {
    const of = (axis) => ring.map((at) => at[axis]);
    const mid = (all) => (Math.min(...all) + Math.max(...all)) / 2;
    return [mid(of(0)), mid(of(1))];
  };
  /* The place that stands for a geometry; null for none. */
  const centre = (geometry) => {
    const c = geometry ? geometry.coordinates : [];
    if (!c.length) return null;
    switch (geometry.type) {
      case "Point": return c;
      case "MultiPoint": return c[0];
      case "LineString": return middle(c);
      case "MultiLineString": return middle(middle(c));
      case "Polygon": return ringCentre(c[0]);
      default: return ringCentre(c[0][0]);
    }
  };

  /* "640 m north-east of you", or nothing where it is not known where this phone is. */
  const fromMe = (place) => {
    const here = cop.position.here();
    if (!here || !place) return "";
    const m = distance([here.lon, here.lat], place);
    if (m <= Math.max(30, here.accuracy)) return cop.t("geo.here");
    return cop.t("geo.from-me", {
      far: metres(m), wind: wind(bearing([here.lon, here.lat], place)),
    });
  };

  cop.geo = { distance, bearing, wind, metres, centre, fromMe };

  /* What a thing is called where it has no title of its own. */
  cop.titleOf = (feature) => {
    const p = feature.properties;
    const moved = p.kind === "position" && cop.field.view().resources.find((one) => one.feature.id === p.resource);
    if (moved) return cop.titleOf(moved.feature);
    return (
      cop.say(p.title) || cop.say(p.duty) || cop.say(p.body) || cop.say(p.road) ||
      cop.say(p.place) || (p.incident_type ? cop.term("incident", p.incident_type) : "") ||
      cop.term("kind", p.kind)
    );
  };
  cop.RANK = { Extreme: 0, Severe: 1, Moderate: 2, Minor: 3, Unknown: 4 };
})((window.cop = window.cop || {}));
