/* The duty as it will be when everything has been sent: what the server said, and over it what was
 * done on this phone since. */
((cop) => {
  "use strict";
  const STEPS = ["proposed", "assigned", "delivered", "acknowledged", "en_route", "on_scene", "completed"];
  const ENDED = ["completed", "declined", "stood_down"];
  let made = null;

  /* Still to be laid over: not refused, and not yet in what the server said. */
  const liesOver = (action) =>
    cop.outbox.isOpen(action) ||
    (action.state === "confirmed" && action.ended_at >= cop.field.held.duty.asked);
  /* Whether the server's picture of a thing holds this action already: before its answer is here,
   * or where its answer was lost. Counted once all the same. */
  const holds = ({ id, properties: p }, { answer, body }) =>
    Boolean(answer && answer.id === id && answer.version <= p.version) ||
    (p.entries || []).some((one) => body && body.change && one.change === body.change && cop.ms(one.at) === cop.ms(body.at));
  const about = (actions, id) => actions.filter((action) => action.about === id);
  /* Shown with what it concerns: also what was refused, until it is thrown away. */
  const shown = (actions, id) =>
    about(actions, id).filter((action) => action.state === "refused" || liesOver(action));

  const stepped = (status, actions) => {
    for (const { kind, body } of actions) {
      if (kind !== "step" || !body) continue;
      const later = STEPS.indexOf(body.status) > STEPS.indexOf(status);
      if (!ENDED.includes(status) && (later || ENDED.includes(body.status))) status = body.status;
    }
    return status;
  };
  const over = (feature, actions) =>
    about(actions, feature.id).filter((action) => liesOver(action) && !holds(feature, action));
  const assignment = (feature, actions) => ({
    feature, status: stepped(feature.properties.status, over(feature, actions)),
    pending: shown(actions, feature.id),
  });
  const RECEIPT = { delivered: "delivered_at", read: "read_at", acknowledged: "acknowledged_at" };
  const order = (entry, actions) => {
    const receipt = { ...(entry.receipt || {}) };
    let answer = receipt.answer || null;
    for (const { body } of about(actions, entry.order.id).filter(liesOver)) {
      if (!body || !RECEIPT[body.step]) continue;
      receipt[RECEIPT[body.step]] = receipt[RECEIPT[body.step]] || body.at;
      if (body.answer) {
        answer = body.answer;
        Object.assign(receipt, { answer, words: body.words || "" });
      }
    }
    return { order: entry.order, receipt, answer, pending: shown(actions, entry.order.id) };
  };
  const facility = (feature, actions) => {
    const p = feature.properties;
    const now = {
      occupancy: p.occupancy ?? null, queue: { ...(p.queue || {}) }, staff: p.staff ?? null,
      status: p.status, supplies: { ...(p.supplies || {}) },
    };
    for (const { body } of over(feature, actions)) {
      if (!body) continue;
      if (Number.isFinite(body.occupancy)) now.occupancy = body.occupancy;
      if (Number.isFinite(body.change)) now.occupancy = Math.max(0, (now.occupancy || 0) + body.change);
      Object.assign(now.queue, body.queue || {});
      for (const [category, change] of Object.entries(body.queue_change || {}))
        now.queue[category] = Math.max(0, (now.queue[category] || 0) + change);
      if (Number.isFinite(body.staff)) now.staff = body.staff;
      if (body.status) now.status = body.status;
      Object.assign(now.supplies, body.supplies || {});
    }
    const pending = shown(actions, feature.id).filter((one) => one.state === "refused" || !holds(feature, one));
    return { feature, ...now, pending };
  };
  const resource = (feature, actions) => {
    let { status } = feature.properties;
    for (const { kind, body } of over(feature, actions))
      if (kind === "status" && body && body.status) status = body.status;
    return { feature, status, pending: shown(actions, feature.id) };
  };

  const make = () => {
    const { duty } = cop.field.data;
    const actions = cop.field.actions();
    const all = (name, show) => ((duty && duty[name]) || []).map((one) => show(one, actions));
    return {
      assignments: all("assignments", assignment), orders: all("orders", order),
      facilities: all("facilities", facility), resources: all("resources", resource),
    };
  };
  cop.field.holds = holds;
  cop.field.view = () => {
    const key = [cop.field.data.duty, cop.field.held.duty.asked, cop.field.actions()];
    if (!made || key.some((part, n) => part !== made.key[n])) made = { key, view: make() };
    return made.view;
  };
})((window.cop = window.cop || {}));
