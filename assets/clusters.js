/* Markers that lie on each other on the screen stand as one badge, with their number and the
 * worst severity among them. Worked out anew when the zoom, the choice or a marker changes; a
 * badge is keyed by its worst member and kept while that member stays. */
(function (cop) {
  "use strict";
  const CLOSE = 0.8; // of the sum of two radii: nearer than this, one hides the other
  const BADGE = 30; // pixels across
  const CELL = 40; // side of the search grid; no two things further apart can touch
  const PASSES = 4;
  const NONE = 5; // rank of what has no severity, after "not known"
  const TOP = 100000; // the chosen marker lies on everything
  const points = new Map(); // name -> {marker, id, look, size, rank, severity, hidden}
  const badges = new Map(); // name of the worst member -> {marker, members, key}
  let dirty = false;
  let raised = null;

  const severityOf = ({ layer, rule }, properties) =>
    cop.layers.alarm(layer, properties) || rule.severity ||
    (rule.shape === "severity" ? properties.severity || "Unknown" : null);
  /* Grades stand in the order of their rules, worst first, whatever their severity. */
  const rankOf = ({ layer, rule }, severity) =>
    (severity ? cop.layers.rank(severity) : NONE) + (rule.letter ? rule.index / layer.rules.length : 0);
  const byRank = (a, b) =>
    a.rank - b.rank || b.look.layer.order - a.look.layer.order || (a.name < b.name ? -1 : 1);

  /* The nearest of the *heads* around *point* that it would touch. */
  const touching = (grid, point, cell) => {
    const column = Math.floor(point.x / cell);
    const row = Math.floor(point.y / cell);
    let found = null;
    let nearest = Infinity;
    for (let c = column - 1; c <= column + 1; c += 1)
      for (let r = row - 1; r <= row + 1; r += 1)
        for (const head of grid.get(`${c},${r}`) || []) {
          const far = Math.hypot(head.x - point.x, head.y - point.y);
          if (far < (CLOSE * (head.size + point.size)) / 2 && far < nearest) {
            found = head;
            nearest = far;
          }
        }
    return found;
  };
  /* Each of *items*, worst first, joins the first that it touches or stands for itself. */
  const gather = (items) => {
    const scale = cop.symbols.scale;
    const cell = CELL * scale;
    const grid = new Map();
    const heads = [];
    for (const { x, y, size, members } of items) {
      const head = touching(grid, { x, y, size }, cell);
      if (head) {
        head.members.push(...members);
        head.size = BADGE * scale;
        continue;
      }
      const made = { x, y, size, members: [...members] };
      heads.push(made);
      const at = `${Math.floor(x / cell)},${Math.floor(y / cell)}`;
      if (grid.has(at)) grid.get(at).push(made);
      else grid.set(at, [made]);
    }
    return heads;
  };
  const group = () => {
    const map = cop.map.leaflet;
    const zoom = map.getZoom();
    const chosen = cop.selected();
    const free = [];
    for (const point of points.values()) {
      const { x, y } = map.project(point.marker.getLatLng(), zoom);
      point.x = x;
      point.y = y;
      if (point.id === chosen) show(point, true);
      else free.push(point);
    }
    let heads = free.sort(byRank).map((point) => ({ ...point, members: [point] }));
    /* A badge is larger than what it stands for, and may touch its neighbours in turn. */
    for (let pass = 0; pass < PASSES; pass += 1) {
      const before = heads.length;
      heads = gather(heads);
      if (heads.length === before) break;
    }
    return heads;
  };

  const show = (point, visible) => {
    if (point.marker.setHidden) {
      point.marker.setHidden(!visible); // one of a crowded layer, on the canvas
      return;
    }
    const node = point.marker.getElement();
    if (node && node.hidden === visible) node.hidden = !visible;
  };
  /* Zones of one kind stand as the worst of them, with its grade and their number. */
  const gradesOf = (members) => {
    const [{ look }] = members;
    return look.layer.alarms && members.every((one) => one.look.layer === look.layer) ? members[0] : null;
  };
  const iconOf = (members, severity) => {
    const count = members.length;
    const size = Math.round(BADGE * cop.symbols.scale);
    const worst = gradesOf(members);
    if (worst) {
      const spec = cop.symbols.spec(worst.look, cop.picture.get(worst.id));
      const html = cop.symbols.element({ ...spec, size, count });
      return L.divIcon({ className: "mark cluster", iconSize: [size + 6, size + 6], html });
    }
    const colour = severity ? `sev-${severity.toLowerCase()}` : "cluster";
    const hollow = severity === "Unknown";
    const number = cop.h("b", { text: count > 99 ? "99+" : String(count) });
    number.style.color = hollow ? cop.colour("text") : cop.ink(cop.colour(colour));
    const html = cop.h(
      "span", { class: `cluster-badge is-${(severity || "none").toLowerCase()}` },
      cop.symbols.element({ shape: severity || "badge", colour, icon: "", size }), number,
    );
    return L.divIcon({ className: "mark cluster", iconSize: [size + 6, size + 6], html });
  };
  const nameOf = (members, severity) => {
    const count = members.length;
    const worst = gradesOf(members);
    if (worst)
      return cop.t("cluster.grades", {
        n: count, layer: cop.say(worst.look.layer.title),
        words: cop.join([cop.say(worst.look.rule.word), ...cop.facts.marks(cop.picture.get(worst.id)).map(({ more }) => more)]),
      });
    return severity
      ? cop.t("cluster.worst", { n: count, severity: cop.term("severity", severity) })
      : cop.t("cluster", { n: count });
  };

  const open = (name) => {
    const badge = badges.get(name);
    if (!badge) return;
    cop.choose(badge.members.map(({ id }) => id), badge.marker.getLatLng(), badge.marker.getElement());
  };
  const put = (head) => {
    const { members } = head;
    const [first] = members;
    const worst = gradesOf(members);
    const key = [members.length, first.severity, cop.lang, cop.theme(),
      worst ? cop.symbols.key(cop.symbols.spec(worst.look, cop.picture.get(worst.id))) : ""].join("|");
    let badge = badges.get(first.name);
    if (!badge) {
      const marker = L.marker(first.marker.getLatLng(), {
        icon: iconOf(members, first.severity), keyboard: true, riseOnHover: true,
        title: nameOf(members, first.severity), zIndexOffset: first.look.layer.order * 100 + 50 + Math.round(8 * (NONE - first.rank)),
      });
      cop.onPress(marker, () => open(first.name));
      badge = { marker: marker.addTo(cop.map.leaflet), members: head.members, key };
      badges.set(first.name, badge);
    }
    badge.members = head.members;
    if (badge.key !== key) {
      badge.key = key;
      const node = badge.marker.getElement();
      const focused = document.activeElement === node;
      badge.marker.setIcon(iconOf(members, first.severity));
      badge.marker.getElement().title = nameOf(members, first.severity);
      if (focused) badge.marker.getElement().focus({ preventScroll: true });
    }
    const at = first.marker.getLatLng();
    if (!badge.marker.getLatLng().equals(at)) badge.marker.setLatLng(at);
  };
  const focusOn = (marker) => {
    const node = marker.getElement();
    if (node) node.focus({ preventScroll: true });
  };
  const lift = (marker, to) => {
    if (marker.setZIndexOffset) marker.setZIndexOffset(to);
    else if (to === TOP) marker.bringToFront();
  };
  /* The chosen marker above the badge of those that lie under it. */
  const raise = () => {
    const chosen = cop.selected();
    if (raised && raised.id !== chosen) {
      lift(raised.marker, raised.look.layer.order * 100);
      raised = null;
    }
    for (const point of points.values())
      if (point.id === chosen) {
        raised = point;
        lift(point.marker, TOP);
      }
  };

  const arrange = () => {
    dirty = false;
    if (!cop.map.leaflet) return;
    const heads = group();
    const focused = document.activeElement;
    const kept = new Set();
    for (const head of heads) {
      const many = head.members.length > 1;
      if (many) {
        put(head);
        kept.add(head.members[0].name);
      }
      for (const point of head.members) {
        const had = many && point.marker.getElement() === focused;
        show(point, !many);
        if (had) focusOn(badges.get(head.members[0].name).marker);
      }
    }
    for (const [name, badge] of badges) {
      if (kept.has(name)) continue;
      const had = badge.marker.getElement() === focused;
      badge.marker.remove();
      badges.delete(name);
      if (had && points.has(name)) focusOn(points.get(name).marker);
    }
    raise();
  };

  cop.clusters = {
    arrange,
    /* After a batch of drawing: only if some marker came, went, moved or changed its rank. */
    settle: () => { if (dirty) arrange(); },
    put(name, marker, id, look, spec) {
      const held = points.get(name);
      const severity = severityOf(look, cop.picture.get(id).properties);
      const at = marker.getLatLng();
      const same = held && held.marker === marker && held.severity === severity &&
        held.look.rule === look.rule && held.size === spec.size && held.at.equals(at);
      if (same) return;
      const rank = rankOf(look, severity);
      points.set(name, { name, marker, id, look, size: spec.size, severity, rank, at });
      dirty = true;
    },
    drop(name) {
      if (points.delete(name)) dirty = true;
    },
    /* Ids of everything that a press on the marker *name* could have meant, worst first. */
    near(name) {
      const own = points.get(name);
      const reach = (other) => (CLOSE * (own.size + other.size)) / 2;
      return [...points.values()]
        .filter((other) => other === own || Math.hypot(other.x - own.x, other.y - own.y) < reach(other))
        .sort(byRank)
        .map(({ id }) => id);
    },
    get badges() { return badges; },
  };
})((window.cop = window.cop || {}));
