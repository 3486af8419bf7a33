/* Asks the pointer whether there is news and hands it on. How old the picture is follows from the
 * server's own time, never from the device's clock. */
(function (cop) {
  "use strict";
  const LEAST_S = 5;
  const MOST_S = 120; // between two tries while the pointer cannot be had
  const FIRST_RETRY_S = 3;
  const LATE_MS = 120000;
  const LOST_AFTER = 2; // failures in a row: one is a tunnel, two are said
  const KEPT = 64; // change files that are held for whoever follows later
  const PATHS = { en: "en", "zh-Hant": "tc", "zh-Hans": "sc" };
  const followers = [];
  const changes = new Map(); // path -> promise of a change; of null, where there is none to be had
  const told = document.body.dataset;
  const last = { series: told.series, version: Number(told.version), made: cop.ms(told.madeAt) };
  let pointer = null;
  let real = null; // the server's time and when we learnt it, by both of our clocks
  let failures = 0;
  let timer = 0;
  let asking = null; // the one question that is on its way

  const elapsed = () =>
    Math.max(performance.now() - real.seen, Date.now() - real.wall); // one of them may sleep
  const serverNow = () => real.at + elapsed();
  /* What the server's clock says, as headers tell it: a cache adds how long it has held the answer. */
  const learnTime = (answer, made) => {
    const date = Date.parse(answer.headers.get("Date") || "");
    const held = Number(answer.headers.get("Age")) || 0;
    const at = Number.isNaN(date) ? Math.max(made, real ? serverNow() : made) : date + held * 1000;
    real = { at, seen: performance.now(), wall: Date.now() };
  };
  const ageMs = () => (last.made && real ? Math.max(0, serverNow() - last.made) : 0);
  const learnClock = () => {
    if (!pointer) return;
    const now = cop.ms(pointer.as_of) + ageMs() * pointer.speed;
    cop.clock.set(new Date(now).toISOString(), pointer.speed);
  };

  const isChange = (one) =>
    Boolean(one && one.series && one.blocks) && [one.put, one.remove, one.blocks.put, one.blocks.remove].every(Array.isArray);
  /* What cannot be had now may be had later and is an error; what is not there or not a change is
   * null, and whoever needs it begins anew. */
  const readChange = async (path) => {
    const answer = await cop.get(path);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    const body = await answer.text();
    try {
      const change = JSON.parse(body);
      return isChange(change) ? change : null;
    } catch {
      return null;
    }
  };
  /* One change file, in this page's language. Its content never differs under one name. */
  const changeOf = ({ to, hash }) => {
    const path = `/public/c/${to}-${hash}.${PATHS[cop.lang]}.json`;
    if (!changes.has(path)) {
      const coming = readChange(path);
      const forget = () => changes.delete(path);
      coming.then((change) => change || forget(), forget);
      changes.set(path, coming);
      if (changes.size > KEPT) changes.delete(changes.keys().next().value);
    }
    return changes.get(path);
  };
  /* Take the steps of *wanted* one after the other; false where one of them does not lead on. */
  const step = async (follower, wanted) => {
    for (const change of await Promise.all(wanted.map(changeOf))) {
      if (!change || change.series !== follower.series || change.from !== follower.version) return false;
      follower.apply(change);
      follower.version = change.to;
    }
    return true;
  };

  /* Of *follower* {series, version, begin(), apply(change)}: bring it to the pointer's version. */
  const bring = async (follower) => {
    const target = pointer;
    if (follower.series === target.series && follower.version >= target.version) return;
    const wanted = target.changes.filter(({ to }) => to > follower.version);
    const whole = follower.series === target.series && wanted.length === target.version - follower.version;
    if (whole && wanted.length <= follower.most && (await step(follower, wanted))) return;
    await begin(follower, target);
  };
  const begin = async (follower, target) => {
    await follower.begin(target);
    if (!follower.most) return; // a part of the page: changes are of the whole
    const left = target.changes.filter(({ to }) => to > follower.version);
    if (follower.series !== target.series || left.length !== target.version - follower.version) return;
    if (!(await step(follower, left))) throw new Error(`no way from ${follower.version}`);
  };
  const follow = async (follower) => {
    if (!pointer || !follower.isOn() || follower.isBusy) return;
    follower.isBusy = true;
    try {
      await bring(follower);
    } finally {
      follower.isBusy = false;
    }
  };

  /* A cache may not have been told yet: neither behind what is shown, nor back to the run before. */
  const isBehind = ({ series, version }, made) => { // a clock that was set back has higher versions
    if (series !== last.series || version === last.version) return made < last.made;
    return version < last.version;
  };
  const take = (next, answer) => {
    const made = Date.parse(next.made_at);
    if (!next.series || Number.isNaN(made) || !Array.isArray(next.changes)) throw new Error("no pointer");
    learnTime(answer, made);
    if (isBehind(next, made)) return;
    if (last.series !== next.series) changes.clear();
    Object.assign(last, { series: next.series, version: next.version, made });
    pointer = next;
    /* What people enter here themselves is known as long as the store answers. */
    cop.learnKnown({ ...next.known, own: (next.down || {}).redis || next.as_of });
  };
  const askOnce = async () => {
    clearTimeout(timer);
    try {
      const answer = await cop.get(cop.config.pointer, { cache: "no-cache" });
      if (!answer.ok) throw new Error(`pointer: ${answer.status}`);
      take(await answer.json(), answer);
      learnClock();
      const all = await Promise.allSettled(followers.map(follow)); // none waits for another's luck
      if (all.some(({ status }) => status === "rejected")) throw new Error("not all could follow");
      failures = 0;
    } catch {
      failures += 1;
    }
    asking = null;
    cop.fillAges(document);
    cop.emit("pointer", pointer);
    plan();
  };
  const ask = () => {
    asking = asking || askOnce();
    return asking;
  };
  const plan = () => {
    clearTimeout(timer);
    if (document.hidden) return;
    const every = Math.max(LEAST_S, pointer ? pointer.every_s : LEAST_S);
    const wait = failures
      ? Math.min(MOST_S, FIRST_RETRY_S * 2 ** (failures - 1)) * (0.5 + Math.random())
      : every * (1 + Math.random() / 2);
    timer = setTimeout(ask, wait * 1000);
  };

  cop.live = {
    ask,
    /* How well the page is known to be so: `late` past two minutes, `lost` without an answer. */
    state() {
      if (ageMs() > LATE_MS) return "late";
      if (pointer && Object.keys(pointer.down || {}).length) return "down";
      return failures >= LOST_AFTER ? "lost" : "live";
    },
    get pointer() { return pointer; },
    /* Keep *follower* at the pointer's version from now on. */
    async add(follower) {
      followers.push(follower);
      if (asking || !pointer) await ask();
      await follow(follower);
    },
  };
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) clearTimeout(timer);
    else ask();
  });
  addEventListener("online", ask);
})(window.cop);
