/* Proof of delivery: how far an order or a task has come with each of its people, and whom it has
 * not reached. The server says who is meant and when they were last heard of; the receipts on the
 * picture keep it in step between two askings. */
(function (cop) {
  "use strict";
  const STEPS = ["queued", "sent", "delivered", "read", "acknowledged"];
  const SIGNS = { queued: "▢", sent: "△", delivered: "▫", read: "◧", acknowledged: "■" };
  const SERVER = { opened: "read" }; // the server's word for a step where it differs from ours
  const AGAIN_MS = 20000; // who was heard of when changes without the picture changing
  const AGAIN_EACH_MS = 8; // and for each person more, so that the whole city is not asked for at every turn
  const MOST_KEPT = 20; // what was looked at longest ago is asked for again
  const MANY = 200; // with more people than this, the panel is drawn anew once a second
  const CALM_MS = 1000;
  const MOST_ROWS = 60;
  const SOON_MS = 800;
  const GRACE_MS = 30000; // a phone may take this long before anybody need be told
  const TELEPHONE = /^\+?[\d][\d ()-]{6,}$/;
  const answers = new Map(); // id -> {content, failed, at, version, asking}

  /* Real time: what devices do has nothing to do with the clock of an exercise. */
  const realNow = () => (cop.config.exercise ? Date.now() : cop.clock.now());
  const realAge = (iso) => {
    const s = Math.max(0, realNow() - cop.ms(iso)) / 1000;
    if (s < 60) return cop.t("age.s", { n: Math.floor(s) });
    if (s < 172800) return cop.facts.hours(Math.floor(s / 60));
    return cop.t("age.d", { n: Math.floor(s / 86400) });
  };
  /* What is known of somebody's devices: last contact, how many are signed in, push or not. */
  const deviceWords = ({ last_contact_at: heard, devices, push }) =>
    devices === null || devices === undefined ? "" // another agency's: not ours to know
      : [heard ? cop.t("reach.heard", { age: realAge(heard) }) : cop.t("reach.never"),
      devices ? cop.t(devices === 1 ? "reach.device" : "reach.devices", { n: devices }) : cop.t("reach.no-device"),
      devices ? cop.t(push ? "reach.push-on" : "reach.push-off") : ""].filter(Boolean).join(" · ");
  /* How else to reach them: a telephone that can be pressed, or the words for the radio. */
  const contactNode = (words) =>
    !words ? null
      : TELEPHONE.test(words.trim())
        ? cop.h("a", { class: "reach-call", href: `tel:${words.replace(/[^\d+]/g, "")}`, text: `☎ ${cop.t("reach.call", { words })}` })
        : cop.h("span", { class: "reach-call", text: cop.t("reach.radio", { words }) });
  const contactOf = (ids) =>
    ids.map((id) => cop.picture.get(id)).map((feature) => feature && feature.properties.contact).find(Boolean) || "";

  /* What the server says of *id*; asked for when it is shown, and again as it ages or changes. */
  const current = (id) => {
    const held = answers.get(id) || {};
    const wait = AGAIN_MS + AGAIN_EACH_MS * (held.content ? held.content.recipients.length : 0);
    if (!held.asking && (!held.at || performance.now() - held.at > wait)) load(id);
    return held.content || null;
  };
  async function load(id) {
    const held = answers.get(id) || {};
    answers.set(id, { ...held, asking: true });
    const content = await cop.read(`/reach/${id}`);
    answers.delete(id);
    for (const old of [...answers.keys()].slice(0, Math.max(0, answers.size - MOST_KEPT))) answers.delete(old);
    answers.set(id, { content: content || held.content, failed: !content, at: performance.now(), asking: false });
    cop.detail.refresh();
  }
  const isShown = () => {
    const { feature } = cop.selection();
    return feature && ["order", "assignment"].includes(feature.properties.kind) ? feature.id : null;
  };
  const again = ({ put = [], reset = false } = {}) => {
    const id = isShown();
    if (!id || !answers.has(id) || (!reset && !put.some((one) => one.id === id))) return;
    cop.soon("reach", () => { if (isShown() === id) load(id); }, SOON_MS);
  };

  /* People, each with how far it has come: the further of what was asked and what has come since. */
  const receiptsOf = (id) => {
    const found = new Map();
    for (const { properties: p } of cop.desk.all("receipt")) if (p.subject === id) found.set(p.recipient, p);
    return found;
  };
  const stepOf = (one) =>
    [...STEPS].reverse().find((step) => one[`${step}_at`]) || "queued";
  const further = (a, b) => (STEPS.indexOf(a) < STEPS.indexOf(b) ? b : a);
  let counted = null; // {id, at, found}: the same for every part that shows it now
  const people = (feature) => {
    const now = performance.now();
    if (!counted || counted.id !== feature.id || now - counted.at > (counted.found.length > MANY ? CALM_MS / 2 : 0))
      counted = { id: feature.id, at: now, found: count(feature) };
    return counted.found;
  };
  const count = (feature) => {
    const answer = current(feature.id);
    const given = receiptsOf(feature.id);
    const base = answer ? answer.recipients
      : (feature.properties.recipients || [...given.keys()]).map((name) => ({ name }));
    return base.map((one) => {
      const receipt = given.get(one.name) || {};
      const merged = { resources: [], ...one };
      for (const name of ["sent_at", "delivered_at", "read_at", "acknowledged_at", "answer", "words"])
        if (receipt[name]) merged[name] = receipt[name];
      const receiptFeature = cop.picture.get(`receipt:${feature.id.slice(feature.id.indexOf(":") + 1)}/${one.name}`);
      if (receiptFeature && receiptFeature.geometry) merged.geometry = receiptFeature.geometry;
      return { ...merged, step: further(SERVER[one.state] || one.state || "queued", stepOf(merged)) };
    });
  };
  const isReached = ({ step }) => STEPS.indexOf(step) >= STEPS.indexOf("delivered");
  const withoutAccount = (feature) => {
    const held = (answers.get(feature.id) || {}).content;
    return (held && held.unreachable) || feature.properties.unreachable || [];
  };

  /* How many have come to each step, or further. */
  const tally = (found) => {
    const at = STEPS.map(() => 0);
    for (const { step } of found) at[STEPS.indexOf(step)] += 1;
    for (let n = STEPS.length - 2; n >= 0; n -= 1) at[n] += at[n + 1];
    return Object.fromEntries(STEPS.map((step, n) => [step, at[n]]));
  };
  const bars = (reached, steps = STEPS) => {
    const all = reached.queued;
    return cop.h("dl", { class: "receipts" }, ...steps.map((step) => {
      const n = reached[step];
      const bar = cop.h("span", { class: `receipt-bar is-${step}`, "aria-hidden": "true" }, cop.h("span", {}));
      bar.firstChild.style.width = `${all ? (100 * n) / all : 0}%`;
      return cop.h("div", { class: "receipt-line", "data-step": step },
        cop.h("dt", {}, cop.h("span", { "aria-hidden": "true", text: `${SIGNS[step]} ` }), cop.t(`order.${step}`)),
        cop.h("dd", {}, bar, cop.h("b", { class: "num", text: cop.t("order.count", { n, all }) })));
    }));
  };

  /* A part of the panel that thousands of answers a minute do not draw anew thousands of times;
   * *look(feature)* says what it must not wait for. */
  const calmly = (render, look = () => "") => {
    let last = null;
    return (feature) => {
      const key = [feature.id, feature.properties.version, cop.lang, isKnown(feature.id), look(feature)].join("|");
      if (last && last.key === key && last.node && last.node.isConnected && performance.now() - last.at < CALM_MS) {
        cop.detail.refreshSoon();
        return last.node;
      }
      const node = render(feature);
      const many = counted && counted.id === feature.id && counted.found.length > MANY;
      last = many ? { key, node, at: performance.now() } : null;
      return node;
    };
  };
  const isKnown = (id) => Boolean((answers.get(id) || {}).content);
  /* The first of many rows, and how many more there are. */
  const rows = (found, row, most = MOST_ROWS) =>
    [...found.slice(0, most).map(row),
      found.length > most ? cop.h("li", { class: "quiet reach-row", text: cop.t("desk.more", { n: found.length - most }) }) : null].filter(Boolean);

  /* Whom it has not reached: nobody's phone first, then who was heard of longest ago. */
  const heardAt = ({ last_contact_at: heard }) => (heard ? cop.ms(heard) : 0);
  const missing = (found) =>
    found.filter((one) => !isReached(one)).sort((a, b) => heardAt(a) - heardAt(b) || (a.name < b.name ? -1 : 1));
  const teamLinks = (ids) =>
    ids.flatMap((id, n) => [n ? cop.desk.comma() : null, cop.desk.link(id)]).filter(Boolean);
  const missingRow = (one, since, known) =>
    cop.h("li", { class: "reach-row" },
      cop.h("div", { class: "reach-who" }, cop.h("b", { text: one.name }),
        cop.h("span", { class: "chip is-warn", text: cop.t(one.step === "sent" ? "reach.sent-only" : "order.not-delivered") }),
        since === null ? null : cop.ageNode(since)),
      one.resources.length ? cop.h("div", {}, ...teamLinks(one.resources)) : null,
      known ? cop.h("div", { class: "reach-devices", text: deviceWords(one) }) : null,
      contactNode(contactOf(one.resources)));
  const missingList = (feature, found, since) => {
    const late = missing(found);
    const alone = withoutAccount(feature);
    if (!late.length && !alone.length) return null;
    const known = isKnown(feature.id);
    return cop.h("div", { class: "remark is-warn reach-missing" },
      late.length ? cop.h("p", { text: `⊘ ${cop.t("reach.missing", { n: late.length })}` }) : null,
      late.length ? cop.h("ul", { class: "reach-list", "data-scroll": "" }, ...rows(late, (one) => missingRow(one, since, known))) : null,
      alone.length ? cop.h("p", { text: `▲ ${cop.t("order.unreachable", { n: alone.length })}` }) : null,
      alone.length ? cop.h("ul", { class: "reach-list" }, ...rows(alone, (id) =>
        cop.h("li", { class: "reach-row" }, cop.h("div", {}, cop.desk.link(id)), contactNode(contactOf([id]))))) : null);
  };
  const waiting = (found) => {
    const rest = found.filter((one) => isReached(one) && one.step !== "acknowledged");
    if (!rest.length) return null;
    return cop.h("details", { class: "more-details", "data-key": "unanswered", open: rest.length <= 8 },
      cop.h("summary", { text: cop.t("order.unanswered", { n: rest.length }) }),
      cop.h("ul", { class: "unanswered" }, ...rows(rest, (one) =>
        cop.h("li", {}, cop.h("b", { text: one.name }), " ", cop.h("span", { text: cop.t(`order.${one.step}`) })))));
  };
  const failedNote = (id) =>
    (answers.get(id) || {}).failed
      ? cop.h("p", { class: "remark is-stale", text: cop.t("reach.not-read") }) : null;

  const ofTask = (feature) => {
    const p = feature.properties;
    if (!cop.desk.isCommand || p.status === "proposed" || !cop.desk.OPEN.includes(p.status)) return null;
    const found = people(feature);
    const since = cop.ms((p.steps || {}).assigned);
    const empty = isKnown(feature.id) && !found.length;
    return cop.desk.part("reach.title", mark(feature), missingList(feature, found, since),
      empty && !withoutAccount(feature).length ? cop.h("p", { class: "quiet", text: cop.t("reach.nobody") }) : null,
      found.length ? bars(tally(found)) : null, waiting(found), failedNote(feature.id));
  };

  /* Tasks that no phone has: since when, for whoever must be told. */
  const unreachedSince = ({ id, properties: p }) => {
    if (p.status !== "assigned") return null;
    const since = cop.ms((p.steps || {}).assigned);
    if (since === null || cop.clock.now() - since < GRACE_MS) return null;
    return since;
  };
  const sign = (since) =>
    cop.h("span", { class: "reach-mark" }, cop.h("span", { "aria-hidden": "true", text: "⊘ " }),
      cop.t("reach.no-phone"), cop.t("comma"), cop.ageNode(since));
  const mark = (feature) => {
    const since = unreachedSince(feature);
    return since === null ? null : sign(since);
  };
  /* Incident -> since when its longest unreached task has waited. */
  const byIncident = () => {
    const found = new Map();
    for (const feature of cop.desk.all("assignment")) {
      const since = feature.properties.incident ? unreachedSince(feature) : null;
      if (since !== null) found.set(feature.properties.incident, Math.min(since, found.get(feature.properties.incident) ?? Infinity));
    }
    return found;
  };

  cop.on("start", () => {
    cop.parts.add({ kind: "assignment", key: "task-reach", order: 15, render: ofTask });
    setInterval(() => { if (isShown() && document.visibilityState === "visible") cop.detail.refresh(); }, AGAIN_MS);
  });
  cop.desk.watch(["order", "assignment"], again);

  cop.reach = {
    people, stepOf, isReached, tally, bars, calmly, rows, isKnown, missing: missingList, waiting, failedNote, withoutAccount, contactNode, contactOf,
    deviceWords, realAge, sign, mark, unreachedSince, byIncident, teamLinks,
  };
})((window.cop = window.cop || {}));
