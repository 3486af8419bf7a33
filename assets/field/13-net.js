/* Requests that end: each with a limit of time, and told apart by what they mean. */
((cop) => {
  "use strict";
  const LIMIT_MS = 30000; // slow networks: a message may take its time, but not for ever

  const parse = (words) => {
    try {
      return JSON.parse(words);
    } catch {
      return null;
    }
  };
  /* Ask *path* below /api/v1. Gives {status, content, headers}; status 0: no answer of our server.
   * An answer that is not its kind (a hotel's sign-in page, a proxy's error) is none. */
  cop.request = async (path, { method = "GET", headers = {}, body, limit = LIMIT_MS } = {}) => {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), limit);
    try {
      const answer = await fetch(`/api/v1${path}`, {
        method, headers, body, signal: control.signal, credentials: "same-origin", redirect: "error",
      });
      const kind = answer.headers.get("content-type") || "";
      if (answer.status === 204 || answer.status === 304)
        return { status: answer.status, content: null, headers: answer.headers };
      const content = parse(await answer.text());
      if (cop.unsigned({ status: answer.status, content: content || {} }) === "lost") cop.lost();
      const ours = content !== null && kind.includes(answer.ok ? "json" : "problem+json");
      return { status: ours || answer.status === 413 ? answer.status : 0, content: content || {}, headers: answer.headers };
    } catch {
      return { status: 0, content: {}, headers: new Headers() };
    } finally {
      clearTimeout(timer);
    }
  };
  /* Send *body* as JSON. */
  cop.send = (method, path, body, headers = {}) =>
    cop.request(path, {
      method, headers: { ...headers, "Content-Type": "application/json" },
      body: body ? JSON.stringify(body) : undefined,
    });
  /* Under whose name an action was done: the server refuses it from anybody else, who may have signed
   * in meanwhile in another tab. */
  cop.doneBy = ({ account }) => ({ "Cop-Account": account });
  /* Whether the same request may well succeed later. */
  cop.passes = ({ status, content }) =>
    status === 0 || status >= 500 || status === 408 || status === 429 ||
    (status === 409 && content.code === "busy");
  /* This phone was reported lost: whichever request was told so, nobody is told twice, for with it
   * went the session. The page and the worker each put their own here. */
  cop.lost = () => {};
  /* What was tried against who is signed in: told to the page, wherever it was found out. */
  cop.unsigned = ({ status, content }) => {
    if (status !== 401) return null;
    return { "device-lost": "lost", "other-account": "other" }[content.code] || "ended";
  };
})((self.cop = self.cop || {}));
