/* My duty: my team or facility, its area and leader, what I am to do next, and orders to me. Orders
 * that wait for my answer stand over the page until I have given it. */
(function (cop) {
  "use strict";
  let duty = null; // as the server last told it
  let failed = false;
  const told = new Set(); // "id step" already said to the server by this page
  const opened = new Set(); // ids of orders whose words stand open

  const isFor = () => Boolean(cop.me.signed_in) && !cop.desk.isCommand;
  const newest = (feature) => {
    const held = cop.picture.get(feature.id);
    return held && held.properties.version >= feature.properties.version ? held : feature;
  };
  const own = (kind) => {
    const found = new Map(((duty && duty[kind]) || []).map((feature) => [feature.id, newest(feature)]));
    return [...found.values()];
  };
  const openTasks = () => {
    const found = new Map(own("assignments").map((feature) => [feature.id, feature]));
    for (const team of own("resources")) for (const feature of cop.desk.openOf(team.id)) found.set(feature.id, feature);
    return [...found.values()].filter(({ properties: p }) => cop.assignments.isOpen(p))
      .sort((a, b) => cop.layers.rank(a.properties.severity) - cop.layers.rank(b.properties.severity));
  };
  const waiting = () =>
    ((duty && duty.orders) || []).filter(({ order, receipt }) =>
      !(receipt && receipt.acknowledged_at) && !newest(order).properties.cancelled_at);

  async function load() {
    if (!cop.desk.ready || !cop.me.signed_in) return;
    const content = await cop.read("/me/duty");
    failed = content === null;
    if (content) duty = content;
    render();
    tellDelivered();
  }
  const refresh = () => cop.soon("duty", load, 300);

  /* What the page itself can answer: that it has been shown. Nothing is said of it on the page. */
  async function quietly(path, body) {
    const box = cop.h("span", { hidden: true });
    cop.$("cop-quiet").append(box);
    const answer = await cop.act("POST", path, body, { at: box, undoable: false });
    box.remove();
    return answer;
  }
  async function once(id, step, path, body) {
    const key = `${id} ${step}`;
    if (told.has(key)) return null;
    told.add(key);
    const answer = await quietly(path, body);
    if (!answer) told.delete(key);
    return answer;
  }
  const receipt = (id, step) => once(id, step, `/orders/${id}/receipts`, { step });
  const tellDelivered = () => {
    if (document.visibilityState !== "visible") return;
    for (const { order, receipt: given } of waiting())
      if (!(given && given.delivered_at)) receipt(order.id, "delivered");
    for (const { id, properties: p } of openTasks())
      if (p.status === "assigned" && cop.desk.isMine(p.resource))
        once(id, "delivered", `/assignments/${id}/receipts`, { step: "delivered" });
  };

  /* Orders to me */
  async function open(entry) {
    opened.add(entry.order.id);
    render();
    const words = cop.$("cop-order-notices").querySelector(`[data-order="${CSS.escape(entry.order.id)}"] .notice-words`);
    if (words) words.focus();
    if (!(entry.receipt && entry.receipt.read_at)) await receipt(entry.order.id, "read");
  }
  async function acknowledge(at, entry, said = {}) {
    const answer = await cop.act("POST", `/orders/${entry.order.id}/receipts`, { step: "acknowledged", ...said },
      { at, id: entry.order.id, undoable: false, done: said.answer ? "roll.did-answer" : "order.did-acknowledge" });
    if (!answer) return;
    entry.receipt = { ...entry.receipt, acknowledged_at: new Date(cop.clock.now()).toISOString() };
    render();
    refresh();
  }
  /* A roll call is answered, not only acknowledged. */
  async function askHelp(at, entry) {
    const given = await cop.ask({
      title: cop.t("roll.say-help"), confirm: "roll.say-help-verb", danger: true,
      fields: [{ name: "words", label: "roll.help-words", type: "textarea", max_length: 1000 }],
    });
    return given && acknowledge(at, entry, { answer: "help", ...(given.words ? { words: given.words } : {}) });
  }
  const answerButtons = (entry, label) => cop.desk.acts(
    cop.desk.button("roll.say-safe", (at) => acknowledge(at, entry, { answer: "safe" }), { kind: "filled", label }),
    cop.desk.button("roll.say-help", (at) => askHelp(at, entry), { kind: "danger", label }));
  const notice = (entry) => {
    const feature = newest(entry.order);
    const p = feature.properties;
    const isOpen = opened.has(feature.id);
    const words = cop.say(p.body);
    const late = p.reply_by && cop.ms(p.reply_by) <= cop.clock.now();
    return cop.h("section", {
      class: `order-notice acts is-${(p.severity || "Unknown").toLowerCase()}`, "data-order": feature.id,
      "aria-label": cop.t("order.to-me"),
    },
    cop.h("header", {}, cop.desk.mark(p.severity, 20),
      cop.h("strong", { text: cop.t("order.from", { name: p.issued_by }) }), cop.ageNode(cop.ms(p.issued_at)),
      p.reply_by ? cop.h("span", { class: `order-state${late ? " is-overdue" : ""}`,
        text: `${late ? "▲ " : ""}${cop.t("order.until", { time: cop.time(cop.ms(p.reply_by)) })}` }) : null),
    cop.h("p", { class: `notice-words${isOpen ? "" : " is-clipped"}`, tabindex: "-1", text: words }),
    cop.roll.isRoll(feature) ? answerButtons(entry, words) : isOpen
      ? cop.desk.button("order.acknowledge", (at) => acknowledge(at, entry), { kind: "filled big", label: words })
      : cop.desk.button("order.open", () => open(entry), { kind: "filled", label: words }));
  };
  let noticed = "";
  const renderNotices = () => {
    const box = cop.$("cop-order-notices");
    const entries = waiting();
    const look = [cop.lang, cop.theme(), ...entries.map(({ order, receipt: r }) =>
      `${order.id} ${newest(order).properties.version} ${opened.has(order.id)} ${r && r.read_at}`)].join("|");
    box.hidden = entries.length === 0;
    if (look === noticed || box.querySelector("[data-busy]")) return;
    const shown = new Set([...box.querySelectorAll("[data-order]")].map((node) => node.dataset.order));
    noticed = look;
    box.replaceChildren(...entries.map(notice));
    for (const { order } of entries)
      if (!shown.has(order.id)) cop.announce(cop.t("order.came", { name: order.properties.issued_by }));
  };

  /* My team, my task, my facility */
  const leaderWords = (leader) => {
    if (!leader) return null;
    if (typeof leader === "string") return leader;
    return [leader.name || leader.leader, leader.contact].filter(Boolean).join(" · ");
  };
  async function sendPosition(at, team) {
    const place = await new Promise((resolve) => {
      if (!navigator.geolocation) resolve(null);
      else navigator.geolocation.getCurrentPosition(resolve, () => resolve(null), { enableHighAccuracy: true, timeout: 15000 });
    });
    if (!place) {
      cop.toast({ words: cop.t("duty.no-position"), bad: true });
      return null;
    }
    const { longitude, latitude, accuracy } = place.coords;
    return cop.act("POST", `/resources/${team.id}/report`, {
      geometry: { type: "Point", coordinates: [Number(longitude.toFixed(6)), Number(latitude.toFixed(6))] },
      precision_m: Math.round(accuracy),
    }, { at, id: team.id, done: "duty.did-position" });
  }
  const team = (feature) => {
    const p = feature.properties;
    return cop.h("section", { class: "duty-team" },
      cop.h("h3", {}, cop.desk.link(feature.id, cop.facts.title(feature))),
      cop.say(p.duty) ? cop.h("p", { class: "duty-words", text: cop.say(p.duty) }) : null,
      cop.h("dl", {}, cop.desk.fact("desk.leader", p.leader), cop.desk.fact("desk.contact", p.contact)),
      cop.resources.mayReport(feature) ? cop.resources.statusButtons(feature) : null,
      cop.desk.acts(
        p.area ? cop.desk.button("duty.show-area", () => cop.resources.showArea(feature)) : null,
        cop.resources.mayReport(feature) ? cop.desk.button("duty.send-position", (at) => sendPosition(at, feature)) : null));
  };
  const task = (feature) => {
    const p = feature.properties;
    const incident = p.incident && cop.picture.get(p.incident);
    const place = cop.placeOf(feature) || (incident && cop.placeOf(incident));
    return cop.h("section", { class: "duty-task" },
      cop.h("header", {}, cop.desk.mark(p.severity, 18), cop.h("h4", {}, cop.desk.link(feature.id, cop.say(p.duty) || cop.desk.nameOf(p.incident)))),
      cop.h("p", { class: "duty-where", text: [incident && cop.facts.title(incident) !== cop.say(p.duty) && cop.facts.title(incident), cop.desk.placeWords(feature)].filter(Boolean).join(" · ") }),
      cop.h("p", { class: "duty-step" }, cop.h("b", { text: cop.term("status", p.status) }), " ", cop.ageNode(cop.desk.stepAt(p)), " ", cop.desk.lateNode(p)),
      cop.desk.acts(cop.assignments.nextButton(feature, { big: true }),
        place ? cop.desk.button("detail.show", () => cop.fly(place)) : null,
        ...cop.assignments.endButtons(feature)));
  };
  const facility = (feature) =>
    cop.h("section", { class: "duty-facility" },
      cop.h("h3", {}, cop.desk.link(feature.id, cop.facts.title(feature))),
      cop.facilities.mayEnter(feature) ? cop.facilities.statusButtons(feature) : null,
      cop.facilities.now(feature));

  const content = () => {
    const head = cop.h("header", { class: "desk-head" }, cop.h("h2", { text: cop.t("duty") }));
    if (!duty)
      return [head, cop.h("p", { class: `remark desk-state is-${failed ? "unknown" : "loading skeleton"}`,
        text: cop.t(failed ? "duty.unknown" : "loading") })];
    const [teams, facilities, tasks] = [own("resources"), own("facilities"), openTasks()];
    const [state, words] = cop.desk.state(1, "duty.none");
    const leader = leaderWords(duty.leader);
    return [
      head,
      state === "stale" || failed ? cop.h("p", { class: "remark desk-state is-stale", text: words || cop.t("duty.unknown") }) : null,
      leader ? cop.h("dl", {}, cop.desk.fact("duty.leader", leader)) : null,
      ...tasks.map(task),
      teams.length && !tasks.length ? cop.h("p", { class: "quiet", text: cop.t("team.no-task") }) : null,
      ...teams.map(team), ...facilities.map(facility),
      teams.length || facilities.length ? null : cop.h("p", { class: "remark desk-state is-empty", text: cop.t("duty.none") }),
    ].filter(Boolean);
  };
  const render = () => {
    if (!cop.desk.ready) return;
    renderNotices();
    document.body.classList.toggle("has-duty", isFor());
    const tab = document.querySelector("[data-phone-tab='desk'] [data-t]");
    tab.dataset.t = isFor() ? "tab.duty" : "tab.desk";
    cop.write(tab, cop.t(tab.dataset.t));
    /* Who only looks on is told what changed. */
    document.body.classList.toggle("looks-on", isFor() && Boolean(duty) && !own("resources").length && !own("facilities").length);
    const box = isFor() ? cop.$("cop-duty") : cop.$("cop-duty-body");
    cop.$("cop-duty").hidden = !isFor();
    if (box.querySelector("[data-busy]")) return;
    const held = box.contains(document.activeElement) ? document.activeElement : null;
    const part = held && held.closest("section");
    const at = part ? [...box.querySelectorAll("section")].indexOf(part) : -1;
    box.replaceChildren(...content());
    if (!held) return;
    const scope = (at >= 0 && box.querySelectorAll("section")[at]) || box;
    const again = scope.querySelector(`[data-key="${CSS.escape(held.dataset.key || "")}"]`) || scope.querySelector("button:not(:disabled)");
    if (again) again.focus({ preventScroll: true });
  };

  cop.on("me", load);
  cop.on("lang", () => { if (cop.desk.ready) render(); });
  cop.on("theme", () => { if (cop.desk.ready) render(); });
  cop.on("link", () => (cop.link.state === "live" ? refresh() : cop.soon("duty-state", render)));
  cop.desk.watch(["order", "receipt", "assignment", "resource", "facility", "incident"], ({ put, gone, reset }) => {
    const mine = ({ id, properties: p }) =>
      p.kind === "order" || (p.kind === "receipt" && p.recipient === cop.me.name) ||
      cop.desk.isMine(id) || cop.desk.isMine(p.resource);
    const known = new Set(openTasks().map(({ properties: p }) => p.incident));
    if (reset || [...put, ...gone].some(mine)) {
      cop.soon("duty-state", render);
      refresh();
    } else if ([...put, ...gone].some(({ id }) => known.has(id))) cop.soon("duty-state", render);
  });
  cop.on("start", () => {
    cop.$("cop-more-duty").addEventListener("click", () => {
      cop.showSheet("more", false);
      if (isFor()) cop.showRight();
      else cop.showSheet("duty", true);
    });
    cop.backs.push(() => {
      const open = !cop.$("cop-duty-sheet").hidden;
      if (open) cop.showSheet("duty", false);
      return open;
    });
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && refresh());
    setInterval(() => { if (duty) render(); }, 15000); // limits pass by the clock alone
  });

  cop.duty = { refresh, waiting };
})((window.cop = window.cop || {}));
