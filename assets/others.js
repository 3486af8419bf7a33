/* The list of layers of others: switch, age and source of each, and for whoever may, adding one
 * and taking one away. */
(function (cop) {
  "use strict";
  const SERVICES = ["arcgis", "ogc", "wfs", "wms", "geojson"];
  const INTERVALS = ["300", "3600", "86400"];
  const MOST_ROWS = 200;
  const rows = new Map(); // id -> {node, parts}
  let list = null;
  let none = null;
  let adding = null;

  const layers = () =>
    [...cop.picture.features.values()].filter(({ properties: p }) => p.kind === "layer");
  const titleOf = (p) => cop.say(p.title) || p.name || "–";

  /* Who must be named, with the name that the reader knows where the words have another. */
  const namedIn = ({ publisher, attribution }) => {
    const name = publisher === "COP" ? "" : cop.say(cop.config.publishers[publisher]);
    return name && !attribution.includes(name) ? `${name} (${attribution})` : attribution;
  };

  /* How it does, in words that begin with a sign: never by colour alone. */
  const stateWords = (id, p) => {
    const { state, failed, fetched } = cop.others.ageOf(p);
    const on = cop.others.isShown(id);
    const here = on ? cop.others.stateOf(id) : "";
    if (state === "never") return ["unknown", cop.t(failed ? "others.never-failed" : "others.never")];
    if (here === "failed") return ["unknown", cop.t("others.not-loaded")];
    if (here === "gaps") return ["stale", cop.t("others.no-pictures")];
    if (state === "stale") return ["stale", cop.t("others.stale", { time: cop.time(fetched) })];
    const age = cop.age(fetched);
    if (state === "failing") return ["live", cop.t("others.failing", { age })];
    return ["live", cop.t(p.service === "wms" ? "others.pictures" : "others.live", { age })];
  };
  const moreWords = (id, p) => [
    p.checked_at || p.state === "never" ? "" : cop.t("others.asking"),
    cop.others.isShown(id) && cop.others.stateOf(id) === "loading" && p.fetched_at ? cop.t("others.loading") : "",
    p.content_at ? cop.t("others.content", { time: cop.time(cop.ms(p.content_at)) }) : "",
    p.cut ? cop.t("others.cut", { n: p.features }) : "",
  ].filter(Boolean).join(" · ");

  const makeRow = (id) => {
    const input = cop.h("input", {
      type: "checkbox", id: `cop-others-${id.replace(/[^a-z0-9-]/gi, "-")}`,
      on: { change: (event) => cop.others.show(id, event.target.checked) },
    });
    const part = (name) => cop.h("span", { class: name });
    const parts = {
      input, sign: part("others-sign-place"), title: part("layer-title"), count: part("layer-count"), state: part("layer-state"),
      more: part("others-note"), why: cop.h("span", { class: "others-note", lang: "en" }),
      by: part("others-note"), licence: part("others-note"),
      look: verb("others.look", () => look(id)),
      fetch: verb("others.fetch", (at) => cop.act("POST", `/layers/${encodeURIComponent(id)}/refresh`, {}, { at, done: "others.did-fetch" })),
      remove: verb("others.remove", (at) => remove(id, at)),
    };
    const details = cop.h("div", { class: "others-details" }, parts.by, parts.licence,
      cop.h("div", { class: "acts verbs" }, parts.look, parts.fetch, parts.remove));
    const node = cop.h("li", { class: "layer", "data-other": id },
      cop.h("label", { class: "layer-head", for: input.id }, input, parts.sign, parts.title, parts.count),
      parts.state, parts.more, parts.why, details);
    return { node, parts };
  };
  const verb = (key, act) =>
    cop.h("button", { class: "button small", type: "button", "data-t": key,
      on: { click: (event) => act(event.currentTarget.closest(".acts")) } });

  const fillRow = ({ node, parts }, { id, properties: p }) => {
    const on = cop.others.isShown(id);
    const [state, words] = stateWords(id, p);
    node.className = `layer is-${state}${on ? " is-on" : ""}`;
    if (parts.input.checked !== on) parts.input.checked = on;
    const look = `${cop.others.lookOf(id)}${state}${cop.theme()}`;
    parts.sign.hidden = !cop.others.lookOf(id);
    if (parts.sign.dataset.look !== look) parts.sign.replaceChildren(cop.others.sign(id));
    parts.sign.dataset.look = look;
    cop.write(parts.title, titleOf(p));
    cop.write(parts.count, p.features === undefined || p.features === null ? "" : String(p.features));
    cop.write(parts.state, words);
    cop.write(parts.more, moreWords(id, p));
    cop.write(parts.why, p.why || "");
    cop.write(parts.by, cop.t("others.by", { words: namedIn(p) }));
    cop.write(parts.licence, p.licence ? cop.t("others.licence", { words: p.licence }) : "");
    for (const name of ["more", "why", "licence"]) parts[name].hidden = !parts[name].textContent;
    const may = cop.may("add_layer");
    parts.look.hidden = p.service === "wms" || !on || !cop.others.featuresOf(id).length;
    parts.fetch.hidden = !may;
    parts.remove.hidden = !may || !p.author;
  };
  const render = () => {
    if (!list) return;
    const found = layers().sort((a, b) => titleOf(a.properties).localeCompare(titleOf(b.properties), cop.lang));
    const ids = new Set(found.map(({ id }) => id));
    for (const [id, row] of rows)
      if (!ids.has(id)) {
        row.node.remove();
        rows.delete(id);
      }
    let previous = null;
    for (const feature of found) {
      let row = rows.get(feature.id);
      if (!row) {
        rows.set(feature.id, (row = makeRow(feature.id)));
        cop.relabel(row.node);
      }
      fillRow(row, feature);
      const inPlace = previous ? previous.nextSibling === row.node : list.firstChild === row.node;
      if (!inPlace && !(row.node.isConnected && list.contains(document.activeElement)))
        previous ? previous.after(row.node) : list.prepend(row.node);
      previous = row.node;
    }
    none.hidden = found.length > 0;
    adding.hidden = !cop.may("add_layer");
    credits();
    cop.legend.refresh();
  };
  const soon = () => cop.soon("others", render, 200);

  /* Who must be named stands on the map for as long as their layer does. */
  const credits = () => {
    const titles = new Map(); // who must be named -> the titles of their layers
    for (const id of cop.others.shown()) {
      const p = cop.others.layerOf(id);
      if (!p) continue;
      const old = cop.others.ageOf(p).state === "stale" ? ` (△ ${cop.t("others.old-mark")})` : "";
      titles.set(namedIn(p), [...(titles.get(namedIn(p)) || []), `${titleOf(p)}${old}`]);
    }
    const words = [...titles].map(([who, what]) => `${what.join(", ")}: ${who}`).join(" · ");
    const node = cop.$("cop-credits");
    cop.write(node, words);
    node.title = words;
  };

  /* All that is in a layer, as a list: what the map shows to the eye alone, for everybody. */
  const look = (id) => {
    const p = cop.others.layerOf(id);
    const all = cop.others.featuresOf(id).map((feature) => ({
      feature, name: cop.othersName(feature),
      words: Object.values(feature.properties).join(" ").toLowerCase(),
    })).sort((a, b) => a.name.localeCompare(b.name, cop.lang));
    const count = cop.h("p", { class: "hint", role: "status" });
    const found = cop.h("ul", { class: "others-list" });
    const input = cop.h("input", { type: "search", "aria-label": cop.t("others.find"), placeholder: cop.t("others.find") });
    const fill = () => {
      const asked = input.value.trim().toLowerCase();
      const hits = all.filter(({ words }) => words.includes(asked)).slice(0, MOST_ROWS);
      cop.write(count, cop.t("others.found", { n: hits.length, all: all.length }));
      found.replaceChildren(...hits.map(({ feature, name }) =>
        cop.h("li", {}, cop.h("button", { class: "link-button", type: "button", text: name,
          on: { click: (event) => {
            event.currentTarget.closest("dialog").close();
            cop.others.visit(id, feature);
          } } }))));
    };
    input.addEventListener("input", fill);
    fill();
    cop.dialog({
      title: cop.t("others.look-title", { layer: titleOf(p) }), buttons: [], focus: input,
      body: cop.h("div", { class: "stack" }, cop.h("div", { class: "field" }, input), count, found),
    });
  };

  const remove = async (id, at) => {
    const chosen = await cop.dialog({
      title: cop.t("others.remove-title"), body: cop.h("p", { text: titleOf(cop.others.layerOf(id) || {}) }),
      buttons: [{ value: "remove", words: cop.t("others.remove-verb"), filled: true, danger: true }],
    });
    if (chosen === "remove")
      cop.act("DELETE", `/layers/${encodeURIComponent(id)}`, null, { at, done: "others.did-remove" });
  };

  const field = (key, input, hint) =>
    cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(key) }), input, hint || null);
  const choice = (name, codes, word, chosen) =>
    cop.h("select", { name }, ...codes.map((code) =>
      cop.h("option", { value: code, text: word(code), selected: code === chosen })));
  const addForm = () => {
    const text = (name, more) => cop.h("input", { name, type: "text", autocomplete: "off", ...more });
    const parts = {
      service: choice("service", SERVICES, (code) => cop.term("service", code), "arcgis"),
      address: text("address", { inputmode: "url", required: true, maxlength: "2000" }),
      name: text("name", { maxlength: "200" }),
      title: text("title", { required: true, maxlength: "120" }),
      attribution: text("attribution", { required: true, maxlength: "300" }),
      licence: text("licence", { maxlength: "300" }),
      every: choice("every_s", INTERVALS, (code) => cop.t(`others.every-${code}`), "3600"),
    };
    const nameHint = cop.h("small", {});
    const say = () => {
      cop.write(nameHint, cop.term("names", parts.service.value));
      parts.name.disabled = parts.service.value === "geojson";
      parts.name.required = !parts.name.disabled;
    };
    parts.service.addEventListener("change", say);
    say();
    const hosts = cop.config.layer_hosts.join(", ") || cop.t("others.add-none");
    const node = cop.h("div", { class: "stack acts others-form" },
      cop.h("p", { text: cop.t("others.add-intro", { hosts }) }),
      field("others.service", parts.service),
      field("others.address", parts.address, cop.h("small", { text: cop.t("others.address-hint") })),
      field("others.name", parts.name, nameHint),
      field("others.title", parts.title), field("others.attribution", parts.attribution),
      field("others.licence-field", parts.licence), field("others.every", parts.every));
    return { node, parts };
  };
  const add = async () => {
    const { node, parts } = addForm();
    const send = () => {
      const missing = [parts.address, parts.name, parts.title, parts.attribution]
        .filter((input) => input.required && !input.value.trim());
      for (const input of Object.values(parts)) input.toggleAttribute("aria-invalid", false);
      for (const input of missing) input.setAttribute("aria-invalid", "true");
      if (missing.length) missing[0].focus();
      else submit(node, parts);
      return null; // it stays until it is done
    };
    await cop.dialog({
      title: cop.t("others.add-title"), body: node, focus: parts.service,
      buttons: [{ value: send, words: cop.t("others.add-verb"), filled: true }],
    });
  };
  const submit = async (at, parts) => {
    const body = {
      service: parts.service.value, address: parts.address.value.trim(),
      name: parts.name.disabled ? "" : parts.name.value.trim(), title: parts.title.value.trim(),
      lang: cop.lang, attribution: parts.attribution.value.trim(),
      licence: parts.licence.value.trim(), every_s: Number(parts.every.value),
    };
    const done = await cop.act("POST", "/layers", body, { at, done: "others.did-add" });
    if (!done) return;
    cop.others.show(done.id, true);
    const dialog = at.closest("dialog");
    if (dialog) dialog.close();
  };

  const build = () => {
    list = cop.h("ul", { class: "layer-group" });
    none = cop.h("p", { class: "remark is-empty", "data-t": "others.none" });
    adding = cop.h("button", { class: "button", type: "button", "data-t": "others.add", on: { click: add } });
    const section = cop.h("section", { class: "others", "aria-labelledby": "cop-others-title" },
      cop.h("h3", { id: "cop-others-title", "data-t": "others" }),
      cop.h("p", { class: "hint", "data-t": "others.intro" }), none, list, adding);
    cop.$("cop-layers").append(section);
    cop.relabel(section);
    cop.others.take(layers().map(({ id }) => id));
    render();
  };
  cop.on("start", build);
  cop.on("picture", ({ put, gone }) => {
    const ids = [...put, ...gone].filter(({ properties: p }) => p.kind === "layer").map(({ id }) => id);
    if (!ids.length || !list) return;
    cop.others.take(ids);
    soon();
  });
  for (const name of ["me", "lang", "others", "health"]) cop.on(name, soon);
  cop.on("theme", () => {
    if (list) cop.others.redraw();
  });
})((window.cop = window.cop || {}));
