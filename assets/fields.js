/* Says any field of an entity in words: for conflicts, the journal and forms. */
(function (cop) {
  "use strict";
  /* Fields that follow from others, or are the machine's own. */
  const HIDDEN = new Set([
    "kind", "id", "version", "fetched_at", "observed_at", "feed", "author", "steps", "number", "publisher",
    "reported_at", "verified", "district", "status_at", "asked_at", "warn_at", "overdue_at", "entries", "forecast",
  ]);
  const HIDDEN_OF_DRAFT = new Set(["expires_at", "asked_at", "asked_by", "placing", "categories"]);
  const TERMS = {
    severity: "severity", incident_type: "incident", confidence: "confidence", reported_by: "by",
    placing: "placing", item: "item", major: "major", resource_type: "resource", urgency: "urgency",
    certainty: "certainty",
  };
  const IDS = ["parent", "merged_into", "camera", "incident", "resource", "subject", "primary", "stands_for", "about", "order", "task", "notice", "partner", "answers"];
  const AGENCIES = ["lead_agency", "asked_of", "agency"];
  /* Names in a request's body that are another field's of the feature. */
  const BODY = { words: "title", more: "description" };
  const TEXTS = ["title", "description", "place", "duty", "body"];

  const agency = (code) => (code ? cop.say(cop.config.publishers[code]) || code : "");
  const nameOf = (id) => {
    const feature = id && cop.picture.get(id);
    return feature ? cop.facts.title(feature) : id || "";
  };
  const point = (geometry) =>
    geometry && geometry.type === "Point"
      ? `${geometry.coordinates[1].toFixed(5)}, ${geometry.coordinates[0].toFixed(5)}`
      : geometry ? geometry.type : "";
  const isMoment = (value) => typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value);
  /* Of a draft every language counts: it is published in all of them. */
  const inAll = (text) => many(Object.keys(text).map((lang) => `${lang}: ${text[lang]}`)) || "–";
  const many = (values) => cop.join(values);
  const parts = (prefix, value) =>
    many(Object.keys(value).filter((name) => value[name] !== null && value[name] !== "" && value[name] !== undefined)
      .map((name) => `${cop.term(prefix, name)} ${plain(name, value[name])}`));

  /* *kind*: of the entity, where it is known; a status is said in its words. */
  function plain(name, value, kind) {
    if (value === null || value === undefined || value === "") return "–";
    if (TERMS[name]) return cop.term(TERMS[name], value);
    if (AGENCIES.includes(name)) return agency(value);
    if (IDS.includes(name)) return nameOf(value);
    if (name === "status") return cop.status(kind, value);
    if (name === "event_type") return cop.alertForm.eventWords(value);
    if (name === "need") return `${cop.term("item", value.item)} × ${value.quantity}`;
    if (name === "responses") return many(value.map((one) => cop.term("response", one))) || "–";
    if (kind === "draft" && name === "state") return cop.term("draft", value);
    if (kind === "draft" && !Array.isArray(value) && typeof value === "object" && !value.type) return inAll(value);
    if (name === "geometry" || name === "area") return point(value) || "–";
    if (name === "casualties") return parts("casualties", value) || "–";
    if (name === "methane") return parts("methane", value) || "–";
    if (name === "attachments") return cop.t("photos.count", { n: value.length });
    if (name === "precision_m") return `± ${value} m`;
    if (Array.isArray(value))
      return many(value.map((one) => (name.endsWith("agencies") ? agency(one) : typeof one === "string" ? nameOf(one) : JSON.stringify(one)))) || "–";
    if (typeof value === "boolean") return cop.t(value ? "yes" : "no");
    if (typeof value === "object") return cop.say(value) || parts("measure", value) || "–";
    if (isMoment(value)) return cop.time(cop.ms(value));
    return String(value);
  }

  cop.fields = {
    shown: (name, kind) => !HIDDEN.has(name) && !(kind === "draft" && HIDDEN_OF_DRAFT.has(name)),
    label: (name, kind) => {
      const words = (kind === "draft" && cop.config.words[`alerting.${name}`]) || cop.config.words[`field.${name}`] || cop.config.words[`fact.${name}`];
      return words ? cop.say(words) : name.replaceAll("_", " ");
    },
    words: plain,
    agency,
    nameOf,
    /* A request's body as the fields of the feature that it would change. */
    ofBody(body) {
      const found = {};
      for (const name in body) {
        if (name === "lang") continue;
        const field = BODY[name] || name;
        found[field] = TEXTS.includes(field) && typeof body[name] === "string"
          ? { [cop.lang]: body[name] } : body[name];
      }
      return found;
    },
    person: (who) => {
      if (!who) return "";
      const role = who.role ? cop.term("one", who.role) : "";
      return [who.name || cop.t("someone"), [role, who.agency].filter(Boolean).join(", ")].filter(Boolean).join(" · ");
    },
    /* Metres in words. */
    distance: (metres) => (metres === null || metres === undefined ? "" : metres < 1000
      ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`),
  };

  /* Metres between two places, longitude first. */
  const RADIUS_M = 6371000;
  cop.metres = (a, b) => {
    const rad = (degrees) => (degrees * Math.PI) / 180;
    const x = rad(b[0] - a[0]) * Math.cos(rad((a[1] + b[1]) / 2));
    return RADIUS_M * Math.hypot(x, rad(b[1] - a[1]));
  };

  /* Agencies to choose from: all that are known by name, and all that appear on the picture. */
  cop.agencies = () => {
    const codes = new Set(Object.keys(cop.config.publishers));
    for (const { properties: p } of cop.picture.features.values())
      for (const code of [p.lead_agency, p.agency, ...(p.supporting_agencies || [])]) if (code) codes.add(code);
    codes.delete("COP");
    return [...codes].map((code) => [code, agency(code)]).sort((a, b) => a[1].localeCompare(b[1], cop.lang));
  };
})((window.cop = window.cop || {}));
