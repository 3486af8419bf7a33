/* The one way from this page to the server's commands: sends a deed once, however often it has to
 * be repeated, and says what came of it where the person acted. */
(function (cop) {
  "use strict";
  const WAITS_MS = [400, 1000, 2000, 4000, 8000, 8000];
  const TIMEOUT_MS = 20000;
  const UPLOAD_TIMEOUT_MS = 120000;
  const PASSING = [502, 503, 504]; // the same request may well succeed a moment later
  const OWN_WORDS = [400, 403, 404, 409, 412, 413, 415, 422, 428, 429, 500];
  const busy = new WeakMap(); // where -> the deed under way there

  /* Who I am, and on what my role may act; the server decides all the same. */
  cop.me = { may: {} };
  cop.readMe = async () => {
    try {
      const answer = await fetch("/api/v1/me", { cache: "no-store" });
      if (answer.ok) {
        const me = await answer.json();
        cop.me = { ...me, may: me.may || {} };
        cop.emit("me");
      }
    } catch {
      /* Without the network nobody can act either; the link says so. */
    }
    return cop.me;
  };
  cop.may = (action) => Boolean(cop.me.may[action]);
  /* Whether it is worth offering *action* on *feature*: of what is other agencies' only where the
   * role reaches as far. What is one's own cannot always be told here, so it is offered. What another
   * installation keeps nobody here changes; tasks and warnings of our own may be about it. */
  const ABOUT = ["assign", "draft_alert"];
  cop.mayOn = (action, feature) => {
    const reach = cop.me.may[action];
    const p = feature.properties;
    if (p.origin && !ABOUT.includes(action)) return false;
    if (reach !== "agency") return Boolean(reach);
    const agencies = [p.publisher, p.agency, p.lead_agency, p.asked_of, ...(p.supporting_agencies || [])];
    return agencies.includes(cop.me.agency) || p.author === cop.me.name;
  };

  /* What a deed is known by, however often it is sent. */
  cop.newKey = () => {
    if (crypto.randomUUID) return crypto.randomUUID();
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };

  const pause = (ms) =>
    new Promise((resolve) => {
      const go = () => {
        clearTimeout(timer);
        removeEventListener("online", go);
        resolve();
      };
      const timer = setTimeout(go, ms * (0.75 + Math.random() / 2));
      addEventListener("online", go);
    });
  const headersOf = ({ key, version, body }) => {
    const headers = { "Idempotency-Key": key };
    if (version !== undefined && version !== null) headers["If-Match"] = `"${version}"`;
    if (body instanceof Blob) headers["Content-Type"] = body.type;
    else if (body !== undefined && body !== null) headers["Content-Type"] = "application/json";
    return headers;
  };
  const parse = (words) => {
    try {
      return JSON.parse(words);
    } catch {
      return {};
    }
  };
  const once = async (deed) => {
    if (deed.body instanceof Blob) return upload(deed);
    const { method, path, body } = deed;
    const answer = await fetch(`/api/v1${path}`, {
      method, headers: headersOf(deed), signal: AbortSignal.timeout(TIMEOUT_MS),
      body: body === undefined || body === null ? undefined : JSON.stringify(body),
    });
    return { status: answer.status, content: parse(await answer.text()) };
  };
  /* Files are sent by the older way, which tells how far it has come. */
  const upload = (deed) =>
    new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open(deed.method, `/api/v1${deed.path}`);
      const headers = headersOf(deed);
      for (const name in headers) request.setRequestHeader(name, headers[name]);
      request.timeout = UPLOAD_TIMEOUT_MS;
      request.upload.onprogress = ({ loaded, total }) => deed.progress && deed.progress(loaded / total);
      request.onload = () =>
        resolve({ status: request.status, content: parse(request.responseText) });
      request.onerror = request.ontimeout = () => reject(new TypeError("network"));
      request.send(deed.body);
    });
  /* Send until there is an answer, a bounded number of times, always under the same key. */
  const send = async (deed, tell) => {
    for (let attempt = 0; ; attempt += 1) {
      tell("deed.sending");
      let answer = null;
      try {
        answer = await once(deed);
        if (!PASSING.includes(answer.status)) return answer;
      } catch {
        answer = null;
      }
      if (attempt >= WAITS_MS.length) return answer || { status: 0, content: {} };
      tell(answer ? "deed.busy" : "deed.waiting");
      await pause(WAITS_MS[attempt]);
    }
  };

  /* Where the person acted: its buttons rest while a deed is under way, its words stand there. */
  const stateLine = (at) => {
    let line = at.querySelector(":scope > .deed-state");
    if (!line) {
      line = cop.h("p", { class: "deed-state", role: "status" });
      at.append(line);
    }
    return line;
  };
  /* A part of the detail panel may have been made anew since: what stands there for it now. */
  const standing = (at) => {
    const { part, of } = at ? at.dataset : {};
    if (!part || at.isConnected) return at;
    return document.querySelector(`[data-part="${part}"][data-of="${CSS.escape(of)}"]`) || at;
  };
  const say = (where, ...words) => {
    const at = standing(where);
    if (!at || !at.isConnected) {
      if (words[0] instanceof Node && !at?.dataset.quiet)
        cop.toast({ words: words.map((part) => part.textContent).join(" "), bad: true });
      return;
    }
    const line = stateLine(at);
    line.classList.toggle("is-bad", words.length > 0 && words[0] instanceof Node);
    line.replaceChildren(...words);
  };
  const rest = (at, resting) => {
    if (!at) return;
    at.toggleAttribute("data-busy", resting);
    at.setAttribute("aria-busy", String(resting));
    for (const button of at.querySelectorAll("button, input[type=submit]")) {
      if (resting && !button.disabled) {
        button.disabled = true;
        button.dataset.rests = "";
      } else if (!resting && "rests" in button.dataset) {
        button.disabled = false;
        delete button.dataset.rests;
      }
    }
  };

  const problemWords = ({ status, content }) => {
    if (status === 0) return [cop.t("problem.network")];
    const code = content.code && `problem.${content.code}`;
    const known = code && cop.config.words[code] ? cop.say(cop.config.words[code])
      : OWN_WORDS.includes(status) ? cop.term("problem", status)
        : status >= 500 ? cop.term("problem", 500) : null;
    const detail = content.detail || content.title || "";
    if (known && cop.lang === "en" && detail && status !== 500) return [detail];
    return [known, detail].filter(Boolean);
  };
  cop.problemWords = problemWords;
  const fail = (at, answer) => {
    const [first, ...more] = problemWords(answer);
    say(at, cop.h("strong", { text: first || cop.term("problem", 500) }),
      ...more.map((words) => cop.h("span", { class: "deed-detail", lang: "en", text: ` ${words}` })));
    return null;
  };
  const isConflict = ({ status, content }, version) =>
    content.current && (status === 412 ||
      (status === 409 && version !== undefined && version !== null &&
        content.current.properties.version !== version));

  const settle = async (deed, tell, at) => {
    for (;;) {
      const answer = await send(deed, tell);
      const { status, content } = answer;
      if (status >= 200 && status < 300) return content;
      if (status === 401) {
        if (await cop.signInAgain()) continue;
        return fail(at, answer);
      }
      if (isConflict(answer, deed.version)) {
        if (content.current.id) cop.picture.renew(content.current);
        if (deed.reread) {
          deed.failed = answer;
          return fail(at, answer);
        }
        const chosen = await cop.conflict({ id: deed.id, body: deed.body, base: deed.base, current: content.current });
        if (chosen === "mine") {
          Object.assign(deed, { version: content.current.properties.version, key: cop.newKey() });
          continue;
        }
        say(at, chosen === "theirs" ? "" : cop.t("conflict.open"));
        if (chosen === "theirs" && deed.kept) deed.kept();
        return null;
      }
      const handler = deed.handle && deed.handle[content.code];
      if (handler) {
        const changed = await handler(content);
        if (!changed) {
          say(at);
          return null;
        }
        Object.assign(deed, { body: changed, key: cop.newKey() });
        continue;
      }
      deed.failed = answer;
      return fail(at, answer);
    }
  };
  const finish = (deed, content) => {
    if (content.feature && content.cursor) cop.picture.learn(content.feature, content.cursor);
    const warnings = (content.warnings || []).map(({ code, detail }) => {
      const own = cop.config.words[`problem.${code}`];
      return own && cop.lang !== "en" ? cop.say(own) : detail;
    });
    const words = [deed.done && cop.t(deed.done), ...warnings].filter(Boolean).join(" · ");
    if (deed.undoable !== false && content.undo_until && content.journal)
      cop.undo.offer({ journal: content.journal, until: content.undo_until, words: words || cop.t("deed.done") });
    else if (words) cop.toast({ words, warn: warnings.length > 0 });
  };

  /* Do *method* on *path* (below /api/v1) with *body*; gives the server's answer, or null when it
   * was not done, which the person has then been told. A second call from the same place while
   * one is under way gives the first one's answer.
   *   version: the version it is made from; id: what it changes; base: its feature as shown;
   *   at: the element in which the person acted; undoable: false to offer no undo;
   *   done: key of the words for success; key: idempotency key, kept by the caller for a retry;
   *   reread: what has changed must be read anew first, nobody is asked which of the two holds;
   *   handle: {code: (problem) => another body, or null}; kept: called when theirs was kept;
   *   progress: called with 0 to 1 while a Blob is sent; failed: called with the last answer. */
  cop.act = (method, path, body, options = {}) => {
    const at = standing(options.at || document.activeElement?.closest("[data-acts], form, .acts") || null);
    if (at && busy.has(at)) return busy.get(at);
    const deed = { key: cop.newKey(), ...options, method, path, body, failed: null };
    const tell = (key) => say(at, cop.t(key));
    const work = async () => {
      rest(at, true);
      /* A quick answer needs no words. */
      let quiet = true;
      const soon = setTimeout(() => { quiet = false; tell("deed.sending"); }, 250);
      try {
        const content = await settle(deed, (key) => { if (!quiet || key !== "deed.sending") tell(key); }, at);
        if (content) {
          if (at && standing(at).isConnected) say(at);
          finish(deed, content);
        } else if (deed.failed && options.failed) options.failed(deed.failed);
        return content;
      } finally {
        clearTimeout(soon);
        rest(at, false);
        if (at) busy.delete(at);
        cop.emit("acted"); // what was not drawn meanwhile, so that nobody's buttons went away
      }
    };
    const under_way = work();
    if (at) busy.set(at, under_way);
    return under_way;
  };
  /* Read something; null when it cannot be had, said in *at*. */
  cop.read = async (path, { at = null } = {}) => {
    try {
      const answer = await fetch(`/api/v1${path}`, { cache: "no-store", signal: AbortSignal.timeout(TIMEOUT_MS) });
      const content = parse(await answer.text());
      if (answer.ok) return content;
      if (at) fail(at, { status: answer.status, content });
    } catch {
      if (at) fail(at, { status: 0, content: {} });
    }
    return null;
  };
})((window.cop = window.cop || {}));
