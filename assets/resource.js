/* A team, vehicle or piece of equipment: what it is, where it answers for, what it does. */
(function (cop) {
  "use strict";
  const SHOWN_ENDED = 5;
  let area = null; // the area that was asked to be shown
  let areaOf = null;

  const mayReport = ({ id, properties: p }) =>
    !p.origin && cop.desk.may("report_resource", { agencies: [p.agency], own: [id] });
  const mayManage = ({ properties: p }) => !p.origin && cop.desk.may("manage_resource", { agencies: [p.agency] });
  const mayAssign = ({ properties: p }) => !p.origin && cop.desk.may("assign", { agencies: [p.agency] });

  const statusButtons = (feature) =>
    cop.h("div", { class: "acts segments", role: "group", "aria-label": cop.t("team.set-status") },
      ...cop.teams.STATUSES.filter((status) => status !== "assigned" || feature.properties.status === "assigned")
        .map((status) => {
          const node = cop.desk.button(`status.${status}`, (at) =>
            cop.act("POST", `/resources/${feature.id}/report`, { status }, { at, id: feature.id, done: "team.did-status" }),
          { pressed: feature.properties.status === status });
          node.prepend(cop.teams.sign(status), " ");
          return node;
        }));

  /* The area of responsibility, drawn until something else is asked for. */
  const hideArea = () => {
    if (area) area.remove();
    area = areaOf = null;
  };
  const showArea = (feature) => {
    hideArea();
    areaOf = feature.id;
    area = L.geoJSON(feature.properties.area, {
      interactive: false,
      style: { color: cop.colour("accent"), weight: 3, dashArray: "8 5", fillOpacity: 0.1 },
    }).addTo(cop.map.leaflet);
    if (cop.isPhone()) cop.showPhone("map");
    cop.map.leaflet.fitBounds(area.getBounds(), { padding: [40, 40], maxZoom: 16 });
  };
  async function drawArea(at, feature) {
    const geometry = await cop.sketch("area");
    if (!geometry) return null;
    const { version } = (cop.picture.get(feature.id) || feature).properties;
    return cop.act("PATCH", `/resources/${feature.id}`, { area: geometry }, {
      at, id: feature.id, base: feature, version, done: "team.did-area",
    });
  }
  const areaButtons = (feature) => {
    const has = Boolean(feature.properties.area);
    return [
      has ? cop.desk.button("team.show-area", () => showArea(feature)) : null,
      mayManage(feature) ? cop.desk.button(has ? "team.change-area" : "team.set-area", (at) => drawArea(at, feature)) : null,
    ];
  };

  const task = (feature) =>
    cop.h("div", { class: "team-work" },
      cop.h("p", { class: "team-work-title" }, cop.desk.link(feature.id, cop.say(feature.properties.duty) || cop.desk.nameOf(feature.properties.incident)),
        feature.properties.incident ? cop.h("span", { class: "team-work-place" }, " · ", cop.desk.link(feature.properties.incident)) : null),
      cop.assignments.stepper(feature),
      cop.desk.acts(cop.assignments.nextButton(feature), ...cop.assignments.endButtons(feature)));
  const ended = (feature) => {
    const found = cop.desk.all("assignment")
      .filter(({ properties: p }) => p.resource === feature.id && !cop.assignments.isOpen(p))
      .sort((a, b) => cop.desk.stepAt(b.properties) - cop.desk.stepAt(a.properties)).slice(0, SHOWN_ENDED);
    if (!found.length) return null;
    return cop.h("details", { class: "more-details", "data-key": "ended" },
      cop.h("summary", { text: cop.t("team.ended", { n: found.length }) }),
      cop.h("ul", {}, ...found.map((one) =>
        cop.h("li", {}, cop.desk.link(one.id, cop.say(one.properties.duty) || cop.desk.nameOf(one.id)),
          ` · ${cop.term("status", one.properties.status)} · `, cop.ageNode(cop.desk.stepAt(one.properties))))));
  };
  const tasks = (feature) => {
    const open = cop.desk.openOf(feature.id);
    return cop.desk.part("team.tasks-title",
      open.length > 1 ? cop.h("p", { class: "remark is-warn", text: `▲ ${cop.t("team.tasks", { n: open.length })}` }) : null,
      ...open.map(task),
      open.length ? null : cop.h("p", { class: "quiet", text: cop.t("team.no-task") }),
      mayAssign(feature) ? cop.desk.acts(cop.desk.button("assignment.assign", (at) => cop.assignments.assign(at, feature), { kind: "filled" })) : null,
      ended(feature));
  };

  const facts = (feature) => {
    const p = feature.properties;
    return cop.h("dl", {},
      cop.desk.fact("team.type", cop.term("resource", p.resource_type)),
      cop.desk.fact("team.agency", cop.desk.agency(p.agency)),
      cop.desk.fact("team.strength", p.strength === undefined ? null : cop.t("people", { n: p.strength })),
      cop.desk.fact("team.skills", (p.skills || []).map((code) => cop.term("skill", code)).join(cop.desk.comma())),
      cop.desk.fact("desk.leader", p.leader),
      cop.desk.fact("desk.contact", p.contact),
      cop.desk.fact("team.duty", cop.say(p.duty)),
      cop.desk.fact("team.position", cop.positions.words(feature)));
  };

  cop.on("start", () => {
    cop.parts.add({ kind: "resource", key: "team-now", order: 10, render: (feature) => cop.desk.part("team.now",
      mayReport(feature) ? statusButtons(feature)
        : cop.h("p", {}, cop.teams.sign(feature.properties.status), ` ${cop.term("status", feature.properties.status)}`),
      facts(feature), cop.desk.acts(...areaButtons(feature))) });
    cop.parts.add({ kind: "resource", key: "team-tasks", order: 20, render: tasks });
  });
  cop.on("select", ({ id }) => { if (id !== areaOf) hideArea(); });

  cop.resources = { statusButtons, mayReport, showArea };
})((window.cop = window.cop || {}));
