/* The drawer of charts, drawn by plotly from the picture in the browser. Plotly is fetched when
 * the drawer is first opened, not before. */
(function (cop) {
  "use strict";
  const graphs = new Map(); // chart key -> what was last drawn, as JSON
  let built = false;

  const labelOf = (chart, feature) => {
    const { district } = feature.properties;
    return district && chart.by_district
      ? cop.say(cop.config.districts[district]) : cop.say(feature.properties.place) || cop.facts.title(feature);
  };
  const countsOf = (chart) => {
    const counts = new Map();
    for (const feature of cop.picture.features.values()) {
      const p = feature.properties;
      if (p.kind !== chart.kind || !p.district || !cop.layers.matches(p, chart.where)) continue;
      const label = labelOf(chart, feature);
      counts.set(label, (counts.get(label) || 0) + 1);
    }
    return [...counts].sort((a, b) => b[1] - a[1]).map(([label, n]) => ({ label, values: [n] }));
  };
  const rowsOf = (chart) => {
    if (chart.count) return countsOf(chart);
    const found = [];
    for (const feature of cop.picture.features.values()) {
      const p = feature.properties;
      if (p.kind !== chart.kind || !cop.layers.matches(p, chart.where)) continue;
      const values = chart.bars.map((bar) => cop.layers.read(p, bar.path));
      if (values.every((value) => typeof value !== "number")) continue;
      const label = labelOf(chart, feature);
      found.push({ label, values: values.map((v) => (typeof v === "number" ? v * chart.scale : null)) });
    }
    const weight = ({ values }) => Math.max(...values.map((value) => value ?? -Infinity));
    found.sort((a, b) => weight(b) - weight(a) || (a.label < b.label ? -1 : 1));
    return found.slice(0, chart.most);
  };
  const short = (label) => (label.length > 14 ? `${label.slice(0, 13)}…` : label);

  const figure = (chart, rows) => {
    const ink = cop.colour("text-soft");
    const axis = { fixedrange: true, tickfont: { color: ink, size: 11 }, zeroline: false };
    return {
      data: chart.bars.map((bar) => ({
        type: "bar", name: cop.say(bar.word), x: rows.map(({ label }) => label),
        y: rows.map(({ values }) => values[chart.bars.indexOf(bar)]),
        marker: { color: cop.colour(bar.colour) },
        hovertemplate: `%{x}<br>%{y:.1f} ${cop.say(chart.unit)}<extra>${cop.say(bar.word)}</extra>`,
      })),
      layout: {
        barmode: "overlay", bargap: 0.25, autosize: true, showlegend: false,
        margin: { l: 44, r: 6, t: 8, b: 66 }, paper_bgcolor: "rgba(0,0,0,0)",
        plot_bgcolor: "rgba(0,0,0,0)", font: { family: "inherit" },
        xaxis: {
          ...axis, tickangle: -38, tickmode: "array", tickvals: rows.map(({ label }) => label),
          ticktext: rows.map(({ label }) => short(label)),
        },
        yaxis: { ...axis, ...(chart.count && rows.every(({ values }) => values[0] < 5) ? { dtick: 1 } : {}), gridcolor: cop.colour("line"), rangemode: "tozero", nticks: 5, tickformat: "~g" },
        hoverlabel: { font: { size: 12 } },
        transition: { duration: 0 },
      },
    };
  };

  const caption = (chart, rows) => {
    const now = cop.freshnessOf(chart.feeds);
    if (!cop.picture.loaded) return ["loading", cop.t("loading")];
    if (now.state === "unknown") return ["unknown", cop.t("state.unknown")];
    if (now.state === "stale") return ["stale", cop.t("state.stale", { time: cop.time(now.at) })];
    if (!rows.length)
      return ["empty", cop.t("state.empty", { words: cop.say(chart.empty), time: cop.time(now.fetched) })];
    return ["live", `${cop.say(chart.unit)} · ${cop.time(now.at)}`];
  };

  const render = () => {
    if (cop.$("cop-charts").hidden) return;
    for (const chart of cop.config.charts) {
      const rows = rowsOf(chart);
      const [state, words] = caption(chart, rows);
      const card = cop.$(`cop-chart-${chart.key}`);
      card.className = `chart is-${state}`;
      cop.write(card.querySelector(".chart-title"), cop.say(chart.title));
      cop.write(card.querySelector(".chart-state"), words);
      card.querySelector(".chart-graph").hidden = rows.length === 0;
      if (!built || !rows.length) continue;
      const drawn = figure(chart, rows);
      const now = JSON.stringify(drawn);
      if (graphs.get(chart.key) === now) continue;
      graphs.set(chart.key, now);
      window.dash_clientside.set_props(`cop-graph-${chart.key}`, { figure: drawn });
    }
  };

  /* Dash makes the graphs; being asked for them is what makes it fetch plotly. */
  const build = () => {
    if (built) return;
    for (const chart of cop.config.charts)
      window.dash_clientside.set_props(`cop-chart-slot-${chart.key}`, {
        children: [{
          namespace: "dash_core_components", type: "Graph",
          props: {
            id: `cop-graph-${chart.key}`, figure: { data: [], layout: {} }, responsive: true,
            config: { displayModeBar: false, staticPlot: false }, style: { height: "100%" },
          },
        }],
      });
    built = true;
    graphs.clear();
    setTimeout(render, 50);
  };

  cop.charts = {
    open() {
      build();
      cop.soon("charts", render);
    },
    refresh: () => cop.soon("charts", render, 1000),
    redraw() {
      graphs.clear();
      cop.soon("charts", render);
    },
  };
})((window.cop = window.cop || {}));
