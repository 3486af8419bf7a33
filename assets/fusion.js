/* Reports that are of one thing, or may be: how alike they are, and whether a person says so. */
(function (cop) {
  "use strict";
  const NEAR_M = 3000;
  const MOST = 20;

  const fusionsOf = (id) =>
    [...cop.picture.features.values()].filter(({ properties: p }) =>
      p.kind === "fusion" && p.status !== "split" && p.members.includes(id));
  const likeWords = (one) => {
    if (!one) return "";
    const found = [];
    if (one.distance_m !== undefined && one.distance_m !== null) found.push(cop.t("fusion.apart", { distance: cop.fields.distance(one.distance_m) || "0 m" }));
    if (one.minutes !== undefined && one.minutes !== null) found.push(cop.t("fusion.minutes", { n: Math.round(one.minutes) }));
    if (one.words !== undefined && one.words !== null) found.push(cop.t(one.words >= 0.6 ? "fusion.words-much" : one.words >= 0.3 ? "fusion.words-some" : "fusion.words-little"));
    found.push(cop.t(one.score >= 0.8 ? "fusion.very" : one.score >= 0.5 ? "fusion.likely" : "fusion.perhaps"));
    return found.join(" · ");
  };
  const send = (path, fusion, body, at, done) =>
    cop.act("POST", `/fusions/${fusion.id}/${path}`, body, { at, version: fusion.properties.version, id: fusion.id, base: fusion, done });

  const member = (fusion, id, chosen) => {
    const feature = cop.picture.get(id);
    const p = fusion.properties;
    const like = (p.likeness || []).find(({ report }) => report === id);
    const isPrimary = id === p.primary;
    return cop.h("li", { class: "member" },
      feature ? cop.facts.symbol(feature, 16) : cop.h("span", {}),
      cop.h("div", { class: "task-main" },
        id === chosen ? cop.h("strong", { text: feature ? cop.facts.title(feature) : id })
          : cop.h("button", { class: "link-button", type: "button", "data-key": `member-${id}`, text: cop.fields.nameOf(id), on: { click: () => cop.select(id) } }),
        cop.h("span", { class: "row-sub", text: [feature && cop.facts.publisher(feature.properties), feature && feature.properties.number,
          feature && cop.time(cop.facts.when(feature)), isPrimary ? cop.t("fusion.primary") : "", id === chosen ? cop.t("fusion.this") : ""].filter(Boolean).join(" · ") }),
        like ? cop.h("span", { class: "why", text: likeWords(like) }) : null),
      p.members.length > 2 && !isPrimary && cop.may("fuse")
        ? cop.h("button", { class: "button small", type: "button", "data-key": `out-${id}`, text: cop.t("fusion.out"),
          on: { click: (event) => send("split", fusion, { reports: [id] }, event.target.closest(".acts"), "fusion.out-done") } }) : null);
  };
  const box = (fusion, chosen) => {
    const p = fusion.properties;
    const proposed = p.status === "proposed";
    const at = (event) => event.target.closest(".acts");
    return cop.h("div", { class: `fusion${proposed ? " is-proposed" : ""} acts`, "data-acts": "" },
      cop.h("h3", { text: proposed ? cop.t("fusion.proposed", { n: p.members.length }) : cop.t("fusion.confirmed", { n: p.members.length }) }),
      p.decided_by ? cop.h("p", { class: "hint", text: cop.t("fusion.by", { who: p.decided_by, time: cop.time(cop.ms(p.decided_at)) }) }) : null,
      cop.h("ul", { class: "members" }, ...p.members.map((id) => member(fusion, id, chosen))),
      cop.may("fuse") ? cop.h("div", { class: "verbs" },
        proposed ? cop.h("button", { class: "button filled", type: "button", "data-key": `confirm-${fusion.id}`, "data-verb": "confirm", text: cop.t("fusion.confirm"),
          on: { click: (event) => send("confirm", fusion, {}, at(event), "fusion.confirm-done") } }) : null,
        cop.h("button", { class: "button", type: "button", "data-key": `split-${fusion.id}`, "data-verb": "split", text: cop.t(proposed ? "fusion.not" : "fusion.split"),
          on: { click: (event) => send("split", fusion, { reports: [] }, at(event), "fusion.split-done") } })) : null);
  };

  /* Say by hand that two reports are one. */
  const candidates = (feature) => {
    const here = feature.geometry && cop.placeOf(feature);
    return cop.incidents.all()
      .filter((other) => other.id !== feature.id && cop.incidents.isOpen(other) && !cop.layers.isFolded(other.id))
      .map((other) => {
        const place = other.geometry && cop.placeOf(other);
        return { other, metres: here && place ? cop.metres(here, place) : NEAR_M };
      })
      .filter(({ metres }) => metres <= NEAR_M)
      .sort((a, b) => a.metres - b.metres)
      .slice(0, MOST);
  };
  const join = async (feature, at) => {
    const found = candidates(feature);
    if (!found.length) return cop.toast({ words: cop.t("fusion.nobody") });
    const select = cop.h("select", { size: String(Math.min(8, Math.max(2, found.length))), class: "wide", "aria-label": cop.t("fusion.choose") },
      ...found.map(({ other, metres }) => cop.h("option", { value: other.id,
        text: [cop.fields.distance(metres), cop.facts.title(other), cop.facts.publisher(other.properties)].filter(Boolean).join(" · ") })));
    const chosen = await cop.dialog({
      title: cop.t("fusion.join-title"),
      body: cop.h("div", { class: "stack" }, cop.h("p", { text: cop.t("fusion.join-words", { title: cop.facts.title(feature) }) }), select),
      buttons: [{ value: () => select.value || null, words: cop.t("fusion.confirm"), filled: true }],
    });
    if (!chosen) return undefined;
    return cop.act("POST", "/fusions", { members: [feature.id, chosen], primary: feature.id }, { at, done: "fusion.confirm-done" });
  };
  cop.parts.add({ kind: "incident", key: "fusion", order: 30, render(feature) {
    const found = fusionsOf(feature.id);
    const mayJoin = cop.may("fuse") && !feature.properties.origin && cop.incidents.isOpen(feature) && !found.some(({ properties }) => properties.status === "confirmed");
    if (!found.length && !mayJoin) return null;
    return cop.h("section", { class: "detail-part acts", "data-acts": "" },
      ...found.map((fusion) => box(fusion, feature.id)),
      mayJoin ? cop.h("button", { class: "button ghost", type: "button", "data-key": "join", text: `${cop.t("fusion.join-verb")}…`,
        on: { click: (event) => join(feature, event.target.closest(".acts")) } }) : null);
  } });

  /* Reports and the places that they are of, counted as the server counts them: reports that are
   * open or merged are one place when a fusion that is not split, or a merger, joins them; a place
   * counts while one of its reports is open. *unconfirmed*: places that would fall apart without
   * what is only proposed. */
  const sets = () => {
    const above = new Map();
    const find = (name) => {
      let at = name;
      while (above.has(at)) at = above.get(at);
      return at;
    };
    const join = (one, other) => {
      const [a, b] = [find(one), find(other)];
      if (a !== b) above.set(a, b);
    };
    return { find, join };
  };
  const count = () => {
    const taken = new Map();
    const fusions = [];
    for (const { id, properties: p } of cop.picture.features.values())
      if (p.kind === "fusion") fusions.push(p);
      else if (p.kind === "incident" && (cop.config.incident_open.includes(p.status) || p.status === "merged")) taken.set(id, p);
    const [sure, seeming] = [sets(), sets()];
    for (const [id, p] of taken)
      if (taken.has(p.merged_into)) for (const each of [sure, seeming]) each.join(id, p.merged_into);
    for (const { status, members } of fusions) {
      if (status === "split") continue;
      const [first, ...rest] = members.filter((id) => taken.has(id));
      for (const id of rest) {
        seeming.join(first, id);
        if (status === "confirmed") sure.join(first, id);
      }
    }
    const places = new Map();
    for (const [id, p] of taken) if (p.status !== "merged") places.set(seeming.find(id), new Set());
    let reports = 0;
    for (const id of taken.keys()) {
      const parts = places.get(seeming.find(id));
      if (!parts) continue;
      reports += 1;
      parts.add(sure.find(id));
    }
    return { reports, places: places.size, unconfirmed: [...places.values()].filter(({ size }) => size > 1).length };
  };
  cop.places = {
    count,
    render() {
      if (!cop.config) return;
      const node = cop.$("cop-places");
      const { reports, places, unconfirmed } = count();
      node.hidden = !cop.picture.loaded || !reports;
      cop.write(node, cop.t(unconfirmed ? "places.unconfirmed" : "places.count", { n: reports, m: places, k: unconfirmed }));
      node.title = cop.t("places.more");
    },
  };
  cop.on("picture", ({ put, gone, reset }) => {
    const counts = ({ properties: { kind } }) => kind === "incident" || kind === "fusion";
    if (reset || put.some(counts) || gone.some(counts)) cop.soon("places", cop.places.render, 200);
  });
  cop.on("start", cop.places.render);
  cop.on("lang", () => { if (cop.config) cop.soon("places", cop.places.render); });
})((window.cop = window.cop || {}));
