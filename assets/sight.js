/* What a camera counts in a zone, on the right panel: one number, how sure it is, its alarms; and of
 * a camera, its zones and what is not kept. */
(function (cop) {
  "use strict";
  const DIGITS = 1;
  const SITES = { en: "en", "zh-Hant": "tc", "zh-Hans": "sc" }; // first part of a public page's address
  const zones = new Map(); // camera -> ids of what is counted by it
  const cameras = new Set(); // ids

  const known = (p) => p.value !== undefined && p.value !== null;
  const number = (value) => cop.facts.number(value, Math.abs(value) < 10 ? DIGITS : 0);
  /* An update of a zone is one of its camera's panel, and the other way round. */
  const isBeside = ({ id, properties: p }, chosen) =>
    Boolean(chosen) && ((p.sight && p.sight.camera === chosen.id) ||
      (chosen.properties.sight && chosen.properties.sight.camera === id));
  cop.on("picture", ({ put, gone, reset }) => {
    if (reset) {
      zones.clear();
      cameras.clear();
    }
    const all = reset ? cop.picture.features.values() : put;
    for (const { id, properties: p } of gone) {
      cameras.delete(id);
      if (p.sight) zones.get(p.sight.camera)?.delete(id);
    }
    for (const { id, properties: p } of all) {
      if (p.kind === "camera") cameras.add(id);
      if (!p.sight) continue;
      if (!zones.has(p.sight.camera)) zones.set(p.sight.camera, new Set());
      zones.get(p.sight.camera).add(id);
    }
    const { feature } = cop.selection();
    if (!reset && [...put, ...gone].some((one) => isBeside(one, feature))) cop.detail.refresh();
  });

  const worst = (p) =>
    ((p.sight && p.sight.alarms) || []).map(({ severity }) => severity)
      .sort((a, b) => cop.layers.rank(a) - cop.layers.rank(b))[0] || null;
  const rank = (p) => (worst(p) ? cop.layers.rank(worst(p)) : 5);
  const grade = ({ properties: p }) => (p.sight.level ? -p.sight.level.charCodeAt(0) : known(p) ? 0 : -1);
  /* The zones of a camera: alarms first, then the fullest. */
  const zonesOf = (camera) =>
    [...(zones.get(camera) || [])].map((id) => cop.picture.get(id)).filter(Boolean)
      .sort((a, b) => rank(a.properties) - rank(b.properties) || grade(a) - grade(b) || (a.id < b.id ? -1 : 1));

  const mark = (feature, size) => cop.h("span", { class: "zone-mark" }, cop.facts.symbol(feature, size));
  const alarmList = (p) => {
    const alarms = p.sight.alarms || [];
    if (!alarms.length) return null;
    return cop.h("ul", { class: "zone-alarms", "aria-label": cop.t("zone.alarms") }, ...alarms.map((alarm) =>
      cop.h("li", {}, cop.desk.mark(alarm.severity, 16), cop.h("span", {}, cop.h("b", { text: cop.sightFacts.alarm(alarm) }),
        " · ", cop.ageNode(cop.ms(alarm.since))))));
  };
  const lastKnown = (p) => {
    const last = (p.sight.recent || []).findLast(({ value }) => value !== undefined && value !== null);
    return last ? cop.t("zone.last", { words: `${number(last.value)} ${cop.facts.unit(p.unit)}`, time: cop.time(cop.ms(last.at)) }) : null;
  };
  const flow = ({ measures = {} }) => {
    if (measures.flow_mps === undefined) return null;
    if (measures.flow_mps < 0.1 || measures.flow_deg === undefined) return cop.t("zone.standing");
    return cop.t("zone.flow", { towards: cop.sightFacts.degrees(measures.flow_deg), speed: number(measures.flow_mps) });
  };
  const people = ({ measures = {}, sight }) => {
    if (measures.people === undefined || !sight.area_m2) return null;
    const error = measures.people_error === undefined ? "" : ` ± ${Math.round(measures.people_error)}`;
    return cop.t("zone.people", { people: `${Math.round(measures.people)}${error}`, area: Math.round(sight.area_m2) });
  };
  const line = (cls, words) => (words ? cop.h("p", { class: cls }, words) : null);

  const now = (feature) => {
    const p = feature.properties;
    if (!p.sight) return null;
    const { error, level, unknown, confidence = 0, method, camera } = p.sight;
    const taken = cop.ms(p.observed_at);
    const value = known(p)
      ? cop.h("p", { class: "zone-value" }, cop.h("b", { class: "num", text: number(p.value) }),
        error === undefined ? null : cop.h("span", { class: "num zone-error", text: ` ${cop.t("zone.error", { error: number(error) })}` }),
        cop.h("span", { text: ` ${cop.facts.unit(p.unit)}` }))
      : cop.h("p", { class: "zone-value is-unknown" }, cop.h("b", { text: cop.t("zone.unknown") }));
    const words = known(p)
      ? line("zone-level", level ? cop.sightFacts.level(level) : cop.term("measure", p.measure))
      : line("zone-level", unknown ? cop.sightFacts.why(unknown) : null);
    return cop.h("section", { class: `detail-part zone-now${known(p) ? "" : " is-unknown"}` },
      cop.h("div", { class: "zone-big" }, known(p) ? null : mark(feature, 40), cop.h("div", {}, value, words)),
      known(p) ? line("", people(p)) : line("", lastKnown(p)),
      known(p) ? line("", flow(p)) : null,
      line("zone-sure", cop.t("zone.sure", { percent: Math.round(confidence * 100), method: cop.sightFacts.method(method) })),
      line("zone-sure", taken === null ? null
        : cop.h("span", {}, cop.t("zone.taken", { time: cop.time(taken) }), " · ", cop.ageNode(taken))),
      alarmList(p),
      cop.picture.get(camera) ? cop.h("button", { class: "button", type: "button", "data-key": "zone-look",
        text: cop.t("zone.look"), on: { click: () => cop.select(camera) } }) : null);
  };

  const zoneRow = (feature) => {
    const p = feature.properties;
    const alarm = worst(p);
    return cop.h("li", {}, cop.h("button", { class: "row zone-row", type: "button", "data-key": feature.id,
      on: { click: () => cop.select(feature.id) } },
    cop.h("span", { class: "row-symbol" }, cop.facts.symbol(feature, 18)),
    cop.h("span", { class: "row-main" }, cop.h("span", { class: "row-title", text: cop.facts.title(feature) }),
      cop.h("span", { class: "row-sub", text: cop.facts.headline(feature) }),
      alarm ? cop.h("span", { class: "row-sub zone-alarmed", text: `${cop.t("fact.alarm")}: ${cop.join(p.sight.alarms.map(({ watched }) => cop.term("watched", watched)))} · ${cop.term("severity", alarm)}` }) : null)));
  };
  const isCounting = ({ properties: p }) => cop.sightFacts.isCounting(p);
  const ofCamera = (feature) => {
    if (!isCounting(feature)) return null;
    const found = zonesOf(feature.id);
    return cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("camera.zones") }),
      found.length ? cop.h("ul", { class: "rows" }, ...found.map(zoneRow))
        : cop.h("p", { class: "quiet", text: cop.t("camera.no-zones") }));
  };
  const privacy = (feature) => {
    const p = feature.properties;
    const counts = (p.counts || []).map((use) => cop.term("use", use));
    const view = cop.liveView.rightOf(feature);
    return cop.h("section", { class: "detail-part camera-privacy" }, cop.h("h3", { text: cop.t("camera.privacy") }),
      cop.h("p", { text: counts.length ? cop.t("camera.privacy-counts", { counts: cop.join(counts) }) : cop.t("camera.privacy-none") }),
      cop.h("p", { text: cop.t("camera.privacy-kept") }),
      cop.h("p", { text: cop.t(view.why === "look.nobody" ? "camera.privacy-closed" : "camera.privacy-view", {
        view: p.published ? cop.t("sight.published") : cop.term("view", p.view || "nobody") }) }),
      view.may && view.blurred ? cop.h("p", { text: cop.t("camera.privacy-blurred") }) : null,
      cop.h("a", { href: `/${SITES[cop.lang]}/cameras/`, target: "_blank", rel: "noopener", "data-key": "privacy-more", text: cop.t("camera.privacy-more") }));
  };
  cop.parts.add({ kind: "observation", key: "zone-now", order: 4, render: now });
  cop.parts.add({ kind: "camera", key: "camera-zones", order: 20, render: ofCamera });
  cop.parts.add({ kind: "camera", key: "camera-privacy", order: 75, render: privacy });
  cop.sights = {
    zonesOf, worst, known,
    cameras: () => [...cameras].map((id) => cop.picture.get(id)).filter(Boolean),
  };
})((window.cop = window.cop || {}));
