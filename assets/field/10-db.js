/* What this device keeps, in one database for each operation: what is done in an exercise can
 * never be sent to the live one. Runs in the page and in the service worker. */
((cop) => {
  "use strict";
  const STORES = ["outbox", "blobs", "state"];
  const element = typeof document === "undefined" ? null : document.getElementById("cop-config");
  if (element) cop.config = JSON.parse(element.textContent);
  /* Words come in one language; more are added when they are asked for. */
  cop.learnWords = (lang, given) => {
    for (const key in given) cop.config.words[key] = { ...cop.config.words[key], [lang]: given[key] };
  };
  if (element) {
    const { words } = cop.config;
    cop.config.words = {};
    cop.learnWords(document.documentElement.lang, words);
  }
  let opening = null;

  const done = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  /* An error in words: *words* is the key of what the person is told. */
  const failure = (words, cause) => Object.assign(new Error(words), { words, cause });
  const explain = (error) =>
    failure(error && error.name === "QuotaExceededError" ? "kept.full" : "kept.none", error);

  const open = () => {
    if (opening) return opening;
    opening = new Promise((resolve, reject) => {
      const request = indexedDB.open(`cop-field.${cop.config.operation}`, 1);
      request.onupgradeneeded = () => {
        const store = request.result.createObjectStore("outbox", { keyPath: "key" });
        store.createIndex("seq", "seq", { unique: true });
        request.result.createObjectStore("blobs");
        request.result.createObjectStore("state");
      };
      request.onsuccess = () => {
        const base = request.result;
        const forget = () => { opening = null; };
        base.onversionchange = () => { base.close(); forget(); };
        base.onclose = forget;
        resolve(base);
      };
      request.onerror = () => reject(request.error);
    });
    opening.catch(() => { opening = null; });
    return opening;
  };

  /* One transaction over *stores*: *work* is given the stores by name and may wait for requests of
   * this transaction alone. Resolves with what it gives once everything lies on the disk.
   * Rejects with an error whose `words` say why it cannot be kept. */
  const run = async (stores, mode, work, again = true) => {
    let base;
    try {
      base = await open();
    } catch (error) {
      throw explain(error);
    }
    return new Promise((resolve, reject) => {
      let outcome;
      let broken = null;
      let transaction;
      try {
        transaction = base.transaction(stores, mode, { durability: "strict" });
      } catch (error) {
        opening = null; // the browser closed it under us
        if (again) resolve(run(stores, mode, work, false));
        else reject(explain(error));
        return;
      }
      transaction.oncomplete = () => (broken ? reject(broken) : resolve(outcome));
      transaction.onabort = () => reject(broken || explain(transaction.error));
      const given = Object.fromEntries(stores.map((name) => [name, transaction.objectStore(name)]));
      Promise.resolve(work(given, done)).then((result) => { outcome = result; }, (error) => {
        broken = error.words ? error : explain(error);
        try {
          transaction.abort();
        } catch {
          /* It has ended already. */
        }
      });
    });
  };

  /* In a browser that keeps nothing, what need not outlive the page is held by the page. Work is
   * not: the outbox refuses it. */
  const memory = new Map();
  const or = (store, work, otherwise) =>
    work.catch((error) => {
      if (error.words !== "kept.none" || store !== "state") throw error;
      return otherwise();
    });
  const one = (store, mode, work) => run([store], mode, (at) => done(work(at[store])));

  cop.failure = failure;
  cop.db = {
    run,
    get: (store, key) => or(store, one(store, "readonly", (at) => at.get(key)), () => memory.get(key)),
    put: (store, value, key) =>
      or(store, one(store, "readwrite", (at) => (store === "outbox" ? at.put(value) : at.put(value, key))),
        () => memory.set(key, value)),
    remove: (store, key) => or(store, one(store, "readwrite", (at) => at.delete(key)), () => memory.delete(key)),
    all: (store) => or(store, one(store, "readonly", (at) => at.getAll()), () => [...memory.values()]),
    async clear() {
      memory.clear();
      await run(STORES, "readwrite", (at) => STORES.forEach((name) => at[name].clear()));
    },
  };
  /* What lies beside the database: map tiles, and what was told on the lock screen. */
  cop.clearAround = async () => {
    if (typeof caches !== "undefined")
      for (const name of await caches.keys()) if (name.startsWith("cop-field-tiles")) await caches.delete(name);
    const workers = navigator.serviceWorker;
    const registration = self.registration || (workers && (await workers.getRegistration("/field")));
    if (registration && registration.getNotifications)
      for (const one of await registration.getNotifications()) one.close();
  };
  cop.newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  /* Other tabs and the worker hear of what changed here. */
  const channel = typeof BroadcastChannel === "undefined" ? null
    : new BroadcastChannel(`cop-field.${cop.config.operation}`);
  cop.tell = (message) => channel && channel.postMessage(message);
  cop.hear = (react) => channel && channel.addEventListener("message", ({ data }) => react(data));
})((self.cop = self.cop || {}));
