/* Quick report: what it is, where, send. Three taps where the phone knows its place; everything
 * else may be left out, and all of it works without network. What is half-said survives a reload. */
(function (cop) {
  "use strict";
  const KEY = "report";
  const COARSE_M = 100; // a street corner is no longer told from the next one
  const FINE_M = 10;
  const OLD_FIX_MS = 120000;
  const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
  const HURT = ["serious", "minor", "trapped"];
  const PICTOGRAMS = {
    flooding: "water", landslide: "landslip", fallen_tree: "tree", road_blockage: "road",
    structural: "building", lift_entrapment: "lift", fire: "fire", power_failure: "power",
    water_supply: "wave", rescue: "rescue", crowd: "people", traffic_accident: "car",
    transport_disruption: "bus", other: "danger",
  };
  /* What is met most comes first, and before that what one's own team is for: an order that stays
   * the same for a person, so that the thumb learns it. */
  const COMMON = [
    "flooding", "fallen_tree", "landslide", "road_blockage", "structural", "traffic_accident",
    "rescue", "power_failure", "fire", "lift_entrapment", "crowd", "water_supply",
    "transport_disruption", "other",
  ];
  const FOR_SKILL = {
    pumping: ["flooding", "water_supply"], tree_clearing: ["fallen_tree"],
    road_clearing: ["road_blockage", "landslide"], search_rescue: ["rescue", "structural"],
    rope_rescue: ["rescue"], traffic_control: ["traffic_accident", "road_blockage"],
    crowd_control: ["crowd"], first_aid: ["rescue"],
  };

  /* The draft: of this account, kept on the phone at each change. */
  const empty = () => ({
    type: null, task: null, seen_at: null, severity: "Unknown", words: "", place: "",
    source: "gps", point: null, hurt: {}, photos: [], going: null,
  });
  let draft = empty();
  let told = { words: "", bad: false };
  const me = () => (cop.field.data.me || {}).name || null;
  const shelf = () => `draft.report ${me()}`;
  const keep = () =>
    cop.db.put("state", { ...draft, photos: draft.photos.map(({ id }) => id) }, shelf())
      .catch(({ words }) => cop.ui.toast(cop.t(words), { bad: true }));
  const change = (values) => {
    Object.assign(draft, values);
    keep();
    cop.work.redraw();
  };
  let restored = null; // whose draft is in view
  /* Pictures of a draft that is no more: somebody else's, or of a page that died. */
  const sweep = () =>
    cop.db.run(["blobs"], "readwrite", async (at, done) => {
      const own = new Set(draft.photos.map(({ id }) => id));
      for (const id of await done(at.blobs.getAllKeys())) if (id.startsWith("draft ") && !own.has(id)) at.blobs.delete(id);
    });
  async function restore() {
    if (!me() || restored === me()) return;
    restored = me();
    const kept = await cop.db.get("state", shelf());
    draft = { ...empty(), ...kept, photos: [] };
    for (const id of (kept && kept.photos) || []) {
      const held = await cop.db.get("blobs", id);
      if (held) draft.photos.push({ id, blob: new Blob([held.bytes], { type: held.type }) });
    }
    await sweep();
    if (draft.going) await finish();
    cop.work.redraw();
  }
  const takePhoto = async ({ blob }) => {
    const id = `draft ${cop.newKey()}`;
    await cop.db.put("blobs", { bytes: await blob.arrayBuffer(), type: blob.type }, id);
    change({ photos: [...draft.photos, { id, blob }] });
  };
  const dropPhoto = ({ id, blob }) => {
    cop.photos.forget(blob);
    return cop.db.remove("blobs", id);
  };
  const begin = async () => {
    const { photos } = draft;
    draft = empty();
    told = { words: "", bad: false };
    for (const photo of photos) await dropPhoto(photo);
    await cop.db.remove("state", shelf());
  };

  /* Where: the phone's own place as long as this screen is open, or as soon as it is good enough. */
  const gps = { state: "idle", fix: null, watch: null, box: null };
  const stopGps = () => {
    if (gps.watch !== null) navigator.geolocation.clearWatch(gps.watch);
    gps.watch = null;
  };
  const better = (fix) =>
    !gps.fix || fix.precision_m <= gps.fix.precision_m || fix.ms - gps.fix.ms > OLD_FIX_MS;
  const onFix = ({ coords, timestamp }) => {
    if (!gps.box || !gps.box.isConnected) return stopGps();
    const fix = {
      lon: Number(coords.longitude.toFixed(6)), lat: Number(coords.latitude.toFixed(6)),
      precision_m: Math.round(coords.accuracy), ms: timestamp,
    };
    if (better(fix)) Object.assign(gps, { fix, state: "found" });
    if (fix.precision_m <= FINE_M) stopGps();
    return showPlace();
  };
  const onNoFix = ({ code }) => {
    if (code === 1) Object.assign(gps, { state: "denied", fix: null });
    else if (!gps.fix) gps.state = "none";
    if (code === 1) stopGps();
    showPlace();
  };
  const startGps = (box) => {
    gps.box = box;
    /* Asked anew: a phone that stands still is told nothing by a watch that already told it. */
    if (gps.fix && Date.now() - gps.fix.ms > OLD_FIX_MS) {
      stopGps();
      Object.assign(gps, { fix: null, state: "idle" });
    }
    const isFine = gps.fix && gps.fix.precision_m <= FINE_M;
    if (gps.watch !== null || gps.state === "denied" || isFine) return;
    if (!navigator.geolocation) {
      gps.state = "none";
      return;
    }
    if (!gps.fix) gps.state = "asking";
    gps.watch = navigator.geolocation.watchPosition(onFix, onNoFix,
      { enableHighAccuracy: true, timeout: 20000, maximumAge: 15000 });
  };

  /* My task as the place, or as what it is about */
  const task = () => {
    const found = cop.field.view().assignments.find(({ feature }) => feature.properties.incident);
    if (!found) return null;
    const { duty, incidents } = { duty: found.feature, incidents: (cop.field.data.duty || {}).incidents || [] };
    const incident = incidents.find(({ id }) => id === duty.properties.incident) || null;
    const at = [duty, incident].find((one) => one && one.geometry && one.geometry.type === "Point");
    return {
      incident: duty.properties.incident, publishers: Boolean(incident && incident.properties.feed),
      title: cop.say(duty.properties.duty) || cop.say(incident && incident.properties.title),
      point: at ? { lon: at.geometry.coordinates[0], lat: at.geometry.coordinates[1] } : null,
    };
  };
  const point = () => (draft.source === "gps" ? gps.fix : draft.point);
  const placeWords = () => {
    if (draft.source === "task") return [cop.t("quick.at-task"), false];
    if (draft.source === "map")
      return [cop.t("quick.on-map", { at: `${draft.point.lat.toFixed(5)}, ${draft.point.lon.toFixed(5)}` }), false];
    if (!gps.fix) return [cop.t(`quick.gps-${gps.state === "idle" ? "asking" : gps.state}`), gps.state !== "asking"];
    const n = gps.fix.precision_m;
    const shown = n < 1000 ? cop.t("geo.m", { n }) : cop.t("geo.km", { n: (n / 1000).toFixed(1) });
    return n <= COARSE_M ? [cop.t("quick.within", { n: shown }), false] : [cop.t("quick.only-within", { n: shown }), true];
  };
  async function pick() {
    const start = point() || (task() || {}).point || null;
    try {
      await cop.map.load();
      const picked = await cop.map.pick(start ? { lon: start.lon, lat: start.lat } : null);
      if (picked) change({ source: "map", point: { lon: picked.lon, lat: picked.lat } });
    } catch {
      cop.ui.toast(cop.t("quick.no-map"), { bad: true });
    }
  }
  const placeNode = () => {
    const [words, bad] = placeWords();
    const at = task();
    return cop.h("section", { class: "quick-place", id: "quick-place", "aria-label": cop.t("quick.where") },
      cop.h("p", { class: `quick-place-words${bad ? " is-bad" : ""}`, role: "status", text: `${bad ? "▲ " : ""}${words}` }),
      cop.h("div", { class: "quick-verbs" },
        cop.ui.button("quick.pick", pick, { kind: "ghost", key: "pick", icon: "map" }),
        draft.source === "gps" ? null
          : cop.ui.button("quick.use-gps", () => change({ source: "gps", point: null }), { kind: "ghost", key: "use-gps" }),
        at && at.point && draft.source !== "task"
          ? cop.ui.button("quick.use-task", () => change({ source: "task", point: at.point }), { kind: "ghost", key: "use-task" }) : null),
      point() && !draft.place ? null
        : line("quick.place", draft.place, (place) => Object.assign(draft, { place }), "place"));
  };
  /* Only the words of the place change with each fix: nothing else moves under the thumb. */
  function showPlace() {
    const node = cop.$("quick-place");
    if (!node) return;
    const words = node.querySelector(".quick-place-words");
    const had = Boolean(node.querySelector("input"));
    if (had === (Boolean(point()) && !draft.place) && !node.contains(document.activeElement)) {
      node.replaceWith(placeNode());
      return;
    }
    const [text, bad] = placeWords();
    words.classList.toggle("is-bad", bad);
    cop.write(words, `${bad ? "▲ " : ""}${text}`);
  }

  /* Parts of the form */
  const line = (key, value, typed, name) => {
    const input = cop.h("input", { type: "text", maxlength: "300", "data-key": `quick ${name}`, autocomplete: "off",
      enterkeyhint: "done", on: { input: ({ target }) => { typed(target.value); keep(); } } });
    input.value = value;
    return cop.h("label", { class: "quick-line" }, cop.h("span", { text: cop.t(key) }), input);
  };
  const severities = () =>
    cop.h("fieldset", { class: "quick-severity" }, cop.h("legend", { text: cop.t("quick.how-bad") }),
      cop.h("div", {}, ...SEVERITIES.map((code) =>
        cop.h("label", {},
          cop.h("input", { type: "radio", name: "quick-severity", value: code, checked: draft.severity === code,
            "data-key": `severity ${code}`, on: { change: () => { draft.severity = code; keep(); } } }),
          cop.ui.severity(code)))));
  const stepper = (name) => {
    const value = draft.hurt[name];
    const words = cop.term("casualties", name);
    const to = (n) => change({ hurt: { ...draft.hurt, [name]: n } });
    return cop.h("div", { class: "stepper", role: "group", "aria-label": words },
      cop.h("span", { class: "stepper-name", text: words }),
      cop.h("span", { class: "stepper-set" }, cop.h("button", { type: "button", class: "step", "data-key": `fewer ${name}`, "aria-label": cop.t("quick.fewer", { what: words }),
        text: "−", on: { click: () => to(value ? value - 1 : value === 0 ? undefined : 0) } }),
      cop.h("output", { text: value === undefined ? "?" : String(value), "aria-label": value === undefined ? cop.t("casualties.unknown") : null }),
      cop.h("button", { type: "button", class: "step", "data-key": `more ${name}`, "aria-label": cop.t("quick.more", { what: words }),
        text: "+", on: { click: () => to((value || 0) + 1) } })));
  };
  const photos = () =>
    cop.h("section", { class: "quick-photos", "aria-label": cop.t("photo.title") },
      cop.photos.adder({
        key: "draft", room: () => cop.photos.MOST - draft.photos.length,
        take: takePhoto,
        told: (words, bad = false) => { told = { words, bad }; cop.work.redraw(); },
      }),
      cop.h("p", { class: told.bad ? "quick-told is-bad" : "quick-told", role: "status", text: told.words }),
      cop.photos.strip(draft.photos, (photo) => {
        dropPhoto(photo);
        change({ photos: draft.photos.filter((one) => one !== photo) });
      }));

  /* Sending */
  const casualties = () => {
    const known = Object.entries(draft.hurt).filter(([, n]) => n !== undefined);
    return known.length ? Object.fromEntries(known) : null;
  };
  const request = () => {
    const at = point();
    const counts = casualties();
    return {
      incident_type: draft.type, reported_by: "field", at: draft.seen_at || cop.field.at(), lang: cop.lang,
      ...(draft.severity === "Unknown" ? {} : { severity: draft.severity }),
      ...(draft.words.trim() ? { words: draft.words.trim() } : {}),
      ...(draft.place.trim() ? { place: draft.place.trim() } : {}),
      ...(counts ? { casualties: counts } : {}),
      ...(at ? { geometry: { type: "Point", coordinates: [at.lon, at.lat] }, placing: "given" } : {}),
      ...(at && at.precision_m !== undefined ? { precision_m: at.precision_m } : {}),
    };
  };
  const deed = () => {
    const values = { seen: draft.seen_at };
    if (!draft.task)
      return { kind: "incident", path: "/incidents", body: request(), label: { key: `incident.${draft.type}`, values } };
    const words = draft.words.trim();
    const about = draft.task.incident;
    return words ? { kind: "remark", path: "/notes", about, body: { topic: "remark", words, lang: cop.lang, about, at: draft.seen_at || cop.field.at() },
      label: { key: "quick.remark", values } } : null;
  };
  /* From the draft to the outbox. What is to go is written down first: where the page dies in
   * between, this goes on with what the outbox does not have yet, and nothing goes twice. */
  async function finish() {
    const held = await cop.outbox.list();
    const { going, task: about, photos: pictures } = draft;
    let key = null;
    if (going.deed) {
      const same = held.find(({ label }) => label && label.values && label.values.seen === going.deed.label.values.seen);
      key = same ? same.key : await cop.field.act(going.deed);
      if (!key) return false;
    }
    for (const photo of pictures)
      if (!held.some(({ body }) => body && body.photo === photo.id) &&
        !(await cop.photos.send(photo, about ? { incident: about.incident } : { after: key }))) return false;
    await begin();
    return true;
  }
  let sending = false; // a second tap on Send must not report it twice
  async function send() {
    if (sending) return;
    sending = true;
    stopGps();
    draft.going = { deed: deed() };
    await keep();
    const gone = await finish().catch(() => false);
    sending = false;
    if (gone) return cop.field.go(KEY);
    return change({ going: null });
  }
  /* Without any place it may still go, but not unnoticed. */
  const askPlace = () => {
    const words = line("quick.place", draft.place, (place) => Object.assign(draft, { place }), "place-asked");
    const sheet = cop.ui.sheet({
      title: cop.t("quick.no-place"),
      body: cop.h("div", { class: "quick-ask" }, cop.h("p", { text: cop.t("quick.no-place-words") }), words,
        cop.ui.button("quick.pick", () => { sheet.close(); pick(); }, { icon: "map", key: "ask-pick" }),
        cop.ui.button("quick.send-anyway", () => { sheet.close(); send(); }, { kind: "filled", key: "ask-send" })),
    });
  };
  const press = () => {
    if (draft.task) return draft.words.trim() || draft.photos.length ? send() : cop.ui.toast(cop.t("quick.say-something"), { bad: true });
    return point() || draft.place.trim() ? send() : askPlace();
  };

  /* What was sent from this phone, each with where it stands, and room for one more picture */
  const numberOf = (action) => (((action.answer || {}).feature || {}).properties || {}).number;
  const laterPhoto = (action) => {
    const incident = (action.answer || {}).id || null;
    return cop.photos.adder({
      key: `later ${action.key}`, room: () => cop.photos.MOST,
      take: ({ blob }) => cop.photos.send({ id: cop.newKey(), blob }, incident ? { incident } : { after: action.key }),
      told: (words, bad) => { if (bad) cop.ui.toast(words, { bad }); },
    });
  };
  const sentRow = (action, all) => {
    const id = (action.answer || {}).id;
    const pictures = all.filter((one) => one.kind === "photo" && (one.after === action.key || (id && one.about === id)));
    const number = numberOf(action);
    return cop.h("li", { class: "quick-sent", "data-action": action.key },
      cop.h("p", { class: "quick-sent-head" }, cop.icon(PICTOGRAMS[action.body.incident_type] || "danger", 20),
        cop.h("b", { text: cop.term("incident", action.body.incident_type) }),
        number ? cop.h("span", { class: "num", text: number }) : null, cop.ui.pendingChip([action])),
      action.state === "refused" ? cop.h("p", { class: "quick-told is-bad", text: cop.problemWords(action.problem) }) : null,
      pictures.length ? cop.h("ul", { class: "quick-pictures" }, ...pictures.map((one, index) =>
        cop.h("li", { text: cop.t("photo.stands", { n: index + 1, state: cop.photos.state(one) }) }))) : null,
      action.state === "refused" ? null
        : cop.h("details", { "data-key": `add ${action.key}` }, cop.h("summary", { text: cop.t("photo.add") }), laterPhoto(action)));
  };
  const sent = () => {
    const all = cop.field.actions();
    const reports = all.filter(({ kind }) => kind === "incident").reverse().slice(0, 5);
    if (!reports.length) return null;
    return cop.h("section", { class: "quick-all-sent" }, cop.h("h2", { text: cop.t("quick.sent") }),
      cop.h("ul", {}, ...reports.map((action) => sentRow(action, all))));
  };

  /* The two faces of the screen */
  const order = () => {
    const skills = cop.field.view().resources.flatMap(({ feature }) => feature.properties.skills || []);
    const first = skills.flatMap((skill) => FOR_SKILL[skill] || []);
    const known = cop.config.incident_types;
    return [...new Set([...first, ...COMMON, ...known])].filter((code) => known.includes(code));
  };
  const choose = (values) => {
    Object.assign(draft, { seen_at: cop.field.at(), ...values });
    keep();
    cop.field.go(KEY, "details");
  };
  const grid = () => {
    const mine = task();
    return [
      cop.h("h2", { text: cop.t("quick.what") }),
      mine ? cop.ui.button("quick.about-task", () => choose({ task: mine, type: null }),
        { key: "about-task", icon: "pen", label: cop.t("quick.about", { title: mine.title }) }) : null,
      cop.h("ul", { class: "quick-types" }, ...order().map((code) =>
        cop.h("li", {}, cop.h("button", { type: "button", class: "quick-type", "data-key": `type ${code}`,
          on: { click: () => choose({ type: code, task: null }) } },
        cop.icon(PICTOGRAMS[code] || "danger", 30), cop.h("span", { text: cop.term("incident", code) }))))),
      mine && cop.field.may("ask_need")
        ? cop.ui.button("quick.task-needs", () => cop.field.go("needs", mine.incident), { kind: "ghost", key: "task-needs" }) : null,
      sent(),
    ];
  };
  const chosen = () =>
    cop.h("div", { class: "quick-chosen" },
      cop.icon(draft.task ? "pen" : PICTOGRAMS[draft.type] || "danger", 26),
      cop.h("h2", { text: draft.task ? cop.t("quick.about", { title: draft.task.title }) : cop.term("incident", draft.type) }),
      cop.ui.button("quick.change", () => cop.field.go(KEY), { kind: "ghost", key: "change-type" }));
  const details = () => [
    chosen(),
    draft.task ? null : placeNode(),
    line(draft.task ? "quick.remark-words" : "quick.words", draft.words, (words) => Object.assign(draft, { words }), "words"),
    draft.task && draft.task.publishers ? cop.h("p", { class: "quick-told", text: cop.t("quick.no-photo") }) : photos(),
    draft.task ? null : severities(),
    draft.task ? null : cop.h("fieldset", { class: "quick-hurt" }, cop.h("legend", { text: cop.t("quick.hurt") }), ...HURT.map(stepper)),
    cop.h("div", { class: "thumb" },
      cop.ui.button("quick.send", press, { kind: "big", key: "send", icon: "right" })),
  ];

  cop.on("start", () => {
    cop.field.screen({
      key: KEY, label: "quick.tab", icon: "plus", order: 20,
      when: () => cop.field.may("report_incident"),
      draw(box, param) {
        startGps(box);
        const isDetails = param === "details" && (draft.type || draft.task);
        box.replaceChildren(...(isDetails ? details() : grid()).filter(Boolean));
      },
    });
    restore();
  });
  /* Who signs out leaves nothing half-said on the phone. */
  cop.on("signed", async (signed) => {
    if (signed !== "out") return restore();
    draft = empty();
    restored = null;
    return sweep();
  });
  /* Asked for while the screen is open, and for no longer. */
  cop.on("screen", (key) => {
    if (key !== KEY) stopGps();
    else if (["denied", "none"].includes(gps.state)) gps.state = "idle";
  });
})((window.cop = window.cop || {}));
