/* What the reader has chosen: one entity at a time, the same on map, list, detail and address. */
(function (cop) {
  "use strict";
  let selected = null;
  let last = null; // the feature as last known, for when it leaves the picture
  let ended = null;
  let popup = null;
  let ring = null;
  let body = null;

  const fillPopup = () => {
    if (!body || !last) return;
    const parts = [
      cop.h("strong", { text: cop.facts.title(last) }),
      cop.h("span", { class: "popup-fact", text: cop.facts.headline(last) }),
      cop.h(
        "span", { class: "popup-when" },
        ended === null ? cop.ageNode(cop.facts.when(last)) : cop.t("ended", { time: cop.time(ended) }),
        ` · ${cop.facts.publisher(last.properties)}`,
      ),
    ];
    body.replaceChildren(...parts);
  };
  const closePopup = () => {
    if (popup) popup.remove();
    popup = body = null;
  };
  const openPopup = (at) => {
    closePopup();
    body = cop.h("div", { class: "popup-body" });
    popup = L.popup({ autoPan: false, closeOnClick: false, maxWidth: 260, offset: [0, -8] })
      .setLatLng(at)
      .setContent(body)
      .openOn(cop.map.leaflet);
    const mine = popup;
    mine.on("remove", () => {
      if (popup === mine) popup = body = null;
    });
    fillPopup();
  };

  const mark = () => {
    const at = last && cop.placeOf(last);
    if (!at) {
      if (ring) ring.remove();
      ring = null;
      return;
    }
    const place = [at[1], at[0]];
    if (!ring) {
      const icon = L.divIcon({ className: "selected-ring", iconSize: [40, 40] });
      ring = L.marker(place, { icon, interactive: false, keyboard: false, zIndexOffset: -1000 });
      ring.addTo(cop.map.leaflet);
    } else if (!ring.getLatLng().equals(place)) {
      ring.setLatLng(place);
      if (popup) popup.setLatLng(place);
    }
  };

  /* On a phone the sheet covers the lower half: the chosen place moves to the upper. */
  const showAboveSheet = (place) => {
    const leaflet = cop.map.leaflet;
    const { y } = leaflet.getSize();
    const centre = leaflet.project([place[1], place[0]]).add([0, y / 4]);
    leaflet.panTo(leaflet.unproject(centre));
  };

  cop.selected = () => selected;
  cop.selection = () => ({ feature: last, ended });

  /* Choose *id*, or nothing with null. `from` says where: the list moves the map, the map does
   * not move itself. */
  cop.select = (id, { from = "list", at = null } = {}) => {
    const feature = id && cop.picture.get(id);
    selected = feature ? id : null;
    last = feature || null;
    ended = null;
    closePopup();
    mark();
    if (feature) {
      const place = cop.placeOf(feature);
      const leaflet = cop.map.leaflet;
      if (place && cop.isPhone()) showAboveSheet(place);
      else if (place && from !== "map" && !leaflet.getBounds().pad(-0.1).contains([place[1], place[0]]))
        leaflet.panTo([place[1], place[0]]);
      if (place && from === "map") {
        const point = feature.geometry && feature.geometry.type === "Point";
        openPopup(at && !point ? at : [place[1], place[0]]);
      }
    }
    cop.emit("select", { id: selected, from });
  };

  /* An update of the chosen one changes its words where they stand. */
  cop.followSelection = ({ put, gone }) => {
    if (!selected) return;
    const now = put.find((feature) => feature.id === selected);
    if (now) {
      last = now;
      ended = null;
    } else if (gone.some((feature) => feature.id === selected)) {
      ended = cop.clock.now();
    } else return;
    mark();
    fillPopup();
    cop.emit("selected-changed");
  };
  /* The chosen one has moved without having changed. */
  cop.followPlace = () => {
    mark();
    fillPopup();
  };
  cop.refreshPopup = fillPopup;
})((window.cop = window.cop || {}));
