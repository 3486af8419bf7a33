/* The outbox: what a person did is written to the disk before anything else happens with it, and
 * stays until the server has confirmed or refused it. */
((cop) => {
  "use strict";
  const JOIN_MS = 1500;
  const KEPT_MS = 24 * 3600 * 1000;
  const OPEN = ["queued", "sending"];
  const heard = [];

  /* Something changed: here, and in other tabs or the worker. */
  const changed = (what) => {
    for (const react of heard) react(what);
    cop.tell({ outbox: true });
  };
  cop.hear((message) => message.outbox && heard.forEach((react) => react(null)));

  const bySeq = (store, done) => done(store.index("seq").getAll());
  const keysOf = (body) => Object.keys(body || {}).sort().join();
  /* A further change of the same counter is taken up by the one that still waits. */
  const joins = (action, given) =>
    action.kind === "entry" && given.kind === "entry" && action.state === "queued" && !action.tries &&
    Math.abs(Date.now() - action.made_at) < JOIN_MS &&
    keysOf(action.body) === "at,change" && keysOf(given.body) === "at,change";

  const add = async (given) => {
    const bytes = given.blob ? await given.blob.arrayBuffer() : null;
    const action = {
      key: cop.newKey(), kind: given.kind, method: given.method || "POST", path: given.path || "",
      body: given.body || null, match: given.match ?? null, about: given.about || null,
      label: given.label || null, after: given.after || null, caption: given.caption || "",
      quiet: Boolean(given.quiet), at: given.at ?? null, made_at: Date.now(), state: "queued", tries: 0, answer: null,
      warnings: [], problem: null, pieces: null,
    };
    if (given.kind === "entry" && keysOf(given.body) === "at,change") action.not_before = Date.now() + JOIN_MS;
    const key = await cop.db.run(["outbox", "blobs", "state"], "readwrite", async (at, done) => {
      action.account = await done(at.state.get("account"));
      if (!action.account) throw cop.failure("kept.signed-out");
      const all = await bySeq(at.outbox, done);
      const other = all.findLast((one) => one.account === action.account && one.path === action.path);
      if (other && joins(other, action)) {
        const change = other.body.change + action.body.change;
        if (!change) await done(at.outbox.delete(other.key));
        else await done(at.outbox.put({ ...other, body: { ...other.body, change, at: action.body.at }, not_before: action.not_before }));
        return other.key;
      }
      action.seq = (all.length ? all[all.length - 1].seq : 0) + 1;
      await done(at.outbox.add(action));
      if (bytes) await done(at.blobs.put({ bytes, type: given.blob.type }, action.key));
      return action.key;
    });
    changed();
    return key;
  };

  /* Those of the account that is signed in on this device, oldest first. */
  const list = () =>
    cop.db.run(["outbox", "state"], "readonly", async (at, done) => {
      const account = await done(at.state.get("account"));
      const all = await bySeq(at.outbox, done);
      return account ? all.filter((action) => action.account === account) : [];
    });
  /* Receipts that the page sends by itself: nobody need look after them. */
  cop.isQuiet = ({ kind, body }) =>
    kind === "receipt" && Boolean(body) && ["delivered", "read"].includes(body.step);
  /* How many of each account wait here. */
  const waiting = async () => {
    const found = new Map();
    for (const action of await cop.db.all("outbox"))
      if (OPEN.includes(action.state) && !cop.isQuiet(action))
        found.set(action.account, (found.get(action.account) || 0) + 1);
    return found;
  };

  const patch = (key, change) =>
    cop.db.run(["outbox", "blobs"], "readwrite", async (at, done) => {
      const action = await done(at.outbox.get(key));
      if (!action) return null;
      const next = { ...action, ...change };
      await done(at.outbox.put(next));
      if (next.state === "confirmed") await done(at.blobs.delete(key));
      return next;
    });

  /* What hangs on *key*, directly or not. */
  const below = (all, key) => {
    const keys = new Set([key]);
    for (const action of all) if (keys.has(action.after)) keys.add(action.key);
    keys.delete(key);
    return all.filter((action) => keys.has(action.key));
  };
  const refuse = (action, problem) => ({ ...action, state: "refused", problem });
  const ORPHAN = { status: 409, code: "after-refused", detail: "what it belonged to was refused", current: null };

  /* Refused: with it, what was to follow it. */
  const refused = (key, problem) =>
    cop.db.run(["outbox"], "readwrite", async (at, done) => {
      const all = await bySeq(at.outbox, done);
      const action = all.find((one) => one.key === key);
      if (!action) return null;
      const next = refuse(action, problem);
      await done(at.outbox.put(next));
      for (const one of below(all, key)) if (OPEN.includes(one.state)) await done(at.outbox.put(refuse(one, ORPHAN)));
      return next;
    });

  /* A new try of one that was refused, under its own key: it never was accepted. One that was made
   * from an older version is made from the one that the person was shown. */
  const retry = async (key) => {
    await cop.db.run(["outbox"], "readwrite", async (at, done) => {
      const all = await bySeq(at.outbox, done);
      const action = all.find((one) => one.key === key);
      if (!action || action.state !== "refused") return;
      const current = action.problem && action.problem.status === 412 && action.problem.current;
      const again = (one) => ({ ...one, state: "queued", problem: null, not_before: 0 });
      await done(at.outbox.put({ ...again(action), match: current ? current.properties.version : action.match }));
      for (const one of below(all, key))
        if (one.state === "refused" && one.problem.code === "after-refused") await done(at.outbox.put(again(one)));
    });
    changed();
    return cop.outbox.flush();
  };

  /* Throw away what was not accepted; false while it is being sent: it may have been done. */
  const discard = async (key) => {
    const gone = await cop.db.run(["outbox", "blobs"], "readwrite", async (at, done) => {
      const all = await bySeq(at.outbox, done);
      const action = all.find((one) => one.key === key);
      if (!action || action.state === "sending") return false;
      await done(at.outbox.delete(key));
      await done(at.blobs.delete(key));
      for (const one of below(all, key)) if (OPEN.includes(one.state)) await done(at.outbox.put(refuse(one, ORPHAN)));
      return true;
    });
    changed();
    return gone;
  };

  /* Forget what was confirmed and is *past*; of what something else may still need, all but its id.
   * What the page said by itself and was refused is nobody's to see to. */
  const drop = (past) =>
    cop.db.run(["outbox"], "readwrite", async (at, done) => {
      const all = await bySeq(at.outbox, done);
      const needed = new Set(all.filter((one) => one.state !== "confirmed").map((one) => one.after));
      for (const one of all) {
        if (one.state === "refused" && cop.isQuiet(one)) await done(at.outbox.delete(one.key));
        if (one.state !== "confirmed" || !past(one)) continue;
        if (needed.has(one.key)) await done(at.outbox.put({ ...one, answer: { id: one.answer.id } }));
        else await done(at.outbox.delete(one.key));
      }
    });
  const tidy = () => drop((one) => Math.abs(Date.now() - one.ended_at) > KEPT_MS);
  /* Nobody is signed in: what was done, and what the server answered, is nobody's to look at. */
  const shed = () => drop(() => true);
  /* Forget everything of *account*, sent or not. */
  const forget = (account) =>
    cop.db.run(["outbox", "blobs"], "readwrite", async (at, done) => {
      for (const one of await done(at.outbox.getAll())) {
        if (one.account !== account) continue;
        await done(at.outbox.delete(one.key));
        await done(at.blobs.delete(one.key));
      }
    });

  cop.outbox = {
    add, list, waiting, retry, discard, tidy, shed, forget, patch, refused, changed, OPEN,
    heard: (react) => heard.push(react),
    isOpen: (action) => OPEN.includes(action.state),
  };
})((self.cop = self.cop || {}));
