/* What is on the map and what its signs mean, with a switch for each; and, over the map, of what
 * nothing is known. */
(function (cop) {
  "use strict";
  const rows = new Map(); // layer key -> {node, input, state, rules}
  let box = null;

  const stateOf = ({ feeds }) => (feeds.length ? cop.freshnessOf(feeds) : { state: "live", at: null });
  const words = ({ state, at }) =>
    state === "live" ? "" : at === null ? cop.t("map.unknown-layer") : cop.t("map.stale-layer", { time: cop.time(at) });
  const make = (layer) => {
    const input = cop.h("input", { type: "checkbox", checked: cop.layers.isShown(layer.key), on: { change: () => cop.layers.show(layer.key, input.checked) } });
    const count = cop.h("span", { class: "layer-count" });
    const state = cop.h("span", { class: "layer-state" });
    const rules = layer.rules.map((rule) => cop.h("li", {}, cop.h("span", { class: "layer-sign" }), cop.h("span", { text: cop.say(rule.word) })));
    const node = cop.h("li", { "data-layer": layer.key },
      cop.h("label", {}, input, cop.h("span", { text: cop.say(layer.title) }), count), state, cop.h("ul", {}, ...rules));
    rows.set(layer.key, { layer, node, input, count, state, rules });
    return node;
  };
  const refresh = () => {
    for (const { layer, input, count, state, rules, node } of rows.values()) {
      const isOn = cop.layers.isShown(layer.key);
      if (input.checked !== isOn) input.checked = isOn;
      const now = stateOf(layer);
      const n = cop.layers.count(layer.key);
      cop.write(count, n || now.state === "live" ? String(n) : "?");
      const said = words(now) || (isOn && n && cop.map.leaflet.getZoom() < layer.min_zoom ? cop.t("map.nearer") : "");
      cop.write(state, said);
      state.hidden = !said;
      node.className = `is-${now.state}`;
      cop.layers.tally(layer.key).forEach((tally, index) => {
        const row = rules[index];
        row.hidden = !isOn || !tally;
        if (row.hidden || row.dataset.theme === cop.theme()) return;
        row.dataset.theme = cop.theme();
        row.firstChild.replaceChildren(cop.symbols.legend(layer.rules[index], 16));
      });
    }
  };

  /* Whoever draws the tiles sees which part of the map is looked at; ours alone tells nobody. */
  const tiles = () => {
    const { saveData } = navigator.connection || {};
    const input = cop.h("input", { type: "checkbox", id: "map-tiles", on: { change: () => {
      cop.prefs.set("tiles", input.checked);
      cop.base.useTiles(input.checked);
    } } });
    input.checked = cop.prefs.get("tiles", !saveData);
    cop.base.useTiles(input.checked);
    return cop.h("label", { class: "map-tiles" }, input, cop.h("span", { text: cop.t("map.tiles") }));
  };

  cop.panel = {
    build(root) {
      const layers = [...cop.layers.all].sort((a, b) => b.order - a.order);
      box = cop.h("details", { class: "map-layers" }, cop.h("summary", { text: cop.t("map.legend") }),
        cop.h("ul", { class: "layer-rows" }, ...layers.map(make)));
      box.append(tiles());
      root.append(box);
      cop.backs.push(() => {
        if (!box.open || !box.contains(document.activeElement)) return false;
        box.open = false;
        box.querySelector("summary").focus();
        return true;
      });
    },
    refresh: () => cop.soon("panel", refresh),
  };

  cop.veil = {
    /* An empty place on the map means something only where it was looked. */
    show() {
      const { root } = cop.map;
      const shown = cop.layers.all.filter(({ key }) => cop.layers.isShown(key));
      const dark = shown.map((layer) => ({ layer, now: stateOf(layer) })).filter(({ now }) => now.state !== "live");
      const page = cop.live.state();
      root.classList.toggle("is-stale", page !== "live" || dark.some(({ layer }) => layer.vital));
      root.classList.toggle("is-unknown", dark.some(({ layer, now }) => layer.vital && now.state === "unknown"));
      const what = dark.map(({ layer, now }) =>
        now.at === null ? cop.say(layer.title) : cop.t("map.since", { what: cop.say(layer.title), time: cop.time(now.at) }));
      const note = root.querySelector(".map-note");
      note.hidden = !what.length;
      cop.write(note, what.length ? cop.t("map.no-information", { what: cop.join(what) }) : "");
    },
  };
  for (const event of ["pointer", "tick", "picture", "layers"])
    cop.on(event, () => { if (cop.map && cop.map.root) cop.soon("veil", cop.veil.show); });
})(window.cop);
