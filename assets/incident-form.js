/* The fields of an incident, for a new report and for changing one. */
(function (cop) {
  "use strict";
  const COUNTS = ["dead", "serious", "minor", "missing", "trapped"];
  const METHANE = ["location", "hazards", "access", "services"];
  const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
  const WAYS = ["phone", "radio", "field", "camera", "public", "agency"];
  let count = 0;

  const word = (tag, key, attributes) => cop.h(tag, { "data-t": key, text: cop.t(key), ...attributes });
  const field = (key, input, hint) =>
    cop.h("label", { class: "field" }, word("span", key), input, hint ? word("small", hint) : null);
  const option = (value, prefix, code) =>
    cop.h("option", { value, "data-t": `${prefix}.${code}`, text: cop.term(prefix, code) });
  const radios = (name, codes, chosen, draw) =>
    codes.map((code) =>
      cop.h("label", { class: "choice" },
        cop.h("input", { type: "radio", name, value: code, checked: code === chosen }),
        ...draw(code)));
  const chosenOf = (node, name) => node.querySelector(`input[name="${name}"]:checked`)?.value ?? null;

  const typePictogram = (code) => {
    const layer = cop.layers.all.find(({ kind, pictograms }) => kind === "incident" && pictograms);
    return (layer && layer.pictograms[1][code]) || "danger";
  };
  const typeChoices = (name, chosen) =>
    cop.h("fieldset", { class: "types" }, word("legend", "field.incident_type"),
      cop.h("div", { class: "type-grid" },
        ...radios(name, cop.config.incident_types, chosen, (code) => [
          cop.icon(typePictogram(code), 20), word("span", `incident.${code}`)])));
  const severityChoices = (name, chosen) =>
    cop.h("fieldset", { class: "severities" }, word("legend", "fact.severity"),
      cop.h("div", { class: "severity-row" },
        ...radios(name, SEVERITIES, chosen, (code) => [
          cop.symbols.element({ shape: code, colour: `sev-${code.toLowerCase()}`, icon: "", size: 14 }, 14),
          word("span", `severity.${code}`)])));

  const casualtyFields = (values) => {
    const inputs = Object.fromEntries(COUNTS.map((name) => [name,
      cop.h("input", { type: "number", min: "0", max: "100000", step: "1", inputmode: "numeric",
        value: values[name] ?? "", placeholder: "?" })]));
    const details = cop.h("details", { class: "more-fields", "data-key": "casualties" }, word("summary", "field.casualties"),
      word("p", "casualties.hint", { class: "hint" }),
      cop.h("div", { class: "count-row" }, ...COUNTS.map((name) => field(`casualties.${name}`, inputs[name]))));
    details.open = COUNTS.some((name) => values[name] !== undefined && values[name] !== null);
    return {
      node: details,
      read() {
        const found = {};
        for (const name of COUNTS) if (inputs[name].value !== "") found[name] = Number(inputs[name].value);
        return Object.keys(found).length ? found : null;
      },
    };
  };
  const methaneFields = (values) => {
    const major = cop.h("select", {}, ...["no", "standby", "declared"].map((code) => option(code, "major", code)));
    major.value = values.major || "no";
    const inputs = Object.fromEntries(METHANE.map((name) => [name,
      cop.h("textarea", { rows: "2", maxlength: "4000" }, values[name] || "")]));
    const details = cop.h("details", { class: "more-fields", "data-key": "methane" }, word("summary", "field.methane"),
      word("p", "methane.hint", { class: "hint" }),
      field("methane.major", major), ...METHANE.map((name) => field(`methane.${name}`, inputs[name])));
    return {
      node: details,
      read() {
        const found = {};
        if (major.value !== "no") found.major = major.value;
        for (const name of METHANE) if (inputs[name].value.trim()) found[name] = inputs[name].value.trim();
        return Object.keys(found).length ? found : null;
      },
    };
  };

  const agencyFields = (values) => {
    const lead = cop.h("select", {}, word("option", "agency.none", { value: "" }),
      ...cop.agencies().map(([code, name]) => cop.h("option", { value: code, text: `${name} (${code})` })));
    lead.value = values.lead_agency || "";
    const chosen = new Set(values.supporting_agencies || []);
    const chips = cop.h("ul", { class: "chips" });
    const add = cop.h("select", {}, word("option", "agency.add", { value: "" }),
      ...cop.agencies().map(([code, name]) => cop.h("option", { value: code, text: `${name} (${code})` })));
    const draw = () =>
      chips.replaceChildren(...[...chosen].map((code) =>
        cop.h("li", { class: "chip" }, cop.fields.agency(code),
          cop.h("button", { type: "button", class: "chip-x", "aria-label": cop.t("agency.remove", { name: cop.fields.agency(code) }),
            on: { click: (event) => {
              chosen.delete(code);
              draw();
              add.focus();
              event.target.dispatchEvent(new Event("change", { bubbles: true }));
            } } }, cop.icon("close", 10)))));
    add.addEventListener("change", () => {
      if (add.value) chosen.add(add.value);
      add.value = "";
      draw();
    });
    draw();
    const details = cop.h("details", { class: "more-fields", "data-key": "agencies" }, word("summary", "agency.title"),
      field("field.lead_agency", lead), field("field.supporting_agencies", add), chips);
    details.open = Boolean(values.lead_agency || chosen.size);
    return {
      node: details,
      read: () => ({ lead_agency: lead.value || null, supporting_agencies: [...chosen] }),
    };
  };
  const parentField = (values, own) => {
    const majors = [...cop.picture.features.values()].filter((feature) =>
      feature.properties.kind === "incident" && !feature.properties.parent && feature.id !== own &&
      cop.config.incident_open.includes(feature.properties.status));
    const isMajor = ({ properties: p }) => (p.methane && p.methane.major && p.methane.major !== "no" ? 0 : 1);
    majors.sort((a, b) => isMajor(a) - isMajor(b) || cop.facts.when(b) - cop.facts.when(a));
    const select = cop.h("select", {}, word("option", "parent.none", { value: "" }),
      ...majors.slice(0, 100).map((feature) => cop.h("option", { value: feature.id,
        text: [feature.properties.number, cop.facts.title(feature)].filter(Boolean).join(" · ") })));
    if (values.parent && !majors.some(({ id }) => id === values.parent))
      select.append(cop.h("option", { value: values.parent, text: cop.fields.nameOf(values.parent) }));
    select.value = values.parent || "";
    return { node: field("field.parent", select), read: () => select.value || null };
  };

  const textOf = (text) => cop.say(text);
  /* Give {node, read, changes, place, type}. *feature*: the incident to change, null for a new
   * one. `read` gives the whole request; `changes` only what differs from the feature. */
  cop.incidentForm = (feature, given, changed) => {
    count += 1;
    const p = feature ? feature.properties : { severity: "Unknown", ...given };
    const names = { type: `incident-type-${count}`, severity: `incident-severity-${count}` };
    const start = {
      place: textOf(p.place), geometry: feature ? feature.geometry : given.geometry || null,
      placing: p.placing || null, precision_m: p.precision_m ?? null, camera: p.camera || null,
    };
    const words = cop.h("input", { type: "text", maxlength: "300", value: textOf(p.title), name: "words" });
    const more = cop.h("textarea", { rows: "3", maxlength: "4000" }, textOf(p.description));
    const by = cop.h("select", {}, ...WAYS.map((code) => option(code, "by", code)));
    by.value = p.reported_by || (["field", "warden"].includes(cop.me.role) ? "field" : "phone");
    const place = cop.placeField(start, changed);
    const casualties = casualtyFields(p.casualties || {});
    const methane = methaneFields(p.methane || {});
    const agencies = agencyFields(p);
    const parent = parentField(p, feature && feature.id);
    const node = cop.h("div", { class: "incident-form stack" },
      typeChoices(names.type, p.incident_type),
      severityChoices(names.severity, p.severity),
      field("field.title", words, feature ? null : "field.title-hint"),
      cop.h("fieldset", { class: "place-set" }, word("legend", "field.place"), place.node),
      feature ? null : field("field.reported_by", by),
      cop.h("details", { class: "more-fields", "data-key": "more" }, word("summary", "field.description"), field("field.description", more)),
      casualties.node, agencies.node, methane.node,
      feature || p.parent ? parent.node : null);
    if (textOf(p.description)) node.querySelector('[data-key="more"]').open = true;
    if (changed) node.addEventListener("change", changed);
    const read = () => {
      const at = place.read();
      return {
        incident_type: chosenOf(node, names.type), severity: chosenOf(node, names.severity) || "Unknown",
        words: words.value.trim(), more: more.value.trim(), lang: cop.lang,
        geometry: at.geometry, place: at.place, placing: at.geometry ? at.placing : null,
        precision_m: at.precision_m, camera: at.camera, reported_by: by.value,
        ...agencies.read(), casualties: casualties.read(), methane: methane.read(), parent: parent.read(),
      };
    };
    const first = read();
    return {
      node, read, place, words,
      type: () => chosenOf(node, names.type),
      isEmpty: () => JSON.stringify({ ...read(), lang: "" }) === JSON.stringify({ ...first, lang: "" }),
      changes() {
        const now = read();
        const found = {};
        for (const name in now)
          if (!["lang", "reported_by"].includes(name) && JSON.stringify(now[name]) !== JSON.stringify(first[name]))
            found[name] = now[name];
        if (Object.keys(found).length) found.lang = now.lang;
        return found;
      },
      /* Without what is not known: a report says only what it says. */
      request() {
        const now = read();
        const wanted = {};
        for (const name in now) {
          const value = now[name];
          if (value === null || value === "" || (Array.isArray(value) && !value.length)) continue;
          wanted[name] = value;
        }
        return wanted;
      },
    };
  };
  cop.formWord = word;
  cop.formField = field;
  cop.formOption = option;
})((window.cop = window.cop || {}));
