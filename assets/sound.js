/* A sound for what newly deserves attention, by its severity. Off until the reader turns it on;
 * a browser gives none before the reader has touched the page, and then we say so. */
(function (cop) {
  "use strict";
  const REST_MS = 4000; // between two sounds: a flood of events is not a siren
  /* [pitch in Hz, begins after s, lasts s] of each note; more and higher notes, worse. */
  const PATTERNS = {
    Extreme: [[988, 0, 0.14], [740, 0.17, 0.14], [988, 0.34, 0.14], [740, 0.51, 0.14], [988, 0.68, 0.2]],
    Severe: [[880, 0, 0.14], [880, 0.2, 0.14], [880, 0.4, 0.2]],
    Moderate: [[659, 0, 0.14], [659, 0.22, 0.18]],
    Minor: [[523, 0, 0.16]],
    Unknown: [[440, 0, 0.12]],
  };
  const LOUD = 0.16;
  let context = null;
  let isOn = false;
  let rest = -Infinity; // performance.now() until which it is silent
  let waiting = null; // the worst severity that came meanwhile
  const seen = new Set();

  const ready = () => context !== null && context.state === "running";
  const wake = () => {
    if (!context) context = new AudioContext();
    return context.state === "running" ? Promise.resolve() : context.resume();
  };
  const play = (severity) => {
    if (!ready()) return;
    for (const [pitch, after, lasts] of PATTERNS[severity] || PATTERNS.Unknown) {
      const tone = context.createOscillator();
      const gain = context.createGain();
      const from = context.currentTime + after;
      tone.frequency.value = pitch;
      gain.gain.setValueAtTime(0.0001, from);
      gain.gain.exponentialRampToValueAtTime(LOUD, from + 0.02);
      gain.gain.exponentialRampToValueAtTime(0.0001, from + lasts);
      tone.connect(gain).connect(context.destination);
      tone.start(from);
      tone.stop(from + lasts + 0.02);
    }
    cop.sound.played += 1;
  };
  const worse = (a, b) => (a === null || cop.layers.rank(b) < cop.layers.rank(a) ? b : a);
  const later = () => {
    if (waiting === null) return;
    const severity = waiting;
    waiting = null;
    sound(severity);
  };
  const sound = (severity) => {
    if (!isOn) return;
    const now = performance.now();
    if (now < rest) {
      if (waiting === null) setTimeout(later, rest - now);
      waiting = worse(waiting, severity);
      return;
    }
    rest = now + REST_MS;
    play(severity);
  };

  const show = () => {
    const node = cop.$("cop-sound");
    const key = !isOn ? "sound.off" : ready() ? "sound.on" : "sound.waits";
    cop.write(node.querySelector("span"), cop.t(key));
    node.setAttribute("aria-pressed", String(isOn));
    cop.$("cop-sound-test").hidden = !isOn;
  };
  const turn = (on) => {
    isOn = on;
    cop.prefs.set("sound", on);
    (on ? wake() : Promise.resolve()).then(show, show);
    show();
  };
  const firstTouch = () => {
    if (isOn && !ready()) wake().then(show, show);
  };

  cop.on("start", () => {
    isOn = cop.prefs.get("sound", false);
    cop.$("cop-sound").addEventListener("click", () => turn(!isOn || !ready()));
    const severities = cop.$("cop-sound-test");
    severities.addEventListener("change", () => {
      const severity = severities.value;
      severities.value = "";
      if (severity) wake().then(() => play(severity));
    });
    for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, firstTouch);
    relabel();
  });
  const relabel = () => {
    cop.$("cop-sound-test").replaceChildren(...cop.desk.options([
      ["", cop.t("sound.test")],
      ...Object.keys(PATTERNS).map((severity) => [severity, cop.term("severity", severity)]),
    ], ""));
    show();
  };
  cop.on("lang", () => cop.desk.ready && relabel());

  cop.desk.watch(["attention"], ({ put, reset }) => {
    let worst = null;
    for (const feature of put) {
      const p = feature.properties;
      if (p.kind !== "attention") continue;
      const isNew = !seen.has(feature.id) && !p.cleared_at;
      seen.add(feature.id);
      if (p.cleared_at) seen.delete(feature.id); // raised again, it is new again
      if (!reset && isNew && cop.attention.passes(feature)) worst = worse(worst, p.severity);
    }
    if (reset) for (const { id } of cop.desk.all("attention")) seen.add(id);
    if (worst !== null) sound(worst);
  });
  cop.sound = { play: sound, played: 0, get isOn() { return isOn; }, get isReady() { return ready(); } };
})((window.cop = window.cop || {}));
