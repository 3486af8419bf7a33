/* The sheet of one partner beside the list: its line and terms, and the messages with it, newest
 * first. The map and what is chosen stay in sight: a message is about them. */
(function (cop) {
  "use strict";
  const LEAST_BESIDE = 1100; // pixels: narrower, and the sheet leaves the map no room
  const STEP = 40; // messages that are shown at once
  const forms = new Map(); // partner -> its form; closing loses nothing
  const said = new Map(); // partner -> {content, at, failed, asking}: what the server says of it
  let id = null; // of the partner that is open
  let most = STEP;
  let returnTo = null;
  let list = null;
  const parts = {};

  const sheet = () => cop.$("cop-partners-sheet");
  const feature = () => (id ? cop.picture.get(id) : null);
  const isByHand = (partner) => {
    const held = said.get(partner);
    const one = cop.picture.get(partner);
    return held && held.content ? held.content.terms.by_hand : Boolean(one) && !one.properties.installation;
  };

  async function load(partner) {
    const held = said.get(partner) || {};
    if (held.asking || !cop.partners.mayAct(partner)) return;
    said.set(partner, { ...held, asking: true });
    const content = await cop.read(`/exchange/partners/${encodeURIComponent(partner)}`);
    said.set(partner, { content: content || held.content, at: content ? cop.clock.now() : held.at, failed: !content, asking: false });
    if (forms.has(partner)) forms.get(partner).setByHand(isByHand(partner));
    draw();
  }

  /* Put *nodes* into a part of the sheet when they would say something else than what stands. */
  const looks = {};
  const put = (name, look, nodes) => {
    const key = JSON.stringify(look);
    if (looks[name] === key) return;
    looks[name] = key;
    const focused = parts[name].contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
    parts[name].replaceChildren(...nodes().filter(Boolean));
    if (focused === undefined) return;
    (parts[name].querySelector(`[data-key="${CSS.escape(focused || "")}"]`) || cop.$("cop-partners-title")).focus({ preventScroll: true });
  };
  const lead = (p) => [
    cop.config.exercise ? cop.h("p", {}, cop.h("span", { class: "chip is-exercise-mark", text: cop.t("mode.exercise") })) : null,
    cop.h("p", {}, cop.partners.stateNode(p)),
    p.why && p.state !== "ok" ? cop.h("p", { class: "hint", lang: "en", text: p.why }) : null,
    cop.h("p", { class: "hint", text: cop.partners.agreementWords(p) }),
    cop.partners.mayAct(id) ? null : cop.h("p", { class: "remark is-note", text: cop.t("partners.only-read") }),
    cop.partners.isOver(p) ? cop.h("p", { class: "remark is-warn", text: `■ ${cop.t("partners.ended")}` }) : null,
  ];
  const writer = (p) => {
    const may = cop.partners.mayAct(id) && !cop.partners.isOver(p);
    return forms.has(id) ? [forms.get(id).node]
      : may ? [cop.desk.button("partners.write", () => write(), { kind: "filled" })] : [];
  };
  function drawMessages(options = {}) {
    const found = cop.partners.messagesOf(id).sort((a, b) => cop.ms(b.properties.observed_at) - cop.ms(a.properties.observed_at) || (a.id < b.id ? 1 : -1));
    list.render(found.slice(0, most).map((one) => ({ id: one.id, feature: one })), options);
    const count = found.filter(({ properties: p }) => p.direction === "in").length;
    const [state, words] = cop.desk.state(found.length, "partners.no-message");
    cop.write(parts.count, found.length ? cop.t("partners.count", { in: count, out: found.length - count }) : "");
    cop.write(parts.state, words);
    parts.state.className = `remark desk-state is-${state}${state === "loading" ? " skeleton" : ""}`;
    parts.state.hidden = !words;
    parts.older.hidden = found.length <= most;
    cop.write(parts.older, cop.t("partners.older", { n: found.length - most }));
  }
  function draw(options = {}) {
    if (!id || !list) return;
    const one = feature();
    if (!one) {
      put("lead", ["gone", cop.lang], () => [cop.h("p", { class: "remark is-unknown", text: cop.t("partners.gone") })]);
      return;
    }
    const p = one.properties;
    const held = said.get(id) || null;
    cop.write(cop.$("cop-partners-title"), cop.partners.nameOf(id));
    const basis = [id, p.version, cop.lang, cop.me.name, cop.me.may, cop.partners.isOver(p)];
    put("lead", basis, () => lead(p));
    put("terms", [basis, held && [held.at, held.failed]], () => cop.partnerTerms(p, held));
    put("writer", [id, cop.lang, cop.me.may, forms.has(id), cop.partners.isOver(p)], () => writer(p));
    if (forms.has(id)) forms.get(id).refresh();
    drawMessages(options);
  }

  /* Writing */
  function write({ answers = null } = {}) {
    const isNew = !forms.has(id);
    if (isNew) {
      const partner = id;
      const over = () => {
        forms.delete(partner);
        draw({ all: true });
        const verb = parts.writer.querySelector("button");
        if (verb) verb.focus();
      };
      forms.set(partner, cop.partnerForm({ partner, sent: over, dropped: over }));
      forms.get(partner).setByHand(isByHand(partner));
    }
    const form = forms.get(id);
    if (answers) form.answer(answers);
    else if (isNew) form.addAbout(cop.selected());
    draw();
    form.focus();
  }
  const answer = (at, message) => {
    const { partner } = cop.picture.get(message).properties;
    if (partner !== id) open(partner);
    write({ answers: message });
  };

  /* Show what a message is about: on the map beside the sheet, or where there is no room, without. */
  const follow = (wanted) => {
    const one = cop.picture.get(wanted);
    if (!one) return;
    if (innerWidth < LEAST_BESIDE) close();
    cop.select(wanted);
    const place = cop.placeOf(one);
    if (!place || cop.isPhone() || !id) return;
    const { leaflet } = cop.map;
    const hidden = Math.max(0, sheet().getBoundingClientRect().right - leaflet.getContainer().getBoundingClientRect().left);
    const at = leaflet.project([place[1], place[0]]).subtract([hidden / 2, 0]);
    leaflet.panTo(leaflet.unproject(at));
  };
  /* Bring one message into sight. */
  const show = (message) => {
    const one = cop.picture.get(message);
    if (!one) return;
    if (one.properties.partner !== id) open(one.properties.partner);
    most = Infinity;
    draw({ all: true });
    const row = list.rows.get(message);
    if (!row) return;
    row.node.scrollIntoView({ block: "start" });
    row.node.focus({ preventScroll: true });
  };

  function open(partner, message = null) {
    if (!cop.picture.get(partner)) return;
    if (sheet().hidden) returnTo = document.activeElement;
    const changed = id !== partner;
    id = partner;
    if (changed) {
      most = STEP;
      parts.more.open = false;
      cop.$("cop-partners-body").scrollTop = 0;
    }
    sheet().hidden = false;
    draw({ all: true });
    load(partner);
    if (message) show(message);
    else cop.$("cop-partners-title").focus();
    cop.partners.refresh();
  }
  function close() {
    if (sheet().hidden) return false;
    sheet().hidden = true;
    id = null;
    cop.partners.refresh({ all: true });
    const back = returnTo && returnTo.isConnected ? returnTo : cop.$("cop-tab-partners");
    if (back.offsetParent) back.focus();
    returnTo = null;
    return true;
  }

  const build = () => {
    for (const name of ["lead", "terms", "writer"]) parts[name] = cop.h("div", { class: `partner-${name} stack` });
    parts.more = cop.h("details", { class: "more-fields" }, cop.h("summary", { "data-t": "partners.more" }), parts.terms);
    parts.count = cop.h("p", { class: "hint" });
    parts.state = cop.h("p", { class: "remark desk-state", hidden: true });
    parts.list = cop.h("ul", { class: "messages", id: "cop-messages" });
    parts.older = cop.h("button", { class: "button", type: "button", hidden: true, on: { click: () => { most += STEP; draw({ all: true }); } } });
    const box = cop.$("cop-partners-body");
    box.append(parts.lead, parts.more, parts.writer,
      cop.h("section", { class: "partner-messages", "aria-labelledby": "cop-messages-title" },
        cop.h("h3", { id: "cop-messages-title", "data-t": "partners.messages" }), parts.count, parts.state, parts.list, parts.older));
    cop.relabel(sheet());
    list = cop.keyed({ box, list: parts.list, chip: cop.$("cop-messages-chip"), make: cop.partnerMessage.make, fill: cop.partnerMessage.fill, refresh: (options) => draw(options) });
    cop.$("cop-partners-close").addEventListener("click", close);
    cop.backs.push(close);
    parts.more.addEventListener("toggle", () => { if (parts.more.open && id) load(id); });
    cop.desk.watch(["partner", "message", "need", "assignment", "draft", "alert"], ({ put: changed, reset }) => {
      if (!id) return;
      cop.soon("partner-sheet", draw, 150);
      if (reset || changed.some((one) => one.id === id)) cop.soon("partner-read", () => id && load(id), 2000);
    });
    setInterval(() => draw(), 10000); // limits come nearer by the clock alone
  };
  cop.on("start", build);
  cop.on("select", () => cop.soon("partner-sheet", draw, 0));
  cop.on("me", () => draw());
  cop.on("acted", () => draw());
  cop.on("lang", () => {
    for (const form of forms.values()) form.relabel();
    draw();
  });

  cop.partnerSheet = { open, close, current: () => id, isByHand, follow, show, answer, refresh: () => draw() };
})((window.cop = window.cop || {}));
