/* This reader's view: language, theme, panels, sheets, keys, and the address that carries them. */
(function (cop) {
  "use strict";
  const LANGS = ["en", "zh-Hant", "zh-Hans"];
  const PANELS = ["left", "right", "charts"];
  const PHONE = "(max-width: 760px)";
  let theme = "dark";

  cop.isPhone = () => matchMedia(PHONE).matches;
  cop.theme = () => theme;

  /* The address holds what a colleague needs to see the same; it is replaced, never pushed. */
  const writeAddress = () => {
    const query = new URLSearchParams();
    query.set("lang", cop.lang);
    query.set("theme", theme);
    if (cop.asked("wall")) query.set("wall", cop.asked("wall"));
    if (cop.selected()) query.set("sel", cop.selected());
    const leaflet = cop.map.leaflet;
    if (leaflet) {
      const b = leaflet.getBounds();
      query.set("bbox", [b.getWest(), b.getSouth(), b.getEast(), b.getNorth()]
        .map((n) => n.toFixed(4)).join(","));
    }
    query.set("layers", cop.layers.shown().join(","));
    const words = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
    history.replaceState(history.state, "", `${location.pathname}?${words}`);
  };
  cop.writeAddress = () => cop.soon("address", writeAddress, 200);

  const press = (name, value) => {
    for (const node of document.querySelectorAll(`[data-${name}]`))
      node.setAttribute("aria-pressed", String(node.dataset[name] === value));
  };
  cop.setLang = (lang) => {
    cop.lang = LANGS.includes(lang) ? lang : "zh-Hant";
    document.documentElement.lang = cop.lang === "en" ? "en" : cop.lang === "zh-Hant" ? "zh-Hant-HK" : "zh-Hans";
    document.title = cop.t("title");
    cop.prefs.set("lang", cop.lang);
    cop.relabel(document.body);
    press("lang", cop.lang);
    cop.emit("lang");
  };
  cop.setTheme = (wanted) => {
    theme = wanted === "light" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    cop.prefs.set("theme", theme);
    cop.symbols.clear();
    const button = cop.$("cop-theme");
    button.replaceChildren(cop.icon(theme === "dark" ? "sun" : "moon", 16));
    button.dataset.tLabel = theme === "dark" ? "theme.to-light" : "theme.to-dark";
    cop.relabel(button.parentNode);
    cop.emit("theme");
  };

  /* Panels give their room to the map when closed, and are remembered. */
  const setPanel = (name, open, keep = true) => {
    document.body.classList.toggle(`no-${name}`, !open);
    for (const node of document.querySelectorAll(`[data-panel="${name}"]`))
      node.setAttribute("aria-expanded", String(open));
    if (name === "charts") cop.$("cop-charts").hidden = !open;
    if (keep) cop.prefs.set(`panel.${name}`, open);
    if (cop.map.leaflet) cop.soon("size", () => cop.map.leaflet.invalidateSize({ pan: false }), 50);
    if (name === "charts" && open) cop.charts.open();
    cop.signals.fit();
  };
  const isOpen = (name) => !document.body.classList.contains(`no-${name}`);

  cop.showTab = (name) => {
    for (const node of document.querySelectorAll("[data-tab]"))
      node.setAttribute("aria-selected", String(node.dataset.tab === name));
    for (const node of document.querySelectorAll("[data-tab-panel]"))
      node.hidden = node.dataset.tabPanel !== name;
    cop.prefs.set("tab", name);
  };
  cop.showSheet = (name, open) => {
    const sheet = cop.$(`cop-${name}-sheet`);
    const wasOpen = !sheet.hidden;
    sheet.hidden = !open;
    if (open && !wasOpen) {
      sheet.returnTo = document.activeElement;
      sheet.focus();
    }
    if (!open && wasOpen && sheet.returnTo && sheet.returnTo.isConnected) sheet.returnTo.focus();
    if (name === "feeds") cop.feeds.refresh();
  };
  /* A phone shows one thing at a time. */
  cop.showPhone = (name) => {
    document.body.dataset.phone = name;
    for (const node of document.querySelectorAll("[data-phone-tab]"))
      node.setAttribute("aria-current", node.dataset.phoneTab === name ? "page" : "false");
    if (name === "situation" || name === "layers") cop.showTab(name);
    cop.showSheet("feeds", name === "feeds");
    cop.chooser.close();
    if (name === "charts") {
      cop.$("cop-charts").hidden = false;
      cop.charts.open();
    }
    if (name === "map" && cop.map.leaflet) cop.map.leaflet.invalidateSize({ pan: false });
  };

  cop.announce = (words) => cop.write(cop.$("cop-live"), words);
  cop.fly = (place, nearest = 14) => {
    if (cop.isPhone()) cop.showPhone("map");
    const leaflet = cop.map.leaflet;
    leaflet.setView([place[1], place[0]], Math.max(leaflet.getZoom(), nearest));
  };

  const back = () => {
    for (const step of cop.backs) if (step()) return undefined;
    for (const name of ["more", "help", "feeds"])
      if (!cop.$(`cop-${name}-sheet`).hidden) return cop.showSheet(name, false);
    if (document.activeElement && document.activeElement.id === "cop-search")
      return document.activeElement.blur();
    if (cop.selected()) return cop.select(null);
    return undefined;
  };
  const search = () => {
    if (cop.isPhone()) cop.showPhone("situation");
    setPanel("left", true);
    cop.showTab("situation");
    cop.$("cop-search").focus();
  };
  const layersKey = () => {
    setPanel("left", true);
    cop.showTab("layers");
    cop.$("cop-tab-layers").focus();
  };
  async function signOut() {
    await fetch("/api/v1/session", { method: "DELETE" });
    location.assign("/sign-in");
  }
  const KEYS = {
    "/": search, j: () => cop.list.step(1), k: () => cop.list.step(-1), l: layersKey,
    f: () => cop.showSheet("feeds", cop.$("cop-feeds-sheet").hidden),
    c: () => setPanel("charts", !isOpen("charts")),
    "?": () => cop.showSheet("help", cop.$("cop-help-sheet").hidden),
  };
  const onKey = (event) => {
    if (event.key === "Escape") return back();
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) &&
      event.target.type !== "checkbox";
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return undefined;
    const act = KEYS[event.key] || cop.keys[event.key];
    if (!act) return undefined;
    event.preventDefault();
    return act();
  };

  cop.view = {
    setUp() {
      if (cop.asked("wall")) document.documentElement.dataset.wall = cop.asked("wall");
      for (const node of document.querySelectorAll("[data-icon]"))
        node.prepend(cop.icon(node.dataset.icon, 16));
      const wired = {
        "[data-lang]": (node) => cop.setLang(node.dataset.lang),
        "[data-panel]": (node) => setPanel(node.dataset.panel, !isOpen(node.dataset.panel)),
        "[data-tab]": (node) => cop.showTab(node.dataset.tab),
        "[data-phone-tab]": (node) => {
          if (node.dataset.phoneTab === "desk") cop.select(null); // what was chosen would lie over it
          cop.showPhone(node.dataset.phoneTab);
        },
        "[data-sheet]": (node) => cop.showSheet(node.dataset.sheet, cop.$(`cop-${node.dataset.sheet}-sheet`).hidden),
      };
      for (const selector in wired)
        for (const node of document.querySelectorAll(selector))
          node.addEventListener("click", () => wired[selector](node));
      cop.$("cop-theme").addEventListener("click", () => cop.setTheme(theme === "dark" ? "light" : "dark"));
      cop.$("cop-find").addEventListener("click", search);
      cop.$("cop-detail-close").addEventListener("click", () => cop.select(null));
      cop.$("cop-signals-more").addEventListener("click", () => {
        if (cop.isPhone()) cop.showPhone("situation");
        setPanel("left", true);
        cop.showTab("situation");
      });
      cop.$("cop-home").addEventListener("click", () => cop.map.leaflet.fitBounds(cop.homeBox));
      for (const id of ["cop-sign-out", "cop-more-sign-out"]) cop.$(id).addEventListener("click", signOut);
      const leaveMore = (id, act) =>
        cop.$(id).addEventListener("click", () => {
          cop.showSheet("more", false);
          act();
        });
      leaveMore("cop-more-charts", () => cop.showPhone("charts"));
      leaveMore("cop-more-help", () => cop.showSheet("help", true));
      document.addEventListener("keydown", onKey);
      addEventListener("resize", () => cop.signals.fit());
      for (const name of PANELS) setPanel(name, cop.prefs.get(`panel.${name}`, name !== "charts"), false);
      cop.showTab(cop.prefs.get("tab", "situation"));
      cop.showPhone("map");
      const dark = cop.prefs.get("theme", matchMedia("(prefers-color-scheme: light)").matches ? "light" : "dark");
      cop.setTheme(cop.asked("theme") || dark);
      const spoken = navigator.language.toLowerCase();
      const guess = !spoken.startsWith("zh") ? "en" : /cn|hans|sg/.test(spoken) ? "zh-Hans" : "zh-Hant";
      cop.setLang(cop.asked("lang") || cop.prefs.get("lang", guess));
    },
  };
})((window.cop = window.cop || {}));
