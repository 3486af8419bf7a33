/* Fills that tell phenomena apart without colour: rain dots, flood waves, slope triangles, wind
 * stripes; and the hatch of what is not known. Tiles for the map's canvas, made once each. */
(function (cop) {
  "use strict";
  const SIDE = 16;
  const WASH = 0.14; // of the colour under the figures: a second area beneath stays legible
  const tiles = new Map();
  let pen = null;

  const stroke = (ctx, d, width) => {
    ctx.lineWidth = width;
    ctx.stroke(new Path2D(d));
  };
  /* People from above: so many heads on a tile. */
  const HEADS = [[4, 4], [12, 12], [12, 4], [4, 12], [8, 8], [0, 8], [16, 8], [8, 0], [8, 16], [0, 0], [16, 0], [0, 16], [16, 16]];
  const heads = (ctx, n, r) => {
    for (const [x, y] of HEADS.slice(0, n)) {
      ctx.beginPath();
      ctx.arc(x, y, r, 0, 2 * Math.PI);
      ctx.fill();
    }
  };
  const DRAW = {
    dots(ctx) {
      for (const [x, y] of [[4, 4], [12, 12]]) {
        ctx.beginPath();
        ctx.arc(x, y, 1.8, 0, 2 * Math.PI);
        ctx.fill();
      }
    },
    waves: (ctx) => stroke(ctx, "M0 4Q4 0 8 4T16 4M0 12Q4 8 8 12T16 12", 1.6),
    triangles: (ctx) => ctx.fill(new Path2D("M4 1.5 7.5 7.5H.5ZM12 9.5 15.5 15.5H8.5Z")),
    stripes: (ctx) => stroke(ctx, "M-4 4 4-4M-4 20 20-4M12 20 20 12", 2.2),
    rings(ctx) {
      ctx.lineWidth = 1.4;
      ctx.beginPath();
      ctx.arc(8, 8, 4.5, 0, 2 * Math.PI);
      ctx.stroke();
    },
    crowd1: (ctx) => heads(ctx, 1, 1.4),
    crowd2: (ctx) => heads(ctx, 2, 1.6),
    crowd3: (ctx) => heads(ctx, 4, 1.7),
    crowd4: (ctx) => heads(ctx, 5, 2),
    crowd5: (ctx) => heads(ctx, 13, 2),
    crowd6: (ctx) => heads(ctx, 13, 2.6),
    hatch: (ctx) => stroke(ctx, "M-4 12 4 20M-4-4 20 20M12-4 20 4", 1.2),
  };

  cop.patterns = {
    /* A fill for the canvas, in the colour of *token*; undefined for a name that is not known. */
    fill(name, token, wash = WASH) {
      if (!DRAW[name]) return undefined;
      const key = `${name}|${cop.colour(token)}|${wash}`;
      if (tiles.has(key)) return tiles.get(key);
      const fine = Math.max(2, window.devicePixelRatio || 1);
      const tile = document.createElement("canvas");
      tile.width = tile.height = SIDE * fine;
      const ctx = tile.getContext("2d");
      ctx.scale(fine, fine);
      ctx.fillStyle = ctx.strokeStyle = cop.colour(token);
      ctx.globalAlpha = wash;
      ctx.fillRect(0, 0, SIDE, SIDE);
      ctx.globalAlpha = 0.85;
      DRAW[name](ctx);
      pen = pen || document.createElement("canvas").getContext("2d");
      const made = pen.createPattern(tile, "repeat");
      const scale = cop.symbols.scale / fine;
      made.setTransform(new DOMMatrix([scale, 0, 0, scale, 0, 0]));
      tiles.set(key, made);
      return made;
    },
    /* Which pattern a layer's table gives a feature. */
    of(layer, properties) {
      if (!layer.patterns) return null;
      const [property, names] = layer.patterns;
      return names[properties[property]] || null;
    },
    names: Object.keys(DRAW),
    clear: () => tiles.clear(),
  };
})((window.cop = window.cop || {}));
