/* The frame: which screen is shown, the tabs, the way back, and when a screen is drawn again. */
((cop) => {
  "use strict";
  const RENEW_MS = 8000;
  const screens = new Map();
  const scrolled = new Map(); // where a screen was left
  const notices = new Map();
  let here = { key: null, param: null };
  let pressing = -Infinity; // performance.now() since when something is held down
  let waiting = false; // a drawing that was put off
  let started = false;
  let touched = false;
  const main = () => cop.$("f-main");
  const { data } = cop.field;

  const isWarden = () => Boolean(data.me) && data.me.role === "warden";
  /* A warden's own facility comes first. */
  const rank = (screen) => (isWarden() && screen.key === "facility" ? 0 : screen.order);
  const tabs = () =>
    [...screens.values()].filter((screen) => Number.isFinite(screen.order) && screen.when())
      .sort((a, b) => rank(a) - rank(b));
  const home = () => (tabs()[0] || { key: "more" }).key;

  const plain = (words) => {
    try {
      return decodeURIComponent(words);
    } catch {
      return null; // no address of ours
    }
  };
  /* Where one is stands in the address, so that the phone's own way back works. */
  const fromAddress = () => {
    const [key, ...rest] = location.hash.slice(1).split("/");
    const param = rest.length ? plain(rest.join("/")) : null;
    return screens.has(key) ? { key, param } : { key: home(), param: null, unasked: true };
  };
  const address = ({ key, param }) => `#${key}${param ? `/${encodeURIComponent(param)}` : ""}`;
  const show = (next) => {
    scrolled.set(here.key, scrollY);
    const moved = next.key !== here.key || next.param !== here.param;
    here = next;
    draw();
    if (!moved) return;
    scrollTo(0, next.param ? 0 : scrolled.get(next.key) || 0);
    main().focus({ preventScroll: true });
    cop.emit("screen", next.key);
  };
  const go = (key, param = null) => {
    cop.ui.closeSheets();
    const next = { key, param };
    if (key === here.key && param === here.param) draw();
    else {
      cop.ui.settled().then(() => history.pushState(null, "", address(next)));
      show(next);
    }
  };
  addEventListener("popstate", () => {
    if (cop.ui.backFromSheet()) return;
    if (data.signed === "in") show(fromAddress());
  });

  /* Drawing */
  const typing = () => {
    const at = document.activeElement;
    return Boolean(at && main().contains(at) && at.matches("input:not([type=checkbox]):not([type=radio]), textarea, select"));
  };
  /* Own presses show at once, also while a field holds the focus: what stands in it is kept. */
  const PRESS_MS = 400;
  const HELD_MS = 5000; // the end of a press may be told to nobody: the phone's own menu took it
  const isPressing = () => performance.now() - pressing < HELD_MS;
  let pressed = -Infinity;
  const isOwn = () => performance.now() - pressed < PRESS_MS;
  const holding = () => {
    const at = document.activeElement;
    if (!at || !main().contains(at) || !at.dataset.key) return null;
    const text = at.matches("input[type=text], input:not([type]), textarea");
    return { key: at.dataset.key, value: text ? at.value : null, from: text ? at.selectionStart : null, to: text ? at.selectionEnd : null };
  };
  const giveBack = (held) => {
    const node = held && bySign(held.key);
    if (held && !node) main().focus({ preventScroll: true }); // what was pressed is done with
    if (!node) return;
    if (held.value !== null && node.value !== held.value) node.value = held.value;
    node.focus({ preventScroll: true });
    if (held.from !== null) node.setSelectionRange(held.from, held.to);
  };
  const open = () => [...main().querySelectorAll("details[data-key][open]")].map((node) => node.dataset.key);
  const bySign = (key) => main().querySelector(`[data-key="${CSS.escape(key)}"]`);
  const paint = (screen) => {
    const kept = screen.keep && main().firstElementChild;
    if (kept && kept.dataset.screen === screen.key && kept.dataset.param === String(here.param)) {
      screen.draw(kept, here.param);
      return;
    }
    const held = holding();
    const unfolded = open();
    const box = cop.h("div", { class: "screen", "data-screen": screen.key, "data-param": String(here.param) });
    try {
      screen.draw(box, here.param);
    } catch (error) {
      box.replaceChildren(cop.h("p", { class: "notice is-bad", role: "alert", text: cop.t("ui.broken", { words: error.message }) }));
      cop.ui.broken(error);
    }
    main().replaceChildren(box);
    for (const key of unfolded) if (bySign(key)) bySign(key).open = true;
    giveBack(held);
  };
  function draw() {
    waiting = false;
    if (!started) return;
    const signed = data.signed === "in";
    cop.$("f-tabs").hidden = !signed;
    if (!signed) {
      cop.ui.closeSheets();
      if (data.signed !== "unknown" && !main().querySelector(".sign-in")) main().replaceChildren(cop.signIn.draw());
      cop.write(cop.$("f-title"), cop.t("field.title"));
      cop.$("f-back").hidden = true;
    } else {
      /* What nobody asked for gives way to what was asked for, or comes first, once it is there. */
      if (!here.key || (here.unasked && !touched)) here = fromAddress();
      const screen = screens.get(here.key);
      if (!screen) return;
      paint(screen);
      cop.write(cop.$("f-title"), cop.t(screen.label));
      cop.$("f-back").hidden = Number.isFinite(screen.order) && !here.param;
    }
    drawTabs();
    drawState();
  }
  /* Not under somebody's hands: what was put off is drawn when they are done. */
  const redraw = () => {
    if ((typing() && !isOwn()) || isPressing() || cop.ui.isSheetOpen()) {
      waiting = true;
      drawTabs();
      drawState();
    } else draw();
  };
  const released = () => setTimeout(() => { if (waiting) redraw(); }, 60);
  addEventListener("pointerdown", () => { pressing = performance.now(); touched = true; }, true);
  addEventListener("keydown", () => { touched = true; }, true);
  addEventListener("click", ({ target }) => {
    if (main().contains(target) && !target.matches("input, textarea, select")) pressed = performance.now();
  }, true);
  for (const name of ["pointerup", "pointercancel"])
    addEventListener(name, () => { pressing = -Infinity; released(); }, true);
  addEventListener("focusout", released);

  const drawTabs = () => {
    const nav = cop.$("f-tabs");
    nav.setAttribute("aria-label", cop.t("field.tabs"));
    const wanted = tabs();
    const existing = new Map([...nav.children].map((node) => [node.dataset.tab, node]));
    const nodes = wanted.map((screen) => {
      const node = existing.get(screen.key) || cop.h("button", {
        type: "button", "data-tab": screen.key, on: { click: () => go(screen.key) },
      }, cop.icon(screen.icon, 22), cop.h("span", { class: "tab-words" }), cop.h("span", { class: "badge", hidden: true }));
      const badge = (screen.badge && screen.badge()) || 0;
      cop.write(node.children[1], cop.t(screen.label));
      cop.write(node.children[2], badge ? String(badge) : "");
      node.children[2].hidden = !badge;
      if (screen.key === here.key) node.setAttribute("aria-current", "page");
      else node.removeAttribute("aria-current");
      return node;
    });
    if (nodes.some((node, n) => nav.children[n] !== node) || nav.children.length !== nodes.length) nav.replaceChildren(...nodes);
  };
  /* The header: how sure this is, always in words. */
  const LINK = { live: "field.live", slow: "field.slow", offline: "field.offline" };
  const SIGN = { live: "●", slow: "◐", offline: "○" };
  const drawState = () => {
    const node = cop.$("f-link");
    const signed = data.signed === "in";
    node.hidden = !signed && data.link !== "offline";
    node.className = `is-${data.link}`;
    cop.write(node, `${SIGN[data.link]} ${cop.t(LINK[data.link])}`);
    const fresh = cop.field.freshness();
    const age = cop.$("f-age");
    age.hidden = !signed || fresh.state === "live";
    age.className = `is-${fresh.state}`;
    cop.write(age, fresh.words);
    notice("store", signed && cop.field.isStoreDown() ? cop.t("field.store-down") : "");
  };

  /* What stands above everything: one line for each reason there is. */
  const notice = (reason, words, deed = null) => {
    const before = notices.get(reason);
    if (words) notices.set(reason, { words, deed });
    else notices.delete(reason);
    if ((before ? before.words : "") === (words || "")) return;
    const box = cop.$("f-notice");
    box.hidden = !notices.size;
    box.replaceChildren(...[...notices.values()].map((one) =>
      cop.h("span", { class: "notice-line" }, cop.h("span", { text: one.words }),
        one.deed ? cop.ui.button(one.deed.words, one.deed.press, { kind: "ghost" }) : null)));
  };
  /* Load the page anew, with the newest worker where one is to be had. */
  const activated = (worker) =>
    new Promise((resolve) => {
      const look = () => { if (["activated", "redundant"].includes(worker.state)) resolve(); };
      worker.addEventListener("statechange", look);
      setTimeout(resolve, RENEW_MS);
      look();
    });
  const renew = async () => {
    const registration = navigator.serviceWorker && (await navigator.serviceWorker.getRegistration("/field"));
    if (registration) {
      await registration.update().catch(() => {});
      const next = registration.installing || registration.waiting;
      if (next) await activated(next);
    }
    location.reload();
  };

  const begin = () => {
    started = true;
    const back = cop.$("f-back");
    back.append(cop.icon("left", 20));
    back.addEventListener("click", () => (history.length > 1 ? history.back() : go(home())));
    relabel();
    draw();
  };
  const relabel = () => {
    const mark = cop.$("f-exercise");
    mark.hidden = !cop.config.exercise;
    const name = cop.config.operation.replace(/^exercise-/, "");
    cop.write(mark, `${cop.t("mode.exercise")} · ${cop.term("operation", name).replaceAll("-", " ")}`);
    document.body.classList.toggle("is-exercise", cop.config.exercise);
    cop.$("f-back").setAttribute("aria-label", cop.t("field.back"));
    document.title = `${cop.config.exercise ? `${cop.t("mode.exercise")} · ` : ""}${cop.t("field.title")} · COP`;
  };

  Object.assign(cop.field, {
    screen(one) {
      screens.set(one.key, { when: () => true, badge: () => 0, ...one });
      if (!started) return;
      /* The address may name a screen that comes only now. */
      if (location.hash.slice(1).split("/")[0] === one.key) here = fromAddress();
      cop.soon("field-draw", redraw);
    },
    go, redraw,
    here: () => here,
  });
  cop.shell = { begin, notice, renew, draw, relabel };
  cop.on("change", () => cop.soon("field-draw", redraw));
  cop.on("link", () => cop.soon("field-state", drawState));
  cop.on("tick", () => cop.soon("field-state", waiting ? redraw : drawState));
  cop.on("signed", () => {
    here = { key: null, param: null };
    touched = false;
    for (const form of main().querySelectorAll(".sign-in")) form.remove(); // why one must sign in has changed
    draw();
  });
  cop.on("lang", () => { relabel(); draw(); });
})((window.cop = window.cop || {}));
