/* How things of the area look: by the same tables as on the desk's map. */
(function (cop) {
  "use strict";
  const FALLBACK = {
    position: { shape: "badge", colour: "team", icon: "people", size: 22 },
    resource: { shape: "badge", colour: "team", icon: "people", size: 22 },
    facility: { shape: "house", colour: "unknown", size: 18 },
    road: { shape: "badge", colour: "road-restricted", icon: "road", size: 22 },
  };
  const KIND = { position: "resource" }; // where a team is, is drawn as the team
  const TASK_SIZE = 36;
  let features = new Map();

  /* What the tables ask of the picture: only this area is known here. */
  cop.picture = { get: (id) => features.get(id) };
  cop.freshness = (feed) => {
    const unread = cop.layers.all.some(
      (layer) => layer.feeds.includes(feed) && cop.area.unknownOf(layer.key),
    );
    return { state: unread ? "stale" : "live" };
  };
  cop.layers.setUp(cop.layerTables);
  cop.config.incident_open = cop.layers.byKey.get("incidents").where.status;

  const taskSpec = ({ properties: p }) => ({
    shape: p.severity || "Unknown", colour: `sev-${(p.severity || "Unknown").toLowerCase()}`,
    icon: "danger", size: TASK_SIZE,
  });
  const plain = ({ properties: p }) =>
    p.severity && !FALLBACK[p.kind]
      ? { shape: p.severity, colour: `sev-${p.severity.toLowerCase()}`, icon: "danger", size: 22 }
      : FALLBACK[p.kind] || { shape: "disc", colour: "unknown", size: 16 };

  cop.looks = {
    /* Take the area's features as they are now. */
    learn(all) {
      const gone = [...features.values()];
      features = new Map(all.map((feature) => [feature.id, feature]));
      cop.layers.take({ put: all, gone });
    },
    /* {spec, pattern, line, word, title}: of a task, or of a feature of the area. */
    of(feature) {
      if (feature.properties.kind === "assignment")
        return { spec: taskSpec(feature), word: cop.t("area.my-task"), title: cop.t("area.my-task") };
      const [look] = cop.layers.looks(feature.id);
      if (!look)
        return { spec: plain(feature), word: cop.term("kind", KIND[feature.properties.kind] || feature.properties.kind), title: "" };
      return {
        spec: cop.symbols.spec(look, feature), pattern: cop.patterns.of(look.layer, feature.properties),
        line: look.rule.line, word: cop.say(look.rule.word), title: cop.say(look.layer.title),
      };
    },
    /* Whether the map must not look clean while nothing is known of a layer. */
    isVital: (key) => Boolean(cop.layers.byKey.get(key) && cop.layers.byKey.get(key).vital),
    /* Whether another thing of the area stands for it. */
    isHidden: (feature) =>
      feature.properties.kind === "incident" && !cop.layers.looks(feature.id).length &&
      cop.layers.byKey.has("incidents") &&
      cop.layers.matches(feature.properties, cop.layers.byKey.get("incidents").where),
  };
})((window.cop = window.cop || {}));
