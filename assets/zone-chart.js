/* The last readings of a zone as a small chart: the value over time with gaps where it was not known,
 * the limits it may pass, and from now on when it will, with the range of that. */
(function (cop) {
  "use strict";
  const [WIDTH, HEIGHT] = [340, 150];
  const [LEFT, RIGHT, TOP, BOTTOM] = [36, 26, 12, 20];
  const LONGEST_AHEAD_MS = 2 * 3600 * 1000; // a later forecast would press the past flat
  const GAP_FACTOR = 4; // so many usual intervals without a reading are a gap as well
  const BANDS = ["D", "E", "F"];

  const known = (value) => value !== undefined && value !== null;
  const short = (n) => cop.facts.number(n, Math.abs(n) < 10 ? 1 : 0);
  const exact = (n) => cop.facts.number(n, Math.abs(n) < 10 ? 2 : 0);

  /* Runs of readings that follow each other; what was not known, or is missing, parts them. */
  const runsOf = (readings) => {
    const steps = readings.slice(1).map(({ ms }, n) => ms - readings[n].ms).sort((a, b) => a - b);
    const usual = steps[steps.length >> 1] || 60000;
    const runs = [];
    let last = null;
    for (const one of readings) {
      if (known(one.value)) {
        if (last && known(last.value) && one.ms - last.ms <= GAP_FACTOR * usual) runs[runs.length - 1].push(one);
        else runs.push([one]);
      }
      last = one;
    }
    return runs;
  };
  /* From when to when nothing was known: halfway to the readings before and after. */
  const gapsOf = (readings) => {
    const gaps = [];
    readings.forEach(({ ms, value }, n) => {
      if (known(value)) return;
      const begin = n ? (readings[n - 1].ms + ms) / 2 : ms;
      const end = n + 1 < readings.length ? (ms + readings[n + 1].ms) / 2 : ms;
      const last = gaps[gaps.length - 1];
      if (last && last[1] === begin) last[1] = end;
      else gaps.push([begin, end]);
    });
    return gaps;
  };
  const limitsOf = (p) => {
    const levels = cop.config.crowd_levels[p.sight.use];
    const found = levels ? BANDS.map((name) => ({ at: levels[name], name })) : [];
    const limit = p.sight.outlook && p.sight.outlook.threshold;
    if (known(limit) && !found.some(({ at }) => Math.abs(at - limit) < 0.02)) found.push({ at: limit, name: short(limit), own: true });
    return found;
  };

  const outlookWords = (p) => {
    const it = p.sight.outlook;
    if (!it) return null;
    const expected = cop.sightFacts.outlook(it, p.unit);
    if (expected) return cop.t("zonechart.expected", { words: expected });
    const rate = exact(Math.abs(it.rate_per_min));
    if (rate === "0") return null;
    const unit = cop.facts.unit(p.unit);
    return it.rate_per_min > 0
      ? cop.t("zonechart.rising", { rate, unit, limit: `${exact(it.threshold)} ${unit}` })
      : cop.t("zonechart.falling", { rate, unit });
  };
  const words = (p, readings) => {
    const measure = cop.term("measure", p.measure);
    const span = { measure, from: cop.time(readings[0].ms), until: cop.time(readings.at(-1).ms) };
    const values = readings.filter(({ value }) => known(value)).map(({ value }) => value);
    const gaps = readings.length - values.length;
    return [
      values.length ? cop.t("zonechart.words", {
        ...span, least: exact(Math.min(...values)), most: exact(Math.max(...values)), last: exact(values.at(-1)), unit: cop.facts.unit(p.unit) })
        : cop.t("zonechart.none", span),
      gaps && values.length ? cop.t("zonechart.gaps", { n: gaps, all: readings.length }) : "",
      outlookWords(p) || "",
    ].filter(Boolean).join(" ");
  };

  const draw = (p, readings) => {
    const runs = runsOf(readings);
    const now = Math.max(cop.clock.now(), readings.at(-1).ms);
    const it = p.sight.outlook;
    const ahead = (iso) => Math.min(cop.ms(iso), now + LONGEST_AHEAD_MS);
    const rises = it && it.at && known(p.value);
    const until = rises ? Math.max(now, it.latest ? ahead(it.latest) : now + 1.5 * (ahead(it.at) - now)) : now;
    const from = readings[0].ms;
    const span = Math.max(60000, until - from);
    const limits = limitsOf(p);
    const values = readings.map(({ value }) => value).filter(known);
    const most = Math.max(0, ...values, rises ? it.threshold : 0);
    /* The next limit above is in sight; one far above would press everything flat. */
    const above = limits.map(({ at }) => at).filter((at) => at > most).sort((a, b) => a - b)[0];
    const top = cop.niceTop(Math.max(most, known(above) && (above < 3 * most || !most) ? above : 0) * 1.08 || 1, 0.1);
    const least = Math.min(0, ...values);
    const x = (ms) => LEFT + ((ms - from) / span) * (WIDTH - LEFT - RIGHT);
    const y = (n) => HEIGHT - BOTTOM - ((n - least) / (top - least)) * (HEIGHT - TOP - BOTTOM);
    const at = ({ ms, value }) => `${x(ms).toFixed(1)} ${y(value).toFixed(1)}`;
    const label = (where, said, anchor = "middle", cls = "chart-label") =>
      cop.svg("text", { x: where[0], y: where[1], "text-anchor": anchor, class: cls }, said);
    const parts = [];
    for (const [begin, end] of gapsOf(readings))
      parts.push(cop.svg("rect", { class: "chart-gap", x: x(begin), y: TOP, width: Math.max(1.5, x(end) - x(begin)), height: HEIGHT - TOP - BOTTOM }));
    parts.push(cop.svg("path", { class: "chart-axis", d: `M${LEFT} ${y(least)}H${WIDTH - RIGHT}` }), label([LEFT - 5, y(least)], short(least), "end"), label([LEFT - 5, y(top) + 8], short(top), "end"));
    let free = HEIGHT; // names are set apart from each other, from below
    for (const { at: limit, name, own } of limits.filter(({ at: n }) => n <= top).sort((a, b) => a.at - b.at)) {
      parts.push(cop.svg("path", { class: `chart-limit${own ? " is-own" : ""}`, d: `M${LEFT} ${y(limit)}H${WIDTH - RIGHT}` }));
      const beside = Math.min(y(limit) + 4, free);
      parts.push(label([WIDTH - RIGHT + 5, beside], name, "start", "chart-label chart-limit-name"));
      free = beside - 11;
    }
    if (rises) {
      const [start, goal] = [`${x(readings.at(-1).ms)} ${y(p.value)}`, y(it.threshold)];
      const late = x(it.latest ? ahead(it.latest) : until);
      parts.push(
        cop.svg("path", { class: "chart-range", d: `M${start}L${x(ahead(it.earliest || it.at))} ${goal}H${late}Z` }),
        cop.svg("path", { class: "chart-forecast", d: `M${start}L${x(ahead(it.at))} ${goal}` }),
        label([WIDTH - RIGHT, HEIGHT - 5], cop.time(until), "end"));
    }
    parts.push(cop.svg("path", { class: "chart-now", d: `M${x(now)} ${y(least)}V${TOP}` }));
    for (const run of runs) {
      if (run.length > 1) parts.push(cop.svg("path", { class: "chart-line", d: `M${run.map(at).join("L")}` }));
      else parts.push(cop.svg("circle", { class: "chart-dot", cx: x(run[0].ms), cy: y(run[0].value), r: 2.2 }));
    }
    parts.push(label([LEFT, HEIGHT - 5], cop.time(from), "start"));
    if (x(now) - LEFT > 90 && (!rises || WIDTH - RIGHT - x(now) > 60))
      parts.push(label([Math.min(x(now), WIDTH - RIGHT), HEIGHT - 5], cop.t("chart.now"), rises ? "middle" : "end"));
    return cop.svg("svg", { class: "zone-chart", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": words(p, readings) }, ...parts);
  };
  const table = (p, readings) =>
    cop.h("details", { class: "more-details", "data-key": "readings" },
      cop.h("summary", { text: cop.t("zonechart.readings", { n: readings.length }) }),
      cop.h("div", { class: "zone-readings", tabindex: "0", role: "region", "aria-label": cop.t("zonechart"), "data-scroll": "" },
        cop.h("table", {}, cop.h("thead", {}, cop.h("tr", {}, cop.h("th", { scope: "col", text: cop.t("zonechart.time") }),
          cop.h("th", { scope: "col", text: `${cop.term("measure", p.measure)} (${cop.facts.unit(p.unit) || "n"})` }))),
        cop.h("tbody", {}, ...[...readings].reverse().map(({ ms, value }) => cop.h("tr", {},
          cop.h("td", { class: "num", text: cop.time(ms) }),
          cop.h("td", { class: "num", text: known(value) ? exact(value) : cop.t("zonechart.not-known") })))))));

  cop.parts.add({ kind: "observation", key: "zone-chart", order: 20, render({ properties: p }) {
    const readings = ((p.sight && p.sight.recent) || []).map(({ at, value }) => ({ ms: cop.ms(at), value }));
    if (readings.length < 2) return null;
    const said = outlookWords(p);
    return cop.h("section", { class: "detail-part" }, cop.h("h3", { text: cop.t("zonechart") }),
      draw(p, readings), said ? cop.h("p", { class: "forecast", text: said }) : null, table(p, readings));
  } });
})((window.cop = window.cop || {}));
