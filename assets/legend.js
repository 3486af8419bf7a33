/* The list of layers: switch, count, legend and state of each, all from its table. */
(function (cop) {
  "use strict";
  const rows = new Map();

  /* A sentence where there is nothing to show: looked and empty, or not known. Null when the
   * layer has something and its feeds are well. */
  cop.layerRemark = (layer) => {
    const now = cop.freshnessOf(layer.feeds);
    const count = cop.layers.count(layer.key);
    const title = cop.say(layer.title);
    if (now.state === "unknown" && count === 0)
      return cop.h("p", { class: "remark is-unknown" },
        cop.t("state.unknown-layer", { layer: title }),
        now.reason ? cop.h("span", { class: "remark-reason", text: ` ${now.reason}` }) : null);
    if (now.state === "stale")
      return cop.h("p", { class: "remark is-stale" },
        cop.t("state.stale-layer", { layer: title, time: cop.time(now.at) }));
    if (count === 0)
      return cop.h("p", { class: "remark is-empty" },
        cop.t("state.empty", { words: cop.say(layer.empty), time: cop.time(now.fetched ?? now.at) }));
    return null;
  };

  const makeRow = (layer) => {
    const input = cop.h("input", {
      type: "checkbox", id: `cop-layer-${layer.key}`,
      on: { change: (event) => cop.layers.show(layer.key, event.target.checked) },
    });
    const parts = {
      input,
      title: cop.h("span", { class: "layer-title" }),
      count: cop.h("span", { class: "layer-count" }),
      state: cop.h("span", { class: "layer-state" }),
      rules: layer.rules.map(() => ({
        symbol: cop.h("span", { class: "rule-symbol" }),
        word: cop.h("span", {}),
        count: cop.h("span", { class: "layer-count" }),
      })),
    };
    const legend = cop.h(
      "ul", { class: "rules" },
      ...parts.rules.map((rule) => cop.h("li", {}, rule.symbol, rule.word, rule.count)),
    );
    const node = cop.h(
      "li", { class: "layer", "data-layer": layer.key },
      cop.h("label", { class: "layer-head", for: input.id }, input, parts.title, parts.count),
      parts.state,
      legend,
    );
    rows.set(layer.key, { node, parts, layer });
    return node;
  };

  const stateWords = (layer) => {
    const now = cop.freshnessOf(layer.feeds);
    if (now.state === "unknown") return ["unknown", cop.t("state.unknown")];
    const time = cop.time(now.at);
    if (now.state === "stale") return ["stale", cop.t("state.stale", { time })];
    const age = cop.age(now.at);
    return ["live", now.partial ? cop.t("state.partial", { age }) : cop.t("state.live", { age })];
  };
  const render = () => {
    for (const { node, parts, layer } of rows.values()) {
      const on = cop.layers.isShown(layer.key);
      if (parts.input.checked !== on) parts.input.checked = on;
      const [state, words] = stateWords(layer);
      const count = cop.layers.count(layer.key);
      node.className = `layer is-${state}${on ? " is-on" : ""}`;
      node.hidden = cop.layers.isAbsent(layer);
      cop.write(parts.title, cop.say(layer.title));
      cop.write(parts.count, state === "unknown" && !count ? "?" : String(count));
      cop.write(parts.state,
        state === "live" && !count ? `${cop.say(layer.empty)} · ${words}` : words);
      cop.layers.tally(layer.key).forEach((n, index) =>
        cop.write(parts.rules[index].count, n ? String(n) : ""));
    }
    renderKey();
  };
  const relabel = () => {
    for (const { parts, layer } of rows.values())
      layer.rules.forEach((rule, index) => {
        cop.write(parts.rules[index].word, cop.say(rule.word));
        parts.rules[index].symbol.replaceChildren(cop.symbols.legend(rule, 14));
      });
  };

  /* The key on the map: only what is shown and present, so that it stays small. */
  const SIGNS = { unverified: {}, sure: {}, over: {}, count: { count: 3 }, maybe: { maybe: true } };
  /* What the outline and the corner of an incident say, of those that are on the map. */
  const signsShown = () => {
    const found = new Set();
    for (const layer of cop.layers.all) {
      if (layer.kind !== "incident" || !cop.layers.isShown(layer.key)) continue;
      for (const id of cop.layers.members(layer.key)) {
        if (found.size === Object.keys(SIGNS).length) break;
        found.add(cop.symbols.stateOf(cop.picture.get(id).properties));
        if (cop.layers.reports(id)) found.add("count");
        else if (cop.layers.maybeSame(id)) found.add("maybe");
      }
    }
    return Object.keys(SIGNS).filter((name) => found.has(name));
  };
  const sign = (name) =>
    name === "live" ? cop.h("li", {}, cop.symbols.element({ shape: "disc", colour: "team", size: 12, live: true, heading: 45 }, 12),
      cop.h("span", { text: cop.t("key.live") })) : cop.h("li", {}, cop.symbols.element({ shape: "Moderate", colour: "sev-moderate", size: 14,
      state: SIGNS[name].count || SIGNS[name].maybe ? "sure" : name, ...SIGNS[name] }, 14),
    cop.h("span", { text: cop.t(`key.${name}`) }));
  let keyWas = "";
  function renderKey() {
    const box = cop.$("cop-key");
    const present = [];
    for (const layer of [...cop.layers.all].reverse()) {
      if (!cop.layers.isShown(layer.key)) continue;
      const rules = layer.rules.filter((rule) => cop.layers.tally(layer.key)[rule.index]);
      if (rules.length) present.push({ layer, rules });
    }
    const signs = [...signsShown(), ...(cop.positions.count ? ["live"] : [])];
    const others = cop.others.shown().filter(cop.others.layerOf).map((id) => {
      const p = cop.others.layerOf(id);
      const old = cop.others.ageOf(p).state === "stale" ? ` (△ ${cop.t("others.old-mark")})` : "";
      return { id, look: cop.others.lookOf(id), words: `${cop.say(p.title) || p.name}${old}` };
    });
    const now = `${cop.lang}|${cop.theme()}|${signs}|${JSON.stringify(others)}|` +
      present.map(({ layer, rules }) => layer.key + rules.map((rule) => rule.index)).join();
    if (now === keyWas) return;
    keyWas = now;
    box.replaceChildren(
      ...(signs.length ? [cop.h("div", { class: "key-layer key-signs" },
        cop.h("span", { class: "key-title", text: cop.t("key.signs") }), cop.h("ul", {}, ...signs.map(sign)))] : []),
      ...present.map(({ layer, rules }) =>
        cop.h("div", { class: "key-layer" },
          cop.h("span", { class: "key-title", text: cop.say(layer.title) }),
          cop.h("ul", {}, ...rules.map((rule) =>
            cop.h("li", {}, cop.symbols.legend(rule, 12), cop.h("span", { text: cop.say(rule.word) })))))),
      ...(others.length ? [cop.h("div", { class: "key-layer key-others" },
        cop.h("span", { class: "key-title", text: cop.t("others") }),
        cop.h("ul", {}, ...others.map(({ id, words }) =>
          cop.h("li", {}, cop.others.sign(id), cop.h("span", { text: words })))))] : []),
    );
  }

  cop.legend = {
    build() {
      const box = cop.$("cop-layers");
      for (const group of cop.config.groups) {
        const layers = cop.layers.all.filter((layer) => layer.group === group);
        if (!layers.length) continue;
        layers.sort((a, b) => b.order - a.order);
        box.append(
          cop.h("h3", { "data-t": `group.${group}` }),
          cop.h("ul", { class: "layer-group" }, ...layers.map(makeRow)),
        );
      }
      relabel();
    },
    relabel: () => { relabel(); render(); },
    refresh: () => cop.soon("legend", render, 250),
  };
})((window.cop = window.cop || {}));
