/* Says what a feature is in words: its title, its one fact, its times, its rows. No elements of
 * the page are known here beyond the nodes it gives. */
(function (cop) {
  "use strict";
  const UNITS = { Cel: "°C", 1: "", "": "" };
  const OBSERVATION = "observation";

  const unit = (code) => {
    const words = cop.config.words[`unit.${code}`];
    return words ? cop.say(words) : UNITS[code] ?? code;
  };
  const number = (value, digits) => {
    const places = digits ?? (Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
    return value.toLocaleString("en-GB", { maximumFractionDigits: Math.max(places, 0) });
  };
  /* A measure's name ends in its unit: gust_kmh -> "gust", "km/h". */
  const SUFFIXES = {
    kmh: "km/h", mm: "mm", cel: "°C", min: "min", km: "km", m: "m", hpa: "hPa", deg: "°",
    percent: "%", mps: "m/s", s: "s", h: "h", usv: "", ratio: "",
  };
  const measure = (name, value) => {
    const cut = name.lastIndexOf("_");
    const suffix = cut > 0 ? name.slice(cut + 1) : "";
    const known = suffix in SUFFIXES;
    const label = cop.term("measure", known ? name.slice(0, cut) : name);
    if (suffix === "ratio") return [label, `${number(value * 100)} %`];
    return [label, `${number(value)}${known && SUFFIXES[suffix] ? ` ${SUFFIXES[suffix]}` : ""}`];
  };

  /* What has no title of its own is named by what it is of: *depth* ends the way from one to the
   * next. */
  const MOST_NAMES = 3;
  const nameOf = (id, depth) => {
    const other = depth > 0 && id ? cop.picture.get(id) : null;
    return other ? title(other, depth - 1) : "";
  };
  const named = {
    fusion(p, depth) {
      const members = [p.primary, ...(p.members || []).filter((id) => id !== p.primary)];
      const names = [...new Set(members.map((id) => nameOf(id, depth)).filter(Boolean))];
      if (!names.length) return "";
      const left = names.length - MOST_NAMES;
      const shown = names.slice(0, MOST_NAMES).join("; ") + (left > 0 ? "; …" : "");
      return cop.t("name.fusion", { n: p.members.length, titles: shown });
    },
    need(p, depth) {
      const what = cop.t("name.need", { item: cop.term("item", p.item), n: number(p.quantity) });
      const at = nameOf(p.subject, depth);
      return at ? cop.t("name.at", { what, at }) : what;
    },
    note(p, depth) {
      const what = p.topic === "drawing" ? cop.t(`draw.${p.shape || "point"}`) : cop.term("kind", "note");
      const at = nameOf(p.about, depth);
      return at ? cop.t("name.at", { what, at }) : what;
    },
    attention: (p, depth) => cop.t("name.at", { what: cop.term("reason", p.reason), at: nameOf(p.subject, depth) || "–" }),
    receipt: (p, depth) => cop.t("name.at", { what: p.recipient, at: nameOf(p.subject, depth) || cop.term("kind", "order") }),
    assignment: (p, depth) => nameOf(p.incident, depth),
  };
  const title = (feature, depth = 2) => {
    const p = feature.properties;
    if (p.kind === "need" && p.item) return named.need(p, depth);
    const words = cop.say(p.title) || cop.say(p.duty) || cop.say(p.body) || cop.say(p.place) || cop.say(p.road) ||
      (p.incident_type && cop.term("incident", p.incident_type)) || (named[p.kind] && named[p.kind](p, depth));
    return words || feature.id.slice(feature.id.indexOf(":") + 1);
  };

  const value = (p) => {
    if (p.sight) return cop.sightFacts.lead(p);
    if (p.value === undefined || p.value === null) return cop.t("value.none");
    if (p.quality && !["ok", "suspect"].includes(p.quality)) return cop.term("quality", p.quality);
    const words = `${number(p.value)} ${unit(p.unit)}`.trim();
    return cop.say(p.band) ? `${words} · ${cop.say(p.band)}` : words;
  };
  const range = (p) => {
    const low = p.measures && p.measures.min_mm;
    const high = p.measures && p.measures.max_mm;
    return low !== undefined && high !== undefined && low !== high
      ? `${number(low)}–${number(high)} mm` : null;
  };
  /* A status in the words of its kind: a road is closed in another way than an incident. */
  cop.status = (kind, status) =>
    cop.config.words[`status.${kind}.${status}`]
      ? cop.t(`status.${kind}.${status}`) : cop.term("status", status);
  const people = (p) => {
    if (p.occupancy === undefined && p.capacity === undefined) return null;
    if (p.capacity === undefined) return cop.t("people", { n: p.occupancy });
    if (p.occupancy === undefined) return cop.t("people.room", { n: p.capacity });
    return cop.t("people.of", { n: p.occupancy, all: p.capacity });
  };
  const wait = (p) => {
    const minutes = p.measures && (p.measures.t45_p50_min ?? p.measures.t3_p50_min);
    return minutes === undefined || minutes === null ? null : cop.t("wait", { n: hours(minutes) });
  };
  const hours = (minutes) =>
    minutes < 60 ? cop.t("age.min", { n: minutes }) : cop.t("age.h", { n: number(minutes / 60, 1) });

  /* The one thing to know of it, short. */
  const headline = (feature) => {
    const p = feature.properties;
    const parts = [];
    if (p.kind === OBSERVATION) parts.push(range(p) || value(p));
    if (p.kind === "camera" && cop.sightFacts.isCounting(p)) parts.push(cop.sightFacts.state(p));
    if (p.kind === "incident")
      parts.push(cop.term("severity", p.severity || "Unknown"), ...cop.incidents.stateWords(p));
    else if (p.status && p.kind !== OBSERVATION) parts.push(cop.status(p.kind, p.status));
    if (p.cause) parts.push(cop.term("cause", p.cause));
    if (p.kind === "alert" && p.severity !== "Unknown") parts.push(cop.term("severity", p.severity));
    if (p.kind === "hazard") {
      if (cop.say(p.intensity)) parts.push(cop.say(p.intensity));
      if (p.measures && p.measures.magnitude) parts.push(`M ${number(p.measures.magnitude, 1)}`);
    }
    if (p.kind === "resource") parts.push(cop.positions.short(feature));
    if (p.kind === "facility") parts.push(wait(p), people(p));
    if (p.speed_kmh !== undefined && p.speed_kmh !== null) parts.push(`${number(p.speed_kmh)} km/h`);
    if (p.journey_min !== undefined && p.journey_min !== null)
      parts.push(cop.t("age.min", { n: number(p.journey_min) }));
    return parts.filter(Boolean).join(" · ");
  };

  /* When it was true in the world, as near as its publisher says. */
  const when = (feature) => {
    const live = cop.positions.of(feature.id);
    const p = live ? live.properties : feature.properties;
    return cop.ms(
      p.updated_at || p.observed_at || p.issued_at || p.asserted_at || p.reported_at ||
        p.frame_at || p.fetched_at,
    );
  };

  const district = (p) => (p.district ? cop.say(cop.config.districts[p.district]) : "");
  const where = (p) => {
    const place = cop.say(p.place);
    return [place, district(p)].filter((words, at, all) => words && all.indexOf(words) === at)
      .join(" · ");
  };
  /* Who says so; a partner may name anybody: by whose way it came stands beside it, always. */
  const publisher = (p) => {
    const name = cop.say(cop.config.publishers[p.publisher]) || p.publisher || "–";
    return p.origin ? cop.t("fact.by-way", { name, way: [p.origin, ...(p.via || [])].map(cop.partners.namedBy).join(" → ") }) : name;
  };

  const own = (p) => {
    const rows = [];
    const add = (key, words) => {
      if (words !== null && words !== undefined && words !== "") rows.push([cop.t(key), words]);
    };
    rows.push(...cop.sightFacts.rows(p));
    if (p.kind === OBSERVATION && !p.sight) {
      add("fact.value", value(p));
      add("fact.range", range(p));
      if (p.quality !== "ok") add("fact.quality", cop.term("quality", p.quality));
      add("fact.station", p.station);
    }
    if (p.incident_type) add("field.incident_type", cop.term("incident", p.incident_type));
    if (p.severity) add("fact.severity", cop.term("severity", p.severity));
    if (p.kind === "incident" && p.verified) add("field.confidence", cop.term("confidence", p.confidence || "unsaid"));
    if (p.status) add("fact.status", cop.status(p.kind, p.status));
    if (p.cause) add("fact.cause", cop.term("cause", p.cause));
    add("fact.road", cop.say(p.road));
    add("fact.direction", cop.say(p.direction));
    add("fact.intensity", cop.say(p.intensity));
    add("fact.area", cop.say(p.area));
    add("fact.people", people(p));
    if (p.speed_kmh !== undefined) add("fact.speed", `${number(p.speed_kmh)} km/h`);
    if (p.journey_min !== undefined) add("fact.journey", hours(p.journey_min));
    add("fact.address", cop.say(p.address));
    add("fact.number", p.number);
    for (const name in p.words || {}) rows.push([cop.term("measure", name), cop.say(p.words[name])]);
    for (const name in (!p.sight && p.measures) || {})
      if (typeof p.measures[name] === "number") rows.push(measure(name, p.measures[name]));
    return rows;
  };

  cop.facts = { title, headline, when, where, district, publisher, own, number, hours, unit };

  /* What else must be seen of it at once: {words, more}, *more* for who has the room. */
  cop.facts.marks = (feature) => {
    const { id, properties: p } = feature;
    if (p.sight) return (p.sight.alarms || []).map((alarm) => ({ key: "alarm", words: "", more: cop.sightFacts.alarm(alarm) }));
    if (p.kind !== "incident") return [];
    const marks = [];
    if (!p.verified && cop.config.incident_open.includes(p.status)) marks.push({ key: "unverified", words: "", more: cop.t("unverified") });
    const n = cop.layers.reports(id);
    if (n) {
      const who = new Set(cop.layers.membersWith(id).map((one) => cop.picture.get(one)).filter(Boolean).map((one) => publisher(one.properties)));
      marks.push({ key: "count", words: cop.t("fusion.reports", { n }), more: `${cop.t("fusion.reports", { n })}: ${cop.join([...who])}` });
    } else if (cop.layers.maybeSame(id)) marks.push({ key: "maybe", words: cop.t("fusion.maybe"), more: cop.t("fusion.maybe") });
    return marks;
  };
  /* Chips that say how good the place is known, in words. */
  cop.facts.placing = (p) => {
    const words = cop.term("placing", p.placing || "unplaced");
    return p.precision_m
      ? `${words} (± ${p.precision_m >= 1000 ? `${number(p.precision_m / 1000, 1)} km` : `${number(p.precision_m)} m`})`
      : words;
  };
  /* The symbol of a feature for lists; kinds without a layer get a plain one. */
  cop.facts.symbol = (feature, size) => {
    const [look] = cop.layers.looks(feature.id);
    if (look && look.layer.draw !== "link") return cop.symbols.element(
      { ...cop.symbols.spec(look, feature), level: undefined, vague: false, count: 0, maybe: false, live: false }, size);
    const { severity } = feature.properties;
    if (severity)
      return cop.symbols.element({ shape: severity, colour: `sev-${severity.toLowerCase()}`, size }, size);
    return cop.symbols.element({ shape: "disc", colour: "unknown", size }, size);
  };
})((window.cop = window.cop || {}));
