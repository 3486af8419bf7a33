/* Keeps duty and area as the server has them: at the start, when it says that something changed,
 * when somebody looks, after something was sent, and now and then. */
((cop) => {
  "use strict";
  const EVERY_MS = { duty: 60000, area: 120000 };
  const SILENT_MS = 25000;
  const FIRST_WAIT_MS = 1000;
  const LONGEST_WAIT_MS = 60000;
  const MOVE_WITHIN_MS = 4000; // thousands of phones come to another process, each with questions
  const PATIENCE_MS = 6000;
  const RENEW_MS = 6 * 3600 * 1000;
  const { data, held } = cop.field;
  const due = { duty: 0, area: 0 }; // performance.now() of the next look without being asked
  const under = { duty: null, area: null };
  const again = { duty: false, area: false };
  const after = { duty: "", area: "" }; // the picture that the answer must at least know
  let source = null;
  let heard = 0;
  let tries = 0;
  let waiting = null;
  let askedOnce = false;

  const jitter = (ms) => ms * (0.75 + Math.random() / 2);
  const visible = () => document.visibilityState === "visible";

  const once = async (name) => {
    const { etag } = held[name];
    const began = performance.now();
    const asked = Date.now();
    /* The first request of a page is the one that its HTML has begun already. */
    const fresh = name === "duty" && !askedOnce;
    askedOnce = askedOnce || fresh;
    const who = data.me && data.me.name;
    const query = after[name] && !fresh ? `?after=${encodeURIComponent(after[name])}` : "";
    const answer = await cop.request(`/me/${name}${query}`, { headers: etag && !fresh ? { "If-None-Match": etag } : {} });
    if (data.signed !== "in" || !data.me || data.me.name !== who) return undefined; // meant for another
    const gone = cop.unsigned(answer);
    if (gone) return cop.account.unsigned(gone);
    if (answer.status === 200) {
      if (name === "duty" && answer.content.operation !== cop.config.operation) {
        held.duty.owed = true;
        return cop.account.moved(answer.content.operation);
      }
      await cop.field.keep(name, {
        body: answer.content, etag: answer.headers.get("ETag"), asked, travelled_ms: performance.now() - began,
      });
    } else if (answer.status === 304 && data[name]) await cop.field.keep(name, { etag, asked });
    else {
      held[name].owed = true;
      return cop.passes(answer) ? cop.field.fail() : cop.field.reached();
    }
    return cop.emit("change");
  };
  /* One request of a kind at a time; one more where it was asked for meanwhile. */
  const read = (name, cursor) => {
    after[name] = cursor || after[name];
    if (data.signed !== "in") return Promise.resolve();
    again[name] = true;
    under[name] = under[name] || (async () => {
      while (again[name] && data.signed === "in") {
        again[name] = false;
        await once(name).catch((error) => cop.ui.broken(error));
        due[name] = performance.now() + jitter(EVERY_MS[name]);
      }
    })().finally(() => { under[name] = null; });
    return under[name];
  };

  /* Nudges: the server says that something changed, the page asks what. */
  const close = () => {
    if (source) source.close();
    source = null;
  };
  const openIn = (ms) => {
    close();
    clearTimeout(waiting);
    waiting = setTimeout(() => read("duty").then(open), ms);
  };
  const reopen = () => {
    const limit = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    tries += 1;
    openIn(limit * (0.3 + 0.7 * Math.random()));
  };
  const hear = () => {
    heard = performance.now();
    tries = 0;
  };
  const onHealth = ({ now, speed, redis }) => {
    hear();
    cop.field.setClock(now, speed);
    cop.field.storeDown(redis === false);
    for (const name of ["duty", "area"]) if (held[name].owed && !under[name]) read(name);
    if (!under.duty && !again.duty && !held.duty.owed && data.duty) {
      if (!cop.field.isStoreDown()) data.duty_at = cop.clock.now();
      cop.field.vouch();
    }
    if (cop.field.actions().some(cop.outbox.isOpen)) cop.outbox.flush();
    cop.field.tick();
  };
  function open() {
    close();
    if (data.signed !== "in") return;
    const stream = new EventSource("/api/v1/me/stream");
    source = stream;
    heard = performance.now();
    for (const name of ["duty", "area"])
      stream.addEventListener(name, (message) => { hear(); read(name, JSON.parse(message.data).after); });
    stream.addEventListener("health", (message) => onHealth(JSON.parse(message.data)));
    /* This process ends in order, and another goes on. */
    stream.addEventListener("bye", () => { hear(); openIn(MOVE_WITHIN_MS * Math.random()); });
    stream.onopen = hear; // what it says first is that both are to be read
    stream.onerror = () => { if (source === stream) reopen(); };
  }

  /* A sign-in lasts a shift without network, and is made to last while there is one. */
  const renew = async () => {
    const last = (await cop.field.tried(cop.db.get("state", "renewed"))) || 0;
    if (Math.abs(Date.now() - last) < RENEW_MS) return;
    const answer = await cop.send("POST", "/me/session/renew");
    if (answer.status === 200) await cop.field.tried(cop.db.put("state", Date.now(), "renewed"));
    else if (cop.unsigned(answer)) cop.account.unsigned(cop.unsigned(answer));
  };

  const look = () => {
    if (data.signed !== "in") return;
    const first = read("duty"); // it can say why it was refused, which a stream cannot
    if (source) read("area");
    else {
      due.area = performance.now() + PATIENCE_MS; // the stream says so when it opens
      first.then(() => { if (!source) open(); });
    }
    renew();
    cop.outbox.flush();
  };
  const beat = () => {
    if (data.signed !== "in") return;
    if (source && performance.now() - heard > SILENT_MS) reopen();
    if (!visible()) return;
    for (const name of ["duty", "area"]) if (performance.now() > due[name] && !under[name]) read(name);
  };

  cop.sync = { look, read, stop: () => { close(); clearTimeout(waiting); } };
  cop.wake = async () => {
    if (!navigator.serviceWorker || !navigator.serviceWorker.controller) return;
    const { sync } = await navigator.serviceWorker.ready;
    if (sync) sync.register("cop-outbox").catch(() => {}); // not granted: the page sends it itself
  };
  cop.outbox.heard((action) => {
    cop.field.readActions();
    if (action && action.state === "confirmed") read("duty", action.answer && action.answer.cursor);
  });
  cop.on("tick", beat);
  cop.on("woke", look);
  addEventListener("online", () => { tries = 0; close(); look(); cop.emit("online", true); });
  addEventListener("offline", () => { close(); cop.field.fail(); cop.emit("online", false); });
  document.addEventListener("visibilitychange", () => { if (visible()) { cop.field.tick(); look(); } });
  addEventListener("pageshow", ({ persisted }) => { if (persisted) { close(); look(); } });
  addEventListener("pagehide", close);
})((window.cop = window.cop || {}));
