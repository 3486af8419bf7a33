/* Pictures of an incident, and remarks about anything. */
(function (cop) {
  "use strict";
  const TYPES = ["image/jpeg", "image/png", "image/webp"];
  const MOST_BYTES = 8 * 1024 * 1024;
  const sending = new Map(); // incident -> Map(name -> {done, words, file})
  const remarking = new Map(); // subject -> words half-typed

  const look = (attachment) =>
    cop.dialog({
      title: attachment.caption || cop.t("photos.one", { time: cop.time(cop.ms(attachment.at)) }), wide: true,
      body: cop.h("figure", { class: "photo-large" },
        cop.h("img", { src: `/api/v1/attachments/${attachment.id}`, alt: attachment.caption || cop.t("photos.no-caption"), width: attachment.width, height: attachment.height }),
        cop.h("figcaption", { text: [attachment.caption, cop.time(cop.ms(attachment.at))].filter(Boolean).join(" · ") })),
      buttons: [],
    });
  const line = (id, name) => {
    if (!sending.has(id)) sending.set(id, new Map());
    const mine = sending.get(id);
    if (!mine.has(name)) mine.set(name, { done: 0, words: "" });
    return mine.get(name);
  };
  const forget = (id, name) => {
    sending.get(id)?.delete(name);
    cop.detail.refresh();
  };
  const send = async (id, file, caption) => {
    const state = line(id, file.name);
    const retry = { key: state.key || cop.newKey() };
    Object.assign(state, { done: 0, words: "", file, caption, key: retry.key });
    if (!TYPES.includes(file.type)) state.words = cop.t("photos.type");
    else if (file.size > MOST_BYTES) state.words = cop.t("photos.large");
    if (state.words) return cop.detail.refresh();
    const at = cop.h("div", { "data-quiet": "true" }); // its words stand with the picture's name
    const query = caption ? `?${new URLSearchParams({ caption })}` : "";
    cop.detail.refresh();
    const content = await cop.act("POST", `/incidents/${id}/attachments${query}`, file, {
      at, key: retry.key, done: "photos.done",
      progress: (share) => {
        state.done = share;
        const bar = document.querySelector(`[data-photo="${CSS.escape(file.name)}"] span`);
        if (bar) bar.style.width = `${Math.round(share * 100)}%`;
      },
      failed: ({ status, content: problem }) => {
        state.words = status === 413 ? cop.t("photos.large") : status === 415 || status === 422 ? cop.t("photos.type")
          : [cop.t("photos.failed"), cop.lang === "en" ? problem.detail : ""].filter(Boolean).join(" ");
      },
    });
    if (content) forget(id, file.name);
    else cop.detail.refresh();
    return undefined;
  };
  const waiting = (id) =>
    [...(sending.get(id) || new Map())].map(([name, state]) => {
      const bar = cop.h("div", { class: "bar", "data-photo": name, role: "progressbar", "aria-label": name }, cop.h("span", {}));
      bar.firstChild.style.width = `${Math.round(state.done * 100)}%`;
      return cop.h("li", { class: "photo-wait" }, cop.h("span", { text: name }),
        state.words ? cop.h("p", { class: "deed-state is-bad", role: "alert", text: state.words }) : bar,
        state.words ? cop.h("div", { class: "verbs" },
          cop.h("button", { class: "button small", type: "button", "data-key": `again-${name}`, text: cop.t("again"), on: { click: () => send(id, state.file, state.caption) } }),
          cop.h("button", { class: "button small", type: "button", "data-key": `forget-${name}`, text: cop.t("photos.forget"), on: { click: () => forget(id, name) } })) : null);
    });
  cop.photos = { later: (id, file) => send(id, file, "") };
  cop.parts.add({ kind: "incident", key: "photos", order: 50, render(feature) {
    const p = feature.properties;
    const photos = p.attachments || [];
    const mayAttach = cop.mayOn("attach", feature) && !p.feed;
    const wait = waiting(feature.id);
    if (!photos.length && !mayAttach && !wait.length) return null;
    const caption = cop.h("input", { type: "text", maxlength: "300" });
    const input = cop.h("input", { type: "file", class: "sr-only", accept: TYPES.join(), multiple: true, tabindex: "-1", "aria-hidden": "true",
      on: { change: () => {
        const words = caption.value.trim();
        caption.value = "";
        caption.blur(); // or the part would wait for the one who is typing
        for (const file of [...input.files]) send(feature.id, file, words);
      } } });
    return cop.h("section", { class: "detail-part acts", "data-acts": "" },
      cop.h("h3", { text: cop.t("photos.title") }),
      photos.length
        ? cop.h("ul", { class: "gallery" }, ...photos.map((photo) =>
          cop.h("li", {}, cop.h("button", { class: "photo", type: "button", "data-key": photo.id, on: { click: () => look(photo) } },
            cop.h("img", { src: `/api/v1/attachments/${photo.id}`, loading: "lazy", alt: photo.caption || cop.t("photos.no-caption") })))))
        : cop.h("p", { class: "quiet", text: cop.t("photos.none") }),
      wait.length ? cop.h("ul", { class: "photo-waits" }, ...wait) : null,
      mayAttach ? cop.h("div", { class: "photo-add" }, cop.formField("photos.caption", caption),
        cop.h("button", { class: "button", type: "button", "data-key": "add-photo", text: `${cop.t("photos.add")}…`, on: { click: () => input.click() } }), input) : null);
  } });

  /* Remarks: what people wrote about it, newest first. */
  const remark = async (feature, area, at) => {
    const words = area.value.trim();
    if (!words) return area.focus();
    const content = await cop.act("POST", "/notes", { topic: "remark", words, lang: cop.lang, about: feature.id }, { at, done: "remark.done" });
    if (!content) return undefined;
    remarking.delete(feature.id);
    area.value = "";
    at.removeAttribute("data-dirty");
    area.blur();
    return cop.detail.refresh();
  };
  cop.parts.add({ kind: ["incident", "facility", "resource", "road", "alert", "assignment"], key: "remarks", order: 75, render(feature) {
    const notes = [...cop.picture.features.values()]
      .filter(({ properties: p }) => p.kind === "note" && p.topic === "remark" && p.about === feature.id)
      .sort((a, b) => cop.facts.when(b) - cop.facts.when(a));
    if (!notes.length && !cop.may("remark")) return null;
    const area = cop.h("textarea", { rows: "2", maxlength: "4000", "data-key": "remark", "aria-label": cop.t("remark.words"), placeholder: cop.t("remark.words") }, remarking.get(feature.id) || "");
    area.addEventListener("input", () => {
      remarking.set(feature.id, area.value);
      node.toggleAttribute("data-dirty", Boolean(area.value));
    });
    const node = cop.h("section", { class: "detail-part acts", "data-acts": "" }, cop.h("h3", { text: cop.t("remark.title") }),
      notes.length ? cop.h("ul", { class: "notes" }, ...notes.map((note) =>
        cop.h("li", {}, cop.h("p", { class: "prose", text: cop.say(note.properties.description) || cop.say(note.properties.title) }),
          cop.h("span", { class: "row-sub" }, note.properties.author ? `${note.properties.author} · ` : "", cop.facts.publisher(note.properties), " · ", cop.ageNode(cop.facts.when(note)))))) : null,
      cop.may("remark") ? cop.h("div", { class: "remark-add" }, area, cop.h("button", { class: "button", type: "button", "data-key": "add-remark", text: cop.t("remark.add"), on: { click: () => remark(feature, area, node) } })) : null);
    if (area.value) node.setAttribute("data-dirty", "");
    return node;
  } });
})((window.cop = window.cop || {}));
