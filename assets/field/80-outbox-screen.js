/* What was done on this phone, and how far each has come. */
((cop) => {
  "use strict";
  const labelOf = ({ label, kind }) =>
    label ? cop.t(label.key, label.values || {}) : cop.t(`outbox.kind-${kind}`);
  /* In the operation's time: when it was done. */
  const whenOf = ({ body, at }) => cop.time(body && body.at ? cop.ms(body.at) : at);
  /* "It is now: …": the words that tell a conflict. */
  const currentWords = ({ problem }) => {
    const p = problem && problem.current && problem.current.properties;
    return p && p.status ? cop.t("outbox.now", { words: cop.term("status", p.status) }) : "";
  };
  const discard = async (action) => {
    const sure = await cop.ui.ask({
      title: cop.t("outbox.discard-title"), confirm: "outbox.discard",
      words: cop.t(action.state === "queued" && action.tries ? "outbox.discard-maybe" : "outbox.discard-words"),
    });
    if (sure && !(await cop.outbox.discard(action.key))) cop.ui.toast(cop.t("outbox.discard-now"), { bad: true });
  };
  const row = (action) => {
    const { state, tries, problem, pieces, key } = action;
    const lines = [
      pieces && state !== "confirmed" ? cop.t("outbox.pieces", { n: pieces.had, all: pieces.total }) : "",
      state === "queued" && tries ? cop.t("outbox.tries", { n: tries }) : "",
      problem ? cop.problemWords(problem) : "", currentWords(action), ...cop.warningWords(action),
    ].filter(Boolean);
    return cop.h("li", { class: `card outbox-row is-${state}`, "data-action": key },
      cop.h("div", { class: "row" }, cop.h("b", { text: labelOf(action) }), cop.ui.pendingChip([action])),
      cop.h("p", { class: "quiet num", text: whenOf(action) }),
      ...lines.map((words) => cop.h("p", { class: state === "refused" ? "is-bad" : "quiet", text: words })),
      state === "refused" || state === "queued"
        ? cop.h("div", { class: "verbs" },
          state === "refused" ? cop.ui.button("outbox.retry", () => cop.outbox.retry(key), { key: `retry-${key}` }) : null,
          cop.ui.button("outbox.discard", () => discard(action), { kind: "ghost", key: `discard-${key}` }))
        : null);
  };
  const shown = () => cop.field.actions().filter((action) => !cop.isQuiet(action)).reverse();
  const count = (state) => shown().filter((action) => action.state === state).length;

  cop.outboxBadge = () => shown().filter(({ state }) => state !== "confirmed").length;
  cop.outboxSummary = () => {
    const waits = shown().filter(cop.outbox.isOpen).length;
    return cop.join([waits ? cop.t("outbox.waiting", { n: waits }) : cop.t("outbox.none"),
      count("refused") ? cop.t("outbox.refused-n", { n: count("refused") }) : ""]);
  };
  let others = 0;
  const readOthers = async () => {
    const me = cop.field.data.me && cop.field.data.me.name;
    const found = [...await cop.outbox.waiting()].reduce((sum, [name, n]) => sum + (name === me ? 0 : n), 0);
    if (found === others) return;
    others = found;
    cop.emit("change");
  };
  cop.on("start", () => cop.field.screen({
    key: "outbox", label: "outbox", icon: "list",
    draw(box) {
      readOthers();
      const all = shown();
      box.append(...[
        cop.h("p", { class: "outbox-sum", role: "status", text: cop.outboxSummary() }),
        others ? cop.h("p", { class: "notice", text: cop.t("outbox.others", { n: others }) }) : null,
        all.some(cop.outbox.isOpen) ? cop.ui.button("outbox.send-now", () => cop.outbox.flush(), { kind: "filled" }) : null,
        cop.h("ul", { class: "rows" }, ...all.map(row)),
      ].filter(Boolean));
    },
  }));
})((window.cop = window.cop || {}));
