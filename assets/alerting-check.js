/* What is looked at before a warning of our own goes: each point with its sign and its word. */
(function (cop) {
  "use strict";
  const SIGNS = { ok: "✓", caution: "▲", forbids: "✕", unknown: "?" };
  const WORST = ["forbids", "caution", "unknown", "ok"];
  const AGAIN_MS = 60000; // what it touches changes without it
  const AFTER_FAILURE_MS = 8000;

  const rank = ({ level }) => WORST.indexOf(level in SIGNS ? level : "unknown");
  const sign = (level) =>
    cop.h("span", { class: `check-sign is-${level}`, "aria-hidden": "true", text: SIGNS[level] || "?" });

  const sum = (items) => {
    const count = (level) => items.filter((one) => one.level === level).length;
    const [bad, warn] = [count("forbids"), count("caution")];
    if (bad) return ["forbids", cop.t("alerting.sum-forbids", { n: bad })];
    if (warn) return ["caution", cop.t("alerting.sum-caution", { n: warn })];
    return ["ok", cop.t("alerting.sum-ok")];
  };

  /* Give {node, refresh, stale, end, items}. `simplify(at)` is called by its button; `changed` each
   * time that something new is known. */
  cop.alertCheck = ({ id, simplify = null, changed }) => {
    const it = { items: null, at: null, isOld: false, failed: false };
    let timer = null;
    let asked = 0;
    const list = cop.h("ul", { class: "check-list" });
    const head = cop.h("p", { class: "check-sum" });
    const note = cop.h("p", { class: "hint" });
    it.node = cop.h("section", { class: "check-box", tabindex: "0", "aria-label": cop.t("alerting.check"), "data-t-label": "alerting.check" },
      cop.formWord("h3", "alerting.check"), head, list, note);

    const row = (item) =>
      cop.h("li", { class: `check-item is-${item.level}`, "data-check": item.key },
        sign(item.level),
        cop.h("div", {},
          cop.h("b", { text: cop.say(item.title) }),
          cop.h("span", { class: "check-level", text: cop.term("level", item.level) }),
          cop.h("p", { text: cop.say(item.words) }),
          item.key === "vertices" && item.can_simplify && simplify
            ? cop.h("div", { class: "acts" }, cop.h("button", {
              class: "button", type: "button", "data-key": "simplify", text: cop.t("alerting.simplify"),
              on: { click: (event) => simplify(event.currentTarget.parentNode) },
            })) : null));
    const draw = () => {
      const held = list.contains(document.activeElement) && document.activeElement.dataset.key;
      const items = it.items || [];
      list.replaceChildren(...[...items].sort((a, b) => rank(a) - rank(b)).map(row));
      if (held) (list.querySelector(`[data-key="${held}"]`) || it.node).focus();
      it.node.classList.toggle("is-old", it.isOld);
      head.hidden = !it.items;
      if (it.items) {
        const [level, words] = sum(items);
        head.className = `check-sum is-${level}`;
        head.replaceChildren(sign(level), cop.h("span", { text: words }));
      }
      const time = cop.time(it.at);
      cop.write(note, it.failed ? cop.t("alerting.check-failed")
        : it.at === null ? cop.t("alerting.checking")
          : cop.t(it.isOld ? "alerting.check-old" : "alerting.checked", { time }));
    };
    /* Something has changed that is not looked at yet. */
    it.stale = () => {
      it.isOld = it.at !== null;
      draw();
    };
    it.refresh = async () => {
      clearTimeout(timer);
      asked += 1;
      const mine = asked;
      const content = await cop.read(`/drafts/${id}/preflight`);
      if (mine !== asked || !it.node) return;
      it.failed = !content;
      if (content) Object.assign(it, { items: content.items || [], at: cop.clock.now(), isOld: false });
      draw();
      changed();
      timer = setTimeout(it.refresh, content ? AGAIN_MS : AFTER_FAILURE_MS);
    };
    it.forbids = () => it.items === null || it.items.some(({ level }) => level === "forbids");
    it.relabel = () => {
      cop.relabel(it.node);
      draw();
    };
    it.end = () => {
      clearTimeout(timer);
      asked += 1;
    };
    draw();
    return it;
  };
  /* Who will get it, in words, from what was looked at. */
  cop.alertCheck.reach = (check) =>
    (check.items || []).filter(({ key }) => key === "reach").map(({ words }) => cop.say(words));
})((window.cop = window.cop || {}));
