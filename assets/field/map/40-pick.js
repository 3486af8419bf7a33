/* Picks a place: the map moves under a cross-hair; keys, fingers and "here" all move the map. */
(function (cop) {
  "use strict";
  const CLOSE_ZOOM = 16;
  const DIGITS = 5; // about a metre

  /* Gives {lon, lat} or null; *start* is {lon, lat} or nothing. */
  cop.map.pick = (start) =>
    new Promise((give) => {
      const box = cop.h("div", { class: "pick-box" });
      const words = cop.h("p", { class: "pick-words", role: "status" });
      const cross = cop.h("div", { class: "pick-cross", "aria-hidden": "true" });
      let result = null;
      let home = null; // where the map was
      const at = () => {
        const { lat, lng } = cop.map.stage.map.getCenter().wrap();
        return { lon: Number(lng.toFixed(DIGITS)), lat: Number(lat.toFixed(DIGITS)) };
      };
      const tell = () => {
        const place = at();
        const here = cop.position.here();
        const far = here ? cop.geo.distance([here.lon, here.lat], [place.lon, place.lat]) : null;
        cop.write(words, [
          `${place.lat.toFixed(DIGITS)}, ${place.lon.toFixed(DIGITS)}`,
          far === null ? "" : far < 2 ? cop.t("spot.here", { n: Math.round(here.accuracy) }) : cop.geo.fromMe([place.lon, place.lat]),
        ].filter(Boolean).join(" · "));
      };
      const goHere = async () => {
        const found = await cop.position.ask();
        if (!found) return cop.write(words, cop.t(cop.position.trouble() || "pos.unavailable"));
        cop.map.stage.map.setView([found.lat, found.lon], Math.max(CLOSE_ZOOM, cop.map.stage.map.getZoom()), { animate: false });
        return tell();
      };
      const over = () => {
        const { map, root } = cop.map.stage;
        map.off("move", tell);
        cross.remove();
        cop.map.lend(false);
        if (home && home.isConnected) home.append(root);
        else root.remove();
        give(result);
      };
      const sheet = cop.ui.sheet({
        title: cop.t("spot.title"), close: over,
        body: cop.h("div", { class: "pick" },
          cop.h("p", { class: "quiet", text: cop.t("spot.how") }), box, words,
          cop.h("div", { class: "where-acts" },
            cop.ui.button("spot.go-here", goHere, { kind: "ghost", key: "pick-here" }),
            cop.ui.button("spot.use", () => { result = at(); sheet.close(); }, { kind: "filled", key: "pick-use" }))),
      });
      home = cop.map.stage.root && cop.map.stage.root.parentNode;
      const map = cop.map.stage.into(box);
      cop.map.stage.root.append(cross);
      cop.map.lend(true);
      map.on("move", tell);
      if (start) map.setView([start.lat, start.lon], CLOSE_ZOOM, { animate: false });
      else if (cop.position.here()) goHere();
      tell();
      requestAnimationFrame(() => map.getContainer().focus({ preventScroll: true }));
    });
})((window.cop = window.cop || {}));
