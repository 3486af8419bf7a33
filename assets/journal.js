/* The journal: who did what, when, from where, before and after; searched on the server. */
(function (cop) {
  "use strict";
  const PAGE = 50;
  let entries = [];
  let next = null;
  let asked = 0; // of several searches under way only the last one's answer is shown
  const inputs = {};

  const query = (more) => {
    const wanted = new URLSearchParams();
    for (const name of ["q", "who", "action", "entity"])
      if (inputs[name].value.trim()) wanted.set(name, inputs[name].value.trim());
    for (const name of ["since", "until"]) {
      const at = inputs[name].value && new Date(`${inputs[name].value}:00+08:00`);
      if (at && !Number.isNaN(at.getTime())) wanted.set(name, at.toISOString());
    }
    for (const name in more) wanted.set(name, String(more[name]));
    return wanted;
  };
  const note = (words) => {
    const line = cop.$("cop-journal-note");
    line.hidden = !words;
    cop.write(line, words);
  };

  const load = async (before = null) => {
    asked += 1;
    const mine = asked;
    if (before === null) note(cop.t("loading"));
    const content = await cop.read(`/journal?${query({ limit: PAGE, ...(before ? { before } : {}) })}`);
    if (mine !== asked) return;
    if (!content) return note(cop.t("journal.unread"));
    entries = before === null ? content.entries : [...entries, ...content.entries];
    next = content.next;
    cop.write(cop.$("cop-journal-head"), content.head.number
      ? cop.t("journal.head", { n: content.head.number, hash: content.head.hash.slice(0, 12) }) : "");
    render();
    return undefined;
  };

  const changeWords = ({ id, kind, before, after }) => {
    const side = (name, value) => cop.fields.words(name, value, kind);
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(cop.fields.shown);
    const made = Object.keys(before).length === 0;
    const what = cop.h("b", { text: cop.fields.nameOf(id) });
    const lines = names.map((name) => cop.h("li", {},
      cop.h("span", { class: "journal-field", text: `${cop.fields.label(name)}: ` }),
      made ? null : cop.h("del", { text: side(name, before[name]) }), made ? null : " → ",
      cop.h("ins", { text: side(name, after[name]) })));
    return cop.h("div", { class: "journal-change" },
      cop.picture.get(id)
        ? cop.h("button", { class: "link-button", type: "button", on: { click: () => { show(false); cop.select(id); } } }, what)
        : what,
      lines.length ? cop.h("ul", {}, ...lines) : null);
  };
  const row = (entry) => {
    const when = cop.ms(entry.at);
    const from = [entry.from.entrance, entry.from.address].filter(Boolean).join(" · ");
    return cop.h("tr", {},
      cop.h("td", { class: "num", text: String(entry.number) }),
      cop.h("td", {}, cop.h("span", { class: "num", title: cop.seconds(when), text: cop.time(when) })),
      cop.h("td", {}, cop.fields.person(entry.who), cop.h("div", { class: "journal-from", text: from })),
      cop.h("td", {}, cop.term("action", entry.action),
        entry.reason ? cop.h("div", { class: "journal-reason", text: `“${entry.reason}”` }) : null),
      cop.h("td", {}, ...entry.changes.slice(0, 5).map(changeWords),
        entry.changes.length > 5 ? cop.t("list.more", { n: entry.changes.length - 5 }) : null),
      cop.h("td", { class: "journal-hash", title: entry.hash, text: entry.hash.slice(0, 8) }));
  };
  const render = () => {
    cop.$("cop-journal-body").replaceChildren(...entries.map(row));
    note(entries.length ? "" : cop.t("journal.none"));
    cop.$("cop-journal-more").hidden = !next;
    cop.$("cop-journal-export").href = `/api/v1/journal.csv?${query({})}`;
    cop.$("cop-journal-export").hidden = !cop.may("export_journal");
  };

  const build = () => {
    const input = (name, type, key) => {
      inputs[name] = cop.h("input", { type, on: { change: () => load(), keydown: (event) => event.key === "Enter" && load() } });
      return cop.h("label", { class: "field" }, cop.h("span", { "data-t": key }), inputs[name]);
    };
    inputs.action = cop.h("select", { on: { change: () => load() } });
    cop.$("cop-journal-filters").append(
      input("q", "search", "journal.q"), input("who", "search", "journal.who"),
      cop.h("label", { class: "field" }, cop.h("span", { "data-t": "journal.action" }), inputs.action),
      input("entity", "search", "journal.entity"), input("since", "datetime-local", "journal.since"),
      input("until", "datetime-local", "journal.until"));
    cop.$("cop-journal-more").addEventListener("click", () => load(next));
    relabel();
  };
  const relabel = () => {
    const chosen = inputs.action.value;
    const actions = Object.keys(cop.config.words).filter((key) => key.startsWith("action."));
    inputs.action.replaceChildren(cop.h("option", { value: "", text: cop.t("journal.any") }),
      ...actions.map((key) => cop.h("option", { value: key.slice(7), text: cop.t(key), selected: key.slice(7) === chosen })));
    cop.relabel(cop.$("cop-journal-sheet"));
  };
  const show = (on) => {
    cop.showSheet("journal", on);
    if (on) load();
  };

  cop.on("start", () => {
    build();
    for (const node of document.querySelectorAll("[data-journal]"))
      node.addEventListener("click", () => show(cop.$("cop-journal-sheet").hidden));
    cop.backs.push(() => {
      if (cop.$("cop-journal-sheet").hidden) return false;
      show(false);
      return true;
    });
  });
  cop.on("me", () => {
    for (const node of document.querySelectorAll("[data-journal=open]")) node.hidden = !cop.may("read_journal");
    if (cop.may("read_journal") && cop.asked("journal") !== null) show(true);
  });
  cop.on("lang", () => inputs.action && (relabel(), cop.$("cop-journal-sheet").hidden || render()));
  cop.keys.g = () => cop.may("read_journal") && show(cop.$("cop-journal-sheet").hidden);
  cop.journal = { show };
})((window.cop = window.cop || {}));
