/* The way from a team to where it was sent, drawn again when either of them moves. */
(function (cop) {
  "use strict";
  const end = (id) => {
    const feature = id && cop.picture.get(id);
    return feature ? cop.placeOf(feature) : null;
  };
  cop.links = {
    /* Gives the line of an assignment, or null where one end is not known. */
    between(feature) {
      const p = feature.properties;
      const from = end(p.resource);
      const to = (feature.geometry && cop.placeOf(feature)) || end(p.incident);
      return from && to ? { type: "LineString", coordinates: [from, to] } : null;
    },
  };
  cop.on("start", () => {
    cop.desk.watch(["resource", "incident"], () => {
      for (const layer of cop.layers.all)
        if (layer.draw === "link" && cop.layers.count(layer.key)) cop.map.redrawLayer(layer.key);
    });
  });
})((window.cop = window.cop || {}));
