/* The live view of a camera: nothing until somebody asks, then its latest picture at its own pace,
 * while it is seen, for five minutes. Nothing is kept: one picture at a time, dropped with its view. */
(function (cop) {
  "use strict";
  const LEAST_MS = 10000; // between two pictures
  const AFTER_FAILURE_MS = 30000;
  const LONGEST_MS = 5 * 60000;
  const TIMEOUT_MS = 20000;
  const AT_ONCE = 2;
  const OLD_S = 120; // and three times a camera's own pace
  const NEAR_M = 300;
  const MOST_NEAR = 3;
  const FOREVER = [403, 404]; // asking again changes nothing
  const views = new Set(); // those that may hold a picture

  /* Whether this reader may look, and what they will see; the server decides all the same. */
  const rightOf = ({ properties: p }) => {
    const { published } = p;
    const clear = published || cop.desk.may("view_camera_clear", { agencies: [p.publisher] });
    const open = published || p.view === "responder" || (p.view === "command" && cop.desk.isCommand);
    const may = open && cop.may("view_camera");
    return { may, blurred: !clear, why: !published && (p.view || "nobody") === "nobody" ? "look.nobody" : "look.may-not" };
  };

  /* Not more than two pictures are asked for at once, in the order of asking. */
  let running = 0;
  const waiting = [];
  const next = () => {
    if (running >= AT_ONCE || !waiting.length) return;
    running += 1;
    waiting.shift()().finally(() => {
      running -= 1;
      next();
    });
  };
  const inTurn = (work) => {
    waiting.push(work);
    next();
  };
  async function fetchFrame(id, signal) {
    const answer = await fetch(`/api/v1/cameras/${encodeURIComponent(id)}/frame`, { cache: "no-store", signal });
    if (!answer.ok) {
      let content = {};
      try { content = await answer.json(); } catch { /* a proxy answered, in no words of ours */ }
      return { status: answer.status, content };
    }
    return {
      status: answer.status, picture: await answer.blob(), at: cop.ms(answer.headers.get("Cop-Frame-At")),
      blurred: answer.headers.get("Cop-Blurred") === "yes",
    };
  }

  /* One camera's view. *bare*: without buttons of its own, on the wall; *quiet*: it need not say
   * that looks are written down, something beside it does. */
  const make = (id, { bare = false, quiet = false } = {}) => {
    const it = { id, state: "idle", url: null, at: null, blurred: false, failed: null };
    let timer = null;
    let ends = null;
    let visible = true;
    let due = false;
    let abort = null;
    const image = cop.h("img", { class: "live-image", alt: "", hidden: true });
    const cover = cop.h("div", { class: "live-cover" });
    const caption = cop.h("p", { class: "live-caption" });
    const marks = cop.h("p", { class: "chips live-marks" });
    const note = cop.h("p", { class: "live-note", role: bare ? null : "status" });
    const button = (key, act) => {
      const node = cop.h("button", { class: "button", type: "button", "data-key": `${key} ${id}`, on: { click: act } });
      node.words = key;
      return node;
    };
    const show = button("look.show", () => start());
    const again = button("look.again", () => ask());
    const on = button("look.go-on", () => start());
    const hide = button("look.hide", () => { hush(); show.focus(); });
    const buttons = cop.h("div", { class: "verbs" }, show, again, on, hide);
    if (bare) hide.hidden = show.hidden = true;
    const frame = cop.h("div", { class: "live-frame" }, image, cover);
    it.node = cop.h("div", { class: "live-view", "data-camera": id }, frame, caption, marks, note, buttons);

    const feature = () => cop.picture.get(id);
    const name = () => (feature() ? cop.facts.title(feature()) : id);
    const paceS = () => ((feature() && feature().properties.refresh_s) || 0) / cop.clock.speed;
    const isOld = () => it.at !== null && cop.clock.now() - it.at > 1000 * Math.max(OLD_S, 3 * paceS()) * cop.clock.speed;
    const chip = (words, cls = "") => cop.h("span", { class: `chip ${cls}`.trim(), text: words });
    const noteWords = () => {
      if (it.state === "idle") return bare || quiet ? "" : cop.t("look.journalled");
      if (it.state === "stopped") return cop.t("look.stopped");
      if (it.failed) return cop.t("look.failed", { words: cop.problemWords(it.failed)[0] });
      return it.state === "loading" && !it.url ? cop.t("look.loading") : "";
    };
    const draw = () => {
      it.node.dataset.state = it.state;
      frame.hidden = it.state === "idle" && !bare;
      image.hidden = !it.url;
      cover.hidden = Boolean(it.url);
      cover.className = `live-cover${it.state === "loading" ? " skeleton" : it.failed ? " is-unknown" : ""}`;
      cop.write(cover, bare && it.state === "idle" ? cop.t("cameras.hidden") : "");
      const time = it.at === null ? null : cop.time(it.at);
      if (it.url) image.alt = cop.t("look.alt", { name: name(), time: time ?? cop.t("look.undated") });
      const old = Boolean(it.url) && isOld();
      it.node.classList.toggle("is-old-picture", old || (Boolean(it.url) && Boolean(it.failed)));
      caption.hidden = !it.url;
      const said = `${time}|${cop.lang}`;
      if (it.url && caption.dataset.said !== said) {
        caption.dataset.said = said;
        caption.replaceChildren(...(time === null ? [cop.t("look.undated")] : [cop.t("look.taken", { time }), " · ", cop.ageNode(it.at)]));
      }
      const words = it.url ? [it.blurred && "look.blurred", document.body.classList.contains("is-exercise") && "look.simulated", old && "look.stale"].filter(Boolean) : [];
      const marked = `${words}|${cop.lang}`;
      if (marks.dataset.said !== marked) {
        marks.dataset.said = marked;
        marks.replaceChildren(...words.map((key) => chip(cop.t(key), key === "look.stale" ? "is-warn" : "")));
      }
      marks.hidden = !words.length;
      cop.write(note, noteWords());
      note.classList.toggle("is-bad", Boolean(it.failed));
      note.hidden = !note.textContent;
      show.hidden = bare || it.state !== "idle";
      again.hidden = !it.failed || it.state === "loading" || FOREVER.includes(it.failed.status);
      on.hidden = it.state !== "stopped";
      hide.hidden = bare || it.state === "idle";
      for (const node of [show, again, on, hide]) {
        cop.write(node, cop.t(node.words));
        if (node === show) node.setAttribute("aria-label", cop.t("look.show-of", { name: name() }));
      }
      buttons.hidden = [show, again, on, hide].every((node) => node.hidden);
    };

    const drop = () => {
      if (it.url) URL.revokeObjectURL(it.url);
      it.url = it.at = null;
      image.removeAttribute("src");
    };
    const rest = () => {
      clearTimeout(timer);
      clearInterval(it.tick);
      timer = null;
      if (abort) abort.abort();
      abort = null;
    };
    const watcher = new IntersectionObserver((seen) => {
      visible = seen[seen.length - 1].isIntersecting;
      if (visible && due) ask();
    });
    const later = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(ask, Math.max(0, ms));
    };
    /* Ask for the next picture, or note that it is due when it is seen again. */
    function ask() {
      if (it.state === "idle") return;
      if (!it.node.isConnected) return hush();
      if (performance.now() > ends) return stop();
      due = !visible || document.hidden;
      if (due) return undefined;
      clearTimeout(timer);
      if (abort) return undefined;
      it.state = "loading";
      const mine = new AbortController();
      abort = mine;
      draw();
      inTurn(() => take(mine));
      return undefined;
    }
    async function take(mine) {
      if (mine.signal.aborted) return;
      const limit = setTimeout(() => mine.abort(), TIMEOUT_MS);
      let answer = { status: 0, content: {} };
      try {
        answer = await fetchFrame(id, mine.signal);
      } catch { /* no network, or too slow: said in words */ }
      clearTimeout(limit);
      if (abort !== mine) return; // hidden meanwhile
      abort = null;
      if (answer.status === 401 && await cop.signInAgain()) return later(0);
      if (answer.picture) {
        drop();
        Object.assign(it, { state: "shown", url: URL.createObjectURL(answer.picture), at: answer.at, blurred: answer.blurred, failed: null });
        image.src = it.url;
      } else Object.assign(it, { state: "failed", failed: answer });
      draw();
      if (!FOREVER.includes(answer.status)) later(answer.picture ? Math.max(LEAST_MS, 1000 * paceS()) : AFTER_FAILURE_MS);
    }
    function start() {
      const hadFocus = it.node.contains(document.activeElement);
      rest();
      ends = performance.now() + LONGEST_MS;
      Object.assign(it, { state: "loading", failed: null });
      views.add(it);
      watcher.observe(it.node);
      it.tick = setInterval(draw, 1000);
      draw();
      ask();
      if (hadFocus && !bare) hide.focus();
    }
    function stop() {
      rest();
      it.state = "stopped";
      draw();
    }
    function hush() {
      rest();
      watcher.disconnect();
      views.delete(it);
      drop();
      Object.assign(it, { state: "idle", failed: null });
      draw();
    }
    Object.assign(it, { start, hush, draw, wake: () => due && ask() });
    draw();
    return it;
  };

  document.addEventListener("visibilitychange", () => { for (const view of [...views]) view.wake(); });
  /* What has left the page lets go of its picture. */
  const sweep = () => { for (const view of [...views]) if (!view.node.isConnected) view.hush(); };
  cop.on("select", () => setTimeout(() => cop.soon("live-views", sweep), 0));
  cop.on("me", () => cop.detail.refresh());

  let chosen = null; // the view on the panel of a camera
  cop.parts.add({ kind: "camera", key: "camera-look", order: 10, render(feature) {
    const right = rightOf(feature);
    if (!right.may) {
      if (chosen) chosen.hush();
      chosen = null;
      return cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("look") }),
        cop.h("p", { class: "remark", text: cop.t(right.why) }));
    }
    if (!chosen || chosen.id !== feature.id) {
      chosen = make(feature.id);
      chosen.title = cop.h("h3", {});
      chosen.part = cop.h("section", { class: "detail-part" }, chosen.title, chosen.node);
    }
    cop.write(chosen.title, cop.t("look"));
    chosen.draw();
    return chosen.part;
  } });

  /* Cameras about an incident, each opening in its place. */
  const nearest = (place) =>
    cop.sights.cameras().filter((one) => rightOf(one).may && cop.placeOf(one))
      .map((one) => ({ one, metres: cop.metres(place, cop.placeOf(one)) }))
      .filter(({ metres }) => metres <= NEAR_M)
      .sort((a, b) => a.metres - b.metres).slice(0, MOST_NEAR);
  let near = null; // {key, part, rows} of the chosen incident
  cop.parts.add({ kind: "incident", key: "cameras-near", order: 49, render(feature) {
    const place = cop.placeOf(feature);
    const found = place && (feature.properties.placing || "given") !== "district" ? nearest(place) : [];
    if (!found.length) return null;
    const key = [feature.id, ...found.map(({ one }) => one.id)].join();
    if (!near || near.key !== key) {
      near = { key, title: cop.h("h3", {}), rows: found.map(({ one, metres }) => {
        const view = make(one.id, { quiet: true });
        const name = cop.h("button", { class: "link-button", type: "button", "data-key": `near ${one.id}`, on: { click: () => cop.select(one.id) } });
        const far = cop.h("span", { class: "row-sub num" });
        return { id: one.id, metres, view, name, far, node: cop.h("li", { class: "near-camera" }, cop.h("p", {}, name, " ", far), view.node) };
      }) };
      near.hint = cop.h("p", { class: "hint" });
      near.part = cop.h("section", { class: "detail-part" }, near.title, near.hint, cop.h("ul", {}, ...near.rows.map(({ node }) => node)));
    }
    cop.write(near.title, cop.t("look.near"));
    cop.write(near.hint, cop.t("look.journalled"));
    for (const { id, metres, view, name, far } of near.rows) {
      cop.write(name, cop.facts.title(cop.picture.get(id)));
      cop.write(far, cop.t("look.away", { n: Math.round(metres / 10) * 10 }));
      view.draw();
    }
    return near.part;
  } });
  cop.liveView = { make, rightOf, count: () => views.size };
})((window.cop = window.cop || {}));
