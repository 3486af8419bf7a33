/* What stands in the agreement with a partner, how its line is, and what was shared and when. */
(function (cop) {
  "use strict";
  const row = (key, words) => cop.desk.fact(key, words);
  const moment = (iso) => (iso
    ? cop.h("span", {}, cop.h("span", { class: "num", text: cop.time(cop.ms(iso)) }), " · ", cop.ageNode(cop.ms(iso))) : cop.t("partners.never"));
  const degrees = (value) => value.toFixed(2);
  const areaWords = (area) => {
    if (typeof area === "string") return cop.say(cop.config.districts[area]) || area;
    const [west, south, east, north] = area.map(degrees);
    return cop.t("partners.box", { west, south, east, north });
  };
  const scopeWords = ({ kinds, areas }) => {
    if (!kinds.length) return cop.t("partners.nothing");
    const where = areas === "all" ? cop.t("partners.everywhere") : cop.join(areas.map(areaWords));
    return cop.t("partners.kinds-in", { kinds: cop.partners.kindsWords(kinds), areas: where });
  };
  const countWords = (put, removed) => cop.join([
    ...Object.entries(put).map(([kind, n]) => cop.t("partners.kind-count", { kind: cop.term("kind", kind), n })),
    removed ? cop.t("partners.removed", { n: removed }) : "",
  ]) || cop.t("partners.nothing");
  const timerWords = (timers) => cop.join(["acknowledge", "task", "notice"].filter((name) => timers[`${name}_min`])
    .map((name) => cop.t(`partners.timer-${name}`, { age: cop.facts.hours(timers[`${name}_min`]) }))) || cop.t("partners.no-timers");

  /* The line, from the picture: it is true without asking anybody. */
  const line = (p) => cop.h("dl", {},
    row("partners.received", moment(p.received_at)),
    row("partners.sent", moment(p.sent_at)),
    p.waiting ? row("partners.waiting", `◔ ${p.waiting}`) : null,
    p.failures ? row("partners.failures", p.failures) : null,
    p.held ? row("partners.held", p.held) : null,
    p.refused ? row("partners.refused", p.refused) : null);
  const refusals = (p) => ((p.refusals || []).length
    ? cop.h("ul", { class: "plain partner-refusals" }, ...p.refusals.map((words) => cop.h("li", { lang: "en", text: words }))) : null);

  /* The agreement; *said* is what the server says of it, where it has. */
  const agreement = (p, said) => {
    const terms = said && said.terms;
    return cop.h("dl", {},
      row("partners.agreement", p.agreement),
      row("partners.holds", cop.t("partners.holds-words", { from: cop.partners.dated(p.agreed_from), until: cop.partners.dated(p.agreed_until) })),
      terms && terms.agreement.words ? row("partners.agreed", terms.agreement.words) : null,
      row("partners.installation", p.installation || cop.t("partners.by-hand")),
      row("partners.lei", p.lei),
      (p.agencies || []).length ? row("partners.agencies", cop.join(p.agencies.map(cop.desk.agency))) : null,
      row("partners.shares", terms ? scopeWords(terms.shares) : cop.partners.kindsWords(p.shares) || cop.t("partners.nothing")),
      terms && terms.shares.publishers.length ? row("partners.publishers", cop.join(terms.shares.publishers.map(cop.desk.agency))) : null,
      row("partners.takes", terms ? scopeWords(terms.takes) : cop.partners.kindsWords(p.takes) || cop.t("partners.nothing")),
      row("partners.passing", cop.join([cop.t(p.onward ? "partners.onward-yes" : "partners.onward-no"), p.gives_onward ? cop.t("partners.gives-onward") : ""])),
      terms ? row("partners.public", cop.t(terms.publish ? "partners.publish-yes" : "partners.publish-no")) : null,
      terms ? row("partners.timers", timerWords(terms.timers)) : null);
  };

  const shared = (said) => {
    const { shared: all, log } = said;
    return [
      cop.h("h4", { text: cop.t("partners.shared") }),
      cop.h("dl", {},
        row("partners.shared-asked", moment(all.asked_at)),
        row("partners.shared-given", moment(all.given_at)),
        row("partners.shared-all", countWords(all.put, all.removed)),
        all.window ? cop.h("div", { class: "fact" },
          cop.h("dt", { text: cop.t("partners.shared-now", { time: cop.time(cop.ms(all.window.since)) }) }),
          cop.h("dd", { text: countWords(all.window.put, all.window.removed) })) : null),
      cop.h("h4", { text: cop.t("partners.log") }),
      log.length ? cop.h("ol", { class: "entries" }, ...log.map((one) =>
        cop.h("li", { class: "partner-entry" }, cop.h("span", { class: "num", text: cop.time(cop.ms(one.at)) }), cop.h("span", { lang: "en", text: one.what }))))
        : cop.h("p", { class: "quiet", text: cop.t("partners.log-none") }),
    ];
  };
  /* *said*: {content, at, failed} of what the server was asked, or null. */
  cop.partnerTerms = (p, said) => [
    line(p), refusals(p), agreement(p, said && said.content),
    said && said.failed ? cop.h("p", { class: "remark is-unknown", text: cop.t("partners.not-read") }) : null,
    ...(said && said.content ? shared(said.content) : []),
    said && said.at ? cop.h("p", { class: "hint", text: cop.t("partners.read-at", { time: cop.time(said.at) }) }) : null,
  ].filter(Boolean);
})((window.cop = window.cop || {}));
