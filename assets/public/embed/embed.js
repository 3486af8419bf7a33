/* The widget on somebody else's page: asks once a minute whether there is news, and exchanges its
 * text in place. It keeps nothing, sends nothing, and is whole without this script. */
(function () {
  "use strict";
  const EVERY_MS = 60000;
  const PATIENCE_MS = 20000;
  const LATE_AFTER_MS = 150000; // in which the server's own time did not move on
  const body = document.body;
  let madeAt = "";
  let movedAt = performance.now();
  let asking = false;

  const get = async (path, cache = "default") => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), PATIENCE_MS);
    const answer = await fetch(path, { credentials: "omit", mode: "cors", cache, signal: stop.signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer;
  };
  const isNews = (now) =>
    now.series !== body.dataset.series || now.version > Number(body.dataset.version);

  /* Take over the text of the page as it is now; whoever stands on a link stays on it. */
  const exchange = async () => {
    const text = await (await get(location.href, "no-cache")).text();
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById("main");
    if (!fresh) throw new Error("not the widget");
    const { series, version } = page.body.dataset;
    if (series === body.dataset.series && Number(version) < Number(body.dataset.version)) throw new Error("an older one");
    const at = document.activeElement && document.activeElement.id;
    document.getElementById("main").replaceWith(document.adoptNode(fresh));
    Object.assign(body.dataset, page.body.dataset);
    if (at && document.getElementById(at)) document.getElementById(at).focus();
  };

  /* Times are Hong Kong's, in the form in which the page was written. */
  const TIME = new Intl.DateTimeFormat("en-GB", {
    timeZone: "Asia/Hong_Kong", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
  });
  const DAY = new Intl.DateTimeFormat("en-CA", {
    timeZone: "Asia/Hong_Kong", year: "numeric", month: "2-digit", day: "2-digit",
  });
  const tell = (iso) => {
    const node = document.getElementById("as-of-time");
    if (!node || !iso) return;
    const at = new Date(iso);
    node.dateTime = iso;
    node.textContent = `${DAY.format(at)} ${TIME.format(at)}`;
  };

  const renew = async () => {
    if (asking || document.hidden) return;
    asking = true;
    try {
      const now = await (await get(body.dataset.pointer)).json();
      if (!madeAt || Date.parse(now.made_at) > Date.parse(madeAt)) movedAt = performance.now();
      else if (now.made_at !== madeAt) throw new Error("a cache that was not told yet");
      madeAt = now.made_at;
      if (isNews(now)) await exchange();
      tell(now.as_of);
    } catch {
      // tried again in a minute; for how long there was no answer is told below
    } finally {
      asking = false;
    }
    document.getElementById("late").hidden = performance.now() - movedAt < LATE_AFTER_MS;
  };

  /* Not all widgets of a busy page at once. */
  const next = () => setTimeout(async () => {
    await renew();
    next();
  }, EVERY_MS * (0.9 + 0.2 * Math.random()));
  document.addEventListener("visibilitychange", renew);
  renew();
  next();
})();
