/* Says that something reached this phone, and that a person had it in view: once each. */
(function (cop) {
  "use strict";
  const SEEN_MS = 1200; // in view for so long counts as opened
  const SEEN_PART = 0.5;
  const said = new Set(); // "id|step" of this account
  let watcher = null;
  const waiting = new Map(); // id -> timer

  const say = async (id, step) => {
    if (said.has(`${id}|${step}`)) return;
    said.add(`${id}|${step}`);
    const kind = id.startsWith("order:") ? "orders" : "assignments";
    await cop.outbox.add({
      kind: "receipt", method: "POST", path: `/${kind}/${id}/receipts`,
      body: { step, at: cop.field.at() }, about: id,
      label: { key: `my.receipt-${step}`, values: {} },
    });
    cop.outbox.flush();
  };
  /* What is known to be said already, by the server or by what still waits on this phone. */
  const learn = (id, receipt, pending) => {
    const { read_at: read, delivered_at: delivered, acknowledged_at: done } = receipt || {};
    if (delivered || read || done) said.add(`${id}|delivered`);
    if (read || done) said.add(`${id}|read`);
    for (const action of pending)
      if (action.kind === "receipt" && action.state !== "refused")
        said.add(`${id}|${action.body.step}`);
  };
  const subjects = () => {
    const { assignments, orders } = cop.field.view();
    const known = (cop.field.data.duty && cop.field.data.duty.receipts) || {};
    return [
      ...assignments.map(({ feature, pending }) => [feature.id, known[feature.id], pending]),
      ...orders
        .filter(({ order }) => !order.properties.cancelled_at)
        .map(({ order, receipt, pending }) => [order.id, receipt, pending]),
    ];
  };
  const deliver = () => {
    if (cop.field.data.signed !== "in") return;
    for (const [id, receipt, pending] of subjects()) {
      learn(id, receipt, pending);
      say(id, "delivered");
    }
  };

  /* A card is drawn again while it is looked at: time counts by what it is about. */
  const leave = (id) => {
    clearTimeout(waiting.get(id));
    waiting.delete(id);
  };
  const isShown = (id) => {
    if (document.hidden) return false;
    const node = document.querySelector(`[data-receipt="${CSS.escape(id)}"]`);
    const box = node && node.getBoundingClientRect();
    if (!box || !box.height) return false;
    const seen = Math.min(box.bottom, innerHeight) - Math.max(box.top, 0);
    return seen >= SEEN_PART * box.height;
  };
  const opened = (id) => {
    waiting.delete(id);
    if (isShown(id)) say(id, "read");
  };
  const look = (entries) => {
    for (const { target, isIntersecting } of entries) {
      const id = target.dataset.receipt;
      if (!target.isConnected) watcher.unobserve(target);
      else if (!isIntersecting) leave(id);
      else if (!document.hidden && !waiting.has(id) && !said.has(`${id}|read`))
        waiting.set(id, setTimeout(() => opened(id), SEEN_MS));
    }
  };

  cop.receipts = {
    /* Tell when *node*, the card of *id*, has really been before somebody's eyes. */
    watch(node, id) {
      if (said.has(`${id}|read`)) return node;
      watcher = watcher || new IntersectionObserver(look, { threshold: SEEN_PART });
      node.dataset.receipt = id;
      watcher.observe(node);
      return node;
    },
  };
  document.addEventListener("visibilitychange", () => {
    for (const id of [...waiting.keys()]) leave(id);
    if (!document.hidden && watcher)
      for (const node of document.querySelectorAll("[data-receipt]")) {
        watcher.unobserve(node);
        watcher.observe(node);
      }
  });
  cop.on("change", deliver);
  cop.on("signed", () => {
    if (cop.field.data.signed === "in") return;
    said.clear();
  });
})((window.cop = window.cop || {}));
