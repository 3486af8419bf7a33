/* The command board: one lane a status beside the map. Only the cards in sight exist; their order
 * rests while somebody points at them. A card is moved by dragging, by keys, or with others. */
(function (cop) {
  "use strict";
  const LANES = ["reported", "verified", "responding", "contained", "closed"];
  const CARD_PX = 68;
  const SPARE = 4; // cards kept above and below what is in sight
  const MOST_AT_ONCE = 200; // what one command takes
  const members = new Map(); // id -> its lane
  const lanes = new Map(); // status -> {ids, box, inner, head, count, chip, cards, pointed, wants}
  const picked = new Set();
  let open = false;
  let wanted = ""; // what is searched for
  let dragged = null; // the ids being dragged
  let anchor = null; // where a range of picks begins

  const nextOf = (status) => cop.config.next_status[status] || [];
  const isMovable = (feature) => feature && !feature.properties.feed && cop.mayOn("respond_incident", feature);
  const laneOf = (feature) =>
    feature.properties.kind === "incident" && LANES.includes(feature.properties.status)
      ? feature.properties.status : null;

  /* Keep the lanes' members in step: worst first, then the latest. */
  const known = new WeakMap(); // feature -> what it is sorted and searched by
  const keyOf = (feature) => {
    let key = known.get(feature);
    if (!key) {
      const p = feature.properties;
      key = { id: feature.id, rank: cop.layers.rank(p.severity), when: cop.ms(p.reported_at), words: null };
      known.set(feature, key);
    }
    return key;
  };
  const worse = (a, b) => a.rank - b.rank || b.when - a.when || (a.id < b.id ? -1 : 1);
  const passes = (feature, key) => {
    if (!wanted) return true;
    if (!key.words || key.lang !== cop.lang) {
      const p = feature.properties;
      key.lang = cop.lang;
      key.words = [cop.facts.title(feature), cop.facts.where(p), p.number || "", p.lead_agency || ""]
        .join("\n").toLowerCase();
    }
    return wanted.split(/\s+/).every((word) => key.words.includes(word));
  };
  const take = ({ put, gone }) => {
    let touched = false;
    for (const { id } of gone) touched = members.delete(id) || touched;
    for (const feature of put) {
      const lane = laneOf(feature);
      if (lane) members.set(feature.id, lane);
      else if (!members.delete(feature.id)) continue;
      touched = true;
    }
    if (touched && open) cop.soon("board", sort, 120);
  };
  const sort = () => {
    const found = new Map(LANES.map((status) => [status, []]));
    for (const [id, status] of members) {
      const feature = cop.picture.get(id);
      const key = feature && keyOf(feature);
      if (key && passes(feature, key) && !cop.layers.isFolded(id)) found.get(status).push(key);
    }
    for (const id of picked) if (!members.has(id)) picked.delete(id);
    for (const [status, ids] of found) settle(lanes.get(status), ids.sort(worse).map(({ id }) => id));
    renderBulk();
  };
  /* While somebody points at a lane its cards keep their places and new ones wait. */
  const settle = (lane, wanted) => {
    if (lane.pointed || dragged) {
      const now = new Set(wanted);
      const held = new Set(lane.ids);
      lane.ids = lane.ids.filter((id) => now.has(id));
      lane.wants = wanted;
      const waiting = wanted.filter((id) => !held.has(id)).length;
      lane.chip.hidden = waiting === 0;
      cop.write(lane.chip, cop.t("list.new", { n: waiting }));
    } else {
      lane.ids = wanted;
      lane.wants = null;
      lane.chip.hidden = true;
    }
    cop.write(lane.count, String(wanted.length));
    renderLane(lane);
  };
  const release = (lane) => {
    if (lane.wants) settle(lane, lane.wants.filter((id) => members.get(id) === lane.status));
  };

  /* Cards */
  const makeCard = (id) => {
    const parts = {
      symbol: cop.h("span", { class: "card-symbol" }),
      title: cop.h("span", { class: "card-title" }),
      sub: cop.h("span", { class: "card-sub" }),
      reach: cop.h("span", { class: "card-reach" }),
      age: cop.ageNode(0),
    };
    const node = cop.h("button", { class: "card", type: "button", "data-id": id, tabindex: "-1",
      on: { click: (event) => press(event, id), dragstart: (event) => startDrag(event, id), dragend: endDrag } },
    parts.symbol, parts.title, parts.reach, parts.sub, parts.age);
    return { item: cop.h("li", {}, node), node, parts, look: "" };
  };
  const fillCard = (card, feature, at, all, unreached) => {
    const p = feature.properties;
    const isPicked = picked.has(feature.id);
    const movable = Boolean(isMovable(feature));
    const drawn = cop.layers.looks(feature.id).length;
    const look = [p.version, cop.lang, cop.theme(), isPicked, at, all, movable, drawn, unreached,
      cop.selected() === feature.id].join("|");
    if (card.look === look) return;
    card.look = look;
    const { node, parts } = card;
    parts.symbol.replaceChildren(isPicked ? cop.icon("check", 16) : cop.facts.symbol(feature, 18));
    cop.write(parts.title, cop.facts.title(feature));
    const owner = p.lead_agency || (p.feed ? p.publisher : "");
    const doubt = p.verified ? "" : cop.t("board.unverified");
    cop.write(parts.sub, [p.number, doubt, owner, cop.facts.district(p)].filter(Boolean).join(" · "));
    parts.reach.replaceChildren(...(unreached ? [cop.reach.sign(unreached)] : []));
    parts.reach.hidden = !unreached;
    const when = cop.ms((p.steps || {})[p.status]) || cop.ms(p.reported_at);
    parts.age.dataset.ms = when;
    parts.age.title = cop.time(when);
    cop.write(parts.age, cop.age(when));
    node.draggable = movable;
    node.classList.toggle("is-unverified", !p.verified);
    node.setAttribute("aria-pressed", String(isPicked));
    node.setAttribute("aria-current", String(cop.selected() === feature.id));
    node.setAttribute("aria-label", [
      cop.term("severity", p.severity), cop.facts.title(feature), parts.reach.textContent, parts.sub.textContent, parts.age.textContent,
    ].filter(Boolean).join(", "));
    card.item.setAttribute("aria-setsize", String(all));
    card.item.setAttribute("aria-posinset", String(at + 1));
  };
  const renderLane = (lane) => {
    const { box, inner, ids, cards } = lane;
    inner.style.height = `${ids.length * CARD_PX}px`;
    const first = Math.max(0, Math.floor(box.scrollTop / CARD_PX) - SPARE);
    const last = Math.min(ids.length, Math.ceil((box.scrollTop + box.clientHeight) / CARD_PX) + SPARE);
    const seen = new Set(ids.slice(first, last));
    const unreached = cop.reach.byIncident();
    let previous = null;
    for (const [id, card] of cards)
      if (!seen.has(id) && document.activeElement !== card.node) {
        card.item.remove();
        cards.delete(id);
      }
    for (let at = first; at < last; at += 1) {
      const id = ids[at];
      const feature = cop.picture.get(id);
      if (!feature) continue;
      if (!cards.has(id)) cards.set(id, makeCard(id));
      const card = cards.get(id);
      fillCard(card, feature, at, ids.length, unreached.get(id));
      card.item.style.transform = `translateY(${at * CARD_PX}px)`;
      /* What is read out follows what is seen; who has the focus is not moved. */
      const before = previous ? previous.nextSibling : inner.firstChild;
      if (before !== card.item && document.activeElement !== card.node) inner.insertBefore(card.item, before);
      previous = card.item;
    }
    const focusable = lane.focus && cards.get(lane.focus) ? lane.focus : ids[first];
    for (const [id, card] of cards) card.node.tabIndex = id === focusable ? 0 : -1;
    lane.empty.hidden = ids.length > 0 || !cop.picture.loaded;
  };
  const renderAll = () => {
    for (const lane of lanes.values()) renderLane(lane);
    renderBulk();
  };

  /* Picking several, and what may then be done with all of them */
  const press = (event, id) => {
    const lane = lanes.get(members.get(id));
    if (!lane) return;
    lane.focus = id;
    if (event.shiftKey && anchor && lane.ids.includes(anchor)) {
      const [a, b] = [lane.ids.indexOf(anchor), lane.ids.indexOf(id)].sort((x, y) => x - y);
      for (const one of lane.ids.slice(a, b + 1)) picked.add(one);
    } else if (event.ctrlKey || event.metaKey) toggle(id);
    else cop.select(id, { from: "board" });
    anchor = id;
    renderAll();
  };
  const toggle = (id) => (picked.delete(id) ? false : Boolean(picked.add(id)));
  const chosen = () => [...picked].map((id) => cop.picture.get(id)).filter(isMovable);
  const renderBulk = () => {
    const bar = cop.$("cop-board-bulk");
    const some = chosen();
    bar.hidden = picked.size === 0;
    if (bar.hidden) return;
    const common = LANES.concat("rejected").filter((status) =>
      some.length && some.every(({ properties: p }) => nextOf(p.status).includes(status)));
    const look = `${some.map(({ id, properties: p }) => id + p.version).join()}|${cop.lang}`;
    if (bar.dataset.look === look) return;
    bar.dataset.look = look;
    bar.replaceChildren(
      cop.h("span", { class: "bulk-count", text: cop.t("board.picked", { n: picked.size }) }),
      ...common.map((status) => cop.h("button", { class: "button filled", type: "button",
        text: cop.t(`board.to.${status}`), on: { click: () => move(some, status, bar) } })),
      ...(common.length ? [] : [cop.h("span", { class: "quiet", text: cop.t("board.no-common") })]),
      cop.h("button", { class: "button ghost", type: "button", text: cop.t("board.clear"),
        on: { click: clearPicks } }));
  };
  const clearPicks = () => {
    picked.clear();
    renderAll();
  };

  /* Moving */
  const needsReason = (feature, status) =>
    status === "rejected" || ["closed", "rejected"].includes(feature.properties.status);
  const move = async (features, status, at) => {
    const able = features.filter(({ properties: p }) => nextOf(p.status).includes(status)).slice(0, MOST_AT_ONCE);
    if (!able.length) {
      cop.toast({ words: cop.t("board.cannot", { status: cop.status("incident", status) }), bad: true });
      return;
    }
    let reason = "";
    if (able.some((feature) => needsReason(feature, status))) {
      reason = await cop.askReason({ title: cop.t(`board.to.${status}`), verb: cop.t(`board.to.${status}`) });
      if (!reason) return;
    }
    const said = { status, ...(reason ? { reason } : {}) };
    const options = { at, done: "board.moved" };
    const [only] = able;
    const content = able.length === 1
      ? await cop.act("POST", `/incidents/${only.id}/status`, said,
        { ...options, id: only.id, version: only.properties.version, base: only })
      : await cop.act("POST", "/incidents/status",
        { ...said, items: able.map(({ id, properties: p }) => ({ id, version: p.version })) }, options);
    if (!content) return;
    for (const lane of lanes.values()) lane.pointed = false; // what one moved oneself is not held back
    picked.clear();
    sort();
  };
  const startDrag = (event, id) => {
    const feature = cop.picture.get(id);
    if (!isMovable(feature)) return event.preventDefault();
    dragged = picked.has(id) ? chosen().map((one) => one.id) : [id];
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.join(" "));
    for (const [status, lane] of lanes)
      lane.node.classList.toggle("is-open-to", dragged.every((one) => nextOf(members.get(one)).includes(status)));
    cop.$("cop-board").classList.add("is-dragging");
    return undefined;
  };
  const endDrag = () => {
    dragged = null;
    cop.$("cop-board").classList.remove("is-dragging");
    for (const lane of lanes.values()) {
      lane.node.classList.remove("is-open-to", "is-over");
      release(lane);
    }
  };
  const drop = (event, status) => {
    event.preventDefault();
    const features = (dragged || []).map((id) => cop.picture.get(id)).filter(Boolean);
    endDrag();
    move(features, status, cop.$("cop-board"));
  };

  /* Keys within the board: arrows walk, Shift with an arrow moves, Space picks, Enter opens. */
  const onKey = (event) => {
    const card = event.target.closest(".card");
    if (!card) return;
    const { id } = card.dataset;
    const lane = lanes.get(members.get(id));
    if (!lane) return;
    const at = lane.ids.indexOf(id);
    const side = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (event.key === " ") toggle(id);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp")
      focus(lane, at + (event.key === "ArrowDown" ? 1 : -1));
    else if (side && event.shiftKey) {
      const status = LANES[LANES.indexOf(lane.status) + side];
      const feature = cop.picture.get(id);
      if (status && isMovable(feature)) move(picked.has(id) ? chosen() : [feature], status, cop.$("cop-board"));
    } else if (side) {
      const order = LANES.slice();
      for (let to = order.indexOf(lane.status) + side; to >= 0 && to < order.length; to += side)
        if (lanes.get(order[to]).ids.length) {
          focus(lanes.get(order[to]), Math.min(at, lanes.get(order[to]).ids.length - 1));
          break;
        }
    } else return;
    event.preventDefault();
    event.stopPropagation();
    renderAll();
  };
  const focus = (lane, at) => {
    if (at < 0 || at >= lane.ids.length) return;
    lane.focus = lane.ids[at];
    const top = at * CARD_PX;
    if (top < lane.box.scrollTop) lane.box.scrollTop = top;
    else if (top + CARD_PX > lane.box.scrollTop + lane.box.clientHeight)
      lane.box.scrollTop = top + CARD_PX - lane.box.clientHeight;
    renderLane(lane);
    lane.cards.get(lane.focus)?.node.focus({ preventScroll: true });
  };

  /* What is closed needs little room until somebody asks for it. */
  const closedToggle = () => {
    const node = cop.h("button", { class: "lane-toggle", type: "button", "data-t": "board.show", "aria-expanded": "false",
      on: { click: () => {
        const whole = cop.$("cop-board-lanes").classList.toggle("is-whole");
        node.dataset.t = whole ? "board.hide" : "board.show";
        node.setAttribute("aria-expanded", String(whole));
        cop.relabel(node.parentNode);
        renderAll();
      } } });
    return node;
  };
  const build = () => {
    for (const status of LANES) {
      const lane = { status, ids: [], cards: new Map(), pointed: false, wants: null, focus: null };
      lane.count = cop.h("span", { class: "lane-count" });
      lane.chip = cop.h("button", { class: "lane-chip", type: "button", hidden: true,
        on: { click: () => { lane.pointed = false; release(lane); } } });
      lane.inner = cop.h("ul", { class: "lane-cards" });
      lane.empty = cop.h("p", { class: "quiet", "data-t": "board.empty", hidden: true });
      lane.box = cop.h("div", { class: "lane-box" }, lane.empty, lane.inner);
      lane.node = cop.h("section", { class: "lane", "data-lane": status,
        on: {
          dragover: (event) => {
            if (lane.node.classList.contains("is-open-to")) {
              event.preventDefault();
              lane.node.classList.add("is-over");
            }
          },
          dragleave: () => lane.node.classList.remove("is-over"),
          drop: (event) => drop(event, status),
          pointerenter: () => { lane.pointed = true; },
          pointerleave: () => { lane.pointed = false; if (!dragged) release(lane); },
        } },
      cop.h("header", {}, cop.h("h3"), lane.count, lane.chip),
      status === "closed" ? closedToggle() : null, lane.box);
      lane.box.addEventListener("scroll", () => cop.soon(`lane-${status}`, () => renderLane(lane)), { passive: true });
      lanes.set(status, lane);
      cop.$("cop-board-lanes").append(lane.node);
    }
    cop.$("cop-board-lanes").addEventListener("keydown", onKey);
    cop.$("cop-board-filter").append(cop.h("input", { type: "search", id: "cop-board-search",
      "data-t-label": "board.search", autocomplete: "off",
      on: { input: (event) => {
        wanted = event.target.value.trim().toLowerCase();
        cop.soon("board", sort, 80);
      } } }));
    for (const node of document.querySelectorAll("[data-board]"))
      node.addEventListener("click", () => show(!open));
  };
  const relabel = () => {
    cop.relabel(cop.$("cop-board"));
    for (const lane of lanes.values()) {
      const name = cop.status("incident", lane.status);
      cop.write(lane.node.querySelector("h3"), name);
      lane.node.setAttribute("aria-label", name);
      cop.write(lane.empty, cop.t("board.empty"));
    }
    if (open) sort();
  };
  const show = (on) => {
    open = on;
    document.body.classList.toggle("has-board", on);
    cop.$("cop-board").hidden = !on;
    for (const node of document.querySelectorAll("[data-board]"))
      node.setAttribute("aria-expanded", String(on));
    cop.prefs.set("board", on);
    if (on) cop.soon("board", sort);
    cop.map.leaflet.invalidateSize({ animate: false }); // at once: what is in the middle stays there
  };

  cop.on("picture", take);
  cop.desk.watch(["assignment"], () => open && cop.soon("board-reach", renderAll, 500));
  setInterval(() => open && renderAll(), 10000); // a task is late to arrive by the clock alone
  cop.on("start", () => {
    build();
    relabel();
    if (!cop.isPhone() && (cop.asked("board") !== null || cop.prefs.get("board", false))) show(true);
  });
  cop.on("lang", () => lanes.size && relabel());
  cop.on("theme", () => open && renderAll());
  cop.on("select", () => open && renderAll());
  cop.on("me", () => open && renderAll());
  /* Esc lets go of what is picked before anything is closed. */
  cop.backs.push(() => {
    if (!open || !picked.size) return false;
    clearPicks();
    return true;
  });
  cop.keys.b = () => show(!open);
  cop.board = { show, get open() { return open; }, picked };
})((window.cop = window.cop || {}));
