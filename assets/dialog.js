/* Questions that must be answered before anything else: a title, what it is about, and verbs. */
(function (cop) {
  "use strict";
  let count = 0;

  /* Ask; gives the value of the verb that was pressed, or null for Esc and "Cancel".
   * buttons: [{value, words, filled, danger}]; a value may be a function, called when pressed,
   * whose null means that the dialog stays. equal: the verbs are answers of one rank, side by side. */
  cop.dialog = ({ title, body, buttons, wide = false, equal = false, focus = null }) =>
    new Promise((resolve) => {
      count += 1;
      const id = `cop-dialog-${count}`;
      let outcome = null;
      const press = ({ value }) => () => {
        const given = typeof value === "function" ? value() : value;
        if (given === null) return;
        outcome = given;
        node.close();
      };
      const verbs = buttons.map((button) =>
        cop.h("button", {
          class: `button${button.filled ? " filled" : ""}${button.danger ? " danger" : ""}`,
          type: "button", text: button.words, "data-verb": typeof button.value === "string" ? button.value : null,
          on: { click: press(button) },
        }));
      const close = cop.h("button", { class: "icon-button", type: "button", "aria-label": cop.t("close"),
        on: { click: () => node.close() } }, cop.icon("close", 16));
      const node = cop.h("dialog", { class: `dialog${wide ? " is-wide" : ""}`, "aria-labelledby": id },
        cop.h("header", {}, cop.h("h2", { id, text: title }), close),
        cop.h("div", { class: "dialog-body", tabindex: wide ? "0" : null }, body),
        verbs.length ? cop.h("footer", { class: equal ? "is-equal" : null }, ...verbs) : null);
      node.addEventListener("keydown", (event) => {
        event.stopPropagation(); // the page's own keys rest
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        const main = buttons.findIndex(({ filled }) => filled);
        if (main >= 0) press(buttons[main])();
      });
      node.addEventListener("close", () => {
        node.remove();
        resolve(outcome);
      });
      document.body.append(node);
      node.showModal();
      const first = focus || node.querySelector("textarea, input, select") || verbs.find((verb) => verb.matches(".filled")) || verbs[0];
      if (first) first.focus();
    });

  /* Ask why; gives the words or null. */
  cop.askReason = async ({ title, verb, danger = false, about = "" }) => {
    const words = cop.h("textarea", { rows: "3", maxlength: "1000", required: true, "aria-label": cop.t("reason") });
    const said = () => {
      if (words.value.trim()) return words.value.trim();
      words.setAttribute("aria-invalid", "true");
      words.focus();
      return null;
    };
    return cop.dialog({
      title,
      body: cop.h("div", { class: "stack" }, about ? cop.h("p", { text: about }) : null,
        cop.h("label", { class: "field" }, cop.h("span", { text: cop.t("reason.ask") }), words)),
      buttons: [{ value: said, words: verb, filled: true, danger }],
    });
  };

  /* The session has ended: sign in here, so that nothing typed is lost. True when it is open. */
  let asking = null;
  const askPassword = async () => {
    const name = cop.h("input", { name: "username", autocomplete: "username", value: cop.me.name || "" });
    const password = cop.h("input", { name: "password", type: "password", autocomplete: "current-password" });
    const note = cop.h("p", { class: "deed-state", role: "status" });
    const field = (key, input) => cop.h("label", { class: "field" }, cop.h("span", { text: cop.t(key) }), input);
    for (;;) {
      const pressed = await cop.dialog({
        title: cop.t("again.title"),
        body: cop.h("div", { class: "stack" }, cop.h("p", { text: cop.t("again.words") }),
          field("again.name", name), field("again.password", password), note),
        focus: cop.me.name ? password : name,
        buttons: [{ value: "in", words: cop.t("again.verb"), filled: true }],
      });
      if (pressed !== "in") return false;
      try {
        const answer = await fetch("/api/v1/session", {
          method: "POST", headers: { "Content-Type": "application/json" },
          body: JSON.stringify({ username: name.value.trim(), password: password.value }),
        });
        if (answer.ok) {
          await cop.readMe();
          cop.link.resume();
          return true;
        }
        cop.write(note, cop.t(answer.status === 429 ? "again.often" : "again.wrong"));
      } catch {
        cop.write(note, cop.t("problem.network"));
      }
      note.classList.add("is-bad");
      password.value = "";
    }
  };
  cop.signInAgain = () => {
    asking = asking || askPassword().finally(() => { asking = null; });
    return asking;
  };

  /* Two people changed one thing. Gives "mine", "theirs" or null: nothing decided yet. */
  const whoChanged = async (id) => {
    if (cop.me.audience !== "command") return null;
    const content = await cop.read(`/journal?${new URLSearchParams({ entity: id, limit: "1" })}`);
    return content && content.entries && content.entries[0] ? content.entries[0] : null;
  };
  const changedFields = (base, current) => {
    if (!base) return [];
    const names = new Set([...Object.keys(base.properties), ...Object.keys(current.properties)]);
    return [...names].filter((name) => cop.fields.shown(name, current.properties.kind) &&
      JSON.stringify(base.properties[name]) !== JSON.stringify(current.properties[name]));
  };
  cop.conflict = async ({ id, body, base, current }) => {
    const mine = cop.fields.ofBody(body || {});
    const theirs = changedFields(base, current);
    const names = [...new Set([...Object.keys(mine), ...theirs])];
    const value = (name, from) => cop.fields.words(name, from, current.properties.kind);
    const stored = (name) => (name === "geometry" ? current.geometry : current.properties[name]);
    const shown = (name) => (name === "geometry" ? base && base.geometry : base && base.properties[name]);
    const rows = names.map((name) => {
      const now = value(name, stored(name));
      const wanted = name in mine ? value(name, mine[name]) : value(name, shown(name));
      const differs = now !== wanted;
      return cop.h("tr", { class: differs ? "is-different" : null },
        cop.h("th", { scope: "row", text: cop.fields.label(name, current.properties.kind) }),
        cop.h("td", { "data-side": cop.t("conflict.mine") }, name in mine ? cop.h("b", { text: wanted })
          : cop.h("span", { class: "was", text: cop.t("conflict.seen", { words: wanted }) })),
        cop.h("td", { "data-side": cop.t("conflict.stored") },
          theirs.includes(name) ? cop.h("b", { text: now }) : now,
          differs ? cop.h("span", { class: "chip is-warn", text: cop.t("conflict.differs") }) : null));
    });
    const who = cop.h("p", { class: "conflict-who", text: cop.t("conflict.unknown") });
    whoChanged(id || current.id).then((entry) => {
      if (entry) cop.write(who, cop.t("conflict.who", { who: cop.fields.person(entry.who), time: cop.time(cop.ms(entry.at)) }));
    });
    return cop.dialog({
      title: cop.t("conflict.title"), wide: true,
      body: cop.h("div", { class: "stack" }, who,
        cop.h("table", { class: "conflict" },
          cop.h("thead", {}, cop.h("tr", {}, cop.h("td", {}),
            cop.h("th", { scope: "col", text: cop.t("conflict.mine") }),
            cop.h("th", { scope: "col", text: cop.t("conflict.stored") }))),
          cop.h("tbody", {}, ...rows))),
      buttons: [
        { value: "theirs", words: cop.t("conflict.keep") },
        { value: "mine", words: cop.t("conflict.apply"), filled: true },
      ],
    });
  };
})((window.cop = window.cop || {}));
