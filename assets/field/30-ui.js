/* What all screens are made of. Text from outside becomes text nodes and nothing else. */
((cop) => {
  "use strict";
  const TOAST_MS = 4000;
  const NUMBER = /^\+?[\d\s()-]{5,20}$/;
  const SEVERITY = { Extreme: "◆", Severe: "▲", Moderate: "■", Minor: "●", Unknown: "○" };
  const CHIP = { queued: ["○", "wait"], sending: ["◐", "wait"], confirmed: ["✓", "ok"], refused: ["✕", "bad"] };
  const sheets = [];
  let toast = null;
  let toastTimer = null;

  const say = (words) => cop.write(cop.$("f-said"), words);
  cop.announce = say;
  const button = (wordKey, onPress, { kind = "plain", icon = null, label = null, key = null } = {}) =>
    cop.h("button", { type: "button", class: `button is-${kind}`, "data-key": key || wordKey, on: { click: onPress } },
      icon ? cop.icon(icon, kind === "big" ? 22 : 18) : null, cop.h("span", { text: label || cop.t(wordKey) }));

  /* What may stand where something else stood a moment ago takes no press at once: a wet thumb
   * presses twice, and the second one must not do what nobody has read. */
  const PAUSE_MS = 700;
  let decided = -Infinity;
  const pause = (node) => {
    const left = decided + PAUSE_MS - performance.now();
    if (left <= 0) return;
    node.setAttribute("aria-disabled", "true");
    setTimeout(() => node.removeAttribute("aria-disabled"), left);
  };
  const decisive = (wordKey, onPress, options) => {
    const press = () => {
      if (node.hasAttribute("aria-disabled")) return;
      decided = performance.now();
      document.querySelectorAll("[data-decisive]").forEach(pause);
      onPress();
    };
    const node = button(wordKey, press, options);
    node.dataset.decisive = "";
    pause(node);
    return node;
  };

  const hideToast = () => {
    clearTimeout(toastTimer);
    if (toast) toast.remove();
    toast = null;
  };
  /* What went wrong stands its time: a good word that comes meanwhile is said, not shown over it. */
  const showToast = (words, { bad = false } = {}) => {
    if (!bad && toast && toast.classList.contains("is-bad")) return say(words);
    hideToast();
    toast = cop.h("div", { class: `toast${bad ? " is-bad" : ""}` },
      cop.h("span", { text: `${bad ? "✕ " : ""}${words}` }),
      cop.h("button", { type: "button", class: "icon-button", "aria-label": cop.t("close"), on: { click: hideToast } }, cop.icon("close", 16)));
    cop.$("f-toast").append(toast); // a place that screen readers listen to
    toastTimer = setTimeout(hideToast, bad ? 3 * TOAST_MS : TOAST_MS);
    return undefined;
  };

  /* Going back in the history takes its time: what adds to it waits until that is over. */
  const BACK_MS = 500;
  let unwinding = 0;
  let waiters = [];
  const arrived = () => {
    unwinding = Math.max(0, unwinding - 1);
    if (unwinding) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };
  const goBack = () => {
    const mine = (unwinding += 1);
    history.back();
    setTimeout(() => { if (unwinding >= mine) arrived(); }, BACK_MS); // there was nowhere to go
  };
  const settled = () =>
    unwinding ? new Promise((resolve) => { waiters.push(resolve); }) : Promise.resolve();

  /* A sheet from below. The phone's way back closes it: it has an entry of its own in the history. */
  const drop = (sheet) => {
    const n = sheets.indexOf(sheet);
    if (n < 0) return;
    sheets.splice(n, 1);
    sheet.node.close();
    sheet.node.remove();
    if (sheet.closed) sheet.closed();
    if (sheet.before && sheet.before.isConnected) sheet.before.focus({ preventScroll: true });
    cop.soon("field-draw", cop.field.redraw);
  };
  const sheet = ({ title, body, close = null }) => {
    const id = `sheet-${cop.newKey()}`;
    const one = { closed: close, before: document.activeElement };
    /* By the history, so that the way back stays in step with what is seen. */
    one.close = () => {
      if (!sheets.includes(one)) return;
      drop(one);
      if (one.pushed) goBack();
    };
    one.node = cop.h("dialog", { class: "sheet", "aria-labelledby": id },
      cop.h("header", {}, cop.h("h2", { id, text: title }),
        cop.h("button", { type: "button", class: "icon-button", "aria-label": cop.t("close"), on: { click: () => one.close() } }, cop.icon("close", 18))),
      cop.h("div", { class: "sheet-body" }, ...[].concat(body)));
    one.node.addEventListener("cancel", (event) => { event.preventDefault(); one.close(); });
    one.node.addEventListener("click", (event) => { if (event.target === one.node) one.close(); });
    document.body.append(one.node);
    sheets.push(one);
    one.node.showModal();
    settled().then(() => {
      if (!sheets.includes(one)) return;
      one.pushed = true;
      history.pushState({ sheet: true }, "", location.href);
    });
    return one;
  };
  /* The way back was pressed: true when that closed a sheet, or only follows a closed one. */
  const backFromSheet = () => {
    if (unwinding) {
      arrived();
      return true;
    }
    if (!sheets.length) return false;
    drop(sheets[sheets.length - 1]);
    return true;
  };
  const closeSheets = () => {
    for (const one of [...sheets].reverse()) one.close();
  };

  /* Choose one of *choices* [value, wordKey, kind]; null when it was left. */
  const choose = ({ title, words, choices, more = null }) =>
    new Promise((resolve) => {
      let chosen = null;
      const press = (value) => () => { chosen = value; one.close(); };
      const verbs = choices.map(([value, wordKey, kind]) => button(wordKey, press(value), { kind }));
      const one = sheet({
        title, close: () => resolve(chosen),
        body: cop.h("div", { class: "stack" }, words ? cop.h("p", { text: words }) : null, more,
          cop.h("div", { class: "verbs" }, ...verbs)),
      });
    });
  /* Ask whether, or why: gives the reason (or true), null when it was left. */
  const ask = ({ title, words = "", reason = false, confirm = "ui.confirm" }) =>
    new Promise((resolve) => {
      let said = null;
      const field = cop.h("textarea", { rows: "3", maxlength: "1000", id: "ask-reason" });
      const wrong = cop.h("p", { class: "quiet is-bad", role: "alert", hidden: true, text: cop.t("ui.reason-needed") });
      const go = () => {
        if (reason && !field.value.trim()) {
          wrong.hidden = false;
          field.setAttribute("aria-invalid", "true");
          field.focus();
          return;
        }
        said = reason ? field.value.trim() : true;
        one.close();
      };
      const one = sheet({
        title, close: () => resolve(said),
        body: cop.h("div", { class: "stack" }, words ? cop.h("p", { text: words }) : null,
          reason ? cop.h("label", { class: "field", for: "ask-reason" }, cop.h("span", { text: cop.t("ui.reason") }), field) : null,
          wrong,
          cop.h("div", { class: "verbs" }, button(confirm, go, { kind: "filled" }), button("ui.cancel", () => one.close(), { kind: "ghost" }))),
      });
    });

  const chip = (words, kind = "") => cop.h("span", { class: `chip${kind ? ` is-${kind}` : ""}`, text: words });
  /* How far what was done here has come: the worst of *actions*. */
  const pendingChip = (actions) => {
    const states = (actions || []).filter((action) => !cop.isQuiet(action)).map(({ state }) => state);
    const state = ["refused", "queued", "sending", "confirmed"].find((one) => states.includes(one));
    if (!state) return null;
    const [sign, kind] = CHIP[state];
    return chip(`${sign} ${cop.t(`outbox.${state}`)}`, kind);
  };
  const severity = (code) =>
    cop.h("span", { class: `severity sev-${String(code).toLowerCase()}` },
      cop.h("span", { class: "sev-sign", "aria-hidden": "true", text: SEVERITY[code] || "○" }), " ", cop.term("severity", code));
  /* Where a feature is, in words; "" when it does not say. */
  const place = (feature) => {
    const p = (feature && feature.properties) || {};
    const named = [p.place, p.address, p.road].map((one) => (typeof one === "object" ? cop.say(one) : one)).find(Boolean);
    const district = p.district && cop.config.districts[p.district];
    return cop.join([...new Set([named, district ? cop.say(district) : ""])].filter(Boolean));
  };
  const call = (contact) => {
    const words = String(contact || "").trim();
    if (!words) return null;
    if (!NUMBER.test(words)) return cop.h("p", { class: "radio", text: cop.t("ui.radio", { words }) });
    return cop.h("a", { class: "button is-call", href: `tel:${words.replace(/[^\d+]/g, "")}`, "data-key": "call" },
      cop.icon("phone", 18), cop.h("span", { text: cop.t("ui.call", { name: words }) }));
  };

  cop.ui = {
    button, decisive, sheet, choose, ask, chip, pendingChip, severity, place, call, say, settled, backFromSheet, closeSheets,
    toast: showToast,
    isSheetOpen: () => sheets.length > 0,
    /* A fault of ours: told to whoever looks for it, and the page goes on. */
    broken: (error) => console.error(error),
  };
})((window.cop = window.cop || {}));
