/* Draws a symbol from its rule, as an element or on a canvas, from the same outlines. */
(function (cop) {
  "use strict";
  /* Outlines on a 24 × 24 grid. */
  const OUTLINES = {
    Extreme: "M12 .8 23.2 12 12 23.2.8 12Z",
    Severe: "M12 1.5 23.3 22H.7Z",
    Moderate: "M2.5 2.500H21.500V21.500H2.500Z",
    Minor: "M12 1.5a10.5 10.5 0 1 1 0 21 10.500 10.500 0 0 1 0-21Z",
    disc: "M12 1.5a10.5 10.5 0 1 1 0 21 10.500 10.500 0 0 1 0-21Z",
    square: "M2.5 2.500H21.500V21.500H2.500Z",
    cell: "M1 1H23V23H1Z",
    badge: "M6 1.500H18A4.500 4.500 0 0 1 22.500 6V18A4.500 4.500 0 0 1 18 22.500H6A4.500 4.500 0 0 1 1.500 18V6A4.500 4.500 0 0 1 6 1.500Z",
    house: "M12 1 23 10.500H20.500V22.500H3.500V10.500H1Z",
    octagon: "M7.5 1H16.5L23 7.5V16.5L16.5 23H7.5L1 16.5V7.5Z",
    arrow: "M12 .5 20 23 12 18 4 23Z",
  };
  OUTLINES.Unknown = OUTLINES.disc;
  OUTLINES.ring = OUTLINES.disc;
  OUTLINES.closed = OUTLINES.disc;
  OUTLINES.outline = OUTLINES.cell;
  const BAR = "M5 9.800H19V14.200H5Z";
  /* Where the pictogram sits: a triangle's middle is lower than a square's. */
  const PLACE = { Severe: [7.6, 10, 0.59], Extreme: [7, 7, 0.67], house: [7.6, 10.5, 0.58] };
  const paths = new Map();
  const sprites = new Map();
  const colours = new Map();

  cop.colour = (token) => {
    if (!colours.has(token)) {
      const style = getComputedStyle(document.documentElement);
      colours.set(token, style.getPropertyValue(`--${token}`).trim() || "#888");
    }
    return colours.get(token);
  };
  const luminance = (hex) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  /* Ink that can be read on a colour: whichever of black and white stands out more. */
  cop.ink = (hex) => (luminance(hex) > 0.19 ? "#111111" : "#ffffff");

  const path = (d) => {
    if (!paths.has(d)) paths.set(d, new Path2D(d));
    return paths.get(d);
  };
  let scale = 1;
  /* Pixels about a symbol, for its rings and for what stands in its corner. */
  const marginOf = (spec) => (spec.live ? 7 : spec.tick !== undefined ? 9 : spec.alarm ? 6 : 3);
  const isHollow = (shape) => shape === "ring" || shape === "Unknown" || shape === "outline";

  /* In the corner: of how many reports it is, or that it may be the same as another. */
  const drawCount = (ctx, spec, size) => {
    const r = Math.max(6, size * 0.27);
    ctx.save();
    ctx.beginPath();
    ctx.arc(size - r + 2.5, r - 2.5, r, 0, 2 * Math.PI);
    ctx.fillStyle = cop.colour("surface");
    ctx.fill();
    ctx.strokeStyle = cop.colour("text");
    ctx.lineWidth = 1.2;
    if (!spec.count) ctx.setLineDash([2, 2]);
    ctx.stroke();
    ctx.fillStyle = cop.colour("text");
    ctx.font = `700 ${Math.round(r * (spec.count > 9 ? 1.2 : 1.5))}px system-ui, sans-serif`;
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(spec.count ? String(spec.count) : "?", size - r + 2.5, r - 2);
    ctx.restore();
  };

  /* A tip on a circle of radius *r* about the symbol, the way it goes or looks. */
  const drawTip = (ctx, heading, r, size) => {
    const turn = (heading * Math.PI) / 180;
    const at = (by, far) => [12 + far * Math.sin(turn + by), 12 - far * Math.cos(turn + by)];
    ctx.beginPath();
    ctx.moveTo(...at(0, r + 100 / size));
    ctx.lineTo(...at(0.45, r));
    ctx.lineTo(...at(-0.45, r));
    ctx.fill();
  };
  /* There now, as a phone says: a ring about the symbol, with a tip the way it goes. */
  const drawLive = (ctx, spec, size) => {
    const r = 12 + 40 / size;
    ctx.strokeStyle = ctx.fillStyle = cop.colour("accent");
    ctx.lineWidth = 40 / size;
    ctx.beginPath();
    ctx.arc(12, 12, r, 0, 2 * Math.PI);
    ctx.stroke();
    if (spec.heading !== null && spec.heading !== undefined) drawTip(ctx, spec.heading, r, size);
  };
  const drawTick = (ctx, { tick, colour }, size) => {
    const r = 12 + 48 / size;
    ctx.fillStyle = cop.colour(colour);
    drawTip(ctx, tick, r, size);
  };
  const drawLetter = (ctx, { letter, count }, ink) => {
    ctx.fillStyle = ink;
    ctx.font = "700 17px system-ui, sans-serif";
    ctx.textAlign = "center";
    ctx.textBaseline = "middle";
    ctx.fillText(letter, count ? 10.5 : 12, count ? 14 : 12.8); // the number has the upper corner
  };
  /* An alarm that stands: its severity's shape, in the upper corner on the left. */
  const drawAlarm = (ctx, spec, size) => {
    const side = Math.max(11, size * 0.58);
    ctx.save();
    ctx.translate(-side * 0.42, -side * 0.42);
    ctx.scale(side / 24, side / 24);
    const outline = path(OUTLINES[spec.alarm]);
    ctx.lineJoin = "round";
    ctx.strokeStyle = cop.colour("halo");
    ctx.lineWidth = 96 / side;
    ctx.stroke(outline);
    ctx.fillStyle = cop.colour(`sev-${spec.alarm.toLowerCase()}`);
    ctx.fill(outline);
    ctx.restore();
  };

  /* An incident's outline: hollow when it is over, dashed until somebody has verified it. */
  const stateOf = (p) =>
    !cop.config.incident_open.includes(p.status) ? "over" : p.verified ? "sure" : "unverified";

  /* What a look comes to for one feature: everything that decides its pixels. */
  cop.symbols = {
    stateOf,
    spec(look, feature) {
      const { layer, rule } = look;
      const p = feature.properties;
      const shape = rule.shape === "severity" ? rule.severity || p.severity : rule.shape;
      const [property, icons] = layer.pictograms || [];
      const icon = (icons && icons[p[property]]) || rule.icon;
      const spec = { shape, colour: rule.colour, icon, size: Math.round(rule.size * scale) };
      if (rule.letter) spec.letter = rule.letter;
      const turn = layer.turn ? cop.layers.read(p, layer.turn) : undefined;
      if (rule.shape === "arrow") {
        if (turn === undefined) spec.shape = "disc";
        else spec.turn = (Math.round(turn / 5) * 5 + (layer.towards ? 0 : 180)) % 360;
        spec.shift = Math.round(layer.shift * scale);
      } else if (turn !== undefined && layer.towards) spec.tick = (Math.round(turn / 5) * 5) % 360;
      if (rule.shape === "house" && layer.level) {
        const [part, whole] = layer.level.map((name) => p[name]);
        if (whole && part !== undefined) spec.level = Math.min(1, Math.round((10 * part) / whole) / 10);
      }
      if (p.placing === "district" || p.placing === "region" || p.placing === "road")
        spec.vague = true;
      if (rule.line) spec.line = rule.line;
      if (p.kind === "incident") {
        spec.state = stateOf(p);
        spec.count = cop.layers.reports(feature.id);
        spec.maybe = cop.layers.maybeSame(feature.id);
      }
      const alarm = cop.layers.alarm(layer, p);
      if (alarm) spec.alarm = alarm;
      if (layer.tally) spec.count = Object.values(p[layer.tally] || {}).reduce((sum, n) => sum + n, 0);
      if (p.kind === "resource" && cop.positions.of(feature.id)) {
        spec.live = true;
        spec.heading = cop.positions.heading(feature.id);
      }
      const freshness = p.feed ? cop.freshness(p.feed).state : "live";
      if (freshness === "stale") spec.stale = true;
      return spec;
    },
    key: (spec) =>
      `${spec.shape}|${spec.colour}|${spec.icon}|${spec.size}|${spec.turn ?? ""}|` +
      `${spec.level ?? ""}|${spec.vague ? 1 : 0}${spec.stale ? 1 : 0}|` +
      `${spec.state ?? ""}|${spec.count || (spec.maybe ? "?" : "")}|` +
      `${spec.live ? spec.heading ?? "live" : ""}|${spec.letter || ""}|${spec.alarm || ""}|${spec.tick ?? ""}`,

    draw(ctx, spec, size) {
      const colour = cop.colour(spec.colour);
      const surface = cop.colour("halo");
      const outline = path(OUTLINES[spec.shape] || OUTLINES.disc);
      const hollow = isHollow(spec.shape) || spec.state === "unverified" || spec.state === "over";
      ctx.save();
      ctx.scale(size / 24, size / 24);
      if (spec.turn !== undefined) {
        ctx.translate(12, 12);
        ctx.rotate((spec.turn * Math.PI) / 180);
        ctx.translate(-12, -12);
      }
      const alpha = spec.stale || spec.state === "over" ? 0.65 : 1;
      ctx.globalAlpha = alpha;
      ctx.lineJoin = "round";
      if (!hollow) {
        ctx.strokeStyle = surface;
        ctx.lineWidth = 72 / size;
        ctx.stroke(outline);
      }
      ctx.fillStyle = hollow ? surface : colour;
      if (hollow) ctx.globalAlpha *= spec.shape === "ring" ? 0.25 : 0.9;
      ctx.fill(outline);
      if (spec.state === "unverified") {
        ctx.fillStyle = colour;
        ctx.globalAlpha = alpha * 0.16;
        ctx.fill(outline);
      }
      ctx.globalAlpha = alpha;
      if (spec.level !== undefined) {
        ctx.save();
        ctx.clip(outline);
        ctx.fillStyle = surface;
        ctx.globalAlpha *= 0.55;
        ctx.fillRect(0, 0, 24, 10 + 12.5 * (1 - spec.level));
        ctx.restore();
      }
      if (hollow || spec.stale) {
        ctx.strokeStyle = hollow ? colour : surface;
        ctx.lineWidth = Math.max(1.5, 36 / size);
        const dashed = spec.state ? spec.state === "unverified" : spec.shape === "Unknown";
        if (spec.stale || dashed) ctx.setLineDash([4, 3]);
        ctx.stroke(outline);
        ctx.setLineDash([]);
      }
      /* Somewhere near here: a dashed ring about the symbol. */
      if (spec.vague) {
        ctx.strokeStyle = colour;
        ctx.lineWidth = 36 / size;
        ctx.setLineDash([72 / size, 60 / size]);
        ctx.beginPath();
        ctx.arc(12, 12, 12 + 44 / size, 0, 2 * Math.PI);
        ctx.stroke();
        ctx.setLineDash([]);
      }
      if (spec.live) drawLive(ctx, spec, size);
      if (spec.tick !== undefined) drawTick(ctx, spec, size);
      if (spec.shape === "closed") {
        ctx.fillStyle = "#ffffff";
        ctx.fill(path(BAR));
      }
      if (spec.icon && size >= 13) {
        const [x, y, k] = PLACE[spec.shape] || [5.2, 5.2, 0.907];
        ctx.translate(x, y);
        ctx.scale(k, k);
        ctx.fillStyle = hollow ? colour : cop.ink(colour);
        ctx.fill(path(cop.icons[spec.icon] || ""));
      }
      if (spec.letter) drawLetter(ctx, spec, hollow ? colour : cop.ink(colour));
      ctx.restore();
      if (spec.alarm) drawAlarm(ctx, spec, size);
      if (spec.count || spec.maybe) drawCount(ctx, spec, size);
    },

    /* A small canvas of the symbol, drawn once per look, theme and pixel density. */
    sprite(spec) {
      const key = cop.symbols.key(spec);
      let sprite = sprites.get(key);
      if (!sprite) {
        const scale = window.devicePixelRatio || 1;
        const margin = marginOf(spec);
        const side = spec.size + 2 * margin;
        sprite = document.createElement("canvas");
        sprite.width = sprite.height = Math.ceil(side * scale);
        const ctx = sprite.getContext("2d");
        ctx.scale(scale, scale);
        ctx.translate(margin, margin);
        cop.symbols.draw(ctx, spec, spec.size);
        sprite.side = side;
        sprites.set(key, sprite);
      }
      return sprite;
    },

    /* The same symbol as an element, for lists, legends and markers. */
    element(spec, size) {
      const wanted = { ...spec, size: size || spec.size };
      const scale = Math.max(2, window.devicePixelRatio || 1);
      const margin = marginOf(wanted);
      const side = wanted.size + 2 * margin;
      const canvas = cop.h("canvas", { class: "symbol", "aria-hidden": "true" });
      canvas.width = canvas.height = Math.ceil(side * scale);
      canvas.style.width = canvas.style.height = `${side}px`;
      const ctx = canvas.getContext("2d");
      ctx.scale(scale, scale);
      ctx.translate(margin, margin);
      cop.symbols.draw(ctx, wanted, wanted.size);
      return canvas;
    },
    get scale() { return scale; },
    legend: (rule, size) =>
      cop.symbols.element(
        {
          shape: rule.shape === "severity" ? rule.severity || "Unknown" : rule.shape,
          colour: rule.colour, icon: rule.icon, letter: rule.letter,
          turn: rule.shape === "arrow" ? 225 : undefined,
        },
        size || 16,
      ),
    clear() {
      /* A wall is read from three metres: symbols grow with its type. */
      const root = getComputedStyle(document.documentElement);
      scale = Number(root.getPropertyValue("--scale")) || 1;
      sprites.clear();
      colours.clear();
      cop.patterns.clear();
    },
  };
})((window.cop = window.cop || {}));
