/* Writing an order: its words, to whom, by when an answer; then the question whether it is meant,
 * with who will receive it, before it goes. */
(function (cop) {
  "use strict";
  const ROLES = ["duty_officer", "liaison", "field", "warden", "viewer"];
  const LANGS = [["en", "English"], ["zh-Hant", "繁體中文"], ["zh-Hans", "简体中文"]];
  const REPLY_MIN = [5, 10, 15, 30, 60, 120];
  const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
  const MODES = ["everyone", "role", "agency", "resource", "area"];
  const MOST_TEAMS = 200;

  /* Whether a place lies in a polygon's outer ring and in none of its holes. */
  const crosses = (ring, [x, y]) => {
    let within = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
      const [[xi, yi], [xj, yj]] = [ring[i], ring[j]];
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) within = !within;
    }
    return within;
  };
  const contains = (polygon, place) =>
    crosses(polygon.coordinates[0], place) && !polygon.coordinates.slice(1).some((hole) => crosses(hole, place));

  /* In the area, or answering for a part of it. */
  const isThere = (polygon, { geometry, properties: { area } }) => {
    if (geometry && geometry.type === "Point" && contains(polygon, geometry.coordinates)) return true;
    const parts = !area ? [] : area.type === "Polygon" ? [area] : area.coordinates.map((coordinates) => ({ coordinates }));
    return parts.some((part) => part.coordinates[0].some((at) => contains(polygon, at)) ||
      polygon.coordinates[0].some((at) => contains(part, at)));
  };

  const teamsMeant = (draft) =>
    cop.desk.all("resource").filter((feature) => {
      const p = feature.properties;
      if (draft.mode === "everyone") return true;
      if (draft.mode === "agency") return draft.agency.includes(p.agency);
      if (draft.mode === "resource") return draft.resource.includes(feature.id);
      if (draft.mode === "area") return Boolean(draft.geometry) && isThere(draft.geometry, feature);
      return false;
    });
  const addresseesOf = (draft) =>
    draft.mode === "everyone" || draft.mode === "area" ? [draft.mode]
      : draft.mode === "resource" ? draft.resource // their ids say already what they are
        : draft[draft.mode].map((value) => `${draft.mode}:${value}`);
  const hasAddressees = (draft) =>
    draft.mode === "area" ? Boolean(draft.geometry) : draft.mode === "everyone" || draft[draft.mode].length > 0;

  /* Who, in words: first the kinds of people, then what that comes to in teams. */
  const whoWords = (draft) => {
    const teams = teamsMeant(draft);
    const strength = teams.reduce((sum, { properties: p }) => sum + (p.strength || 0), 0);
    const named = {
      everyone: () => cop.t("order.who-everyone"),
      role: () => cop.t("order.who-role", { names: draft.role.map((code) => cop.term("role", code)).join(cop.desk.comma()) }),
      agency: () => cop.t("order.who-agency", { names: draft.agency.map(cop.desk.agency).join(cop.desk.comma()) }),
      resource: () => cop.t("order.who-resource", { names: teams.slice(0, 6).map(cop.facts.title).join(cop.desk.comma()), n: teams.length }),
      area: () => cop.t("order.who-area"),
    }[draft.mode]();
    return [named, draft.mode === "role" ? "" : cop.t("order.who-teams", { n: teams.length, people: strength })].filter(Boolean);
  };

  const checks = (name, pairs, draft, changed) =>
    cop.h("div", { class: "checks", role: "group", "aria-label": cop.t(`order.mode-${name}`) },
      ...pairs.map(([value, words]) =>
        cop.h("label", { class: "check" }, cop.h("input", {
          type: "checkbox", value, checked: draft[name].includes(value),
          on: { change: (event) => {
            draft[name] = event.target.checked ? [...draft[name], value] : draft[name].filter((one) => one !== value);
            changed();
          } },
        }), cop.h("span", { text: words }))));
  const teamChecks = (draft, changed) => {
    const box = cop.h("div", {});
    const show = (words) => {
      const found = cop.desk.all("resource")
        .map((feature) => ({ id: feature.id, title: cop.facts.title(feature), agency: cop.desk.agency(feature.properties.agency) }))
        .filter(({ id, title, agency }) => draft.resource.includes(id) || !words || `${title}\n${agency}`.toLowerCase().includes(words))
        .sort((a, b) => draft.resource.includes(b.id) - draft.resource.includes(a.id) || a.title.localeCompare(b.title, cop.lang, { numeric: true }))
        .slice(0, MOST_TEAMS);
      box.replaceChildren(checks("resource", found.map(({ id, title, agency }) => [id, `${title} · ${agency}`]), draft, changed));
    };
    show("");
    return cop.h("div", { class: "choice-box" }, cop.h("input", {
      type: "search", placeholder: cop.t("find"), "aria-label": cop.t("find"), autocomplete: "off",
      on: { input: (event) => show(event.target.value.trim().toLowerCase()) },
    }), box);
  };

  /* The form; gives "send", "draw" or null. Its values go into *draft* as they are typed. */
  const askOrder = (draft) => {
    const who = cop.h("div", { class: "order-who" });
    const note = cop.h("p", { class: "order-meant", role: "status" });
    const changed = () =>
      cop.write(note, hasAddressees(draft) ? whoWords(draft).join(" ") : cop.t("order.nobody"));
    let drawn = null;
    const showWho = () => {
      const agencies = [...new Set([...cop.desk.all("resource").map(({ properties: p }) => p.agency), cop.me.agency])].filter(Boolean)
        .sort((a, b) => cop.desk.agency(a).localeCompare(cop.desk.agency(b), cop.lang));
      const content = {
        everyone: () => null,
        role: () => checks("role", ROLES.map((code) => [code, cop.term("role", code)]), draft, changed),
        agency: () => checks("agency", agencies.map((code) => [code, cop.desk.agency(code)]), draft, changed),
        resource: () => teamChecks(draft, changed),
        area: () => cop.h("p", {}, cop.t(draft.geometry ? "order.area-drawn" : "order.area-none"), " ",
          cop.h("button", { class: "button", type: "button", text: cop.t(draft.geometry ? "order.draw-again" : "order.draw"),
            on: { click: () => { drawn = "draw"; who.closest("dialog").close(); } } })),
      }[draft.mode]();
      who.replaceChildren(...(content ? [content] : []));
      changed();
    };
    const keep = (name) => ({ input: (event) => { draft[name] = event.target.value; } });
    const field = (label, node) => cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(label) }), node);
    const body = cop.h("textarea", { rows: draft.asks ? "2" : "4", required: !draft.asks, maxlength: "2000", name: "words",
      placeholder: draft.asks ? cop.t("roll.words-default") : null, on: keep("words") });
    body.value = draft.words;
    const select = (name, pairs) => {
      const node = cop.h("select", { name, on: { change: (event) => { draft[name] = event.target.value; } } }, ...cop.desk.options(pairs, draft[name]));
      return node;
    };
    const modes = cop.h("fieldset", { class: "field modes" }, cop.h("legend", { text: cop.t("order.to-title") }),
      ...MODES.map((mode) => cop.h("label", { class: "check" }, cop.h("input", {
        type: "radio", name: "mode", value: mode, checked: draft.mode === mode,
        on: { change: () => { draft.mode = mode; showWho(); } },
      }), cop.h("span", { text: cop.t(`order.mode-${mode}`) }))));
    showWho();
    const send = () => {
      body.removeAttribute("aria-invalid");
      if (!draft.words.trim() && !draft.asks) {
        body.setAttribute("aria-invalid", "true");
        body.focus();
        return null;
      }
      if (hasAddressees(draft)) return "send";
      note.classList.add("is-bad");
      modes.querySelector("input:checked").focus();
      return null;
    };
    return cop.dialog({
      title: cop.t(draft.asks ? "roll.new-title" : "order.new-title"), wide: true, focus: draft.asks ? modes.querySelector("input:checked") : body,
      body: cop.h("div", { class: "stack order-form" }, draft.asks ? cop.h("p", { text: cop.t("roll.intro") }) : null,
        field(draft.asks ? "roll.words" : "order.words", body),
        cop.h("div", { class: "columns" },
          field("order.lang", select("lang", LANGS)),
          field("fact.severity", select("severity", SEVERITIES.map((code) => [code, cop.term("severity", code)]))),
          field("order.reply-by", select("reply", [["", cop.t("order.reply-none")],
            ...REPLY_MIN.map((n) => [String(n), cop.t("order.reply-in", { time: cop.facts.hours(n) })])]))),
        modes, who, note),
      buttons: [{ value: send, words: cop.t("order.next"), filled: true }],
    }).then((pressed) => drawn || pressed);
  };
  const confirm = (draft) =>
    cop.dialog({
      title: cop.t(`${draft.asks ? "roll" : "order"}.${cop.config.exercise ? "confirm-exercise" : "confirm"}`),
      body: cop.h("div", { class: "stack" },
        cop.h("blockquote", { class: "order-quote", lang: draft.lang, text: draft.words.trim() || cop.t("roll.words-default") }),
        ...(draft.who ? [draft.who] : whoWords(draft)).map((words) => cop.h("p", { class: "order-meant", text: words })),
        cop.h("p", { text: draft.reply
          ? cop.t(draft.asks ? "roll.confirm-reply" : "order.confirm-reply", { time: cop.time(cop.clock.now() + Number(draft.reply) * 60000) })
          : cop.t("order.confirm-no-reply") })),
      buttons: [
        { value: "back", words: cop.t(draft.who ? "cancel" : "order.back") },
        { value: "send", words: cop.t(draft.asks ? "roll.send" : "order.send"), filled: true, danger: ["Extreme", "Severe"].includes(draft.severity) },
      ],
    });

  const drafts = new Map(); // by what is asked; kept while the page is open: Esc loses nothing
  const fresh = (asks) => ({
    asks, words: "", lang: cop.lang, severity: "Moderate", reply: asks ? "5" : "15",
    mode: asks && cop.me.may.issue_order === "any" ? "everyone" : "agency",
    role: [], agency: [], resource: [], geometry: null,
  });
  const bodyOf = (draft) => {
    const body = { lang: draft.lang, severity: draft.severity, addressees: addresseesOf(draft) };
    if (draft.words.trim()) body.words = draft.words.trim();
    if (draft.asks) body.asks = draft.asks;
    if (draft.mode === "area") body.geometry = draft.geometry;
    if (draft.reply) body.reply_by = new Date(cop.clock.now() + Number(draft.reply) * 60000).toISOString();
    return body;
  };
  async function send(body) {
    const answer = await cop.act("POST", "/orders", body, {
      at: cop.$("cop-orders-acts"), done: body.asks ? "roll.did-send" : "order.did-send",
    });
    if (!answer) return false;
    const order = cop.picture.get(answer.id);
    const all = order ? (order.properties.recipients || []).length : 0;
    if (all) cop.toast({ words: cop.t("order.sent-to", { n: all }) });
    cop.select(answer.id);
    return true;
  }
  /* *preset*: what is filled in already; `asks: "all_safe"` makes it a roll call. */
  async function compose(preset = {}) {
    const asks = preset.asks || null;
    const draft = { ...(drafts.get(asks) || fresh(asks)), ...preset };
    drafts.set(asks, draft);
    for (;;) {
      const pressed = await askOrder(draft);
      if (pressed === "draw") {
        draft.geometry = (await cop.sketch("area")) || draft.geometry;
        continue;
      }
      if (pressed !== "send") return;
      if ((await confirm(draft)) !== "send") continue;
      if (await send(bodyOf(draft))) drafts.delete(asks);
      return;
    }
  }
  /* Ask the *n* people who have not answered the roll call *feature* once more, and only them. */
  async function again(feature, n) {
    const { severity, issued_at: at } = feature.properties;
    const draft = { ...fresh("all_safe"), severity, mode: "silent", silent: [feature.id], who: cop.t("roll.again-who", { n, time: cop.time(cop.ms(at)) }) };
    if ((await confirm(draft)) === "send") await send(bodyOf(draft));
  }
  cop.order = { compose, again, contains };
})((window.cop = window.cop || {}));
