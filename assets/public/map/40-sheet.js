/* What was pressed on the map, in the words of the text: its own piece of the page, copied. */
(function (cop) {
  "use strict";
  const MOST = 40; // of a crowd; nearer, there are fewer
  let box = null;
  let body = null;
  let title = null;
  let shown = [];
  let back = null;

  const nameOf = (id) => {
    const node = cop.exchange.nodeOf(id);
    const { properties: p } = cop.picture.get(id);
    return node ? cop.exchange.titleOf(node) : cop.say(p.title) || cop.say(p.place);
  };
  /* A copy has no name of its own: what leads to a piece leads to the one in the text. */
  const copy = (node) => {
    const made = node.cloneNode(true);
    for (const one of made.querySelectorAll(".p-added")) one.remove();
    for (const one of [made, ...made.querySelectorAll("*")])
      for (const name of ["id", "data-id", "data-at", "aria-labelledby", "aria-describedby", "tabindex", "class"])
        if (name !== "class") one.removeAttribute(name);
        else if (one === made) one.classList.remove("is-glowing", "is-elsewhere");
    const item = cop.h("div", { class: `sheet-item ${made.className}` });
    item.append(...made.childNodes);
    return item;
  };
  const measured = ({ properties: p }) => {
    const at = cop.ms(p.observed_at || p.fetched_at);
    const value = Number.isFinite(p.value) ? `${p.value} ${{ 1: "", Cel: "°C" }[p.unit] ?? p.unit ?? ""}`.trim() : "";
    return cop.h("div", { class: "sheet-item" },
      value ? cop.h("p", { class: "sheet-value", text: value }) : null,
      cop.h("p", { class: "quiet" }, `${p.publisher} · ${cop.time(at)} · `, cop.h("span", { "data-ago": new Date(at).toISOString(), text: cop.ago(at) })));
  };
  const one = (id) => {
    const node = cop.exchange.nodeOf(id);
    const item = node ? copy(node) : measured(cop.picture.get(id));
    if (node) item.append(cop.h("button", { type: "button", class: "button", text: cop.t("map.in-text"), on: { click: () => { leave(); cop.showBlock(id); } } }));
    const look = cop.looks.of(id, Infinity);
    cop.write(title, node && look ? cop.say(look.layer.title) : nameOf(id));
    body.replaceChildren(item);
  };
  const many = (ids) => {
    cop.write(title, cop.t("cluster", { n: ids.length }));
    const rows = ids.slice(0, MOST).map((id) => {
      const feature = cop.picture.get(id);
      const look = cop.looks.of(id, Infinity);
      return cop.h("li", {}, cop.h("button", {
        type: "button", class: "sheet-row", on: { click: () => open([id], { focus: true, back: () => reopen(ids) }) },
      }, look ? cop.symbols.element({ ...cop.looks.spec(look, feature), vague: false }, 20) : null, cop.h("span", { text: nameOf(id) })));
    });
    body.replaceChildren(cop.h("ul", { class: "sheet-list" }, ...rows));
    if (ids.length > MOST) body.append(cop.h("p", { class: "quiet", text: cop.t("map.crowd", { n: ids.length - MOST }) }));
  };
  const reopen = (ids) => open(ids, { focus: true });
  const fill = () => {
    const ids = shown.filter((id) => cop.picture.get(id));
    if (!ids.length) return close();
    if (ids.length === 1) one(ids[0]);
    else many(ids);
    return undefined;
  };
  function open(ids, { focus = false, back: then = null } = {}) {
    shown = ids.filter((id) => cop.picture.get(id));
    if (!shown.length) return;
    back = then;
    fill();
    box.hidden = false;
    cop.draw.choose(shown.length === 1 ? shown[0] : "");
    box.scrollTop = 0;
    if (focus) title.focus({ preventScroll: true });
    else cop.tell(title.textContent);
  }
  const leave = () => {
    box.hidden = true;
    shown = [];
    cop.draw.choose("");
  };
  const close = () => {
    if (!box || box.hidden) return false;
    const had = box.contains(document.activeElement);
    const then = back;
    back = null;
    leave();
    if (then) then();
    else if (had) cop.map.leaflet.getContainer().focus({ preventScroll: true });
    return true;
  };

  cop.sheet = {
    open,
    close,
    /* How much of the map it covers from below, where it is as wide as the map. */
    over: () => ({ height: box.hidden || box.clientWidth < cop.map.root.clientWidth - 2 ? 0 : box.offsetHeight }),
    build(root) {
      title = cop.h("h2", { class: "sheet-title", id: "h-sheet", tabindex: "-1" });
      body = cop.h("div", { class: "sheet-body" });
      box = cop.h("section", { class: "map-sheet", "aria-labelledby": "h-sheet", hidden: true },
        cop.h("header", {}, title, cop.h("button", { type: "button", class: "button is-plain", text: cop.t("close"), on: { click: close } })), body);
      root.append(box);
      cop.backs.unshift(close);
      /* Nothing changes below a finger or a focus, but for what is gone. */
      const again = () => { if (!box.hidden && !body.contains(document.activeElement)) fill(); };
      cop.on("picture", again);
      cop.on("blocks", again);
    },
  };
})(window.cop);
