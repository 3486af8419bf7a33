/* Puts the parts together once Dash has drawn the shell and the map is there. */
(function (cop) {
  "use strict";
  const TICK_MS = 1000;
  const HOME = [[22.15, 113.83], [22.57, 114.45]];
  cop.homeBox = HOME;
  let wasBroken = false;
  let wanted = null; // selection asked for by the address, until it is there

  const startView = (leaflet) => {
    leaflet.invalidateSize({ animate: false });
    const box = (cop.asked("bbox") || "").split(",").map(Number);
    const valid = box.length === 4 && box.every(Number.isFinite);
    leaflet.fitBounds(valid ? [[box[1], box[0]], [box[3], box[2]]] : HOME, { animate: false });
    leaflet.on("moveend", cop.writeAddress);
    leaflet.on("zoomstart dragstart", () => cop.chooser.close());
    leaflet.on("zoomend", () => {
      cop.clusters.arrange();
      for (const layer of cop.layers.all)
        if (layer.min_zoom || layer.area_zoom || (layer.label && layer.draw === "marker")) cop.map.redrawLayer(layer.key);
    });
    leaflet.on("click", () => {
      cop.chooser.close();
      cop.select(null);
    });
    leaflet.on("mousemove", ({ latlng }) =>
      cop.soon("position", () =>
        cop.write(cop.$("cop-position"), `${latlng.lat.toFixed(4)}, ${latlng.lng.toFixed(4)}`)));
    L.control.scale({ imperial: false, position: "bottomright" }).addTo(leaflet);
    leaflet.attributionControl.setPrefix(false);
  };

  /* The band: is this now, and if not, what is down and since when. */
  const showLink = () => {
    const troubles = cop.troubles();
    const { state, health } = cop.link;
    const broken = troubles.length > 0;
    if (document.body.classList.toggle("is-old", broken) !== wasBroken) {
      wasBroken = broken;
      for (const part of [cop.list, cop.detail, cop.feeds]) part.refresh();
    }
    const notice = cop.$("cop-notice");
    const words = cop.notices().join(" ");
    const gained = words && notice.textContent !== words;
    cop.write(notice, words);
    notice.hidden = !words;
    if (gained) cop.announce(words);
    const dot = cop.$("cop-link");
    const ago = cop.link.heardAgo();
    dot.className = `link is-${broken ? "lost" : state}`;
    cop.write(dot, broken ? cop.t("link.down") : state === "live"
      ? cop.t("link.live", { n: ago === null ? "0.0" : ago.toFixed(1) }) : cop.t("link.connecting"));
    cop.write(cop.$("cop-clock"), cop.seconds(cop.clock.now()));
    const speed = cop.$("cop-speed");
    speed.hidden = cop.clock.speed === 1;
    cop.write(speed, `×${cop.clock.speed}`);
    if (health) showOperation(health);
  };
  const showOperation = ({ operation, exercise }) => {
    document.body.classList.toggle("is-exercise", Boolean(exercise));
    document.body.dataset.watermark = exercise ? cop.t("mode.exercise") : "";
    cop.write(cop.$("cop-mode"), cop.t(exercise ? "mode.exercise" : "mode.live"));
    cop.$("cop-operation").title = operation;
    const name = operation.replace(/^exercise-/, "");
    cop.write(cop.$("cop-operation"), exercise ? cop.term("operation", name).replaceAll("-", " ") : cop.t("city"));
  };

  /* A map with holes in what it knows must not look clean. */
  const showVeil = () => {
    const blind = cop.picture.loaded
      ? cop.layers.all.filter((layer) => layer.vital && cop.layers.isShown(layer.key) &&
        cop.freshnessOf(layer.feeds).state === "unknown" && !cop.layers.count(layer.key))
      : [];
    cop.$("cop-veil").hidden = !blind.length && cop.picture.loaded;
    cop.$("cop-veil").classList.toggle("skeleton", !cop.picture.loaded);
    const note = cop.$("cop-veil-note");
    note.hidden = !blind.length;
    cop.write(note, blind.length
      ? cop.t("state.veil", { layers: blind.map((layer) => cop.say(layer.title)).join(cop.t("comma")) })
      : "");
  };

  const refreshAll = () => {
    cop.list.refresh();
    cop.legend.refresh();
    cop.detail.refresh();
    cop.feeds.refresh();
    cop.signals.refresh();
    cop.charts.refresh();
    showVeil();
  };
  const tick = () => {
    showLink();
    cop.refreshAges();
    cop.feeds.refresh();
    cop.legend.refresh();
    showVeil();
  };

  const onPicture = (change) => {
    /* Teams on the move are drawn by their own beat, and nothing else says where they are. */
    if (!change.reset && change.gone.concat(change.put).every(({ properties }) => properties.kind === "position")) {
      if (cop.selected()) cop.detail.noteChanges(change);
      return;
    }
    const touched = cop.layers.take(change);
    cop.map.take(change, touched);
    cop.followSelection(change);
    cop.chooser.take(change);
    cop.detail.noteChanges(change);
    cop.list.refreshSoon();
    cop.legend.refresh();
    cop.charts.refresh();
    const kinds = new Set([...change.put, ...change.gone].map((feature) => feature.properties.kind));
    if (change.reset || kinds.has("alert") || kinds.has("feed_status")) cop.signals.refresh();
    if (change.reset || kinds.has("feed_status")) cop.feeds.refresh();
    if (wanted && cop.picture.get(wanted)) {
      cop.select(wanted);
      wanted = null;
    }
    if (change.reset) showVeil();
  };
  const onSelect = ({ id, from }) => {
    cop.clusters.arrange();
    cop.detail.refresh();
    cop.list.refresh();
    cop.writeAddress();
    if (id && from === "list" && cop.isPhone()) cop.showPhone("map");
  };

  async function showMe() {
    const { name = "" } = await cop.readMe();
    for (const id of ["cop-me", "cop-more-me"]) cop.write(cop.$(id), name);
  }

  cop.start = () => {
    const leaflet = cop.map.leaflet;
    cop.config = JSON.parse(cop.$("cop-config").dataset.config);
    cop.picture.completeAll();
    showOperation(cop.config);
    cop.layers.setUp(cop.config.layers);
    cop.list.build();
    cop.legend.build();
    cop.view.setUp();
    cop.list.relabel();
    startView(leaflet);
    cop.base.attach(leaflet);
    wanted = cop.asked("sel");

    cop.on("picture", onPicture);
    cop.on("select", onSelect);
    cop.on("selected-changed", () => cop.detail.refresh());
    cop.on("link", () => { showLink(); cop.list.refresh(); cop.signals.refresh(); });
    cop.on("health", showLink);
    cop.on("layers", (key) => { cop.map.redrawLayer(key); cop.legend.refresh(); cop.writeAddress(); showVeil(); });
    cop.on("districts", () => cop.map.redrawAll());
    cop.on("lang", () => {
      cop.chooser.close();
      cop.list.relabel();
      cop.legend.relabel();
      cop.base.relabel();
      cop.map.redrawAll();
      cop.refreshPopup();
      refreshAll();
      tick();
      cop.charts.redraw();
      cop.writeAddress();
    });
    cop.on("theme", () => {
      cop.legend.relabel();
      cop.base.restyle();
      cop.map.redrawAll();
      refreshAll();
      cop.charts.redraw();
      cop.writeAddress();
    });
    cop.legend.relabel();
    cop.emit("start");
    if (cop.picture.loaded)
      onPicture({ put: [...cop.picture.features.values()], gone: [], reset: true });
    refreshAll();
    tick();
    cop.settle(); // ready means that every panel says something, and no control is without a name
    document.body.dataset.ready = "true";
    showMe();
    setInterval(tick, TICK_MS);
  };
})((window.cop = window.cop || {}));
