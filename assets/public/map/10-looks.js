/* How things look on the public map: by the same tables, outlines and patterns as on the desk. */
(function (cop) {
  "use strict";
  cop.config.incident_open = []; // what is over is not drawn, and all else is sure
  cop.positions = { of: () => null, heading: () => null, count: 0 }; // nobody is followed here
  cop.layers.setUp(cop.layerTables);

  /* What is over, or has no place, is told in the text. */
  const holds = ({ geometry, properties: p }) => Boolean(geometry) && !p.ended;
  cop.looks = {
    take({ put, gone }) {
      const over = put.filter((feature) => !holds(feature));
      return cop.layers.take({ put: put.filter(holds), gone: [...gone, ...over] });
    },
    /* The topmost of the layers that are switched on and show *id* at *zoom*; null for none. */
    of(id, zoom) {
      const shown = cop.layers.looks(id).filter(({ layer }) => cop.layers.isShown(layer.key) && zoom >= layer.min_zoom);
      return shown.sort((a, b) => b.layer.order - a.layer.order)[0] || null;
    },
    spec(look, feature) {
      const spec = cop.symbols.spec(look, feature);
      if (spec.state) spec.state = "sure";
      if (feature.properties.feed && cop.freshness(feature.properties.feed).state !== "live") spec.stale = true;
      return spec;
    },
    label({ layer }, { properties: p }) {
      const value = layer.label ? p[layer.label] : undefined;
      return Number.isFinite(value) ? value.toFixed(layer.digits) : "";
    },
  };
})(window.cop);
