/* What lies under the picture: our own coast, districts and names, always; the Lands Department's
 * tiles above them when they can be reached. */
(function (cop) {
  "use strict";
  const HOST = "https://mapapi.geodata.gov.hk/gs/api/v1.0.0/xyz";
  const TERMS = "https://api.portal.hkmapservice.gov.hk/disclaimer";
  const LABEL_LANG = { en: "en", "zh-Hant": "tc", "zh-Hans": "sc" };
  const RETRY_MS = 120000;
  const GIVE_UP_AFTER = 4;
  const TILE = { minZoom: 9, maxZoom: 19, maxNativeZoom: 19, pane: "tiles", crossOrigin: null };
  let map = null;
  let tiles = null;
  let labels = null;
  let failed = 0;
  let wanted = true; // false: nobody else is told what is looked at
  const parts = []; // {layer, style} of the offline base
  const names = [];

  const style = () => ({
    coast: {
      fillColor: cop.colour("land"), fillOpacity: 1, stroke: false,
    },
    districts: { fill: false, color: cop.colour("district-line"), weight: 1, dashArray: "3 4" },
  });

  async function read(name) {
    const kept = (cop.config.files || {})[`${name}.json`];
    const answer = await fetch(kept || `/assets/geo/${name}.json`);
    if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
    return answer.json();
  }

  const showNames = () => {
    const zoom = map.getZoom();
    const tiled = labels && labels.loadedOnce;
    const taken = [];
    for (const { marker, rank, node, text } of names) {
      const words = cop.say(text);
      cop.write(node, words);
      let visible = !tiled && zoom >= 9 && rank <= zoom - 8;
      if (visible) {
        const at = map.latLngToContainerPoint(marker.getLatLng());
        const half = 4 + (words.length * (cop.lang === "en" ? 6.5 : 12.5)) / 2;
        visible = !taken.some((b) => Math.abs(b.x - at.x) < b.half + half && Math.abs(b.y - at.y) < 18);
        if (visible) taken.push({ x: at.x, y: at.y, half });
      }
      node.hidden = !visible;
    }
  };

  const addNames = (places) => {
    const rows = places.features.map((feature) => {
      const p = feature.properties;
      const [lon, lat] = feature.geometry.coordinates;
      return { text: textOf(p), rank: Number(p.rank ?? 3), lat, lon };
    });
    rows.sort((a, b) => a.rank - b.rank);
    cop.base.places = rows;
    for (const { text, rank, lat, lon } of rows) {
      const node = cop.h("span", { class: `place place-${Math.min(rank, 3)}` });
      const icon = L.divIcon({ className: "place-box", html: node, iconSize: [0, 0] });
      const marker = L.marker([lat, lon], { icon, pane: "names", interactive: false, keyboard: false });
      names.push({ marker: marker.addTo(map), rank, node, text });
    }
    showNames();
  };
  const textOf = (p) =>
    p.name && typeof p.name === "object"
      ? p.name
      : { en: p.en, "zh-Hant": p.tc, "zh-Hans": p.sc };

  const attribution = () => {
    const online = tiles && tiles.loadedOnce;
    const words = cop.t(online ? "base.landsd" : "base.offline");
    const box = cop.$("cop-attribution");
    box.replaceChildren(
      online
        ? cop.h("a", { href: TERMS, target: "_blank", rel: "noopener", text: words })
        : cop.h("span", { text: words }),
    );
  };

  const removeTiles = () => {
    for (const layer of [tiles, labels]) if (layer) map.removeLayer(layer);
    tiles = labels = null;
    attribution();
    showNames();
  };
  const dropTiles = () => {
    removeTiles();
    setTimeout(addTiles, RETRY_MS);
  };
  const watch = (layer) => {
    layer.loadedOnce = false;
    layer.on("tileload", () => {
      if (layer.loadedOnce) return;
      layer.loadedOnce = true;
      attribution();
      showNames();
    });
    layer.on("tileerror", () => {
      failed += 1;
      if (layer === tiles && !layer.loadedOnce && failed >= GIVE_UP_AFTER) dropTiles();
    });
    return layer.addTo(map);
  };
  const addLabels = () => {
    if (labels) map.removeLayer(labels);
    labels = watch(
      L.tileLayer(`${HOST}/label/hk/${LABEL_LANG[cop.lang]}/WGS84/{z}/{x}/{y}.png`, TILE),
    );
  };
  function addTiles() {
    if (tiles || !wanted) return;
    failed = 0;
    tiles = watch(L.tileLayer(`${HOST}/basemap/WGS84/{z}/{x}/{y}.png`, TILE));
    addLabels();
  }

  cop.base = {
    districts: new Map(), // code -> GeoJSON geometry
    places: [], // {text, rank, lat, lon} of each name, the greatest first
    async attach(leaflet) {
      map = leaflet;
      for (const [pane, z] of [["base", 150], ["tiles", 160], ["names", 350]])
        map.createPane(pane).style.zIndex = z;
      map.getPane("names").style.pointerEvents = "none";
      attribution();
      map.on("zoomend moveend", () => cop.soon("names", showNames));
      addTiles();
      const renderer = L.canvas({ pane: "base", padding: 0.5 });
      const found = await Promise.allSettled(["coast", "districts", "places"].map(read));
      const [coast, districts, places] = found.map((one) => one.value);
      for (const [name, data] of [["coast", coast], ["districts", districts]]) {
        if (!data) continue;
        const layer = L.geoJSON(data, {
          pane: "base", renderer, interactive: false, style: style()[name],
        }).addTo(map);
        parts.push({ layer, name });
      }
      for (const feature of districts ? districts.features : [])
        cop.base.districts.set(feature.properties.code, feature.geometry);
      if (places) addNames(places);
      cop.emit("districts");
    },
    /* Take the Lands Department's tiles, or do without. */
    useTiles(on) {
      wanted = on;
      if (!map) return;
      if (on) addTiles();
      else removeTiles();
    },
    restyle() {
      const now = style();
      for (const { layer, name } of parts) layer.setStyle(now[name]);
      attribution();
      showNames();
    },
    relabel() {
      attribution();
      showNames();
      if (labels) addLabels();
    },
  };
})((window.cop = window.cop || {}));
