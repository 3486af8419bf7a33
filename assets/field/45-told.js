/* A task that was on this phone and is no longer: what became of it is said for a while. */
(function (cop) {
  "use strict";
  const KEPT = "told"; // in the store of this device
  const SHOWN_MS = 60 * 60000;
  const STANDING = "handed over"; // the store's own word, said by the next fact
  let kept = { known: {}, told: [] };
  let ready = false;
  let asking = false;

  const keep = async () => {
    if (cop.field.data.me) await cop.db.put("state", kept, KEPT); // nobody's is not to stay here
  };
  const entity = async (id) => {
    const { status, content } = await cop.request(`/entities/${id}`);
    if (status === 404) return null;
    if (status !== 200) throw new Error(String(status));
    return content;
  };
  /* Who goes on with it; "" where that is not for me to see. */
  const heir = async (id) => {
    const next = await entity(id);
    const team = next && (await entity(next.properties.resource));
    return team ? team.properties.title : null;
  };
  const learn = async (one) => {
    const found = await entity(one.id);
    const p = found ? found.properties : {};
    const reason = (p.reason || "").startsWith(STANDING) ? p.reason.slice(STANDING.length + 2) : p.reason;
    Object.assign(one, {
      asked: true, status: p.status || null, ended_at: (p.steps || {})[p.status] || one.ended_at,
      reason: reason || "", to: p.handed_over_to ? await heir(p.handed_over_to) : null,
      handed: Boolean(p.handed_over_to),
    });
  };
  async function ask() {
    if (asking) return;
    asking = true;
    try {
      for (const one of kept.told.filter(({ asked }) => !asked)) await learn(one);
    } catch {
      /* No contact just now: asked again with the next change. */
    } finally {
      asking = false;
      await keep();
      cop.field.redraw();
    }
  }
  /* Compare what the server says now with what was on this phone. */
  const compare = () => {
    const { duty, signed, duty_at: at } = cop.field.data;
    if (!ready || !duty || signed !== "in") return;
    const now = {};
    for (const { id, properties: p } of duty.assignments) now[id] = { duty: p.duty, severity: p.severity };
    const gone = Object.keys(kept.known).filter((id) => !now[id]);
    for (const id of gone)
      kept.told.push({
        id, duty: kept.known[id].duty, since: Date.now(), asked: false, ended_at: new Date(at).toISOString(),
      });
    kept.told = kept.told.filter(({ id, since }) => !now[id] && Date.now() - since < SHOWN_MS);
    const changed = gone.length || Object.keys(now).some((id) => !kept.known[id]);
    kept.known = now;
    if (changed) keep();
    if (kept.told.some(({ asked }) => !asked)) ask();
  };

  const words = (one) => {
    const time = cop.time(cop.ms(one.ended_at));
    if (one.handed) return cop.t(one.to ? "told.handed-to" : "told.handed", { time, team: cop.say(one.to) });
    if (["completed", "declined", "stood_down"].includes(one.status)) return cop.t(`told.${one.status}`, { time });
    return cop.t("told.gone", { time });
  };
  const dismiss = (id) => {
    kept.told = kept.told.filter((one) => one.id !== id);
    keep();
    cop.field.redraw();
  };
  const note = (one) =>
    cop.h("section", { class: "card told", "data-id": one.id, "aria-label": cop.t("told.title") },
      cop.h("p", {}, cop.h("b", { text: `ⓘ ${words(one)}` })),
      cop.h("p", { class: "quiet", text: cop.say(one.duty) }),
      one.reason ? cop.h("p", { class: "quiet", text: `“${one.reason}”` }) : null,
      cop.ui.button("told.seen", () => dismiss(one.id), { kind: "ghost", key: `told-${one.id}` }));

  cop.told = { notes: () => kept.told.map(note) };
  cop.on("change", compare);
  const begin = async () => {
    ready = false;
    kept = { known: {}, told: [] };
    if (cop.field.data.signed !== "in") return;
    kept = (await cop.db.get("state", KEPT)) || kept;
    ready = true;
    compare();
    cop.field.redraw();
  };
  cop.on("signed", begin);
  cop.on("start", begin);
})((window.cop = window.cop || {}));
