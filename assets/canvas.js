/* Leaflet paths that draw our symbols, labels, grids and closed roads; Leaflet's canvas redraws only what
 * changed and finds what was clicked. Made once Leaflet is there. */
(function (cop) {
  "use strict";
  const EVERY = 26; // pixels between the crosses of a closed road
  const make = (L) => {
    const Symbol = L.CircleMarker.extend({
      /* options: spec, label, labelZoom, hidden */
      _updateBounds() {
        const { size, shift = 0 } = this.options.spec;
        const r = size / 2 + 6 + shift;
        const wide = this.options.label ? 34 : 0;
        const reach = L.point(r + wide, r + 4);
        this._pxBounds = L.bounds(this._point.subtract(reach), this._point.add(reach));
      },
      _updatePath() {
        const renderer = this._renderer;
        if (!renderer._drawing || this.options.hidden || this._empty()) return;
        const ctx = renderer._ctx;
        const { spec, label, labelZoom } = this.options;
        const sprite = cop.symbols.sprite(spec);
        const half = sprite.side / 2;
        const at = this._shown();
        ctx.drawImage(sprite, at.x - half, at.y - half, sprite.side, sprite.side);
        if (!label || this._map.getZoom() < labelZoom) return;
        ctx.font = `600 ${Math.round(11 * cop.symbols.scale)}px system-ui, sans-serif`;
        ctx.textBaseline = "middle";
        ctx.lineWidth = 3;
        ctx.lineJoin = "round";
        ctx.strokeStyle = cop.colour("halo");
        ctx.fillStyle = cop.colour("text");
        const x = this._point.x + spec.size / 2 + 3;
        ctx.strokeText(label, x, this._point.y);
        ctx.fillText(label, x, this._point.y);
      },
      _containsPoint(point) {
        if (this.options.hidden) return false;
        const shift = this._shown().subtract(this._point);
        return L.CircleMarker.prototype._containsPoint.call(this, point.subtract(shift));
      },
      /* Where it stands: beside its place, the way it points, where its spec says so. */
      _shown() {
        const { shift, turn } = this.options.spec;
        if (!shift || turn === undefined) return this._point;
        const to = (turn * Math.PI) / 180;
        return this._point.add([shift * Math.sin(to), -shift * Math.cos(to)]);
      },
      /* A badge stands for it. */
      setHidden(hidden) {
        if (Boolean(this.options.hidden) === hidden) return;
        this.options.hidden = hidden;
        this.redraw();
      },
      setLook(spec, label) {
        this.options.spec = spec;
        this.options.label = label;
        this.setRadius(Math.max(8, spec.size / 2));
      },
    });

    /* A regular grid with only its wet cells. options: grid, colourOf(value) */
    const Grid = L.Rectangle.extend({
      initialize(grid, options) {
        const rows = grid.cells.length
          ? Math.floor(Math.max(...grid.cells.map(([index]) => index)) / grid.columns) + 1
          : 1;
        const south = grid.north - rows * grid.step_lat;
        const east = grid.west + grid.columns * grid.step_lon;
        L.Rectangle.prototype.initialize.call(
          this, [[south, grid.west], [grid.north, east]],
          { ...options, stroke: false, fill: true },
        );
        this.options.grid = grid;
      },
      _updatePath() {
        const renderer = this._renderer;
        if (!renderer._drawing) return;
        const { grid, colourOf } = this.options;
        const ctx = renderer._ctx;
        const map = this._map;
        const zero = map.latLngToLayerPoint([grid.north, grid.west]);
        const one = map.latLngToLayerPoint([grid.north - grid.step_lat, grid.west + grid.step_lon]);
        const w = one.x - zero.x;
        const h = one.y - zero.y;
        ctx.globalAlpha = 0.55;
        for (const [index, value] of grid.cells) {
          ctx.fillStyle = colourOf(value);
          const column = index % grid.columns;
          const row = Math.floor(index / grid.columns);
          ctx.fillRect(zero.x + column * w, zero.y + row * h, w + 0.5, h + 0.5);
        }
        ctx.globalAlpha = 1;
      },
    });
    /* A road that nobody can pass: thick, with a cross every few steps. */
    const Closed = L.Polyline.extend({
      _updatePath() {
        L.Polyline.prototype._updatePath.call(this);
        const renderer = this._renderer;
        if (!renderer._drawing || !this._parts.length) return;
        const ctx = renderer._ctx;
        const arm = this.options.weight * 0.9;
        ctx.globalAlpha = this.options.opacity;
        ctx.setLineDash([]);
        ctx.lineCap = "butt";
        for (const [colour, width] of [[cop.colour("halo"), 5], [this.options.color, 2.5]]) {
          ctx.strokeStyle = colour;
          ctx.lineWidth = width;
          ctx.beginPath();
          for (const { x, y } of this._crosses()) {
            ctx.moveTo(x - arm, y - arm);
            ctx.lineTo(x + arm, y + arm);
            ctx.moveTo(x + arm, y - arm);
            ctx.lineTo(x - arm, y + arm);
          }
          ctx.stroke();
        }
        ctx.globalAlpha = 1;
      },
      /* Every EVERY pixels along the line, and one in the middle of a short one. */
      _crosses() {
        const at = [];
        for (const part of this._parts) {
          let left = EVERY / 2;
          for (let n = 1; n < part.length; n += 1) {
            const from = part[n - 1];
            const along = part[n].subtract(from);
            const length = Math.hypot(along.x, along.y);
            for (; left <= length; left += EVERY) at.push(from.add(along.multiplyBy(left / length)));
            left -= length;
          }
        }
        if (!at.length) at.push(this._parts[0][0]);
        return at;
      },
    });
    return { Symbol, Grid, Closed };
  };
  let kinds = null;
  cop.paths = () => {
    kinds = kinds || make(window.L);
    return kinds;
  };
})((window.cop = window.cop || {}));
