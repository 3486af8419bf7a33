/* An alert as the message that it came as: sender, number, signature, what could not be read, what
 * it says in further languages, and its bytes. */
(function (cop) {
  "use strict";
  const row = (key, words) =>
    words ? cop.h("div", { class: "fact" }, cop.h("dt", { text: cop.t(key) }), cop.h("dd", { text: words })) : null;
  const when = (iso) => (iso ? cop.time(cop.ms(iso)) : "");
  /* `sender,identifier,sent`: the number alone tells people which. */
  const replaced = (references) => cop.join((references || []).map((one) => one.split(",")[1] || one));

  const wording = (said) =>
    cop.h("details", { class: "wording" },
      cop.h("summary", { text: `${said.language}: ${said.headline || said.area || "–"}` }),
      cop.h("div", { lang: said.language },
        ...["description", "instruction"].filter((name) => said[name])
          .flatMap((name) => said[name].split(/\n+/).filter(Boolean))
          .map((line) => cop.h("p", { text: line }))));

  const isMessage = (p) => p.identifier || p.original;
  cop.on("start", () => {
    cop.parts.add({ kind: "alert", key: "message", order: 84, render({ id, properties: p }) {
      if (!isMessage(p)) return null;
      const defects = p.defects || [];
      const wordings = p.wordings || [];
      return cop.h("section", { class: "detail-part" },
        cop.h("h3", { text: cop.t("cap.title") }),
        cop.h("dl", {},
          row("cap.type", p.msg_type ? cop.t(`msg.${p.msg_type}`) : ""),
          row("cap.sender", p.sender),
          row("cap.identifier", p.identifier),
          row("cap.replaces", replaced(p.references)),
          row("cap.author", p.author),
          row("cap.released-by", p.released_by),
          row("cap.released", when(p.released_at)),
          p.original ? row("cap.signature", cop.t(`signature.${p.signature || "none"}`)) : null),
        defects.length ? cop.h("h4", { text: cop.t("cap.defects") }) : null,
        defects.length ? cop.h("ul", { class: "plain" }, ...defects.map((words) => cop.h("li", { text: words }))) : null,
        wordings.length ? cop.h("h4", { text: cop.t("cap.wordings") }) : null,
        ...wordings.map(wording),
        p.original ? cop.h("a", { class: "button ghost", "data-key": "original", download: "",
          href: `/api/v1/alerts/${encodeURIComponent(id)}/original`, text: cop.t("cap.original") }) : null);
    } });
    cop.parts.add({ kind: "alert", key: "exercise", order: 4, render: ({ properties }) =>
      (properties.exercise ? cop.h("p", { class: "remark is-stale", text: cop.t("cap.exercise") }) : null) });
  });
})((window.cop = window.cop || {}));
