/* Reporting a new incident: a sheet on the right that keeps what was typed until it is sent. */
(function (cop) {
  "use strict";
  const NEAR_M = 300;
  const MOST_NEAR = 5;
  /* Types that one and the same thing is easily reported as. */
  const ALIKE = [
    ["flooding", "water_supply", "road_blockage", "transport_disruption"],
    ["landslide", "structural", "road_blockage", "fallen_tree"],
    ["fallen_tree", "road_blockage", "power_failure"],
    ["traffic_accident", "road_blockage", "transport_disruption", "rescue"],
    ["fire", "structural", "rescue", "power_failure"],
    ["lift_entrapment", "power_failure", "rescue"],
    ["crowd", "transport_disruption"],
  ];
  let form = null;
  let parts = null;
  let sameAs = null;
  let pending = null; // {key, body}: sent, and nobody knows whether it arrived
  let returnTo = null;

  const alike = (a, b) =>
    a === b || a === "other" || b === "other" || ALIKE.some((group) => group.includes(a) && group.includes(b));
  const near = () => {
    const at = form.place.at();
    const type = form.type();
    if (!at || !type) return [];
    const found = [];
    for (const feature of cop.picture.features.values()) {
      const p = feature.properties;
      if (p.kind !== "incident" || !cop.config.incident_open.includes(p.status) || !alike(type, p.incident_type)) continue;
      const place = cop.placeOf(feature);
      const metres = place && feature.geometry ? cop.metres(at, place) : Infinity;
      if (metres <= NEAR_M) found.push({ feature, metres });
    }
    return found.sort((a, b) => a.metres - b.metres).slice(0, MOST_NEAR);
  };
  let nearKey = "";
  const showNear = () => {
    if (!form) return;
    const found = near();
    const key = `${cop.lang}|${sameAs}|${found.map(({ feature, metres }) => `${feature.id} ${feature.properties.version} ${Math.round(metres)}`).join()}`;
    if (key === nearKey) return;
    nearKey = key;
    if (sameAs && !found.some(({ feature }) => feature.id === sameAs) && !cop.picture.get(sameAs)) sameAs = null;
    const row = ({ feature, metres }) => {
      const same = feature.id === sameAs;
      return cop.h("li", { class: `near-row${same ? " is-same" : ""}` },
        cop.facts.symbol(feature, 18),
        cop.h("div", { class: "near-main" },
          cop.h("span", { class: "row-title", text: cop.facts.title(feature) }),
          cop.h("span", { class: "row-sub", text: [cop.fields.distance(metres), cop.facts.headline(feature), cop.facts.publisher(feature.properties)].filter(Boolean).join(" · ") }),
          cop.h("div", { class: "near-verbs" },
            cop.h("button", { class: "button ghost", type: "button", text: cop.t("near.open"), on: { click: () => { close(); cop.select(feature.id); } } }),
            cop.h("button", { class: "button", type: "button", "aria-pressed": String(same), text: cop.t(same ? "near.joined" : "near.same"),
              on: { click: () => { sameAs = same ? null : feature.id; showNear(); } } }))));
    };
    const focused = parts.near.contains(document.activeElement);
    parts.near.replaceChildren(...(found.length
      ? [cop.h("h3", { text: cop.t("near.title") }), cop.h("ul", {}, ...found.map(row))] : []));
    parts.near.hidden = !found.length;
    if (focused) (parts.near.querySelector("[aria-pressed]") || form.words).focus();
  };
  const changed = () => {
    cop.soon("near", showNear);
    if (parts) parts.missing.hidden = true;
  };

  const begin = (given = {}) => {
    const sheet = cop.$("cop-report-sheet");
    if (form) form.place.end();
    sameAs = given.same_as || null;
    pending = null;
    nearKey = "";
    form = cop.incidentForm(null, given, changed);
    form.place.picking = (on) => sheet.classList.toggle("is-aside", on && cop.isPhone());
    parts = {
      near: cop.h("section", { class: "near", hidden: true, "aria-live": "polite" }),
      missing: cop.formWord("p", "report.type-missing", { class: "deed-state is-bad", hidden: true, role: "alert" }),
      photos: cop.h("input", { type: "file", multiple: true, hidden: true, accept: "image/jpeg,image/png,image/webp",
        on: { change: ({ target }) => cop.write(parts.chosen, cop.join([...target.files].map(({ name }) => name))) } }),
      chosen: cop.h("span", { class: "hint", role: "status" }),
      body: cop.$("cop-report-body"),
    };
    form.node.querySelector(".place-set").after(parts.near);
    const submit = cop.h("button", { class: "button filled", type: "submit", "data-t": "report.verb", text: cop.t("report.verb") });
    const node = cop.h("form", { class: "report-form", novalidate: true,
      on: { submit: (event) => { event.preventDefault(); send(); },
        keydown: (event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); send(); }
          else if (event.key === "Enter" && event.target.matches('input:not([type="file"])')) event.preventDefault();
        } } },
    cop.h("div", { class: "report-scroll scroll", tabindex: "-1" }, form.node,
      cop.h("div", { class: "field" }, cop.formWord("span", "photos.title"),
        cop.h("div", { class: "place-row" },
          cop.formWord("button", "photos.add", { class: "button", type: "button", on: { click: () => parts.photos.click() } }),
          parts.chosen, parts.photos),
        cop.formWord("small", "photos.hint")), parts.missing),
    cop.h("footer", { class: "report-foot" }, submit,
      cop.formWord("span", "report.keys", { class: "hint" }),
      cop.h("button", { class: "button ghost", type: "button", "data-t": "report.discard", text: cop.t("report.discard"), on: { click: discard } })));
    parts.form = node;
    parts.body.replaceChildren(node);
    showNear();
  };

  const open = (given = null) => {
    if (!cop.may("report_incident")) return;
    const sheet = cop.$("cop-report-sheet");
    if (!form || (given && form.isEmpty())) begin(given || {});
    else if (given) fillIn(given);
    if (sheet.hidden) returnTo = document.activeElement;
    sheet.hidden = false;
    document.body.classList.add("is-reporting");
    form.place.show(true);
    if (!cop.isPhone()) form.place.begin();
    (sheet.querySelector(".types :checked") || sheet.querySelector(".types input")).focus();
    showNear();
  };
  /* Something half-typed is kept; only the place is taken over. */
  const fillIn = (given) => {
    const { geometry, placing, precision_m, camera } = given;
    if (geometry) form.place.set({ geometry, placing: placing || "given", precision_m: precision_m ?? null, camera: camera || null, place: cop.say(given.place) });
    if (given.same_as) sameAs = given.same_as;
  };
  const close = () => {
    const sheet = cop.$("cop-report-sheet");
    if (sheet.hidden) return false;
    sheet.hidden = true;
    document.body.classList.remove("is-reporting");
    if (form) form.place.show(false);
    if (returnTo && returnTo.isConnected) returnTo.focus();
    returnTo = null;
    return true;
  };
  const discard = async () => {
    if (!form.isEmpty()) {
      const sure = await cop.dialog({ title: cop.t("report.discard-ask"), body: cop.h("p", { text: cop.t("report.discard-words") }),
        buttons: [{ value: "keep", words: cop.t("report.keep"), filled: true }, { value: "discard", words: cop.t("report.discard"), danger: true }] });
      if (sure !== "discard") return;
    }
    form.place.end();
    form = null;
    close();
  };

  const act = (body, key) =>
    cop.act("POST", "/incidents", body, {
      key, at: parts.form, done: "report.done",
      failed: ({ status }) => { pending = status === 0 || status >= 500 ? { key, body } : null; },
    });
  /* What nobody knows to have arrived is sent once more as it was; what was changed since then is
   * a change of it. So nothing is reported twice. */
  const sendPending = async (body) => {
    const { key, body: first } = pending;
    const content = await act(first, key);
    if (!content) return null;
    pending = null;
    const rest = {};
    for (const name in body)
      if (!["reported_by", "same_as", "lang"].includes(name) && JSON.stringify(body[name]) !== JSON.stringify(first[name])) rest[name] = body[name];
    if (Object.keys(rest).length)
      await cop.act("PATCH", `/incidents/${content.id}`, { ...rest, lang: body.lang }, { version: content.version, id: content.id, at: parts.form, undoable: false });
    return content;
  };
  async function send() {
    if (!form.type()) {
      parts.missing.hidden = false;
      parts.form.querySelector('input[type="radio"]').focus();
      return;
    }
    const body = form.request();
    if (sameAs) body.same_as = sameAs;
    const files = [...parts.photos.files];
    const content = await (pending ? sendPending(body) : act(body, cop.newKey()));
    if (!content) return;
    form.place.end();
    form = null;
    pending = null;
    close();
    cop.whenThere(content.id, () => cop.select(content.id));
    for (const file of files) cop.photos.later(content.id, file);
  }

  /* Do something with an entity as soon as it is on the picture. */
  const awaited = new Map();
  cop.whenThere = (id, work) => {
    if (cop.picture.get(id)) work();
    else awaited.set(id, work);
  };

  cop.report = { open, close, get isOpen() { return !cop.$("cop-report-sheet").hidden; } };
  cop.keys.n = () => open();
  cop.on("start", () => {
    cop.$("cop-report").addEventListener("click", () => open());
    cop.$("cop-report-close").addEventListener("click", close);
    cop.map.leaflet.on("contextmenu", ({ latlng }) => {
      open({ geometry: { type: "Point", coordinates: [Number(latlng.lng.toFixed(6)), Number(latlng.lat.toFixed(6))] }, placing: "given" });
    });
    cop.backs.push(close);
  });
  cop.on("me", () => {
    cop.$("cop-report").hidden = !cop.may("report_incident");
  });
  cop.on("lang", () => { if (form) showNear(); });
  cop.on("picture", () => {
    for (const [id, work] of awaited)
      if (cop.picture.get(id)) {
        awaited.delete(id);
        setTimeout(work, 0); // when every panel has taken the change
      }
    if (form && cop.report.isOpen) cop.soon("near", showNear, 500);
  });
  cop.parts.add({ kind: "camera", key: "report-here", order: 30, render(feature) {
    if (!cop.may("report_incident") || !feature.geometry) return null;
    return cop.h("div", { class: "acts" }, cop.h("button", { class: "button filled", type: "button", "data-key": "report-here", text: cop.t("report.camera"),
      on: { click: () => open({ geometry: feature.geometry, placing: "landmark", camera: feature.id, reported_by: "camera", place: feature.properties.title }) } }));
  } });
})((window.cop = window.cop || {}));
