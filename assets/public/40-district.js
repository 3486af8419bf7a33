/* Shows of what lies in other districts only how much there is, as the reader chose. */
(function (cop) {
  "use strict";
  const main = cop.$("main");
  let chosen = cop.prefs.get("district", "");
  let isWhole = false; // for once, everything is shown
  if (!cop.config.districts[chosen]) chosen = "";

  const nameOf = (code) => cop.districtName(code);
  cop.districtName = (code) => {
    const { name, names } = cop.config.districts[code];
    return typeof name === "string" ? name : cop.say(name || names);
  };
  const isElsewhere = (node) => {
    const { district } = node.dataset;
    return Boolean(chosen && !isWhole && district && district !== chosen);
  };
  const notes = new Map(); // list -> the line below it
  const note = (list, hidden) => {
    let line = notes.get(list);
    if (!line && !hidden) return;
    if (!line) {
      const words = cop.h("span", {});
      const button = cop.h("button", { type: "button", class: "button is-plain", text: cop.t("district.show-all"), on: { click: () => showAll(list) } });
      line = { node: cop.h("p", { class: "p-elsewhere" }, words, button), words };
      notes.set(list, line);
      list.after(line.node);
    }
    line.node.hidden = !hidden;
    cop.write(line.words, hidden ? cop.t(hidden === 1 ? "district.hidden.one" : "district.hidden", { n: hidden }) : "");
  };
  const apply = () => {
    for (const list of main.querySelectorAll("ul[id^=list-]")) {
      let hidden = 0;
      for (const node of list.children) {
        const away = isElsewhere(node);
        node.classList.toggle("is-elsewhere", away);
        hidden += away ? 1 : 0;
      }
      note(list, hidden);
    }
    cop.emit("district", chosen);
  };
  const showAll = (list) => {
    isWhole = true;
    apply();
    const first = list.querySelector("li");
    if (first) {
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    }
    cop.tell(cop.t("district.all-shown"));
  };
  const link = cop.h("a", {});
  const place = cop.h("li", { class: "p-own-page", hidden: true });
  const showLink = () => {
    place.hidden = !chosen;
    if (!chosen) return;
    link.href = `${location.pathname.match(/^\/[a-z]+\//)[0]}district/${cop.config.districts[chosen].slug}/`;
    cop.write(link, cop.t("district.page", { district: nameOf(chosen) }));
    place.append(link);
  };

  cop.district = {
    showAll,
    get chosen() { return chosen; },
    link: place,
    set(code) {
      chosen = code;
      isWhole = false;
      cop.prefs.set("district", code);
      showLink();
      apply();
      const hidden = main.querySelectorAll(".is-elsewhere").length;
      cop.tell(code ? cop.t("district.chosen", { district: nameOf(code), n: hidden }) : cop.t("district.all-shown"));
    },
    chooser() {
      const rows = Object.keys(cop.config.districts).map((code) =>
        cop.h("option", { value: code, selected: code === chosen, text: nameOf(code) }));
      const select = cop.h("select", {
        id: "tool-district", class: "tool", "aria-label": cop.t("tools.district"),
        on: { change: () => cop.district.set(select.value) },
      }, cop.h("option", { value: "", text: cop.t("tools.everywhere") }), ...rows);
      return select;
    },
    start() {
      if (document.body.dataset.district || !main.querySelector("ul[id^=list-]")) return;
      showLink();
      apply();
      cop.on("blocks", apply);
    },
  };
})(window.cop);
