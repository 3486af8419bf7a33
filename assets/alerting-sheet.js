/* The sheet in which a warning of our own is written, looked at, and released by somebody else. */
(function (cop) {
  "use strict";
  const held = new Map(); // id -> {form, check}: kept while the page is open, closing loses nothing
  let id = null; // of the draft that is open
  let isChanging = false; // one that waits for a second person is changed all the same
  let returnTo = null;
  let drawnAs = ""; // what the sheet shows now
  let endPeek = null; // comes back from a look at the map
  const AREAS = ["Polygon", "MultiPolygon"];
  const LEAST_BESIDE = 1200; // pixels: narrower, and the sheet leaves the map no room

  const feature = () => (id ? cop.picture.get(id) : null);
  const partsOf = (one) => {
    if (!held.has(one.id)) {
      const parts = {};
      parts.check = cop.alertCheck({ id: one.id, simplify: (at) => simplify(at), changed: () => drawFoot() });
      held.set(one.id, parts);
    }
    return held.get(one.id);
  };
  const formOf = (one) => {
    const parts = partsOf(one);
    parts.form = parts.form || cop.alertForm(one, {
      changed: () => { parts.check.stale(); drawFoot(); },
      saved: () => { parts.check.refresh(); drawFoot(); showArea(); },
      draw: drawAgain, around, see: () => lookAt(parts.form.geometry),
    });
    return parts.form;
  };
  const mayChange = (one) => cop.mayOn("draft_alert", one);
  /* Written, or only read? */
  const viewOf = (one) => {
    const { state } = one.properties;
    if (!cop.alertList.isOpen(one)) return "over";
    const { form } = partsOf(one);
    if (mayChange(one) && (state !== "asked" || isChanging || (form && form.dirty))) return "form";
    return "review";
  };

  /* The map beside it */
  const covered = () => (cop.isPhone() ? 0 : Math.max(0, cop.$("cop-alerting-sheet").offsetWidth - document.querySelector(".right").offsetWidth));
  const geometryNow = () => {
    const parts = held.get(id);
    return parts && parts.form ? parts.form.geometry : feature() && feature().geometry;
  };
  const showArea = () => cop.alertArea.show(geometryNow());
  const lookAt = (geometry) => {
    cop.alertArea.show(geometry);
    const hidden = innerWidth < LEAST_BESIDE;
    if (hidden) aside(peek).then(() => { if (id) cop.$("cop-alerting-title").focus(); });
    cop.alertArea.look(geometry, hidden ? 0 : covered());
  };
  /* Only to look: a bar on the map leads back. */
  const peek = () =>
    new Promise((resolve) => {
      const back = cop.h("button", { class: "button filled", type: "button", text: cop.t("alerting.back"), on: { click: () => endPeek() } });
      const bar = cop.h("div", { class: "sketch-bar" }, back);
      endPeek = () => {
        endPeek = null;
        bar.remove();
        resolve();
      };
      cop.map.leaflet.getContainer().parentNode.append(bar);
      back.focus();
    });
  /* Give the map its room while *work* goes on. */
  async function aside(work) {
    const sheet = cop.$("cop-alerting-sheet");
    sheet.classList.add("is-aside");
    if (cop.isPhone()) cop.showPhone("map");
    try {
      return await work();
    } finally {
      sheet.classList.remove("is-aside");
    }
  }
  async function drawAgain() {
    const { form } = held.get(id);
    cop.alertArea.hide();
    const geometry = await aside(() => cop.sketch("area"));
    if (geometry) form.setGeometry(geometry);
    showArea();
    const verb = form.node.querySelector('[data-key="draw"]');
    if (verb) verb.focus();
  }
  const simplify = (at) => reshape(at, "POST", `/drafts/${id}/simplify`, {}, "alerting.did-simplify");
  /* What lies around the place that it was made from; where that is none, around one on the map. */
  async function around(metres, at) {
    const source = cop.picture.get(feature().properties.source);
    let geometry = source && source.geometry;
    if (!geometry || AREAS.includes(geometry.type)) {
      cop.alertArea.hide();
      geometry = await aside(() => cop.sketch("point"));
      showArea();
    }
    if (geometry) await reshape(at, "PATCH", `/drafts/${id}`, { geometry, radius_m: metres }, "alerting.did-around");
  }
  /* Let the server make the area; what is typed is stored before it. */
  async function reshape(at, method, path, body, done) {
    const { form, check } = held.get(id);
    if (form && !(await form.save())) return;
    const now = feature();
    const content = await cop.act(method, path, body, { at, id, base: now, version: now.properties.version, done });
    if (!content) return;
    if (form) form.take(cop.picture.get(id));
    check.refresh();
    showArea();
  }

  /* The foot: what can be done with it now. */
  const verb = (key, act, kind = "") => cop.h("button", {
    class: `button ${kind}`.trim(), type: "button", "data-key": key, text: cop.t(key), on: { click: (event) => act(event.currentTarget.closest(".acts")) },
  });
  async function ask(at) {
    const { form } = held.get(id);
    if (!(await form.save())) return;
    const now = feature();
    const content = await cop.act("POST", `/drafts/${id}/ask`, {}, {
      at, id, base: now, version: now.properties.version, done: "alerting.did-ask",
    });
    if (!content) return;
    isChanging = false;
    draw();
  }
  async function discard(at) {
    const now = feature();
    const pressed = await cop.dialog({
      title: cop.t("alerting.discard-title"), body: cop.h("p", { text: cop.alertList.titleOf(now) }),
      buttons: [{ value: "no", words: cop.t("cancel") }, { value: "yes", words: cop.t("alerting.discard"), filled: true, danger: true }],
    });
    if (pressed !== "yes") return;
    const gone = now.id;
    const content = await cop.act("DELETE", `/drafts/${gone}`, null, {
      at, id: gone, base: now, version: now.properties.version, done: "alerting.did-discard",
    });
    if (!content) return;
    forget(gone);
    close();
  }
  const foot = cop.h("footer", { class: "alerting-foot" });
  const formFoot = (one, { form, check }) => {
    const forbidden = check.items && check.forbids();
    return [form.state, cop.h("div", { class: "acts alerting-verbs", "data-acts": "" },
      forbidden ? cop.h("p", { class: "remark is-warn", text: `✕ ${cop.t("alerting.forbidden-ask")}` }) : null,
      cop.h("div", { class: "verbs" }, verb("alerting.discard", discard, "ghost danger"),
        one.properties.state === "asked" ? null : verb("alerting.ask", ask, "filled")))];
  };
  function drawFoot() {
    const one = feature();
    if (!one || foot.querySelector("[data-busy]")) return;
    const parts = partsOf(one);
    const view = viewOf(one);
    const key = JSON.stringify([view, one.properties.version, cop.lang, cop.me.name, parts.check.items && parts.check.forbids(), isChanging]);
    if (foot.dataset.of === key) return;
    foot.dataset.of = key;
    const focused = foot.contains(document.activeElement) ? document.activeElement.dataset.key : "";
    const change = mayChange(one) ? () => { isChanging = true; draw(); } : null;
    foot.replaceChildren(...(view === "form" ? formFoot(one, parts)
      : view === "review" ? [cop.alertReview.foot(one, parts.check, one.properties.state === "asked" ? change : null)] : []));
    if (focused) (foot.querySelector(`[data-key="${focused}"]`) || foot.querySelector("button") || cop.$("cop-alerting-title")).focus();
  }

  /* Its head: what it is, how far it has come, and that it is an exercise. */
  const lead = (one) => {
    const p = one.properties;
    const source = p.source && cop.picture.get(p.source);
    return cop.h("div", { class: "alerting-lead" },
      cop.config.exercise ? cop.h("p", { class: "exercise-band", text: cop.t("alerting.exercise") }) : null,
      cop.h("p", { class: "alerting-stage" },
        cop.h("span", { class: "chip is-count", text: cop.term("draft", p.state) }),
        cop.h("span", { text: cop.alertList.replacedWords(p) || cop.t("alerting.is-Alert") }),
        p.author ? cop.h("span", { class: "hint", text: cop.t("alerting.by", { name: p.author }) }) : null,
        source ? cop.h("span", { class: "hint" }, cop.t("alerting.said", { name: cop.t("alerting.from"), words: "" }), cop.desk.link(p.source)) : null),
      p.state === "asked" && viewOf(one) === "form" ? cop.h("p", { class: "remark is-warn", text: cop.t("alerting.change-hint") }) : null,
      p.state === "returned" ? cop.h("p", { class: "remark is-warn", text: `◀ ${cop.t("alerting.sent-back", { reason: p.reason || "–" })}` }) : null);
  };
  const over = (one) => cop.h("div", { class: "stack" },
    cop.h("p", { text: cop.t(one && one.properties.state === "released" ? "alerting.is-released" : "alerting.is-discarded") }),
    one && one.properties.alert && cop.picture.get(one.properties.alert)
      ? verb("alerting.see-alert", () => { close(); cop.select(one.properties.alert); }) : null);

  const leadBox = cop.h("div", {});
  const mainBox = cop.h("div", { class: "alerting-main" });
  const scroll = cop.h("div", { class: "alerting-scroll scroll", tabindex: "0", role: "group", "data-t-label": "alerting" }, leadBox, mainBox);
  /* The form itself is never taken off and put back: somebody may be typing in it. */
  function draw() {
    const one = feature();
    if (!one) return;
    const view = viewOf(one);
    const { check } = partsOf(one);
    const box = cop.$("cop-alerting-body");
    if (!scroll.isConnected) {
      box.replaceChildren(scroll, foot);
      cop.relabel(box);
    }
    cop.write(cop.$("cop-alerting-title"), cop.alertList.titleOf(one));
    const head = JSON.stringify([id, cop.lang, one.properties.version, view]);
    if (leadBox.dataset.of !== head) leadBox.replaceChildren(lead(one));
    leadBox.dataset.of = head;
    const key = JSON.stringify([id, view, ...(view === "form" ? [] : [cop.lang, one.properties.version, cop.base.districts.size, cop.theme()])]);
    if (key !== drawnAs) {
      drawnAs = key;
      const away = mainBox.contains(document.activeElement);
      const main = view === "form" ? formOf(one).node : view === "review" ? cop.alertReview(one) : over(one);
      mainBox.className = `alerting-main is-${view}`;
      mainBox.replaceChildren(...[main, view === "over" ? null : check.node].filter(Boolean));
      if (away) cop.$("cop-alerting-title").focus();
    }
    drawFoot();
  }

  const forget = (gone) => {
    const parts = held.get(gone);
    if (!parts) return;
    if (parts.form) parts.form.end();
    parts.check.end();
    held.delete(gone);
  };
  function open(wanted) {
    const one = cop.picture.get(wanted);
    if (!one) return;
    if (id && id !== wanted) leave();
    const sheet = cop.$("cop-alerting-sheet");
    if (sheet.hidden) returnTo = document.activeElement;
    id = wanted;
    isChanging = false;
    drawnAs = "";
    foot.dataset.of = "";
    sheet.hidden = false;
    document.body.classList.add("is-alerting");
    draw();
    scroll.scrollTop = 0;
    partsOf(one).check.refresh();
    const { form } = partsOf(one);
    if (viewOf(one) === "form" && !cop.isPhone()) form.focus();
    else cop.$("cop-alerting-title").focus();
    showArea();
    if (!cop.isPhone()) cop.alertArea.look(one.geometry, covered());
    cop.alertList.refresh();
  }
  /* What is typed is stored before the sheet goes; what could not be stays in its form. */
  const leave = () => {
    const parts = held.get(id);
    if (!parts) return;
    parts.check.end();
    if (parts.form && parts.form.dirty) parts.form.save();
  };
  function close() {
    const sheet = cop.$("cop-alerting-sheet");
    if (sheet.hidden || sheet.classList.contains("is-aside")) return false;
    leave();
    sheet.hidden = true;
    id = null;
    drawnAs = "";
    document.body.classList.remove("is-alerting");
    cop.alertArea.hide();
    cop.alertList.refresh({ all: true });
    const back = returnTo && returnTo.isConnected ? returnTo : cop.$("cop-alerting-new");
    if (back.offsetParent) back.focus();
    returnTo = null;
    return true;
  }
  cop.alerting = { open, close, aside, current: () => id };

  const relabel = () => {
    for (const { form, check } of held.values()) {
      if (form) form.relabel();
      check.relabel();
    }
    drawnAs = "";
    if (id) draw();
  };
  cop.on("start", () => {
    cop.$("cop-alerting-close").addEventListener("click", close);
    cop.relabel(cop.$("cop-alerting-sheet"));
    cop.backs.push(() => {
      if (!endPeek) return close();
      endPeek();
      return true;
    });
  });
  cop.on("lang", relabel);
  cop.on("theme", () => { if (id) { draw(); showArea(); } });
  cop.on("districts", () => { if (id) relabel(); });
  cop.on("me", () => { if (id) draw(); });
  cop.on("acted", () => { if (id) draw(); });
  cop.on("picture", ({ put, gone, reset }) => {
    if (!id || !(reset || [...put, ...gone].some((one) => one.id === id || one.properties.kind === "draft"))) return;
    const now = feature();
    if (!now) {
      cop.write(cop.$("cop-alerting-title"), cop.t("alerting.went"));
      return;
    }
    const parts = partsOf(now);
    if (parts.form) parts.form.take(now);
    if (put.some((one) => one.id === id) && viewOf(now) === "review") parts.check.refresh();
    if (viewOf(now) === "over") parts.check.end();
    if (now.properties.state !== "asked") isChanging = false;
    draw();
  });
})((window.cop = window.cop || {}));
