/* What the scripts of the public page stand on: the page's own words and facts, the operation's
 * clock as the server tells it, and the ages that it lets grow. Without any of it the page is whole. */
(function (cop) {
  "use strict";
  const AGES_EVERY_MS = 30000;
  const MINUTE_MS = 60000;
  const PATIENCE_MS = 20000;
  const body = document.body;
  const told = JSON.parse(cop.$("public-config").textContent);
  cop.lang = body.dataset.lang;
  const words = Object.entries(told.words).map(([key, said]) => [key, { [cop.lang]: said }]);
  cop.config = { ...told, words: Object.fromEntries(words) };

  /* The desk of the same site remembers its own view under the same names. */
  const { get, set } = cop.prefs;
  const chosen = new Map(); // where the browser keeps nothing, it holds until the page is left
  cop.prefs = {
    get: (name, fallback) => (chosen.has(name) ? chosen.get(name) : get(`public.${name}`, fallback)),
    set: (name, value) => {
      chosen.set(name, value);
      set(`public.${name}`, value);
    },
  };
  cop.isPhone = () => !matchMedia("(min-width: 56.25rem)").matches;
  cop.isCalm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* Ask for *address*; who has not answered after twenty seconds, the whole of it, is given up. */
  cop.get = (address, options) => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), PATIENCE_MS);
    return fetch(address, { credentials: "omit", signal: stop.signal, ...options });
  };

  /* Until the server has told the time, the page's own moment runs on. */
  cop.clock.set(body.dataset.asOf, Number(body.dataset.speed));

  /* "25 minutes ago", in the words by which the page itself was written. */
  cop.ago = (ms) => {
    const minutes = Math.floor((cop.clock.now() - ms) / MINUTE_MS);
    if (minutes < 1) return cop.t("ago.now");
    if (minutes < 60) return cop.t(minutes === 1 ? "ago.minute" : "ago.minutes", { n: minutes });
    const hours = Math.floor(minutes / 60);
    if (hours < 48) return cop.t(hours === 1 ? "ago.hour" : "ago.hours", { n: hours });
    return cop.t("ago.days", { n: Math.floor(hours / 24) });
  };
  const known = {}; // feed key -> ISO time to which its content is known, or null
  cop.known = known;
  cop.learnKnown = (now) => Object.assign(known, now);
  /* Fill in the ages below *root*. */
  cop.fillAges = (root) => {
    for (const node of root.querySelectorAll("[data-ago]"))
      cop.write(node, cop.ago(cop.ms(node.dataset.ago)));
    for (const node of root.querySelectorAll("[data-checked]"))
      if (node.dataset.checked in known)
        cop.write(node, known[node.dataset.checked] ? cop.time(cop.ms(known[node.dataset.checked])) : cop.t("time.never"));
    for (const node of root.querySelectorAll("time[data-time]"))
      cop.write(node, cop.time(cop.ms(node.dateTime)));
  };
  setInterval(() => {
    cop.fillAges(document);
    cop.emit("tick");
  }, AGES_EVERY_MS);

  /* What is said to those who listen instead of look; the same words twice are said twice, and of
   * several at once each is heard. */
  const voice = (urgent) => {
    const box = cop.h("p", { class: "sr-only", "aria-live": urgent ? "assertive" : "polite" });
    body.append(box);
    let coming = [];
    let timer = 0;
    return (said) => {
      box.textContent = "";
      coming.push(said);
      clearTimeout(timer);
      timer = setTimeout(() => {
        box.textContent = cop.join(coming);
        coming = [];
      }, 100);
    };
  };
  cop.tell = voice(false);
  cop.alarm = voice(true);

  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) cop.backs.some((close) => close());
  });
})(window.cop);
