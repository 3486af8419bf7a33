/* Applies the layer tables written in Python: which layers a feature is in, and how it looks.
 * No layer is known by name here. */
(function (cop) {
  "use strict";
  const RANK = { Extreme: 0, Severe: 1, Moderate: 2, Minor: 3, Unknown: 4 };
  const byKind = new Map();
  const members = new Map(); // layer key -> Set of ids
  const looks = new Map(); // id -> [{layer, rule}]
  const tallies = new Map(); // layer key -> number per rule
  const shown = new Set();

  const read = (properties, path) => {
    const [name, inner] = path.split(".");
    const value = properties[name];
    return inner && value ? value[inner] : inner ? undefined : value;
  };
  const holds = (value, wanted) => {
    if (Array.isArray(wanted)) return wanted.includes(value);
    if (wanted === null || typeof wanted !== "object") return value === wanted;
    if (wanted.not) return !wanted.not.includes(value);
    const known = value !== undefined && value !== null;
    if ("known" in wanted) return wanted.known === known;
    return known && !(value < wanted.min) && !(value >= wanted.max);
  };
  const matches = (properties, condition) => {
    for (const path in condition) if (!holds(read(properties, path), condition[path])) return false;
    return true;
  };
  const ruleFor = (layer, properties) =>
    layer.rules.find((rule) => matches(properties, rule.when));

  const classify = (feature) => {
    const properties = feature.properties;
    const found = [];
    for (const layer of byKind.get(properties.kind) || [])
      if (matches(properties, layer.where)) found.push({ layer, rule: ruleFor(layer, properties) });
    return found;
  };
  /* A road closed by an incident and the incident are one case: it is drawn once, as the road. */
  const covers = new Map(); // id -> the incident that it stands for
  const covered = new Map(); // incident -> how many stand for it
  const cover = (id, incident, touched) => {
    covers.set(id, incident);
    covered.set(incident, (covered.get(incident) || 0) + 1);
    again(incident, touched);
  };
  const uncover = (id, touched) => {
    const incident = covers.get(id);
    if (incident === undefined) return;
    covers.delete(id);
    const left = covered.get(incident) - 1;
    if (left) covered.set(incident, left);
    else covered.delete(incident);
    again(incident, touched);
  };
  const again = (id, touched) => {
    const feature = cop.picture.get(id);
    if (!feature) return;
    learn(feature, touched);
    touched.add(id);
  };

  /* Reports that a person has confirmed to be of one thing are drawn once, as the one that is
   * worked on; those that only may be one are marked. */
  const folds = new Map(); // fusion -> {members, primary}, of the confirmed ones
  const foldOf = new Map(); // report -> its confirmed fusion
  const proposals = new Map(); // report -> how many proposed fusions it is in
  const proposed = new Map(); // fusion -> members, of the proposed ones
  const isOpen = (id) => {
    const feature = cop.picture.get(id);
    return Boolean(feature) && cop.config.incident_open.includes(feature.properties.status);
  };
  /* The report that stands for the others: the primary, or while that is over an open one. */
  const standing = ({ members, primary }) =>
    isOpen(primary) ? primary : members.find(isOpen) || primary;
  const isFolded = (id) => {
    const fold = folds.get(foldOf.get(id));
    return Boolean(fold) && standing(fold) !== id;
  };
  const unfold = (fusion, touched) => {
    const fold = folds.get(fusion);
    folds.delete(fusion);
    for (const id of fold ? fold.members : [])
      if (foldOf.get(id) === fusion) {
        foldOf.delete(id);
        again(id, touched);
      }
    const members = proposed.get(fusion);
    proposed.delete(fusion);
    for (const id of members || []) {
      if (proposals.get(id) > 1) proposals.set(id, proposals.get(id) - 1);
      else proposals.delete(id);
      touched.add(id);
    }
  };
  const refold = ({ id, properties: p }, touched) => {
    unfold(id, touched);
    if (p.status === "confirmed") {
      folds.set(id, { members: p.members, primary: p.primary });
      for (const member of p.members) foldOf.set(member, id);
      for (const member of p.members) again(member, touched);
    } else if (p.status === "proposed") {
      proposed.set(id, p.members);
      for (const member of p.members) {
        proposals.set(member, (proposals.get(member) || 0) + 1);
        touched.add(member);
      }
    }
  };

  const forget = (id) => {
    for (const { layer, rule } of looks.get(id) || []) {
      members.get(layer.key).delete(id);
      tallies.get(layer.key)[rule.index] -= 1;
    }
    looks.delete(id);
  };
  const learn = (feature, touched) => {
    forget(feature.id);
    const found = covered.has(feature.id) || isFolded(feature.id) ? [] : classify(feature);
    const incident = found.length ? feature.properties.incident : undefined;
    if (covers.get(feature.id) !== (incident ?? undefined)) {
      uncover(feature.id, touched);
      if (incident && feature.properties.kind !== "assignment") cover(feature.id, incident, touched);
    }
    if (!found.length) return;
    looks.set(feature.id, found);
    for (const { layer, rule } of found) {
      members.get(layer.key).add(feature.id);
      tallies.get(layer.key)[rule.index] += 1;
    }
  };

  cop.layers = {
    all: [],
    byKey: new Map(),
    setUp(tables) {
      cop.layers.all = tables;
      const wanted = cop.asked("layers");
      const kept = wanted === null ? cop.prefs.get("layers", null) : wanted.split(",");
      for (const layer of tables) {
        layer.rules.forEach((rule, index) => { rule.index = index; });
        cop.layers.byKey.set(layer.key, layer);
        if (!byKind.has(layer.kind)) byKind.set(layer.kind, []);
        byKind.get(layer.kind).push(layer);
        members.set(layer.key, new Set());
        tallies.set(layer.key, layer.rules.map(() => 0));
        if (kept ? kept.includes(layer.key) : layer.on) shown.add(layer.key);
      }
    },
    /* Gives the ids whose look may have changed with those of the change itself. */
    take({ put, gone }) {
      const touched = new Set();
      for (const feature of gone) {
        forget(feature.id);
        uncover(feature.id, touched);
        if (feature.properties.kind === "fusion") unfold(feature.id, touched);
      }
      for (const feature of put) learn(feature, touched);
      for (const feature of put)
        if (feature.properties.kind === "fusion") refold(feature, touched);
      /* A report that came, went or changed its state may change which one stands for the others. */
      for (const { id } of [...put, ...gone]) {
        const fold = folds.get(foldOf.get(id));
        for (const member of fold ? fold.members : []) if (member !== id) again(member, touched);
        if (fold) again(id, touched);
      }
      return touched;
    },
    looks: (id) => looks.get(id) || [],
    members: (key) => members.get(key),
    count: (key) => members.get(key).size,
    tally: (key) => tallies.get(key),
    isShown: (key) => shown.has(key),
    shown: () => [...shown],
    show(key, on) {
      if (on) shown.add(key);
      else shown.delete(key);
      cop.prefs.set("layers", [...shown]);
      cop.emit("layers", key);
    },
    /* How many reports the one drawn stands for; 0 where it stands for itself. */
    reports(id) {
      const fold = folds.get(foldOf.get(id));
      return fold && standing(fold) === id ? fold.members.length : 0;
    },
    membersWith: (id) => (folds.get(foldOf.get(id)) || { members: [] }).members,
    isFolded,
    foldOf: (id) => foldOf.get(id),
    maybeSame: (id) => proposals.has(id),
    read,
    matches,
    ruleFor,
    /* A layer that nobody has set up: nothing is said of it, not even that nothing is known. */
    isAbsent: (layer) => layer.optional && layer.feeds.every((key) => !cop.picture.feeds.has(key)),
    /* The severity of the worst alarm that stands, where a layer has such; null without one. */
    alarm(layer, properties) {
      const alarms = (layer.alarms && read(properties, layer.alarms)) || [];
      const [worst] = alarms.map(({ severity }) => severity).sort((a, b) => RANK[a] - RANK[b]);
      return worst || null;
    },
    severity: (feature) => {
      const [look] = looks.get(feature.id) || [];
      return (look && look.rule.severity) || feature.properties.severity || "Unknown";
    },
    rank: (severity) => RANK[severity] ?? 4,
  };
})((window.cop = window.cop || {}));
