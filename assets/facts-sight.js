/* Says what a camera counts, and how the camera does, in words: values with their error, level,
 * alarms, where it is heading. What is not known says why; it is never zero. */
(function (cop) {
  "use strict";
  const UNITS = {
    people: "", flow_mps: "m/s", flow_deg: "°", flow_per_m_min: "1/m/min", moving_percent: "%",
    counter_percent: "%", queue_m: "m", occupied_percent: "%", hot_area_m2: "m²",
  };
  const POINTS = 8;
  const digits = (value) => (Math.abs(value) < 10 ? 1 : 0);
  const number = (value) => cop.facts.number(value, digits(value));
  const unit = (code) => cop.facts.unit(code);
  const near = (words) => words.replace(/\s+([°%])/g, "$1").trim();
  const withError = (value, error, code) => {
    if (error === undefined || error === null) return near(`${number(value)} ${unit(code)}`);
    return near(cop.t("sight.error", { value: number(value), error: number(error), unit: unit(code) }));
  };

  /* Fruin's level with its letter: "F: no movement". */
  const level = (code) => cop.t("sight.level", { level: code, words: cop.term("level", code) });
  const why = (code) => cop.term("unknown", code);
  const method = (name) => {
    const [kind, file] = name.split(/:(.*)/s);
    return file ? `${cop.term("method", kind)} (${file})` : cop.term("method", kind);
  };
  const degrees = (value) => {
    const point = Math.round(value / (360 / POINTS)) % POINTS;
    return `${cop.term("compass", point)} (${Math.round(value)}°)`;
  };
  const alarm = ({ watched, severity, since, unseen_since: unseen }) =>
    cop.join([
      cop.t("sight.since", { what: cop.term("watched", watched), time: cop.time(cop.ms(since)) }),
      cop.term("severity", severity),
      unseen ? cop.t("sight.unseen", { time: cop.time(cop.ms(unseen)) }) : "",
    ]);
  const outlook = (it, code) => {
    if (!it || !it.at) return null;
    const at = (iso) => (iso ? cop.time(cop.ms(iso)) : cop.t("sight.later"));
    return cop.t("sight.outlook", {
      value: number(it.threshold), unit: unit(code), time: at(it.at),
      earliest: at(it.earliest), latest: at(it.latest),
    });
  };
  /* A value that is known, as it stands alone: with its unit, or what is counted where it has none. */
  const counted = (p, error) => {
    const words = withError(p.value, error, p.unit);
    return unit(p.unit) ? words : `${cop.term("measure", p.measure)} ${words}`;
  };
  /* The one thing to know of a zone. */
  const lead = (p) => {
    const { unknown, error, level: grade } = p.sight;
    if (p.value === undefined || p.value === null) return unknown ? why(unknown) : cop.t("value.none");
    return [counted(p, error), grade ? level(grade) : ""].filter(Boolean).join(" · ");
  };
  const measures = (p) => {
    const found = p.measures || {};
    const rows = [];
    for (const name in found) {
      if (typeof found[name] !== "number" || name === "people_error") continue;
      const words = name === "flow_deg" ? degrees(found[name])
        : name === "people" ? withError(found.people, found.people_error, "")
          : name === "rise_per_min" ? near(`${number(found[name])} ${unit(p.unit)}`)
            : near(`${number(found[name])} ${unit(UNITS[name] ?? "")}`);
      rows.push([cop.term("measure", name), words]);
    }
    return rows;
  };
  /* Rows of label and words for the facts of a zone. */
  const ofZone = (p) => {
    const it = p.sight;
    const rows = [];
    const add = (key, words) => words && rows.push([cop.t(key), words]);
    rows.push([cop.term("measure", p.measure), p.value === undefined || p.value === null
      ? cop.t("value.none") : withError(p.value, it.error, p.unit)]);
    if (it.unknown) add("fact.unknown", why(it.unknown));
    if (it.level) add("fact.level", level(it.level));
    for (const one of it.alarms || []) add("fact.alarm", alarm(one));
    add("fact.outlook", outlook(it.outlook, p.unit));
    rows.push(...measures(p));
    add("fact.zone", cop.term("use", it.use));
    if (it.area_m2) add("fact.zone-area", `${cop.facts.number(it.area_m2, 0)} m²`);
    add("fact.camera", cop.fields.words("camera", it.camera));
    add("fact.method", method(it.method));
    add("fact.confidence", `${Math.round((it.confidence || 0) * 100)}%`);
    return rows;
  };

  const state = (p) => {
    const words = cop.term("camerastate", p.state || "unknown");
    const since = cop.ms(p.state_since);
    return since === null ? words : cop.t("sight.since", { what: words, time: cop.time(since) });
  };
  const isCounting = (p) => Boolean(p.counts && p.counts.length);
  /* Rows for a camera by which something is counted, or which may be looked through. */
  const ofCamera = (p) => {
    const rows = [];
    if (isCounting(p)) {
      rows.push([cop.t("fact.camera-state"), state(p)]);
      rows.push([cop.t("fact.counts"), cop.join(p.counts.map((use) => cop.term("use", use)))]);
    }
    if (p.thermal) rows.push([cop.t("fact.thermal"), cop.t("yes")]);
    if (p.bearing_deg !== undefined && p.bearing_deg !== null) rows.push([cop.t("fact.bearing"), degrees(p.bearing_deg)]);
    if (p.published) rows.push([cop.t("fact.view"), cop.t("sight.published")]);
    else if (isCounting(p)) rows.push([cop.t("fact.view"), cop.term("view", p.view || "nobody")]);
    return rows;
  };

  cop.sightFacts = {
    lead, counted, level, why, alarm, outlook, degrees, isCounting, method, state, withError,
    rows: (p) => (p.sight ? ofZone(p) : p.kind === "camera" ? ofCamera(p) : []),
  };
})((window.cop = window.cop || {}));
