/* The last entries of a facility's book as a small chart: the counter in steps, its capacity, and
 * from now on the time at which it will be full, with its range. */
(function (cop) {
  "use strict";
  const [WIDTH, HEIGHT] = [340, 120];
  const [LEFT, RIGHT, TOP, BOTTOM] = [34, 10, 10, 20];
  const LONGEST_AHEAD_MS = 12 * 3600 * 1000; // a later forecast would press the past flat

  /* The round number at which an axis ends that must show *most*, from *least* steps on. */
  cop.niceTop = (most, least = 1) => {
    const step = 10 ** Math.floor(Math.log10(Math.max(least, most)));
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map((k) => k * step).find((n) => n >= most - 1e-9) || most;
  };
  cop.facilityChart = (p) => {
    const entries = (p.entries || []).map(({ at, occupancy }) => ({ ms: cop.ms(at), n: occupancy }));
    if (!entries.length) return null;
    const now = Math.max(cop.clock.now(), entries.at(-1).ms);
    const f = p.forecast;
    const ahead = (iso) => Math.min(cop.ms(iso), now + LONGEST_AHEAD_MS);
    const until = f && f.full_at && p.capacity ? ahead(f.latest || f.full_at) : now;
    const from = entries[0].ms;
    const span = Math.max(60000, until - from);
    const top = cop.niceTop(Math.max(p.capacity || 0, ...entries.map(({ n }) => n)) * 1.05);
    const x = (ms) => LEFT + ((ms - from) / span) * (WIDTH - LEFT - RIGHT);
    const y = (n) => HEIGHT - BOTTOM - (n / top) * (HEIGHT - TOP - BOTTOM);
    const steps = entries.map(({ ms, n }, index) =>
      index ? `H${x(ms).toFixed(1)}V${y(n).toFixed(1)}` : `M${x(ms).toFixed(1)} ${y(n).toFixed(1)}`).join("") + `H${x(now).toFixed(1)}`;
    const last = entries.at(-1).n;
    const label = (at, words, anchor = "middle") =>
      cop.svg("text", { x: at[0], y: at[1], "text-anchor": anchor, class: "chart-label" }, words);
    const parts = [
      cop.svg("path", { class: "chart-axis", d: `M${LEFT} ${y(0)}H${WIDTH - RIGHT}` }),
      label([LEFT - 5, y(0)], "0", "end"), label([LEFT - 5, y(top) + 8], String(top), "end"),
      label([LEFT, HEIGHT - 5], cop.time(from), "start"),
    ];
    if (p.capacity) {
      parts.push(cop.svg("path", { class: "chart-capacity", d: `M${LEFT} ${y(p.capacity)}H${WIDTH - RIGHT}` }));
      if (Math.abs(y(p.capacity) - y(top)) > 16) parts.push(label([LEFT - 5, y(p.capacity) + 4], String(p.capacity), "end"));
    }
    if (f && f.full_at && p.capacity) {
      const best = x(ahead(f.full_at));
      const early = x(ahead(f.earliest || f.full_at));
      const late = x(f.latest ? ahead(f.latest) : until);
      parts.push(
        cop.svg("path", { class: "chart-range", d: `M${x(now)} ${y(last)}L${early} ${y(p.capacity)}H${late}Z` }),
        cop.svg("path", { class: "chart-forecast", d: `M${x(now)} ${y(last)}L${best} ${y(p.capacity)}` }),
        label([Math.min(WIDTH - RIGHT, late), HEIGHT - 5], cop.time(until), "end"));
    }
    parts.push(
      cop.svg("path", { class: "chart-now", d: `M${x(now)} ${y(0)}V${TOP}` }),
      cop.svg("path", { class: "chart-line", d: steps }));
    if (x(now) - LEFT > 70 && WIDTH - RIGHT - x(now) > 60 || until === now)
      parts.push(label([Math.min(x(now), WIDTH - RIGHT), HEIGHT - 5], cop.t("chart.now"), until === now ? "end" : "middle"));
    const words = cop.t("chart.words", {
      from: cop.time(from), first: entries[0].n, last, n: entries.length,
    });
    return cop.svg("svg", { class: "facility-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words }, ...parts);
  };
})((window.cop = window.cop || {}));
