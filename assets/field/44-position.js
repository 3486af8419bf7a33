/* Where this phone is: known to this phone alone until somebody shares it for the team, with a
 * chip in sight for as long as it lasts. Only the newest place is sent, and only with a network:
 * an old position is worth nothing. */
(function (cop) {
  "use strict";
  const MOVED_M = 25;
  const MOVING_MPS = 1;
  const MOVING_EVERY_MS = 10000;
  const STANDING_EVERY_MS = 180000;
  const COARSE_M = 500;
  const OLD_FIX_MS = 60000;
  const AGAIN_MS = 15000; // after a refusal or without an answer
  const GIVE_UP_MS = 3000;
  const TICK_MS = 1000;
  const KEPT = "position"; // consent, in the store of this device
  const WATCH = { enableHighAccuracy: true, maximumAge: 5000, timeout: 30000 };
  const ON_DUTY = ["available", "assigned"];
  const wanted = new Set();
  let watching = null;
  let fix = null; // {lon, lat, accuracy, speed, heading, ms}
  let share = null; // {resource}
  let sent = null; // {fix, ms}
  let tried = 0;
  let trouble = ""; // key of the words
  let underway = null; // a place that is being sent
  let refreshing = false;

  const took = ({ coords }) => {
    fix = {
      lon: coords.longitude, lat: coords.latitude, accuracy: coords.accuracy,
      speed: coords.speed, heading: coords.heading, ms: Date.now(),
    };
    if (trouble !== "pos.offline") trouble = fix.accuracy > COARSE_M ? "pos.coarse" : "";
    cop.emit("position", fix);
    tick();
  };
  const failed = ({ code }) => {
    if (code === 1) {
      trouble = "pos.denied";
      wanted.clear();
      if (share) stop("pos.denied");
      rest();
    } else if (!fix || Date.now() - fix.ms > OLD_FIX_MS) trouble = "pos.unavailable";
    cop.emit("position", fix);
    paint();
  };
  const rest = () => {
    if (watching !== null && !wanted.size) {
      navigator.geolocation.clearWatch(watching);
      watching = null;
    }
  };
  /* Follow this phone for as long as somebody, by name, wants it. */
  const watch = (name, on) => {
    if (on) wanted.add(name);
    else wanted.delete(name);
    if (!navigator.geolocation) trouble = "pos.unavailable";
    else if (wanted.size && watching === null)
      watching = navigator.geolocation.watchPosition(took, failed, WATCH);
    rest();
  };
  /* One place now, or null; asks for leave where it was not given yet. */
  const ask = (patience = 10000) =>
    new Promise((give) => {
      if (!navigator.geolocation) return give(null);
      const options = { enableHighAccuracy: true, maximumAge: 15000, timeout: patience };
      return navigator.geolocation.getCurrentPosition(
        (found) => { took(found); give(fix); },
        (problem) => { failed(problem); give(null); }, options);
    });
  /* Take a look where leave was given before; never asks. */
  const glance = async () => {
    if (refreshing || (fix && Date.now() - fix.ms < 2 * OLD_FIX_MS)) return;
    refreshing = true;
    try {
      const leave = await navigator.permissions.query({ name: "geolocation" });
      if (leave.state === "granted") await ask();
    } catch {
      /* A browser that cannot say whether leave was given is not asked for a place. */
    } finally {
      refreshing = false;
    }
  };

  /* Sending */
  const isMoving = () =>
    fix.speed > MOVING_MPS ||
    cop.geo.distance([fix.lon, fix.lat], [sent.fix.lon, sent.fix.lat]) > MOVED_M;
  const isDue = () => {
    const now = Date.now();
    if (!share || !fix || underway || fix.accuracy > COARSE_M || now - tried < AGAIN_MS) return false;
    if (now - fix.ms > OLD_FIX_MS) return false;
    return !sent || now - sent.ms >= (isMoving() ? MOVING_EVERY_MS : STANDING_EVERY_MS);
  };
  const bodyOf = (one) => {
    const body = {
      resource: share.resource,
      geometry: { type: "Point", coordinates: [one.lon, one.lat].map((x) => Number(x.toFixed(6))) },
      precision_m: Math.round(one.accuracy),
      at: new Date(cop.field.now() - (Date.now() - one.ms) * cop.clock.speed).toISOString(),
    };
    if (one.speed !== null) body.speed_kmh = Math.round(one.speed * 36) / 10;
    if (Number.isFinite(one.heading) && one.speed > 0) body.heading_deg = Math.round(one.heading) % 360;
    return body;
  };
  async function send() {
    if (!navigator.onLine) {
      trouble = "pos.offline";
      return;
    }
    const one = fix;
    const { resource } = share;
    underway = cop.send("PUT", "/me/position", bodyOf(one));
    const { status } = await underway;
    underway = null;
    if (!share || share.resource !== resource) return;
    if (status === 204) {
      sent = { fix: one, ms: Date.now() };
      if (trouble === "pos.offline") trouble = "";
    } else {
      tried = Date.now();
      if (status === 409) stop("pos.off-duty");
      else if ([403, 404, 422].includes(status)) stop("pos.refused");
      else trouble = "pos.offline";
    }
    paint();
  }
  /* A phone that lies still gets no new place by itself. */
  const refresh = () => {
    if (!share || refreshing || !fix || !sent) return;
    if (Date.now() - sent.ms < STANDING_EVERY_MS || Date.now() - fix.ms <= OLD_FIX_MS) return;
    refreshing = true;
    ask(30000).finally(() => { refreshing = false; });
  };
  function tick() {
    if (!share) return;
    if (isDue()) send();
    refresh();
    paint();
  }

  /* Consent */
  const onDuty = () => {
    if (!cop.field.may("share_position")) return [];
    return cop.field.view().resources.filter(({ status }) => ON_DUTY.includes(status));
  };
  const begin = (resource) => {
    share = { resource };
    sent = null;
    tried = 0;
    trouble = "";
    cop.db.put("state", share, KEPT);
    watch("share", true);
    paint();
    cop.field.redraw();
  };
  async function start() {
    const teams = onDuty();
    if (!teams.length) return cop.ui.toast(cop.t("pos.off-duty"), { bad: true });
    if (teams.length === 1) return begin(teams[0].feature.id);
    const sheet = cop.ui.sheet({
      title: cop.t("pos.which"),
      body: cop.h("div", { class: "stack" }, ...teams.map(({ feature }) =>
        cop.ui.button("pos.share-for", () => { sheet.close(); begin(feature.id); },
          { kind: "ghost", key: feature.id, label: cop.titleOf(feature) }))),
    });
    return sheet;
  }
  /* End it here and on the picture; *why* is said when it was not the person who ended it. */
  function stop(why) {
    if (!share) return Promise.resolve();
    const { resource } = share;
    /* Without network the server forgets it a quarter of an hour after the last. */
    const forget = () => cop.request("/me/position", {
      method: "DELETE", body: JSON.stringify({ resource }), limit: GIVE_UP_MS,
      headers: { "Content-Type": "application/json" },
    });
    if (underway) underway.then(() => share || forget()); // a place on its way would outlive its end
    const over = forget();
    cop.db.remove("state", KEPT);
    cop.tell({ sharing: false });
    if (why) cop.ui.toast(cop.t(why), { bad: true });
    ended(why);
    return over;
  }
  const ended = (why = "") => {
    share = null;
    sent = null;
    trouble = why;
    watch("share", false);
    paint();
    cop.field.redraw();
  };
  const check = () => {
    if (cop.field.data.signed !== "in") {
      wanted.clear();
      rest();
    }
    if (!share) return;
    if (cop.field.data.signed !== "in") stop("pos.signed-out");
    else if (cop.field.data.duty && !onDuty().some(({ feature }) => feature.id === share.resource))
      stop("pos.off-duty");
  };
  async function resume() {
    const kept = await cop.db.get("state", KEPT);
    if (!kept || share) return;
    if (onDuty().some(({ feature }) => feature.id === kept.resource)) begin(kept.resource);
    else if (cop.field.data.duty) cop.db.remove("state", KEPT); // it ended with the team's duty
  }

  /* On screen */
  const words = () => {
    if (trouble) return cop.t(trouble);
    return sent ? cop.t("pos.sharing-age", { age: seconds() }) : cop.t("pos.sharing");
  };
  const seconds = () => {
    const s = Math.round((Date.now() - sent.ms) / 1000);
    return s < 60 ? cop.t("age.s", { n: s }) : cop.t("age.min", { n: Math.floor(s / 60) });
  };
  let chip = null;
  function paint() {
    if (!share) {
      if (chip) chip.remove();
      chip = null;
      return;
    }
    if (!chip) {
      chip = cop.h("div", { class: "pos-chip", role: "group" },
        cop.h("span", { class: "pos-dot", "aria-hidden": "true" }), cop.h("span", { class: "pos-words" }),
        cop.h("button", { type: "button", class: "pos-stop", on: { click: () => stop() } }));
      cop.$("f-head").append(chip);
    }
    chip.setAttribute("aria-label", cop.t("pos.title"));
    chip.classList.toggle("is-bad", Boolean(trouble));
    cop.write(chip.querySelector(".pos-words"), words());
    cop.write(chip.querySelector(".pos-stop"), cop.t("pos.stop"));
  }
  /* The switch, with what it means said before it is pressed. */
  const control = () => {
    if (!cop.field.may("share_position") || !cop.field.view().resources.length) return null;
    const on = Boolean(share);
    const possible = on || onDuty().length > 0;
    return cop.h("div", { class: "pos-box" },
      cop.h("button", {
        type: "button", class: "pos-switch", role: "switch", "aria-checked": String(on),
        "aria-describedby": "pos-about", "data-key": "pos-switch", disabled: !possible,
        on: { click: () => (share ? stop() : start()) },
      }, cop.h("span", { class: "pos-knob", "aria-hidden": "true" }), cop.h("span", { text: cop.t("pos.switch") })),
      cop.h("p", { class: "quiet", id: "pos-about", text: cop.t(possible ? "pos.about" : "pos.off-duty") }),
      trouble && !on ? cop.h("p", { class: "pos-trouble", text: cop.t(trouble) }) : null);
  };

  cop.position = {
    here: () => fix, ask, watch, glance, start, stop, control,
    sharing: () => (share ? { resource: share.resource, sent_ms: sent && sent.ms, trouble } : null),
    trouble: () => trouble,
  };
  cop.on("change", () => { check(); paint(); });
  cop.on("signed", check);
  cop.on("online", (is) => { if (is) { tried = 0; tick(); } });
  cop.on("lang", paint);
  cop.on("start", resume);
  cop.hear(({ sharing }) => { if (sharing === false && share) ended(); }); // stopped in another tab
  setInterval(tick, TICK_MS);
})((window.cop = window.cop || {}));
