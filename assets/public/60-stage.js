/* Where the map stands: beside the text on a wide window, instead of it on a phone. Its scripts
 * come when the text can be used, and the text stays whole where they cannot be had. */
(function (cop) {
  "use strict";
  const IDLE_MS = 4000;
  const box = cop.$("map");
  const body = document.body;
  const canvas = cop.h("div", { class: "map-box" });
  const note = cop.h("p", { class: "map-wait" });
  let loading = null;
  let view = "text";
  let readingAt = 0;

  const files = new Map(); // tag -> promise: what has come is not run twice
  const file = (tag, attributes) => {
    if (!files.has(tag))
      files.set(tag, new Promise((give, refuse) => {
        const lose = () => {
          node.remove();
          files.delete(tag);
          refuse(new Error(tag));
        };
        const node = cop.h(tag, { ...attributes, on: { load: give, error: lose } });
        document.head.append(node);
      }));
    return files.get(tag);
  };
  const fetchAll = async () => {
    const names = cop.config.files;
    await Promise.all([
      file("link", { rel: "stylesheet", href: names["map.css"] }),
      file("script", { src: names["map.js"] }),
      cop.picture.load(),
    ]);
    return cop.map.open(canvas);
  };
  const say = (words, retry) => {
    note.replaceChildren(cop.h("span", { text: words }));
    if (retry) note.append(cop.h("button", { type: "button", class: "button", text: cop.t("map.again"), on: { click: () => load() } }));
    note.hidden = !words;
  };
  const load = () => {
    if (loading) return loading;
    say(cop.t("map.coming"));
    loading = fetchAll().then(
      () => {
        say("");
        body.dataset.mapped = "1";
        return true;
      },
      () => {
        loading = null;
        say(cop.t("map.failed"), true);
        return false;
      },
    );
    return loading;
  };

  const isShown = () => view === "map" || !cop.isPhone();
  const buttons = {};
  const paint = () => {
    body.dataset.view = view;
    for (const [key, button] of Object.entries(buttons)) button.setAttribute("aria-pressed", String(view === key));
    box.hidden = !isShown();
    box.setAttribute("role", cop.isPhone() && view === "map" ? "main" : "region");
    if (isShown()) cop.emit("shown");
  };
  /* Change between map and text; what one read stays where it was. */
  const turn = (wanted) => {
    if (wanted === view) return;
    if (wanted === "map") readingAt = scrollY;
    view = wanted;
    cop.prefs.set("view", wanted);
    paint();
    scrollTo({ top: wanted === "text" ? readingAt : 0, behavior: "instant" });
    if (wanted === "map") load();
  };
  cop.showText = () => { if (cop.isPhone()) turn("text"); };
  /* Bring a piece of the text before the reader's eyes. */
  cop.showBlock = (key) => {
    const node = cop.exchange.nodeOf(key);
    if (!node) return;
    cop.showText();
    if (node.classList.contains("is-elsewhere")) cop.district.showAll(node.parentNode);
    node.scrollIntoView({ block: "start", behavior: cop.isCalm() ? "instant" : "smooth" });
    node.tabIndex = -1;
    node.focus({ preventScroll: true });
  };

  const mapButton = (node) => {
    if (!("at" in node.dataset) || node.querySelector(".p-show")) return;
    node.append(cop.h("button", {
      type: "button", class: "p-added p-show", text: cop.t("map.show"), "aria-label": cop.t("map.show-what", { what: cop.exchange.titleOf(node) }),
      on: { click: (event) => show(node.dataset.id, event.currentTarget) },
    }));
  };
  const show = async (id, from) => {
    const cameFrom = view;
    if (cop.isPhone()) turn("map");
    if (!(await load())) return;
    cop.map.show(id, () => {
      if (cop.isPhone()) turn(cameFrom);
      const again = from.isConnected ? from : cop.exchange.nodeOf(id);
      if (again) again.focus();
    });
  };

  const slow = () => {
    const { saveData, effectiveType } = navigator.connection || {};
    return Boolean(saveData) || /(^|-)2g$/.test(effectiveType || "");
  };
  const whenIdle = (work) => {
    const wait = () => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: IDLE_MS }) : setTimeout(work, 500));
    if (document.readyState === "complete") wait();
    else addEventListener("load", wait, { once: true });
  };
  /* So that "Map" opens at once: kept by the browser, not yet run. */
  const warm = () => {
    for (const name of ["map.css", "map.js"])
      fetch(cop.config.files[name], { priority: "low", credentials: "omit" }).catch(() => {});
  };

  const viewButton = (key, icon) => {
    buttons[key] = cop.h("button", { type: "button", class: "tool", id: `tool-${key}`, "aria-pressed": "false", on: { click: () => turn(key) } },
      cop.icon(icon, 16), cop.h("span", { text: cop.t(`tools.${key}`) }));
    return buttons[key];
  };
  cop.stage = {
    switcher: () => cop.h("div", { class: "view-switch", role: "group", "aria-label": cop.t("tools.view") },
      viewButton("text", "list"), viewButton("map", "map")),
    async showMe(here) {
      if (cop.isPhone()) turn("map");
      if (await load()) cop.map.showMe(here);
    },
    forgetMe: () => { if (cop.map) cop.map.forgetMe(); },
    start() {
      box.append(cop.h("a", { class: "skip is-map", href: "#main", text: cop.t("map.skip"), on: { click: () => cop.showText() } }), canvas, note);
      if (cop.isPhone() && cop.prefs.get("view", "text") === "map") view = "map";
      paint();
      for (const node of document.querySelectorAll("#main [data-at]")) mapButton(node);
      cop.on("block", mapButton);
      matchMedia("(min-width: 56.25rem)").addEventListener("change", () => { paint(); if (isShown()) load(); });
      if (view === "map") load();
      else whenIdle(() => {
        if (!cop.isPhone()) load();
        else if (!slow()) warm();
      });
    },
  };
})(window.cop);
