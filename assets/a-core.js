/* What every other script stands on: words, time, elements, events, preferences. Scripts are
 * loaded in the order of their names, and this one must be the first.
 * Text from outside reaches the page only as text nodes; nothing here parses HTML. */
(function (cop) {
  "use strict";
  const listeners = new Map();
  const FALLBACK = {
    en: ["en", "zh-Hant", "zh-Hans"],
    "zh-Hant": ["zh-Hant", "zh-Hans", "en"],
    "zh-Hans": ["zh-Hans", "zh-Hant", "en"],
  };
  const ZONE = "Asia/Hong_Kong";
  const SVG = "http://www.w3.org/2000/svg";
  cop.lang = "en";
  cop.config = null;
  cop.keys = {}; // key -> what it does; other files add theirs
  cop.backs = []; // asked in order by Esc; the first that closed something says true

  cop.on = (name, react) => {
    if (!listeners.has(name)) listeners.set(name, []);
    listeners.get(name).push(react);
  };
  cop.emit = (name, detail) => (listeners.get(name) || []).forEach((react) => react(detail));

  /* Words */
  cop.say = (text) => {
    if (!text) return "";
    for (const lang of FALLBACK[cop.lang]) if (text[lang]) return text[lang];
    return "";
  };
  cop.t = (key, values) => {
    let words = cop.say(cop.config && cop.config.words[key]) || key;
    for (const name in values || {}) words = words.replaceAll(`{${name}}`, () => values[name]);
    return words;
  };
  /* Several, one after the other, as each language sets them apart. */
  cop.join = (all) => all.filter(Boolean).join(cop.t("comma"));
  /* A word that may not be in the list: a code from outside, shown readably rather than hidden. */
  cop.term = (prefix, code) => {
    const words = cop.config.words[`${prefix}.${code}`];
    return words ? cop.say(words) : String(code).replaceAll("_", " ");
  };
  cop.relabel = (root) => {
    for (const node of root.querySelectorAll("[data-t]")) node.textContent = cop.t(node.dataset.t);
    for (const node of root.querySelectorAll("[data-t-label]")) {
      const words = cop.t(node.dataset.tLabel);
      node.setAttribute("aria-label", words);
      if (node.tagName === "BUTTON") node.title = words;
      if (node.tagName === "INPUT") node.placeholder = words;
    }
  };

  /* Elements */
  const fill = (node, attributes, children) => {
    for (const name in attributes || {}) {
      const value = attributes[name];
      if (value === null || value === undefined || value === false) continue;
      if (name === "on") for (const event in value) node.addEventListener(event, value[event]);
      else if (name === "text") node.textContent = value;
      else node.setAttribute(name, value === true ? "" : value);
    }
    for (const child of children) if (child !== null && child !== undefined) node.append(child);
    return node;
  };
  cop.h = (tag, attributes, ...children) =>
    fill(document.createElement(tag), attributes, children);
  cop.svg = (tag, attributes, ...children) =>
    fill(document.createElementNS(SVG, tag), attributes, children);
  cop.$ = (id) => document.getElementById(id);
  cop.icon = (name, size) =>
    cop.svg(
      "svg",
      { viewBox: "0 0 15 15", width: size || 15, height: size || 15, "aria-hidden": "true" },
      cop.svg("path", { d: cop.icons[name] || "", fill: "currentColor" }),
    );
  /* Put text into a node only when it differs: nothing is laid out again for nothing. */
  cop.write = (node, words) => {
    if (node.textContent !== words) node.textContent = words;
  };

  /* Time. The picture has a clock of its own: health brings it, we let it run. */
  let base = null;
  cop.clock = {
    speed: 1,
    set(now, speed) {
      base = { at: Date.parse(now), seen: performance.now() };
      cop.clock.speed = speed || 1;
    },
    now: () =>
      base ? base.at + (performance.now() - base.seen) * cop.clock.speed : Date.now(),
  };
  const part = (options) => new Intl.DateTimeFormat("en-GB", { timeZone: ZONE, ...options });
  const hhmm = part({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const hhmmss = part({
    hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
  });
  const day = part({ year: "numeric", month: "2-digit", day: "2-digit" });
  const days = (more) => ({
    en: part({ day: "numeric", month: "short", ...more }),
    "zh-Hant": new Intl.DateTimeFormat("zh-HK", { timeZone: ZONE, day: "numeric", month: "long", ...more }),
    "zh-Hans": new Intl.DateTimeFormat("zh-CN", { timeZone: ZONE, day: "numeric", month: "long", ...more }),
  });
  const [shortDay, dayOfYear] = [days({}), days({ year: "numeric" })];
  cop.ms = (iso) => (iso ? Date.parse(iso) : null);
  cop.time = (ms) => {
    if (ms === null || Number.isNaN(ms)) return "–";
    const [it, now] = [day.format(ms), day.format(cop.clock.now())];
    if (it === now) return hhmm.format(ms);
    const days = it.slice(-4) === now.slice(-4) ? shortDay : dayOfYear;
    return `${days[cop.lang].format(ms)} ${hhmm.format(ms)}`;
  };
  cop.seconds = (ms) => hhmmss.format(ms);
  cop.age = (ms) => {
    if (ms === null || Number.isNaN(ms)) return "–";
    const past = cop.clock.now() - ms;
    const s = Math.abs(past) / 1000;
    let words;
    if (s < 60) words = cop.t("age.s", { n: Math.floor(s) });
    else if (s < 3600) words = cop.t("age.min", { n: Math.floor(s / 60) });
    else if (s < 172800) words = cop.t("age.h", { n: Math.floor(s / 3600) });
    else words = cop.t("age.d", { n: Math.floor(s / 86400) });
    return past < -1000 ? cop.t("age.in", { age: words }) : words;
  };
  /* Relative in place, absolute for those who ask: hover, focus or a screen reader. */
  cop.ageNode = (ms) =>
    cop.h("time", {
      class: "age", "data-ms": ms, text: cop.age(ms), title: cop.time(ms),
      datetime: ms ? new Date(ms).toISOString() : null,
    });
  cop.refreshAges = () => {
    for (const node of document.querySelectorAll("time[data-ms]"))
      cop.write(node, cop.age(Number(node.dataset.ms)));
  };

  /* Work that may wait for the next frame, or for a calmer beat; each name at most once. */
  const due = new Map();
  const run = (name) => {
    const job = due.get(name);
    due.delete(name);
    if (job) job();
  };
  cop.soon = (name, job, delay) => {
    const queued = due.has(name);
    due.set(name, job);
    if (queued) return;
    if (delay) setTimeout(() => run(name), delay);
    else requestAnimationFrame(() => run(name));
  };
  /* Do at once what waits. */
  cop.settle = () => {
    for (const name of [...due.keys()]) run(name);
  };

  /* Preferences of this reader's view; nothing of the picture is kept in the browser's storage. */
  const PREFIX = "cop.view.";
  cop.prefs = {
    get(name, fallback) {
      try {
        const kept = localStorage.getItem(PREFIX + name);
        return kept === null ? fallback : JSON.parse(kept);
      } catch {
        return fallback;
      }
    },
    set(name, value) {
      try {
        localStorage.setItem(PREFIX + name, JSON.stringify(value));
      } catch {
        /* Private windows may refuse storage: the view is then remembered by the address only. */
      }
    },
  };
  const asked = new URLSearchParams(location.search);
  cop.asked = (name) => asked.get(name);
})((window.cop = window.cop || {}));
