/* The form of a warning of our own. What is typed is saved as a draft a moment later, and stays here
 * until it is: another's change never takes the place of it unasked. */
(function (cop) {
  "use strict";
  const LANGS = [["zh-Hant", "繁體中文", "zh-Hant-HK"], ["en", "English", "en"], ["zh-Hans", "简体中文", "zh-Hans"]];
  const TEXTS = [["title", 1, 160], ["event", 1, 160], ["area", 2, 500], ["description", 5, 4000], ["instruction", 4, 4000]]; // lines, most letters
  const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
  const URGENCIES = ["Immediate", "Expected", "Future", "Past", "Unknown"];
  const CERTAINTIES = ["Observed", "Likely", "Possible", "Unlikely", "Unknown"];
  const RESPONSES = ["Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None"];
  const HOURS = [1, 3, 6, 12, 24];
  const ZONE = "+08:00"; // times are typed as Hong Kong's
  const ZONE_MS = 8 * 3600000;
  const AFTER_MS = 1500; // the last key
  const WEB = /^https?:\/\/[^\s/]+\.\S+$/;
  let count = 0;

  /* Times as the page's fields have them, to the minute. */
  const local = (ms) => (ms === null ? "" : new Date(ms + ZONE_MS).toISOString().slice(0, 16));
  const instant = (words) => (words ? new Date(`${words}:00${ZONE}`).toISOString() : null);

  const eventWords = (code) => cop.say(cop.config.alert_events[code]) || cop.term("incident", code);
  /* Those of one name are one choice. */
  const eventCodes = () => {
    const byName = new Map();
    for (const code in cop.config.alert_events) if (!byName.has(eventWords(code))) byName.set(eventWords(code), code);
    return [...[...byName].sort(([a], [b]) => a.localeCompare(b, cop.lang)).map(([, code]) => code), "other"];
  };

  const textOf = (text) => {
    const found = {};
    for (const [lang] of LANGS) if (text && text[lang] && text[lang].trim()) found[lang] = text[lang].trim();
    return found;
  };
  /* What a draft says, in the form's own terms: two are the same when nothing needs saving. */
  const valuesOf = ({ geometry, properties: p }) => ({
    event_type: p.event_type || "other",
    severity: p.severity || "Unknown", urgency: p.urgency || "Unknown", certainty: p.certainty || "Unknown",
    responses: RESPONSES.filter((one) => (p.responses || []).includes(one)),
    valid_from: local(cop.ms(p.valid_from)), ends_at: local(cop.ms(p.ends_at)),
    geometry: geometry || null, contact: (p.contact || "").trim(), web: p.web || "",
    reason: p.state === "returned" ? "" : (p.reason || "").trim(), // then it says why it was sent back
    ...Object.fromEntries(TEXTS.map(([name]) => [name, textOf(p[name])])),
  });
  const stateOf = ({ properties }) => properties.state || "writing"; // an answer leaves out what is usual
  const asBody = (values) => {
    const body = { ...values };
    for (const name of ["valid_from", "ends_at"]) if (name in body) body[name] = instant(body[name]);
    if ("web" in body) body.web = body.web || null;
    return body;
  };
  const differing = (now, before) =>
    Object.keys(now).filter((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));

  const field = (key, input) => cop.h("label", { class: "field" }, cop.formWord("span", key), input);
  const group = (key, ...children) =>
    cop.h("fieldset", { class: "alerting-group" }, cop.formWord("legend", key), ...children);
  const choice = (name, codes, prefix) =>
    cop.h("select", { name }, ...codes.map((code) => cop.formOption(code, prefix, code)));

  /* The words in one language each, as tabs that say where something is missing. */
  const languages = (inputs) => {
    const tabs = LANGS.map(([lang, name]) => cop.h("button", {
      type: "button", role: "tab", id: `cop-alerting-tab-${count}-${lang}`, "aria-controls": `cop-alerting-words-${count}-${lang}`,
      "data-alerting-lang": lang, on: { click: () => show(lang) },
    }, cop.h("span", { text: name }), cop.h("small", { class: "lang-state" })));
    const panels = LANGS.map(([lang, , tag]) => cop.h("div", {
      role: "tabpanel", class: "stack", id: `cop-alerting-words-${count}-${lang}`, "aria-labelledby": `cop-alerting-tab-${count}-${lang}`,
    }, ...TEXTS.map(([name, rows, most]) => {
      const input = rows === 1 ? cop.h("input", { type: "text", maxlength: most }) : cop.h("textarea", { rows, maxlength: most });
      Object.assign(input, { name: `${name}-${lang}`, lang: tag });
      inputs.set(`${name}.${lang}`, input);
      return field(`alerting.${name}`, input);
    })));
    const show = (lang, focus = false) => {
      LANGS.forEach(([one], at) => {
        tabs[at].setAttribute("aria-selected", String(one === lang));
        tabs[at].tabIndex = one === lang ? 0 : -1;
        panels[at].hidden = one !== lang;
        if (one === lang && focus) tabs[at].focus();
      });
    };
    const list = cop.h("div", { class: "alerting-langs", role: "tablist", "aria-label": cop.t("alerting.languages"), "data-t-label": "alerting.languages",
      on: { keydown: (event) => {
        const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        const at = tabs.indexOf(event.target);
        if (!by || at < 0) return;
        event.preventDefault();
        show(LANGS[(at + by + LANGS.length) % LANGS.length][0], true);
      } } }, ...tabs);
    show(LANGS.some(([lang]) => lang === cop.lang) ? cop.lang : "zh-Hant");
    const mark = () => LANGS.forEach(([lang], at) => {
      const missing = TEXTS.filter(([name]) => !inputs.get(`${name}.${lang}`).value.trim()).length;
      const state = tabs[at].querySelector(".lang-state");
      cop.write(state, missing ? cop.t("alerting.missing", { n: missing }) : cop.t("alerting.whole"));
      state.classList.toggle("is-missing", missing > 0);
    });
    return { nodes: [list, ...panels], mark, show };
  };

  /* How far around a place: that place and the area are the server's to find. It is no field of the
   * draft, so nothing is saved by typing in it. */
  const aroundBox = (around) => {
    const { least, usual, most } = cop.config.alert_radius_m;
    const metres = cop.h("input", { type: "number", name: "radius_m", min: least, max: most, step: "10", value: usual, required: true });
    const use = (event) => {
      event.stopPropagation();
      metres.toggleAttribute("aria-invalid", !metres.checkValidity());
      if (metres.checkValidity()) around(Number(metres.value), box);
      else metres.focus();
    };
    const verb = cop.formWord("button", "alerting.around", { class: "button", type: "button", "data-key": "around", on: { click: use } });
    const box = cop.h("div", { class: "acts alerting-around", "data-acts": "", on: {
      input: (event) => event.stopPropagation(), change: (event) => event.stopPropagation(),
      keydown: (event) => { if (event.key === "Enter" && event.target === metres) { event.preventDefault(); use(event); } },
    } }, field("alerting.radius", metres), verb);
    return box;
  };

  /* Give {node, state, save, take, dirty, geometry, setGeometry, end}.
   * changed(): something was typed; saved(): what was typed is stored. */
  cop.alertForm = (feature, { changed, saved, draw, around, see }) => {
    count += 1;
    const { id } = feature;
    const inputs = new Map(); // name, or name.lang, -> its field
    let base = feature; // the version that a save is made from
    let known = valuesOf(feature); // what is stored, as far as the fields have followed it
    let geometry = feature.geometry || null;
    let timer = null;
    let saving = null;
    let failed = false;
    let savedAt = cop.ms(feature.properties.fetched_at);

    for (const [name, codes, prefix] of [["severity", SEVERITIES, "severity"], ["urgency", URGENCIES, "urgency"], ["certainty", CERTAINTIES, "certainty"]])
      inputs.set(name, choice(name, codes, prefix));
    const kind = cop.h("select", { name: "event_type" });
    inputs.set("event_type", kind);
    const times = ["valid_from", "ends_at"].map((name) => [name, cop.h("small", {})]); // as everybody reads them
    for (const [name] of times) inputs.set(name, cop.h("input", { type: "datetime-local", name, step: "60" }));
    inputs.set("contact", cop.h("input", { type: "text", name: "contact", maxlength: "200" }));
    inputs.set("web", cop.h("input", { type: "url", name: "web", maxlength: "500", placeholder: "https://" }));
    inputs.set("reason", cop.h("input", { type: "text", name: "reason", maxlength: "1000" }));
    const responses = RESPONSES.map((code) => cop.h("input", { type: "checkbox", value: code, name: "responses" }));
    const words = languages(inputs);
    const place = cop.h("p", { class: "alerting-place" });
    const drawVerb = cop.h("button", { class: "button", type: "button", "data-key": "draw", on: { click: () => draw() } });
    const seeVerb = cop.formWord("button", "alerting.see", { class: "button ghost", type: "button", on: { click: () => see() } });
    const chart = cop.h("div", { class: "alerting-chart" });
    const radius = aroundBox(around);

    const read = () => {
      const text = (name) => textOf(Object.fromEntries(LANGS.map(([lang]) => [lang, inputs.get(`${name}.${lang}`).value])));
      const values = { geometry, responses: responses.filter(({ checked }) => checked).map(({ value }) => value) };
      for (const [name, input] of inputs) if (!name.includes(".")) values[name] = input.value.trim();
      for (const [name] of TEXTS) values[name] = text(name);
      return values;
    };
    const dirty = () => differing(read(), known);
    const write = (input, value) => { if (input.value !== value) input.value = value; };
    /* Fill in what *names* say of *from*; what somebody is typing in stays. */
    const fill = (from, names) => {
      const values = valuesOf(from);
      for (const name of names) known[name] = values[name];
      const texts = TEXTS.map(([name]) => name);
      for (const name of names) {
        if (name === "geometry") geometry = values.geometry;
        else if (name === "event_type") listEvents(values.event_type);
        else if (name === "responses") responses.forEach((node) => { node.checked = values.responses.includes(node.value); });
        else if (texts.includes(name)) LANGS.forEach(([lang]) => write(inputs.get(`${name}.${lang}`), values[name][lang] || ""));
        else write(inputs.get(name), values[name]);
      }
      look();
    };
    const listEvents = (chosen) => {
      const codes = eventCodes();
      if (!codes.includes(chosen)) codes.unshift(chosen);
      kind.replaceChildren(...codes.map((code) => cop.h("option", { value: code, text: eventWords(code) })));
      kind.value = chosen;
    };
    const look = () => {
      words.mark();
      const n = cop.alertArea.points(geometry);
      cop.write(place, n ? cop.t("alerting.points", { n }) : cop.t("alerting.no-area"));
      place.classList.toggle("is-none", !n);
      cop.write(drawVerb, cop.t(n ? "alerting.draw-again" : "alerting.draw"));
      seeVerb.hidden = !n;
      for (const [name, line] of times) {
        const ms = cop.ms(instant(inputs.get(name).value));
        cop.write(line, ms === null ? (name === "valid_from" ? cop.t("alerting.valid_from-hint") : "") : cop.t("alerting.zone", { time: cop.time(ms) }));
      }
      const key = JSON.stringify([geometry, inputs.get("severity").value, cop.lang, cop.base.districts.size]);
      if (chart.dataset.of === key) return;
      chart.dataset.of = key;
      chart.replaceChildren(...[cop.alertMap(geometry, inputs.get("severity").value)].filter(Boolean));
    };

    /* Saving */
    const note = cop.h("p", { class: "save-note", role: "status" });
    const saveVerb = cop.formWord("button", "alerting.save", { class: "button small", type: "button", on: { click: () => save() } });
    const state = cop.h("div", { class: "acts alerting-save", "data-acts": "", "data-quiet": "" }, note, saveVerb);
    const tell = () => {
      const open = dirty().length > 0;
      cop.write(note, saving ? "" : failed && open ? cop.t("alerting.not-saved")
        : open ? cop.t("alerting.unsaved") : cop.t("alerting.saved", { time: cop.time(savedAt) }));
      note.classList.toggle("is-bad", failed && open && !saving);
      saveVerb.hidden = !open || !failed || Boolean(saving);
    };
    const isWrong = (name) => {
      const input = inputs.get(name);
      const wrong = name === "web" && input.value.trim() !== "" && !WEB.test(input.value.trim());
      if (name === "web") wrong ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
      return wrong;
    };
    const once = async () => {
      const now = read();
      const names = dirty().filter((name) => !isWrong(name));
      if (!names.length) return true;
      const content = await cop.act("PATCH", `/drafts/${id}`, asBody(Object.fromEntries(names.map((name) => [name, now[name]]))), {
        at: state, id, base, version: base.properties.version, undoable: false,
        kept: () => { base = cop.picture.get(id) || base; fill(base, Object.keys(now)); },
      });
      failed = !content;
      if (!content) return false;
      base = content.feature || cop.picture.get(id) || base;
      for (const name of names) known[name] = now[name];
      /* What another has changed meanwhile, in fields that nobody here has touched. */
      const mine = dirty();
      fill(base, differing(valuesOf(base), known).filter((name) => !mine.includes(name) && !names.includes(name)));
      savedAt = cop.clock.now();
      return true;
    };
    /* Store what differs, one request after the other; true when all is stored. */
    async function save() {
      clearTimeout(timer);
      if (saving) await saving;
      if (!dirty().length) {
        tell();
        return true;
      }
      saving = once();
      tell();
      const done = await saving;
      saving = null;
      tell();
      if (done) saved();
      take(cop.picture.get(id));
      return done;
    }
    /* The name of another kind of event takes the place of the name of the one before. */
    let named = feature.properties.event_type;
    const rename = () => {
      const [was, is] = [named, kind.value].map((code) => cop.config.alert_events[code] || {});
      named = kind.value;
      for (const [lang] of LANGS) {
        const input = inputs.get(["event", lang].join("."));
        if (!input.value.trim() || input.value.trim() === was[lang]) input.value = is[lang] || "";
      }
    };
    kind.addEventListener("change", rename);
    const typed = () => {
      failed = false;
      look();
      tell();
      changed();
      clearTimeout(timer);
      timer = setTimeout(save, AFTER_MS);
    };
    /* The draft as it is stored now: fields that nobody here has changed follow it. */
    function take(now) {
      if (!now || saving || now.properties.version <= base.properties.version) return;
      const mine = dirty();
      const theirs = differing(valuesOf(now), known);
      const news = theirs.filter((name) => !mine.includes(name));
      fill(now, news);
      /* Where both have written, or it has gone a step further, whoever saves is asked. */
      const isApart = news.length === theirs.length && stateOf(now) === stateOf(base);
      if (!mine.length || isApart) base = now;
      tell();
      if (news.length) saved();
    }

    const quick = cop.h("div", { class: "alerting-quick" }, ...HOURS.map((n) => cop.h("button", {
      class: "button small", type: "button", "data-hours": String(n),
      on: { click: () => { inputs.get("ends_at").value = local(cop.clock.now() + n * 3600000); typed(); } },
    })));
    const relabel = () => {
      cop.relabel(node);
      listEvents(kind.value);
      for (const button of quick.children) cop.write(button, cop.t("alerting.ends-in", { age: cop.t("age.h", { n: button.dataset.hours }) }));
      look();
      tell();
    };
    const { replaces } = feature.properties;
    const node = cop.h("form", { class: "alerting-form", novalidate: true, on: { submit: (event) => { event.preventDefault(); save(); }, input: typed, change: typed } },
      replaces ? cop.h("div", { class: "field" }, field("alerting.reason", inputs.get("reason")), cop.formWord("small", "alerting.reason-hint")) : null,
      group("alerting.what",
        field("alerting.event_type", kind),
        cop.h("div", { class: "alerting-three" }, field("fact.severity", inputs.get("severity")),
          field("alerting.urgency", inputs.get("urgency")), field("alerting.certainty", inputs.get("certainty")))),
      group("alerting.words", ...words.nodes),
      group("alerting.where", place, cop.h("div", { class: "verbs" }, drawVerb, seeVerb), radius, chart),
      group("alerting.when", cop.h("div", { class: "alerting-two" },
        ...times.map(([name, line]) => cop.h("div", { class: "field" }, field(`alerting.${name}`, inputs.get(name)), line))), quick),
      group("alerting.responses", cop.h("div", { class: "alerting-responses" },
        ...responses.map((input) => cop.h("label", { class: "check" }, input, cop.formWord("span", `response.${input.value}`))))),
      group("alerting.more", cop.h("div", { class: "alerting-two" }, field("alerting.contact", inputs.get("contact")), field("alerting.web", inputs.get("web")))));
    fill(feature, Object.keys(valuesOf(feature)));
    relabel();
    return {
      node, state, save, take, relabel, look,
      get dirty() { return dirty().length > 0; },
      get base() { return base; },
      get geometry() { return geometry; },
      setGeometry(given) {
        geometry = given;
        typed();
      },
      focus: () => (inputs.get(`title.${cop.lang}`) || kind).focus(),
      end: () => clearTimeout(timer),
    };
  };
  cop.alertForm.eventWords = eventWords;
  cop.alertForm.eventCodes = eventCodes;
  cop.alertForm.LANGS = LANGS;
  cop.alertForm.SEVERITIES = SEVERITIES;
})((window.cop = window.cop || {}));
