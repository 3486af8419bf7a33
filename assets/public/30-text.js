/* Keeps the page's text at the pointer's version, and says what is new, what is old and what is
 * not known: once in words for those who look, once for those who listen. */
(function (cop) {
  "use strict";
  const MOST_CHANGES = 12; // behind by more, the page itself is the smaller answer
  const GRADES = ["unknown", "minor", "moderate", "severe", "extreme"];
  const GRAVE = GRADES.indexOf("severe");
  const body = document.body;
  const own = document.querySelector("script[src*='/public/a/app']");
  let isOutdated = false; // the page is written by newer scripts than these

  const count = ([one, many], { length: n }) => (n ? cop.t(n === 1 ? one : many, { n }) : "");
  const tell = ({ new: come, changed, gone }, quiet) => {
    const said = cop.join([
      count(["news.new.one", "news.new"], come),
      count(["news.changed.one", "news.changed"], changed),
      count(["news.gone.one", "news.gone"], gone),
    ]);
    if (said && !quiet) cop.tell(said);
  };
  /* The warnings in force here, not those of other cities: key -> how grave, and which signal. */
  const warnings = () => {
    const found = new Map();
    for (const node of document.querySelectorAll("#list-warnings > .p-item:not(.is-over)")) {
      const { id, district } = node.dataset;
      if (district && district !== (body.dataset.district || cop.district.chosen)) continue;
      const grade = GRADES.findIndex((key) => node.querySelector(`.p-name .p-sev-${key}`));
      found.set(id, { grade, name: cop.exchange.titleOf(node) });
    }
    return found;
  };
  /* One of the two highest grades that is new, has become worse or another signal than *before* is
   * not left for the next look. */
  const warn = (before) => {
    const isNews = ([id, { grade, name }]) => {
      const was = before.get(id) || { grade: -1 };
      return grade >= GRAVE && (grade > was.grade || (grade === was.grade && name !== was.name));
    };
    const found = [...warnings()].filter(isNews);
    const what = cop.join(found.map(([, { name }]) => name));
    if (found.length) shout(cop.t("news.warning", { what }), found[0][0]);
  };
  const shout = (words, id) => {
    const old = cop.$("p-shout");
    if (old) old.remove();
    const close = () => box.remove();
    const box = cop.h("div", { id: "p-shout", class: "p-shout", role: "alert" },
      cop.h("p", { text: words }),
      cop.h("button", { type: "button", class: "button", text: cop.t("news.read"), on: { click: () => { close(); cop.showBlock(id); } } }),
      cop.h("button", { type: "button", class: "button is-plain", text: cop.t("close"), on: { click: close } }));
    cop.$("main").before(box);
  };

  const page = {
    series: body.dataset.series,
    version: Number(body.dataset.version),
    made: cop.ms(body.dataset.madeAt),
    most: cop.$("map") ? MOST_CHANGES : 0,
    isOn: () => true,
    apply(change) {
      const before = warnings();
      tell(cop.exchange.blocks(change.blocks));
      warn(before);
    },
    async begin() {
      const answer = await cop.get(location.pathname, { cache: "no-cache" });
      if (!answer.ok) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const { series, version, madeAt } = fresh.body.dataset;
      if (!series || !fresh.querySelector("#main")) throw new Error("another page");
      const isOlder = series === page.series ? Number(version) < page.version : cop.ms(madeAt) < page.made;
      if (isOlder) throw new Error("an older page");
      const script = fresh.querySelector("script[src*='/public/a/app']");
      isOutdated = Boolean(own && script && script.getAttribute("src") !== own.getAttribute("src"));
      const before = warnings();
      tell(cop.exchange.page(fresh), !Number(version));
      warn(before);
      Object.assign(page, { series, version: Number(version), made: cop.ms(madeAt) });
    },
  };
  /* Scripts and page belong together: the newer ones are taken when nobody is looking. */
  document.addEventListener("visibilitychange", () => {
    if (document.hidden && isOutdated) location.reload();
  });

  /* The age of it all. */
  const late = cop.h("aside", { class: "p-late", "aria-label": cop.t("late"), hidden: true });
  const written = document.querySelector(".p-late"); // what the server said of its files
  cop.$("main").before(late);
  let said = "";
  const showAge = () => {
    const state = cop.live.state();
    const { pointer } = cop.live;
    const asOf = cop.ms(pointer ? pointer.as_of : body.dataset.asOf);
    const since = pointer && state === "down" ? Math.min(...Object.values(pointer.down).map(cop.ms)) : asOf;
    const isWell = state === "live";
    if (written && (pointer || !isWell)) written.remove();
    late.hidden = isWell;
    body.classList.toggle("is-late", !isWell);
    if (!isWell) cop.write(late, cop.t(`late.${state}`, { time: cop.time(since), ago: cop.ago(since) }));
    if (!isWell && said !== state) cop.alarm(late.textContent);
    if (isWell && said) cop.tell(cop.t("late.over"));
    said = isWell ? "" : state;
    const iso = new Date(asOf).toISOString();
    for (const node of document.querySelectorAll("#as-of time")) node.dateTime = iso;
    for (const node of document.querySelectorAll("#as-of [data-ago]")) node.dataset.ago = iso;
    cop.fillAges(cop.$("as-of"));
  };
  cop.on("pointer", showAge);
  cop.on("tick", showAge);

  cop.text = {
    get version() { return page.version; },
    follow() {
      if (page.series) cop.live.add(page);
    },
  };
})(window.cop);
