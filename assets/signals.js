/* Warning signals drawn as the Observatory's mean them: the hoisted shapes of the cyclone signals,
 * the colour and the drop of the rainstorm signals, and so on; always with words beside them. */
(function (cop) {
  "use strict";
  /* Shapes of the tropical cyclone signals on a 24 × 24 grid. */
  const HOISTED = {
    TC1: "M4 5H20V8.500H13.800V20H10.200V8.500H4Z",
    TC3: "M4 19H20V15.500H13.800V4H10.200V15.500H4Z",
    TC8NW: "M12 3 21 20H3Z",
    TC8SW: "M12 21 21 4H3Z",
    TC8NE: "M12 2 17.500 11H6.500ZM12 12 17.500 22H6.500Z",
    TC8SE: "M12 12 17.500 2H6.500ZM12 22 17.500 13H6.500Z",
    TC9: "M4 2H20L12 12 20 22H4L12 12Z",
    TC10: "M9.500 3H14.500V9.500H21V14.500H14.500V21H9.500V14.500H3V9.500H9.500Z",
  };
  const LOOKS = [
    [/^TC10/, "sig-black"], [/^TC9/, "sig-black"], [/^TC8/, "sig-black"], [/^TC/, "sig-black"],
    [/^WRAINB/, "sig-black", "rain"], [/^WRAINR/, "sig-red", "rain"], [/^WRAINA/, "sig-amber", "rain"],
    [/^WFIRER/, "sig-red", "fire"], [/^WFIREY/, "sig-yellow", "fire"],
    [/^WTS/, "sig-yellow", "thunder"], [/^WL$/, "sig-brown", "landslip"],
    [/^WFNTSA/, "sig-green", "water"], [/^WHOT/, "sig-red", "thermometer"],
    [/^WCOLD/, "sig-blue", "thermometer"], [/^WFROST/, "sig-blue", "snow"],
    [/^WMSGNL/, "sig-blue", "wind"], [/^WTMW/, "sig-blue", "wave"],
  ];
  const number = (code) => (/^TC(\d+)/.exec(code) || [])[1];

  const look = (p) => {
    const code = p.signal || "";
    for (const [pattern, colour, icon] of LOOKS) if (pattern.test(code)) return { colour, icon };
    const severity = (p.severity || "Unknown").toLowerCase();
    return { colour: `sev-${severity}`, icon: "danger" };
  };

  const draw = (p, size) => {
    const { colour, icon } = look(p);
    const code = p.signal || "";
    const fill = cop.colour(colour);
    const ink = cop.ink(fill);
    const svg = cop.svg("svg", {
      viewBox: "0 0 24 24", width: size, height: size, class: "signal-icon", "aria-hidden": "true",
    });
    const shape = HOISTED[code] || HOISTED[`TC${number(code)}`];
    svg.append(cop.svg("rect", {
      x: 0.75, y: 0.75, width: 22.5, height: 22.5, rx: 4, fill, stroke: cop.colour("signal-rim"),
      "stroke-width": 1.5,
    }));
    if (shape)
      svg.append(cop.svg("path", { d: shape, fill: ink, transform: "translate(3.600 3.600) scale(.7)" }));
    else
      svg.append(cop.svg("path", {
        d: cop.icons[icon] || "", fill: ink, transform: "translate(4.500 4.500)",
      }));
    return svg;
  };

  /* The Observatory's signals and warnings of our own, worst first. Neighbours' stand in the list. */
  const inForce = () => {
    const found = [];
    for (const feature of cop.picture.features.values()) {
      const p = feature.properties;
      if (p.kind === "alert" && ((p.publisher === "HKO" && p.signal && !p.origin) || cop.alertList.isInForce(feature))) found.push(feature);
    }
    const weight = ({ signal = "" }) => (/^TC/.test(signal) ? 0 : /^WRAIN/.test(signal) ? 1 : 2);
    return found.sort((a, b) => {
      const p = a.properties;
      const q = b.properties;
      return cop.layers.rank(p.severity) - cop.layers.rank(q.severity) || weight(p) - weight(q) ||
        ((p.signal || a.id) < (q.signal || b.id) ? -1 : 1);
    });
  };

  /* A short name in the band; the whole title is one tap away. */
  const shortName = (feature) => {
    const known = cop.config.words[`signal.${feature.properties.signal}`];
    return known ? cop.say(known) : cop.facts.title(feature);
  };
  const chips = new Map();
  let told = null; // versions already announced
  const sinceWords = (p) => cop.t("since", { time: cop.time(cop.ms(p.issued_at)) });

  const render = () => {
    const box = cop.$("cop-signals");
    const now = inForce();
    const ids = new Set(now.map(({ id }) => id));
    for (const [id, chip] of chips)
      if (!ids.has(id)) {
        chip.remove();
        chips.delete(id);
      }
    let previous = null;
    for (const feature of now) {
      const p = feature.properties;
      let chip = chips.get(feature.id);
      if (!chip) {
        chip = cop.h("button", {
          class: "signal", type: "button", on: { click: () => cop.select(feature.id) },
        });
        chips.set(feature.id, chip);
      }
      const look = `${p.version}|${cop.lang}|${cop.theme()}|${sinceWords(p)}`;
      if (chip.dataset.look !== look) {
        chip.dataset.look = look;
        chip.title = `${cop.facts.title(feature)} · ${sinceWords(p)}`;
        chip.setAttribute("aria-label", chip.title);
        chip.replaceChildren(
          draw(p, 26),
          cop.h("span", { class: "signal-words" },
            cop.h("span", { class: "signal-name", text: shortName(feature) }),
            cop.h("span", { class: "signal-since", text: sinceWords(p) })),
        );
      }
      const wrong = previous ? previous.nextSibling !== chip : box.firstChild !== chip;
      if (wrong) previous ? previous.after(chip) : box.prepend(chip);
      previous = chip;
    }
    const note = cop.$("cop-signals-note");
    const state = cop.freshness("hko_warnings");
    note.hidden = now.length > 0 && state.state !== "stale" && state.state !== "unknown";
    note.className = `signals-note is-${state.state}`;
    cop.write(note, noteWords(now.length, state));
    fit();
    announce(now);
  };
  const noteWords = (count, { state, at, fetched }) => {
    if (!cop.picture.loaded) return cop.t("loading");
    if (state === "unknown") return cop.t("signals.unknown");
    if (state === "stale") return cop.t("state.stale", { time: cop.time(at) });
    return count ? "" : cop.t("state.empty", {
      words: cop.t("signals.none"), time: cop.time(fetched ?? at) });
  };
  /* What does not fit is counted, never cut off in silence. */
  const fit = () => {
    const box = cop.$("cop-signals");
    const more = cop.$("cop-signals-more");
    const all = [...box.children];
    for (const chip of all) chip.hidden = false;
    let hidden = 0;
    more.hidden = true;
    if (cop.isPhone()) return; // there the row scrolls
    for (let at = all.length - 1; at > 0 && box.scrollWidth > box.clientWidth + 1; at -= 1) {
      all[at].hidden = true;
      hidden += 1;
      more.hidden = false;
    }
    cop.write(more, hidden ? cop.t("signals.more", { n: hidden }) : "");
  };
  const announce = (now) => {
    const first = told === null;
    const keys = now.map(({ id, properties }) => `${id}|${properties.signal}`);
    if (!first) {
      const fresh = now.filter(({ id, properties }) => !told.has(`${id}|${properties.signal}`));
      if (fresh.length)
        cop.announce(fresh.map((f) => `${cop.facts.title(f)}, ${sinceWords(f.properties)}`).join(". "));
    }
    if (cop.picture.loaded) told = new Set(keys);
  };

  cop.signals = {
    refresh: () => cop.soon("signals", render),
    fit: () => cop.soon("signals-fit", fit),
    draw,
  };
})((window.cop = window.cop || {}));
