/* What the page knows: who is signed in, own duty and area, how sure that is, what time it is. */
((cop) => {
  "use strict";
  const LIVE_MS = 25000; // the server speaks every 10 s: two words missed, and some slack
  const ASLEEP_MS = 5000;
  const TICK_MS = 1000;
  const SLOW_MS = 2500; // a quick answer needs no word before it
  const data = {
    me: null, duty: null, area: null, duty_at: null, area_at: null, link: "slow", signed: "unknown",
  };
  /* `owed`: it was asked for and not had, so that nothing but an answer vouches for it. */
  const held = { duty: { etag: null, asked: 0 }, area: { etag: null, asked: 0 } };
  let actions = []; // of this account, as last read from the outbox
  let confirmed = -Infinity; // performance.now() at which the server last vouched for what is shown
  let failing = false;
  let storeDown = false;
  let contact = null; // operation time at which the server was last heard

  /* Time: the server's, run on by this device; kept so that it stands after a reload. */
  const setClock = (now, speed, travelled_ms = 0) => {
    const at = cop.ms(now) + (travelled_ms / 2) * (speed || 1);
    contact = at;
    cop.clock.set(new Date(at).toISOString(), speed);
    return { op: at, device: Date.now(), speed: speed || 1 };
  };
  const restoreClock = (kept) => {
    if (!kept) return;
    contact = kept.op;
    const past = Math.max(0, Date.now() - kept.device); // a clock put back tells nothing
    cop.clock.set(new Date(kept.op + past * kept.speed).toISOString(), kept.speed);
  };
  const at = () => new Date(cop.clock.now()).toISOString();

  /* How sure is what is shown? */
  const vouch = () => {
    confirmed = performance.now();
    failing = false;
  };
  const isCut = () => failing || navigator.onLine === false;
  const isLive = () => performance.now() - confirmed <= LIVE_MS && !isCut() && !storeDown;
  const linkNow = () => {
    if (isCut()) return "offline";
    return isLive() ? "live" : "slow";
  };
  const showLink = () => {
    const link = linkNow();
    if (data.link === link) return;
    data.link = link;
    cop.emit("link", link);
    cop.emit("change");
  };
  const freshness = (name = "duty") => {
    const ms = data[`${name}_at`];
    if (!data[name] || ms === null) {
      const words = contact ? cop.t("field.unknown-since", { time: cop.time(contact) }) : cop.t("field.unknown");
      return { known: false, age_ms: null, words, state: "unknown" };
    }
    const live = isLive() && !held[name].owed;
    const age_ms = Math.max(0, (cop.clock.now() - ms) / cop.clock.speed);
    const words = live ? cop.t("field.live") : cop.t("field.stale", { time: cop.time(ms) });
    return { known: true, age_ms: live ? 0 : age_ms, words, state: live ? "live" : "stale" };
  };
  /* What is said where a list is empty: nothing there, or nothing known. */
  const emptyWords = (key, name = "duty") => {
    const fresh = freshness(name);
    if (!fresh.known) return fresh.words;
    const checked = cop.t("field.checked", { words: cop.t(key), time: cop.time(data[`${name}_at`]) });
    return fresh.state === "live" ? checked : `${checked} ${fresh.words}`;
  };

  /* A phone that slept: its monotonic clock may have stood still. */
  let wall = Date.now();
  let ticked = performance.now();
  const tick = () => {
    const slept = Date.now() - wall - (performance.now() - ticked);
    wall = Date.now();
    ticked = performance.now();
    if (Math.abs(slept) > ASLEEP_MS) {
      if (slept > 0) cop.clock.set(new Date(cop.clock.now() + slept * cop.clock.speed).toISOString(), cop.clock.speed);
      confirmed = -Infinity;
      cop.emit("woke");
    }
    showLink();
    cop.refreshAges();
    cop.emit("tick");
  };

  /* The outbox as a list, so that screens are drawn without waiting. */
  let reading = null;
  let stale = false;
  const readActions = async () => {
    stale = true;
    reading = reading || (async () => {
      while (stale) {
        stale = false;
        actions = (await tried(cop.outbox.list())) || [];
      }
    })().finally(() => { reading = null; });
    await reading;
    cop.emit("outbox", actions);
    cop.emit("change");
  };

  /* What is kept on the device of what the server said. */
  const keep = async (name, { body, etag, asked, travelled_ms }) => {
    if (body) data[name] = body;
    if (body && body.me) data.me = { ...data.me, ...body.me }; // a new team, another role
    const told = data[name].clock || { now: data[name].now, speed: cop.clock.speed };
    const clock = body && name === "duty" ? setClock(told.now, told.speed, travelled_ms) : null;
    data[`${name}_at`] = cop.clock.now();
    held[name] = { etag, asked };
    vouch();
    await tried(cop.db.run(["state"], "readwrite", (store) => {
      store.state.put({ body: data[name], etag, asked, at: data[`${name}_at`] }, name);
      if (clock) store.state.put(clock, "clock");
      if (body && body.me) store.state.put(data.me, "me");
    }));
  };
  /* A browser that keeps nothing: the page goes on with what the network gives, and says so. */
  const tried = (work) =>
    work.catch((error) => {
      if (!error.words) throw error;
      cop.shell.notice("kept", cop.t(error.words));
      return null;
    });
  const restore = async () => {
    const [me, duty, area, clock, signed] = await cop.db.run(["state"], "readonly", (store, done) =>
      Promise.all(["me", "duty", "area", "clock", "signed"].map((key) => done(store.state.get(key)))));
    restoreClock(clock);
    data.me = me || null;
    data.signed = signed || "unknown";
    for (const [name, kept] of [["duty", duty], ["area", area]]) {
      if (!kept || data.signed !== "in") continue;
      data[name] = kept.body;
      data[`${name}_at`] = kept.at;
      held[name] = { etag: kept.etag, asked: kept.asked };
    }
    actions = await cop.outbox.list();
  };

  /* Do something: kept on the disk first, then sent; the person is told in words how it went. */
  const act = async (action) => {
    let key;
    try {
      key = await cop.outbox.add({ at: cop.clock.now(), ...action });
    } catch (error) {
      cop.ui.toast(cop.t(error.words || "kept.none"), { bad: true });
      return null;
    }
    awaited.add(key);
    await readActions();
    const tell = () => { if (awaited.has(key)) cop.ui.toast(cop.t("kept.here")); };
    if (data.link === "offline") tell();
    else setTimeout(tell, SLOW_MS);
    cop.outbox.flush();
    cop.wake();
    return key;
  };
  /* Says of each deed of this page what became of it. */
  const awaited = new Set();
  const conclude = () => {
    for (const key of [...awaited]) {
      const action = actions.find((one) => one.key === key);
      if (action && cop.outbox.isOpen(action)) continue;
      awaited.delete(key);
      if (!action) continue;
      const said = action.state === "refused"
        ? cop.t("kept.refused", { words: cop.problemWords(action.problem) })
        : [cop.t("kept.sent"), ...cop.warningWords(action)].join(" · ");
      cop.ui.toast(said, { bad: action.state === "refused" });
    }
  };
  cop.on("outbox", conclude);

  /* The server's words, in the reader's language where we have them. */
  const codeWords = (code, status, detail) => {
    const own = code && cop.config.words[`problem.${code}`];
    if (own) return cop.say(own);
    const known = cop.config.words[`problem.${status}`];
    return [known ? cop.say(known) : "", !known || cop.lang === "en" ? detail : ""].filter(Boolean).join(" ");
  };
  cop.problemWords = ({ code, status, detail, present }) =>
    [codeWords(code, status, detail) || cop.term("problem", 500),
      present ? cop.t("kept.present", { status: cop.term("status", present) }) : ""].filter(Boolean).join(" ");
  cop.warningWords = (action) =>
    (action.warnings || []).map(({ code, detail }) => codeWords(code, null, detail)).filter(Boolean);

  cop.field = {
    data, held, at, act, tried, freshness, emptyWords, restore, keep, readActions, setClock, vouch, tick,
    now: () => cop.clock.now(),
    actions: () => actions,
    fail: () => { failing = true; showLink(); },
    reached: () => { failing = false; },
    storeDown: (is) => { storeDown = is; showLink(); },
    isStoreDown: () => storeDown,
    may: (action) => Boolean(data.me && data.me.may && data.me.may[action]),
    mine: (id) => Boolean(data.me && (data.me.belongs_to || []).includes(id)),
  };
  cop.may = cop.field.may;
  cop.wake = () => {}; // 22-sync.js asks the browser to wake the worker when the network is back
  setInterval(tick, TICK_MS);
})((window.cop = window.cop || {}));
