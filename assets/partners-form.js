/* A message to a partner being written; one a partner, kept with what was typed while the page is
 * open. */
(function (cop) {
  "use strict";
  const SEVERITIES = ["Extreme", "Severe", "Moderate", "Minor", "Unknown"];
  const NEVER_ABOUT = ["message", "partner", "feed_status", "attention", "receipt", "draft", "layer"];
  const titleOf = (id) => cop.desk.nameOf(id);

  /* partner: its id; sent(content), dropped(): when it is over. */
  cop.partnerForm = ({ partner, sent, dropped }) => {
    let ids = []; // what it is about
    let answers = null; // id of the message that it answers
    let byHand = false;
    let key = cop.newKey(); // a repetition of the same words is the same message

    const subject = cop.h("input", { type: "text", name: "subject", maxlength: "300", required: true, autocomplete: "off" });
    const words = cop.h("textarea", { name: "words", rows: "4", maxlength: "4000" });
    const severity = cop.h("select", { name: "severity" });
    const way = cop.h("select", { name: "direction" });
    const cap = cop.h("input", { type: "checkbox", name: "cap" });
    const file = cop.h("input", { type: "file", name: "document", accept: ".xml,.cap,application/xml,text/xml" });
    let attached = null; // what the server said of the document that goes, or came, with it
    const field = (name, input) => cop.h("label", { class: "field" }, cop.h("span", { "data-t": name }), input);
    const wayField = field("partners.way", way);
    const fileField = field("partners.document", file);
    const fileSaid = cop.h("p", { class: "hint", role: "status" });
    const capField = cop.h("label", { class: "check" }, cap, cop.h("span", { "data-t": "partners.as-cap" }));
    const about = cop.h("div", { class: "partner-about" });
    const submit = cop.h("button", { class: "button filled", type: "submit" });
    const title = cop.h("h3", {});
    const node = cop.h("form", {
      class: "partner-form acts", "data-acts": "", "data-dirty": "", novalidate: true,
      on: { submit: (event) => { event.preventDefault(); send(); }, input: () => { key = cop.newKey(); } },
    },
    title, wayField, field("partners.subject", subject), field("partners.words", words),
    cop.h("div", { class: "two" }, field("fact.severity", severity)), about, capField, fileField, fileSaid,
    cop.h("div", { class: "verbs" }, submit,
      cop.h("button", { class: "button ghost", type: "button", "data-t": "partners.drop", on: { click: () => dropped() } })));

    const isOut = () => !byHand || way.value === "out";
    const warning = () => ids.map((id) => cop.picture.get(id)).find((one) => one && one.properties.kind === "alert" && one.properties.original);
    const fill = (said) => {
      if (!subject.value) subject.value = cop.say(said.title).slice(0, 300);
      if (!words.value) words.value = cop.say(said.words);
      if (severity.value === "Unknown") severity.value = said.severity;
    };
    /* Kept at once: what it is, and what is wrong with it, is said before anything is sent. */
    async function attach() {
      const [chosen] = file.files;
      attached = null;
      key = cop.newKey();
      if (chosen) {
        submit.disabled = true;
        const said = await cop.act("POST", "/messages/original", new Blob([chosen], { type: "application/xml" }), { at: node, undoable: false });
        submit.disabled = false;
        if (file.files[0] !== chosen) return; // another was chosen meanwhile
        attached = said;
        if (!said) file.value = "";
        else fill(said);
      }
      refresh();
    }
    file.addEventListener("change", attach);
    const attachedWords = () => attached && cop.join([
      `${cop.term("form", attached.form)} ${attached.number}`,
      attached.exercise === Boolean(cop.config.exercise) ? "" : `▲ ${cop.t(attached.exercise ? "partners.document-exercise" : "partners.document-real")}`,
      attached.defects.length ? `▲ ${cop.t("partners.defects")} ${attached.defects.join("; ")}` : "",
    ]);
    async function send() {
      subject.toggleAttribute("aria-invalid", false);
      if (!subject.value.trim()) {
        subject.setAttribute("aria-invalid", "true");
        subject.focus();
        return;
      }
      const body = {
        partner, direction: isOut() ? "out" : "in", subject: subject.value.trim(), words: words.value.trim(),
        lang: cop.lang, severity: severity.value, about: ids, form: cap.checked && warning() && isOut() ? "cap" : "words",
      };
      if (attached) Object.assign(body, { form: attached.form, original: attached.original });
      if (answers) body.answers = answers;
      const done = await cop.act("POST", "/messages", body, {
        at: node, key, undoable: false, done: isOut() && !byHand ? "partners.did-send" : "partners.did-write-down",
        failed: ({ status }) => { if (status >= 400 && status < 500) key = cop.newKey(); }, // else it may have been done
      });
      if (done) sent(done);
    }

    const chip = (words_, label, drop) =>
      cop.h("span", { class: "chip" }, words_, cop.h("button", { class: "chip-x", type: "button", "aria-label": label, "data-key": label, on: { click: drop } }, cop.icon("close", 9)));
    const changed = () => {
      key = cop.newKey();
      refresh();
    };
    /* Writes what follows from the picture and from what is chosen; what is typed stays. */
    let look = "";
    const refresh = () => {
      const selected = cop.selected();
      const feature = selected && cop.picture.get(selected);
      const offered = feature && !NEVER_ABOUT.includes(feature.properties.kind) && !ids.includes(selected) ? selected : null;
      wayField.hidden = !byHand;
      capField.hidden = !warning() || !isOut() || Boolean(attached);
      cop.write(fileSaid, attachedWords() || "");
      fileSaid.hidden = !attached;
      cop.write(title, cop.t("partners.writing", { name: cop.partners.nameOf(partner) }));
      cop.write(submit, cop.t(isOut() && !byHand ? "partners.send" : "partners.write-down"));
      const now = JSON.stringify([ids.map(titleOf), offered && titleOf(offered), answers && titleOf(answers), cop.lang]);
      if (now === look) return;
      look = now;
      const focused = about.contains(document.activeElement);
      about.replaceChildren(...[
        answers ? chip(`${cop.t("partners.answers")} ${titleOf(answers)}`, cop.t("partners.answers-drop"), () => { answers = null; changed(); }) : null,
        ...ids.map((id) => chip(`${cop.t("partners.about")} ${titleOf(id)}`, cop.t("partners.about-drop", { title: titleOf(id) }),
          () => { ids = ids.filter((one) => one !== id); changed(); })),
        offered ? cop.h("button", { class: "button small", type: "button", "data-key": "add", text: `+ ${cop.t("partners.about-add", { title: titleOf(offered) })}`,
          on: { click: () => { ids = [...ids, offered]; changed(); } } }) : null,
        !offered && !ids.length ? cop.h("p", { class: "hint", text: cop.t("partners.about-none") }) : null,
      ].filter(Boolean));
      if (focused) (about.querySelector("button") || submit).focus({ preventScroll: true });
    };
    const relabel = () => {
      const pick = (select, pairs, first) => select.replaceChildren(...cop.desk.options(pairs, select.value || first));
      pick(severity, SEVERITIES.map((code) => [code, cop.term("severity", code)]), "Unknown");
      pick(way, ["out", "in"].map((code) => [code, cop.t(`partners.way-${code}`)]), "out");
      cop.relabel(node);
      refresh();
    };
    way.addEventListener("change", () => refresh());
    relabel();
    return {
      node, refresh, relabel,
      focus: () => subject.focus(),
      setByHand(flag) { byHand = flag; refresh(); },
      addAbout(id) {
        const feature = id && cop.picture.get(id);
        if (feature && !NEVER_ABOUT.includes(feature.properties.kind) && !ids.includes(id)) ids = [...ids, id];
        changed();
      },
      answer(id) {
        answers = id;
        if (!subject.value) subject.value = cop.facts.title(cop.picture.get(id)).slice(0, 300);
        changed();
      },
    };
  };
})((window.cop = window.cop || {}));
