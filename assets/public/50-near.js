/* What is near the reader. The position is asked for when the button is pressed, used on this
 * device, and neither kept nor sent: no request may depend on it. */
(function (cop) {
  "use strict";
  const CLOSE_M = 1000;
  const AROUND_M = 3000;
  const VAGUE_M = 200; // a place known no better than this is said to be so
  const COARSE_M = 1500; // known no better than this, "near" means nothing
  const CITY_M = 40000; // further from everything than this, one is not in the city
  const PATIENCE = { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 };
  const SHELTERS = ["shelter", "cold_shelter", "heat_shelter", "community_hall"];
  const box = cop.$("near");
  let here = null; // {at: [lon, lat], accuracy}
  let button = null;

  const isOver = ({ ended }) => Boolean(ended);
  const isOpen = ({ status }) => status === "open" || status === "limited";
  const room = (p) => (Number.isFinite(p.capacity) && Number.isFinite(p.occupancy) ? p.capacity - p.occupancy : null);
  const HAVENS = [
    {
      key: "shelter",
      feeds: ["had_shelters", "gov_press"],
      suits: (p) => SHELTERS.includes(p.facility_type) && isOpen(p) && (room(p) === null || room(p) > 0),
      fact: (p) => (room(p) === null ? cop.t("near.room-unknown") : cop.t("near.room", { n: room(p) })),
    },
    {
      key: "first-aid",
      feeds: [],
      suits: (p) => p.facility_type === "first_aid_post" && isOpen(p),
      fact: () => "",
    },
    {
      key: "hospital",
      feeds: ["ha_waiting"],
      suits: (p) => p.facility_type === "hospital" && p.status !== "closed",
      fact: (p) => {
        const minutes = p.measures && p.measures.t45_p50_min;
        return Number.isFinite(minutes) ? cop.t("near.wait", { n: (minutes / 60).toFixed(1).replace(/\.0$/, "") }) : cop.t("near.wait-unknown");
      },
    },
  ];
  const isDanger = ({ kind, phenomenon }) =>
    kind === "incident" || kind === "alert" || (kind === "hazard" && phenomenon !== "earthquake");
  const isBarrier = ({ kind, status }) => kind === "road" && status !== "open";
  const placed = (suits) =>
    [...cop.picture.all()]
      .filter(({ geometry, properties }) => geometry && !isOver(properties) && suits(properties))
      .map((feature) => ({ feature, way: cop.geo.way(here.at, feature.geometry) }))
      .filter(({ way }) => way)
      .sort((a, b) => a.way.m - b.way.m);
  const wayWords = ({ m, wind }) =>
    m <= Math.max(30, here.accuracy) ? cop.t("geo.here") : cop.t("geo.way", { far: cop.geo.far(m), wind: cop.geo.wind(wind) });

  const row = ({ feature: { id, properties: p }, way }, ...facts) => {
    const node = cop.exchange.nodeOf(id);
    const name = node
      ? cop.h("a", { href: `#${node.id}`, text: cop.exchange.titleOf(node), on: { click: (event) => { event.preventDefault(); cop.showBlock(id); } } })
      : cop.h("span", { text: cop.say(p.title) || cop.say(p.place) });
    const rest = facts.filter(Boolean).map((words) => cop.h("span", { class: "near-fact", text: words }));
    return cop.h("li", {}, cop.h("strong", {}, name), cop.h("span", { class: "near-way", text: wayWords(way) }), ...rest);
  };
  /* A place that is known to a kilometre only may be here although its middle is not; one that is
   * known to be somewhere in a province is not here for that. */
  const least = ({ way, feature }) => way.m - Math.min(feature.properties.precision_m || 0, AROUND_M) - here.accuracy;
  const inexact = ({ feature: { properties: { precision_m: m } } }) => (m > VAGUE_M ? cop.t("near.inexact", { far: cop.geo.far(m) }) : "");
  const group = (key, rows, none, values) =>
    cop.h("div", { class: "near-group" },
      cop.h("h3", { text: cop.t(`near.${key}`, values) }),
      rows.length ? cop.h("ul", {}, ...rows) : cop.h("p", { text: none }));
  /* What is not known must not read like nothing being there. */
  const doubts = (keys) => {
    const { state, at } = cop.freshnessOf(keys);
    return state === "live" ? null
      : cop.h("p", { class: "near-doubt", text: at === null ? cop.t("near.unknown") : cop.t("near.stale", { time: cop.time(at) }) });
  };
  const within = (key, suits, feeds) => {
    const found = placed(suits).filter((one) => least(one) <= AROUND_M);
    const close = found.filter((one) => least(one) <= CLOSE_M);
    const told = (one) => row(one, inexact(one));
    const rest = found.filter((one) => !close.includes(one));
    const node = group(key, close.map(told), cop.t(`near.no-${key}`, { far: cop.geo.far(CLOSE_M) }), { far: cop.geo.far(CLOSE_M) });
    if (rest.length)
      node.append(cop.h("details", {},
        cop.h("summary", { text: cop.t("near.further", { n: rest.length, far: cop.geo.far(AROUND_M) }) }),
        cop.h("ul", {}, ...rest.map(told))));
    const doubt = doubts(feeds);
    if (doubt) node.append(doubt);
    return node;
  };
  const haven = ({ key, suits, fact, feeds }) => {
    const [best] = placed(suits);
    const rows = best ? [row(best, fact(best.feature.properties), cop.say(best.feature.properties.address))] : [];
    const node = group(key, rows, cop.t(`near.no-${key}`));
    const doubt = feeds.length ? doubts(feeds) : null;
    if (doubt) node.append(doubt);
    return node;
  };

  const shell = (...content) => {
    const opened = [...box.querySelectorAll("details")].map((one) => one.open);
    box.replaceChildren(
      cop.h("div", { class: "near-head" },
        cop.h("h2", { id: "h-near", tabindex: "-1", text: cop.t("near.title") }),
        cop.h("button", { type: "button", class: "button is-plain", text: cop.t("close"), on: { click: close } })),
      ...content);
    [...box.querySelectorAll("details")].forEach((one, n) => { one.open = Boolean(opened[n]); });
    box.setAttribute("aria-labelledby", "h-near");
    box.hidden = false;
  };
  const isHere = () => [...cop.picture.all()].some(({ geometry, properties: p }) => {
    const way = p.district && cop.geo.way(here.at, geometry);
    return way && way.m < CITY_M;
  });
  const show = () => {
    if (!cop.picture.size || isHere())
      shell(
        cop.h("p", { class: "quiet", text: cop.t("near.accuracy", { far: cop.geo.far(here.accuracy), time: cop.time(cop.ms(cop.live.pointer.as_of)) }) }),
        within("dangers", isDanger, ["hko_warnings"]),
        within("roads", isBarrier, ["td_traffic_news"]),
        ...HAVENS.map(haven),
        cop.h("div", { class: "near-foot" },
          cop.h("button", { type: "button", class: "button", text: cop.t("near.on-map"), on: { click: () => cop.stage.showMe(here) } }),
          cop.h("p", { class: "quiet", text: cop.t("near.private") })));
    else fail("elsewhere");
  };
  const fail = (why) =>
    shell(cop.h("p", { class: "near-doubt", text: cop.t(`near.${why}`) }), cop.h("p", { text: cop.t("near.use-district") }),
      cop.h("button", { type: "button", class: "button", text: cop.t("tools.district"), on: { click: () => cop.$("tool-district").focus() } }));

  const REASONS = { 1: "refused", 2: "unavailable", 3: "slow" };
  const locate = () => new Promise((give, refuse) => {
    if (!navigator.geolocation) refuse(new Error("unavailable"));
    else navigator.geolocation.getCurrentPosition(give, ({ code }) => refuse(new Error(REASONS[code] || "unavailable")), PATIENCE);
  });
  /* The picture is had first and whole: which parts are wanted would tell where one is. */
  const open = async () => {
    cop.showText();
    shell(cop.h("p", { text: cop.t("near.looking") }));
    cop.$("h-near").focus();
    try {
      await cop.picture.load();
    } catch {
      return fail("no-picture");
    }
    try {
      const { coords } = await locate();
      here = { at: [coords.longitude, coords.latitude], accuracy: Math.round(coords.accuracy) };
    } catch ({ message }) {
      here = null;
      return fail(message);
    }
    if (here.accuracy > COARSE_M) {
      here = null;
      return fail("coarse");
    }
    show();
    cop.$("h-near").focus();
  };
  const close = () => {
    if (!box || box.hidden) return false;
    const had = box.contains(document.activeElement);
    box.hidden = true;
    here = null;
    cop.stage.forgetMe();
    if (had) button.focus();
    return true;
  };
  cop.on("picture", () => cop.soon("near", () => { if (here && !box.hidden && !box.contains(document.activeElement)) show(); }));
  cop.near = {
    button() {
      button = cop.h("button", { type: "button", class: "tool", id: "tool-near", on: { click: open } }, cop.icon("locate", 18), cop.h("span", { text: cop.t("tools.near") }));
      return button;
    },
    close,
  };
})(window.cop);
