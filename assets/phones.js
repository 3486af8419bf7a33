/* The people and phones of a team or facility: who belongs to it, when each was last heard of, and
 * the end of a sign-in, where a phone is lost with what is stored on it. */
(function (cop) {
  "use strict";
  const AGAIN_MS = 20000;
  const known = new Map(); // id -> {accounts, failed, at, asking}
  const opened = new Map(); // account -> {sessions, failed}: whose sign-ins stand open

  const agencyOf = ({ properties: p }) => p.agency || p.publisher;
  const mayEnd = (feature) => cop.desk.may("end_sign_in", { agencies: [agencyOf(feature)] });

  async function load(feature) {
    const { id } = feature;
    const held = known.get(id) || {};
    if (held.asking) return;
    known.set(id, { ...held, asking: true });
    const content = await cop.read(`/accounts?${feature.properties.kind}=${encodeURIComponent(id)}`);
    known.set(id, { accounts: content ? content.accounts : held.accounts, failed: !content, at: performance.now(), asking: false });
    cop.detail.refresh();
  }
  async function loadSessions(name) {
    const content = await cop.read(`/accounts/${encodeURIComponent(name)}/sessions`);
    const held = opened.get(name);
    if (!held) return; // closed again meanwhile
    opened.set(name, { sessions: content ? content.sessions : held.sessions, failed: !content });
    cop.detail.refresh();
  }

  /* Ending: which phone, and whether what is on it must go. */
  const askEnd = async (name, session) => {
    const choice = (value, key) =>
      cop.h("label", { class: "check" }, cop.h("input", { type: "radio", name: "lost", value, checked: value === "no" }),
        cop.h("span", {}, cop.h("b", { text: cop.t(`phones.${key}`) }), cop.h("small", { text: cop.t(`phones.${key}-more`) })));
    const choices = cop.h("div", { class: "stack phone-choice", role: "radiogroup", "aria-label": cop.t("phones.why") },
      choice("no", "end-only"), choice("yes", "lost"));
    const isLost = () => choices.querySelector("input:checked").value === "yes";
    const pressed = await cop.dialog({
      title: cop.t(session ? "phones.end-one-title" : "phones.end-title", { name }),
      body: cop.h("div", { class: "stack" },
        session ? cop.h("p", { text: agentWords(session) }) : cop.h("p", { text: cop.t("phones.end-all-words", { name }) }), choices),
      buttons: [{ value: () => (isLost() ? "lost" : "end"), words: cop.t("phones.go-on"), filled: true }],
    });
    if (pressed !== "lost") return pressed;
    return cop.dialog({
      title: cop.t("phones.lost-title"),
      body: cop.h("div", { class: "stack" }, cop.h("p", { text: cop.t("phones.lost-words", { name }) }), cop.h("p", { text: cop.t("phones.lost-unsent") })),
      buttons: [{ value: "lost", words: cop.t("phones.lost-verb"), filled: true, danger: true }],
    });
  };
  async function end(at, feature, name, session = null) {
    const chosen = await askEnd(name, session);
    if (!chosen) return;
    const path = `/accounts/${encodeURIComponent(name)}/sessions${session ? `/${encodeURIComponent(session.ref)}` : ""}`;
    const done = await cop.act("DELETE", chosen === "lost" ? `${path}?lost=true` : path, undefined,
      { at, undoable: false, done: chosen === "lost" ? "phones.did-lost" : "phones.did-end" });
    if (!done) return;
    if (opened.has(name)) loadSessions(name);
    load(feature);
  }

  const agentWords = ({ agent, label }) => label || agent || cop.t("phones.unknown-device");
  const sessionRow = (feature, name, session) =>
    cop.h("li", { class: "phone-session acts" },
      cop.h("div", {}, cop.h("b", { text: agentWords(session) }),
        cop.h("span", { class: "reach-devices", text: [cop.t("phones.since", { age: cop.reach.realAge(session.started_at) }),
          cop.t("phones.used", { age: cop.reach.realAge(session.seen_at) })].join(" · ") })),
      mayEnd(feature) ? cop.desk.button("phones.end-one", (at) => end(at, feature, name, session), { kind: "small", label: `${name}, ${agentWords(session)}, ${cop.time(cop.ms(session.started_at))}` }) : null);
  const sessions = (feature, { name }) => {
    const held = opened.get(name);
    const node = cop.h("details", { class: "more-details", open: Boolean(held) },
      cop.h("summary", { "data-key": `sign-ins ${name}`, text: cop.t("phones.sign-ins"), "aria-label": `${cop.t("phones.sign-ins")}: ${name}`,
        on: { click: (event) => {
          event.preventDefault();
          if (opened.has(name)) opened.delete(name);
          else {
            opened.set(name, {});
            loadSessions(name);
          }
          cop.detail.refresh();
        } } }));
    if (!held) return node;
    if (held.failed) node.append(cop.h("p", { class: "remark is-stale", text: cop.t("reach.not-read") }));
    else if (!held.sessions) node.append(cop.h("p", { class: "skeleton quiet", text: cop.t("loading.short") }));
    else if (!held.sessions.length) node.append(cop.h("p", { class: "quiet", text: cop.t("reach.no-device") }));
    else node.append(cop.h("ul", {}, ...held.sessions.map((session) => sessionRow(feature, name, session))));
    return node;
  };
  const accountRow = (feature, account) =>
    cop.h("li", { class: "phone-account acts" },
      cop.h("div", { class: "reach-who" }, cop.h("b", { text: account.name }), cop.h("span", { class: "quiet", text: cop.term("one", account.role) })),
      cop.h("div", { class: "reach-devices", text: cop.reach.deviceWords(account) }),
      account.devices ? sessions(feature, account) : null,
      account.devices && mayEnd(feature)
        ? cop.desk.button("phones.end", (at) => end(at, feature, account.name), { kind: "small danger", label: account.name }) : null);

  const part = (feature) => {
    const p = feature.properties;
    if (!cop.desk.isCommand || !mayEnd(feature) || (p.kind === "facility" && !cop.facilities.isKept(p))) return null;
    const held = known.get(feature.id) || {};
    if (!held.asking && (!held.at || performance.now() - held.at > AGAIN_MS)) load(feature);
    const accounts = held.accounts;
    const mayAsk = p.kind === "resource" && cop.desk.may("issue_order", { agencies: [agencyOf(feature)] });
    return cop.desk.part("phones.title",
      held.failed ? cop.h("p", { class: "remark is-stale", text: cop.t("reach.not-read") }) : null,
      !accounts ? (held.failed ? null : cop.h("p", { class: "skeleton quiet", text: cop.t("loading.short") }))
        : accounts.length ? cop.h("ul", { class: "phone-accounts" }, ...accounts.map((account) => accountRow(feature, account)))
          : cop.h("p", { class: "remark is-warn", text: `▲ ${cop.t("phones.none")}` }),
      cop.reach.contactNode(p.contact),
      mayAsk && accounts && accounts.length
        ? cop.desk.acts(cop.desk.button("roll.ask", () => cop.roll.compose({ mode: "resource", resource: [feature.id] }))) : null);
  };

  cop.on("start", () => {
    cop.parts.add({ kind: ["resource", "facility"], key: "phones", order: 30, render: part });
    setInterval(() => {
      const { feature } = cop.selection();
      if (feature && document.visibilityState === "visible" && ["resource", "facility"].includes(feature.properties.kind)) cop.detail.refresh();
    }, AGAIN_MS);
  });
  cop.on("select", () => opened.clear());
})((window.cop = window.cop || {}));
