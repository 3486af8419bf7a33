/* From an alarm that a camera raised to an incident, in one click: on what deserves attention, and
 * on what the camera saw. The server says in words what was seen, and that it is made only once. */
(function (cop) {
  "use strict";
  const SAME_WITHIN_M = 200; // as the server has it
  const TYPES = {
    dense: "crowd", stopped: "crowd", counter_flow: "crowd", heat: "fire", water: "flooding",
    queue: "transport_disruption",
  };
  const RAISED_FOR = {
    crowded: ["dense"], standstill: ["stopped", "queue"], counter_flow: ["counter_flow"],
    heat: ["heat"], water: ["water"],
  };

  const alarmsOf = (feature) => (feature && feature.properties.sight && feature.properties.sight.alarms) || [];
  const byRank = (a, b) => cop.layers.rank(a.severity) - cop.layers.rank(b.severity);
  /* What kind of incident a zone's alarm is; of *reason* where that is given, else the worst. */
  const typeOf = (feature, reason) => {
    const wanted = reason ? RAISED_FOR[reason] || [] : null;
    const [worst] = alarmsOf(feature).filter(({ watched }) => !wanted || wanted.includes(watched)).sort(byRank);
    return worst ? TYPES[worst.watched] : null;
  };
  /* The open incident that is the same thing. */
  const known = (feature, type) => {
    const at = cop.placeOf(feature);
    const { camera } = feature.properties.sight;
    return cop.desk.all("incident").find((one) => {
      const p = one.properties;
      if (p.camera !== camera || p.incident_type !== type || !cop.incidents.isOpen(one)) return false;
      const other = cop.placeOf(one);
      return at && other ? cop.metres(at, other) <= SAME_WITHIN_M : !at && !other;
    });
  };
  const propose = async (at, feature, type) => {
    const content = await cop.act("POST", "/incidents", { incident_type: type, seen: feature.id }, {
      at, done: "recognise.done",
      handle: { "reported-already": ({ into }) => { cop.select(into); return null; } },
    });
    if (content) cop.whenThere(content.id, () => cop.select(content.id));
  };
  /* A button that stays the same one while its words change with what is known. */
  const verb = (of) => {
    const press = (event) => {
      const { feature, type } = of();
      const made = feature && type && known(feature, type);
      if (made) cop.select(made.id);
      else if (feature && type) propose(event.currentTarget.closest(".acts"), feature, type);
    };
    const button = cop.h("button", { class: "button small", type: "button", "data-key": "recognise", on: { click: press } });
    return {
      button,
      fill() {
        const { feature, type } = of();
        const made = feature && type ? known(feature, type) : null;
        button.hidden = !type || !(made || cop.may("report_incident"));
        if (button.hidden) return;
        const words = cop.t(made ? "recognise.open" : "recognise.propose", { type: cop.term("incident", type) });
        cop.write(button, words);
        button.classList.toggle("filled", !made);
        button.setAttribute("aria-label", `${words}: ${cop.facts.title(feature)}`);
      },
    };
  };

  cop.recognise = {
    /* For a row of the queue: {node, fill}. The numbers are those of the item. */
    inQueue(id) {
      const of = () => {
        const item = cop.picture.get(id);
        const feature = item ? cop.picture.get(item.properties.subject) : null;
        return { feature, type: feature && typeOf(feature, item.properties.reason) };
      };
      const it = verb(of);
      const said = cop.h("p", { class: "att-said" });
      const node = cop.h("div", { class: "att-recognise acts", hidden: true }, said, it.button);
      return {
        node,
        fill({ properties: p }) {
          node.hidden = !RAISED_FOR[p.reason] && p.reason !== "blind";
          if (node.hidden) return;
          cop.write(said, cop.say(p.description));
          it.fill();
        },
      };
    },
    /* Changes whenever the button of a row would. */
    queueKey({ properties: p }) {
      const feature = RAISED_FOR[p.reason] ? cop.picture.get(p.subject) : null;
      const type = feature && typeOf(feature, p.reason);
      const made = type && known(feature, type);
      return `${type || ""} ${made ? made.id : ""}`;
    },
  };

  cop.parts.add({ kind: "observation", key: "recognise", order: 4.5, render(feature) {
    const type = typeOf(feature);
    if (!type) return null;
    const it = verb(() => ({ feature: cop.picture.get(feature.id), type }));
    it.fill();
    return it.button.hidden ? null : cop.h("div", { class: "acts" }, it.button);
  } });
})((window.cop = window.cop || {}));
