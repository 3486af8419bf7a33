/* The wall of cameras of a district: a tile each with its state and its zones' levels, and, once they
 * were asked for, the pictures of one page. Nothing of the picture that all share changes here. */
(function (cop) {
  "use strict";
  const PAGE = 12;
  const STAGGER_MS = 700;
  const KINDS = ["any", "own", "td", "alarm"];
  const NOWHERE = "";
  const choice = { district: null, kind: "any", page: 0 };
  const tiles = new Map(); // camera -> tile
  let pictures = false;
  let timers = [];
  let controls = null;
  const isOpen = () => Boolean(controls) && !cop.$("cop-cameras-sheet").hidden;

  const districtOf = ({ properties: p }) => p.district || NOWHERE;
  const zonesOf = (feature) => cop.sights.zonesOf(feature.id);
  const alarmOf = (feature) => zonesOf(feature).map(({ properties }) => cop.sights.worst(properties)).filter(Boolean)
    .sort((a, b) => cop.layers.rank(a) - cop.layers.rank(b))[0] || null;
  const isOwn = ({ properties: p }) => cop.sightFacts.isCounting(p);
  const FITS = { any: () => true, own: isOwn, td: (one) => !isOwn(one), alarm: (one) => Boolean(alarmOf(one)) };
  const rank = (one) => (alarmOf(one) ? cop.layers.rank(alarmOf(one)) : isOwn(one) ? 5 : 6);
  const found = () =>
    cop.sights.cameras().filter((one) => districtOf(one) === choice.district && FITS[choice.kind](one))
      .map((one) => ({ one, rank: rank(one), title: cop.facts.title(one) }))
      .sort((a, b) => a.rank - b.rank || a.title.localeCompare(b.title, cop.lang) || (a.one.id < b.one.id ? -1 : 1))
      .map(({ one }) => one);

  /* Where to begin: the district of what is chosen, or of the worst alarm, or with most cameras. */
  const firstDistrict = () => {
    const all = cop.sights.cameras();
    const has = (code) => all.some((one) => districtOf(one) === code);
    const { feature } = cop.selection();
    const chosen = feature && (feature.properties.district || (feature.properties.sight && cop.picture.get(feature.properties.sight.camera)?.properties.district));
    if (chosen && has(chosen)) return chosen;
    const [worst] = all.filter(alarmOf).sort((a, b) => rank(a) - rank(b));
    if (worst) return districtOf(worst);
    const counts = new Map();
    for (const one of all) counts.set(districtOf(one), (counts.get(districtOf(one)) || 0) + (isOwn(one) ? 100 : 1));
    const [most] = [...counts].sort((a, b) => b[1] - a[1]);
    return most ? most[0] : NOWHERE;
  };
  const districtName = (code) => (code === NOWHERE ? cop.t("cameras.no-district") : cop.say(cop.config.districts[code]) || code);

  /* Tiles */
  const choose = (id) => {
    show(false);
    cop.select(id);
    const place = cop.placeOf(cop.picture.get(id));
    if (place) cop.fly(place);
  };
  const makeTile = (feature) => {
    const { id } = feature;
    const tile = { id, look: "" };
    tile.view = cop.liveView.make(id, { bare: true });
    tile.title = cop.h("span", { class: "row-title" });
    tile.symbol = cop.h("span", { class: "row-symbol" });
    tile.state = cop.h("span", { class: "row-sub" });
    tile.main = cop.h("button", { class: "row tile-main", type: "button", on: { click: () => choose(id) } },
      tile.symbol, cop.h("span", { class: "row-main" }, tile.title, tile.state));
    tile.zones = cop.h("ul", { class: "tile-zones" });
    tile.why = cop.h("p", { class: "hint tile-why" });
    tile.node = cop.h("li", { class: "camera-tile", "data-camera": id }, tile.main, tile.view.node, tile.why, tile.zones);
    return tile;
  };
  const zoneChip = (zone) => {
    const p = zone.properties;
    const alarms = (p.sight.alarms || []).map((alarm) => cop.sightFacts.alarm(alarm));
    const words = [cop.facts.title(zone), cop.facts.headline(zone), ...alarms].join(" · ");
    return cop.h("li", {}, cop.facts.symbol(zone, 18), cop.h("span", { class: "tile-zone", title: words },
      cop.h("span", { class: "sr-only", text: `${words} ` }), cop.h("span", { "aria-hidden": "true", text: cop.facts.title(zone) }),
      cop.sights.known(p) ? cop.h("b", { class: "num", "aria-hidden": "true", text: ` ${cop.sightFacts.counted(p)}` }) : null));
  };
  const fill = (tile, feature) => {
    const zones = zonesOf(feature);
    const look = [feature.properties.version, ...zones.map((zone) => `${zone.id}${zone.properties.version}`), cop.lang, cop.theme()].join("|");
    const right = cop.liveView.rightOf(feature);
    tile.may = right.may;
    tile.view.node.hidden = !right.may;
    tile.why.hidden = right.may;
    cop.write(tile.why, right.may ? "" : cop.t(right.why));
    tile.view.draw();
    if (tile.look === look) return;
    tile.look = look;
    const name = cop.facts.title(feature);
    cop.write(tile.title, name);
    tile.main.setAttribute("aria-label", cop.t("cameras.choose", { name }));
    tile.symbol.replaceChildren(cop.facts.symbol(feature, 20));
    cop.write(tile.state, isOwn(feature) ? cop.sightFacts.state(feature.properties) : cop.t("cameras.td"));
    tile.node.dataset.alarm = (alarmOf(feature) || "none").toLowerCase();
    tile.zones.replaceChildren(...zones.map(zoneChip));
    tile.zones.hidden = !zones.length;
  };

  /* Pictures: of this page, after one press, one after the other. */
  const stopPictures = () => {
    timers.forEach(clearTimeout);
    timers = [];
    pictures = false;
    for (const { view } of tiles.values()) view.hush();
  };
  const startPictures = () => {
    pictures = true;
    [...tiles.values()].filter(({ may }) => may)
      .forEach(({ view }, n) => timers.push(setTimeout(view.start, n * STAGGER_MS)));
  };

  const render = () => {
    if (!isOpen()) return;
    const all = found();
    const last = Math.max(0, Math.ceil(all.length / PAGE) - 1);
    choice.page = Math.min(choice.page, last);
    const page = all.slice(choice.page * PAGE, (choice.page + 1) * PAGE);
    const ids = new Set(page.map(({ id }) => id));
    for (const [id, tile] of tiles)
      if (!ids.has(id)) {
        tile.view.hush();
        tile.node.remove();
        tiles.delete(id);
      }
    const list = cop.$("cop-cameras-tiles");
    const busy = list.contains(document.activeElement) || list.matches(":hover");
    page.forEach((feature, n) => {
      const isNew = !tiles.has(feature.id);
      if (isNew) tiles.set(feature.id, makeTile(feature));
      const tile = tiles.get(feature.id);
      fill(tile, feature);
      /* The order rests while somebody points at a tile, or a picture would jump from under them. */
      if (list.children[n] !== tile.node && (isNew || !busy)) list.insertBefore(tile.node, list.children[n] || null);
      if (isNew && pictures && tile.may) tile.view.start();
    });
    const note = cop.$("cop-cameras-note");
    note.hidden = all.length > 0;
    cop.write(note, all.length ? "" : cop.t("cameras.none"));
    cop.write(cop.$("cop-cameras-count"), all.length
      ? cop.t("cameras.count", { from: choice.page * PAGE + 1, until: choice.page * PAGE + page.length, all: all.length }) : "");
    cop.$("cop-cameras-pages").hidden = last === 0;
    controls.before.disabled = choice.page === 0;
    controls.after.disabled = choice.page === last;
    const may = [...tiles.values()].some((tile) => tile.may);
    controls.show.hidden = !may;
    controls.why.hidden = !may || pictures;
    controls.show.setAttribute("aria-pressed", String(pictures));
    cop.write(controls.show, cop.t(pictures ? "cameras.hide" : "cameras.show"));
  };
  const turn = (page) => {
    stopPictures();
    choice.page = page;
    render();
    cop.$("cop-cameras-tiles").parentNode.scrollTop = 0;
  };
  const fillChoices = () => {
    const counts = new Map();
    for (const one of cop.sights.cameras()) counts.set(districtOf(one), (counts.get(districtOf(one)) || 0) + 1);
    if (choice.district !== null && !counts.has(choice.district)) counts.set(choice.district, 0);
    const options = [...counts].map(([code, n]) => [code, cop.t("cameras.option", { district: districtName(code), n })])
      .sort((a, b) => (a[0] === NOWHERE) - (b[0] === NOWHERE) || a[1].localeCompare(b[1], cop.lang));
    controls.district.replaceChildren(...cop.desk.options(options, choice.district));
    controls.kind.replaceChildren(...cop.desk.options(KINDS.map((kind) => [kind, cop.t(`cameras.${kind}`)]), choice.kind));
  };
  const build = () => {
    const select = (key, change) => {
      const node = cop.h("select", { on: { change: (event) => { change(event.target.value); turn(0); } } });
      return [node, cop.h("label", { class: "field" }, cop.h("span", { "data-t": key }), node)];
    };
    const [district, districtField] = select("cameras.district", (value) => { choice.district = value; });
    const [kind, kindField] = select("cameras.which", (value) => { choice.kind = value; });
    const button = (cls, act, key) => cop.h("button", { class: `button ${cls}`, type: "button", "data-t": key, on: { click: act } });
    controls = {
      district, kind, show: button("", () => { if (pictures) stopPictures(); else startPictures(); render(); }),
      why: cop.h("p", { class: "hint", "data-t": "look.journalled" }),
      before: button("", () => turn(choice.page - 1), "cameras.before"), after: button("", () => turn(choice.page + 1), "cameras.after"),
    };
    cop.$("cop-cameras-choices").append(districtField, kindField, controls.show, controls.why);
    cop.$("cop-cameras-pages").append(controls.before, controls.after);
    cop.relabel(cop.$("cop-cameras-sheet"));
  };

  const show = (on) => {
    if (on && choice.district === null) choice.district = firstDistrict();
    if (on && cop.isPhone()) cop.showSheet("more", false);
    cop.showSheet("cameras", on);
    if (!on) {
      stopPictures();
      choice.district = null; // the next time it begins where the reader then is
      return;
    }
    fillChoices();
    choice.page = 0;
    render();
  };
  cop.on("start", () => {
    build();
    for (const node of document.querySelectorAll("[data-cameras]"))
      node.addEventListener("click", () => show(!isOpen()));
    cop.$("cop-more-cameras").addEventListener("click", () => show(true));
    cop.backs.push(() => {
      if (!isOpen()) return false;
      show(false);
      return true;
    });
    setInterval(() => isOpen() && cop.soon("cameras", render), 5000);
  });
  cop.on("picture", ({ put, gone }) => {
    if (isOpen() && [...put, ...gone].some(({ properties: p }) => p.sight || p.kind === "camera")) cop.soon("cameras", render, 1000);
  });
  for (const name of ["me", "lang", "theme"])
    cop.on(name, () => {
      if (!controls) return;
      cop.relabel(cop.$("cop-cameras-sheet"));
      if (isOpen()) {
        fillChoices();
        render();
      }
    });
  cop.keys.v = () => show(!isOpen());
  cop.cameraWall = { show };
})((window.cop = window.cop || {}));
