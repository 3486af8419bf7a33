/* Sends what waits in the outbox: strictly in order, one at a time, and never by two at once: page,
 * other tabs and the service worker exclude each other by a lock. An answer that was lost is asked
 * for again under the same key, to which the server gives its first answer. */
((cop) => {
  "use strict";
  const LOCK = "cop-outbox";
  const WAITS_MS = [1000, 2000, 5000, 10000, 20000, 40000, 60000];
  const TRUST_MS = 30000;
  const LONGEST_HOLD_MS = 2000; // a longer one comes from a clock that was put back
  const FAULTS = 3; // so often the server may fail at one thing before the others go on without it
  const ASIDE_MS = 60000;
  const pause = (ms) => new Promise((resolve) => { setTimeout(resolve, ms); });
  let failures = 0;
  let timer = null;
  let running = null;
  let again = false;
  let known = { account: null, until: 0 };
  const faulty = new Map(); // key -> {times, until}: what the server itself fails at

  const problemOf = ({ status, content }) => ({
    status, code: content.code || null, detail: content.detail || content.title || "", current: content.current || null,
    present: content.present || null,
  });
  /* Who the server takes us for: an action is sent only as the account that it was made under.
   * Null when it cannot be told just now, or nobody is signed in. */
  const account = async () => {
    const kept = await cop.db.get("state", "account");
    if (!kept) return null;
    if (known.account === kept && Date.now() < known.until) return kept;
    const answer = await cop.request("/me");
    const gone = answer.status === 200 && !answer.content.signed_in ? "ended" : cop.unsigned(answer);
    if (gone) return unsigned(gone);
    if (answer.status !== 200) {
      later(answer);
      return null;
    }
    const { name, operation } = answer.content;
    if (name !== kept || operation !== cop.config.operation) return unsigned("other");
    known = { account: kept, until: Date.now() + TRUST_MS };
    return kept;
  };
  /* Nothing is lost: it waits until the same account signs in again. */
  const unsigned = (how) => {
    known = { account: null, until: 0 };
    cop.outbox.unsigned(how);
    return null;
  };
  /* Try again by and by; sooner when the network comes back or somebody looks. */
  const later = ({ headers }) => {
    const asked = Number(headers && headers.get("Retry-After")) * 1000 || 0;
    const wait = WAITS_MS[Math.min(failures, WAITS_MS.length - 1)];
    failures += 1;
    clearTimeout(timer);
    timer = setTimeout(() => cop.outbox.flush(), Math.max(asked, wait) * (0.75 + Math.random() / 2));
  };

  const isAside = ({ key }) => faulty.has(key) && performance.now() < faulty.get(key).until;
  const isWords = ({ kind }) => kind !== "photo";
  /* Which of *waiting* goes next: the oldest. A photo takes minutes on a poor network: whatever is
   * said goes before it. What the server fails at stands aside, with all that is about the same. */
  const choose = (waiting) => {
    const open = new Set(waiting.map(({ key }) => key));
    const held = new Set();
    const ready = waiting.filter((one) => {
      const free = !isAside(one) && !held.has(one.after) && !held.has(one.about);
      if (!free) for (const name of [one.key, isWords(one) && one.about]) if (name) held.add(name);
      return free;
    });
    return ready.find((one) => isWords(one) && !open.has(one.after)) || ready[0] || null;
  };
  const mine = (all, name) => all.filter((one) => one.account === name && cop.outbox.isOpen(one));

  /* The next, marked as being sent. One that was being sent when a page died is sent again. A
   * counter's change is held for a moment, so that quick presses go together. */
  const take = (name) =>
    cop.db.run(["outbox"], "readwrite", async (at, done) => {
      const all = await done(at.outbox.index("seq").getAll());
      const next = choose(mine(all, name));
      if (!next) return null;
      const wait = next.tries ? 0 : (next.not_before || 0) - Date.now();
      if (wait > 0 && wait <= LONGEST_HOLD_MS) return { wait };
      const parent = next.after ? all.find((one) => one.key === next.after) : null;
      const taken = { ...next, state: "sending", tries: next.tries + 1 };
      await done(at.outbox.put(taken));
      return { action: taken, parent };
    });
  const fillIn = (value, id) => {
    if (typeof value === "string") return value.replaceAll("{id}", id);
    if (Array.isArray(value)) return value.map((one) => fillIn(one, id));
    if (value && typeof value === "object")
      return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fillIn(one, id)]));
    return value;
  };

  const plain = (action) => {
    const headers = { ...cop.doneBy(action), "Idempotency-Key": action.key };
    if (action.match !== null) headers["If-Match"] = `"${action.match}"`;
    return cop.send(action.method, action.path, action.body, headers);
  };
  /* Whether the server, which is there, has failed at this one so often that the others go on. */
  const isFaulty = ({ key }, { status }) => {
    if (status < 500 || status === 503) return false;
    const times = (faulty.has(key) ? faulty.get(key).times : 0) + 1;
    faulty.set(key, { times, until: times < FAULTS ? 0 : performance.now() + ASIDE_MS });
    return times >= FAULTS;
  };
  const settle = async (action, answer) => {
    const { status, content } = answer;
    if (answer.gaveWay) {
      await cop.outbox.patch(action.key, { state: "queued", tries: action.tries - 1 });
      return true;
    }
    if (status >= 200 && status < 300 && content && content.id) {
      failures = 0;
      faulty.delete(action.key);
      cop.outbox.changed(await cop.outbox.patch(action.key, {
        state: "confirmed", answer: content, warnings: content.warnings || [],
        problem: null, ended_at: Date.now(),
      }));
      return true;
    }
    const gone = cop.unsigned(answer);
    if (gone || status < 400 || cop.passes(answer)) {
      await cop.outbox.patch(action.key, { state: "queued" });
      if (gone) unsigned(gone);
      else later(answer);
      cop.outbox.changed();
      return !gone && isFaulty(action, answer);
    }
    failures = 0;
    faulty.delete(action.key);
    cop.outbox.changed(await cop.outbox.refused(action.key, problemOf(answer)));
    return true;
  };

  const sendNext = async () => {
    const name = await account();
    if (!name) return false;
    const next = await take(name);
    if (!next) return false;
    if (next.wait) {
      await pause(next.wait);
      return true;
    }
    const { parent } = next;
    let { action } = next;
    cop.outbox.changed();
    if (action.after && !(parent && parent.state === "confirmed")) {
      cop.outbox.changed(await cop.outbox.refused(action.key, { status: 409, code: "after-refused", detail: "", current: null }));
      return true;
    }
    if (parent) {
      const id = parent.answer.id || "";
      action = { ...action, path: fillIn(action.path, id), body: fillIn(action.body, id), about: fillIn(action.about, id) };
    }
    try {
      return await settle(action, await (action.kind === "photo" ? cop.sendPhoto(action) : plain(action)));
    } catch (error) {
      await cop.outbox.patch(action.key, { state: "queued" }).catch(() => {}); // it can be thrown away
      throw error;
    }
  };
  /* The lock is taken for each action: what another tab does in between stands in the outbox. */
  const locked = (work) => (navigator.locks ? navigator.locks.request(LOCK, work) : work());
  const drain = async () => {
    clearTimeout(timer);
    do {
      again = false;
      while (await locked(sendNext)); // eslint-disable-line no-empty
    } while (again);
    await cop.outbox.tidy();
  };
  /* A disk that cannot be read or written just now is told where the person acts. */
  const unkept = (error) => {
    if (!error.words) throw error;
    later({});
  };
  Object.assign(cop.outbox, {
    /* Nothing is sent from anywhere while *work* is done. */
    alone: (work) => locked(work),
    /* Whether something said waits while a photo of *account* is on its way. */
    hasWords: async (account) => {
      const next = choose(mine(await cop.outbox.list(), account));
      return Boolean(next) && isWords(next);
    },
    /* Send what waits; resolves when nothing waits or it must be tried later. */
    flush() {
      again = true;
      running = running || drain().catch(unkept).finally(() => { running = null; });
      return running;
    },
    /* Who is signed in has changed: ask again before the next is sent. */
    doubt() { known = { account: null, until: 0 }; failures = 0; },
    /* The page just learned who is signed in. */
    trust(name) { known = { account: name, until: Date.now() + TRUST_MS }; },
    unsigned() { /* the page and the worker each put their own here */ },
  });
})((self.cop = self.cop || {}));
