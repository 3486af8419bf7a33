/* A short list of what lies at one place, for the second tap: arrow keys, Enter, Esc. */
(function (cop) {
  "use strict";
  const MOST = 100;
  let box = null;
  let rows = null; // id -> the words of its row
  let returnTo = null;

  const close = ({ focus = false } = {}) => {
    if (!box) return;
    box.remove();
    box = rows = null;
    if (focus && returnTo && returnTo.isConnected) returnTo.focus({ preventScroll: true });
    returnTo = null;
  };
  const pick = (id) => {
    close();
    cop.select(id, { from: "map" });
    const heading = document.querySelector("#cop-detail-body h2");
    if (!cop.isPhone() && heading) cop.map.leaflet.getContainer().focus({ preventScroll: true });
  };
  const fill = (row, feature) => {
    row.symbol.replaceChildren(cop.facts.symbol(feature, 16));
    cop.write(row.title, cop.facts.title(feature));
    cop.write(row.fact, cop.facts.headline(feature));
  };
  const makeRow = (id) => {
    const row = {
      symbol: cop.h("span", { class: "row-symbol" }),
      title: cop.h("span", { class: "row-title" }),
      fact: cop.h("span", { class: "row-sub" }),
    };
    row.button = cop.h(
      "button", { class: "row chooser-row", type: "button", "data-id": id, on: { click: () => pick(id) } },
      row.symbol, cop.h("span", { class: "row-main" }, row.title, row.fact),
    );
    row.node = cop.h("li", {}, row.button);
    fill(row, cop.picture.get(id));
    return row;
  };
  const step = (by) => {
    const buttons = [...box.querySelectorAll(".chooser-row")];
    const at = buttons.indexOf(document.activeElement);
    buttons[Math.max(0, Math.min(buttons.length - 1, at + by))].focus();
  };
  const onKey = (event) => {
    const act = {
      Escape: () => close({ focus: true }), ArrowDown: () => step(1), ArrowUp: () => step(-1),
      Home: () => step(-MOST), End: () => step(MOST),
    }[event.key];
    event.stopPropagation();
    if (!act) return;
    event.preventDefault();
    act();
  };
  /* Beside the place, inside the map; on a phone at the thumb, by its style. */
  const stand = (at) => {
    if (cop.isPhone()) return;
    const map = cop.map.leaflet;
    const { x, y } = map.latLngToContainerPoint(at);
    const size = map.getSize();
    const gap = 22;
    const left = x + gap + box.offsetWidth < size.x ? x + gap : x - gap - box.offsetWidth;
    const top = Math.min(y - 20, size.y - box.offsetHeight - 8);
    box.style.left = `${Math.max(8, left)}px`;
    box.style.top = `${Math.max(8, top)}px`;
  };

  /* Ask which of *ids* is meant, at the place *at*; one alone is chosen at once. */
  cop.choose = (ids, at, from) => {
    close();
    const there = ids.filter((id) => cop.picture.get(id)).slice(0, MOST);
    if (there.length < 2) {
      if (there.length) cop.select(there[0], { from: "map", at });
      return;
    }
    returnTo = from || null;
    rows = new Map(there.map((id) => [id, makeRow(id)]));
    box = cop.h(
      "div", { class: "chooser", role: "dialog", "aria-labelledby": "cop-chooser-title", on: { keydown: onKey } },
      cop.h("header", {},
        cop.h("h2", { id: "cop-chooser-title", text: cop.t("chooser", { n: there.length }) }),
        cop.h("button", { class: "icon-button", type: "button", "aria-label": cop.t("close"),
          on: { click: () => close({ focus: true }) } }, cop.icon("close", 16))),
      cop.h("ul", { class: "scroll" }, ...[...rows.values()].map(({ node }) => node)),
    );
    document.querySelector(".map-box").append(box);
    stand(at);
    box.querySelector(".chooser-row").focus({ preventScroll: true });
  };
  cop.chooser = {
    close,
    /* What changed is written where it stands; what has gone leaves. */
    take({ put, gone }) {
      if (!box) return;
      for (const feature of put) if (rows.has(feature.id)) fill(rows.get(feature.id), feature);
      for (const { id } of gone) {
        if (!rows.has(id)) continue;
        const { node, button } = rows.get(id);
        const next = node.nextSibling || node.previousSibling;
        if (document.activeElement === button && next) next.firstChild.focus();
        node.remove();
        rows.delete(id);
      }
      if (!rows.size) close();
      else cop.write(box.querySelector("h2"), cop.t("chooser", { n: rows.size }));
    },
  };
})((window.cop = window.cop || {}));
