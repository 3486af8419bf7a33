/* Account, how the page looks, messages, what is stored here. */
((cop) => {
  "use strict";
  let stored = null; // {duty, outbox, files}: bytes; persisted

  /* What is stored on this phone */
  const sizeOf = (value) => new Blob([JSON.stringify(value ?? null)]).size;
  const cached = async () => {
    let bytes = 0;
    if (typeof caches === "undefined") return bytes;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        const answer = await cache.match(request);
        if (answer && answer.type !== "opaque") bytes += (await answer.blob()).size;
      }
    }
    return bytes;
  };
  const weigh = async () => {
    const [state, blobs, outbox, files] = await Promise.all([
      cop.db.all("state"), cop.db.all("blobs"), cop.db.all("outbox"), cached(),
    ]);
    const persisted = Boolean(navigator.storage && navigator.storage.persisted && (await navigator.storage.persisted()));
    stored = {
      duty: sizeOf(state), files, persisted,
      outbox: sizeOf(outbox) + blobs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0),
    };
    cop.emit("change");
  };
  const kilobytes = (bytes) => cop.t("more.kilobytes", { n: Math.ceil(bytes / 1024) });
  const clearTiles = async () => {
    for (const name of await caches.keys()) if (name.startsWith("cop-field-tiles")) await caches.delete(name);
    cop.ui.toast(cop.t("more.stored-cleared"));
    weigh();
  };
  const storedCard = () =>
    card("more.stored",
      cop.h("dl", { class: "facts" }, ...["duty", "outbox", "files"].flatMap((name) => [
        cop.h("dt", { text: cop.t(`more.stored-${name}`) }),
        cop.h("dd", { class: "num", text: stored ? kilobytes(stored[name]) : "…" }),
      ])),
      stored ? cop.h("p", { class: "quiet", text: cop.t(stored.persisted ? "more.stored-kept" : "more.stored-maybe") }) : null,
      typeof caches === "undefined" ? null : cop.ui.button("more.stored-clear", clearTiles, { kind: "ghost" }));

  const card = (wordKey, ...parts) =>
    cop.h("section", { class: "card", "aria-label": cop.t(wordKey) }, cop.h("h2", { text: cop.t(wordKey) }), ...parts);
  const accountCard = () => {
    const { me } = cop.field.data;
    return card("more.account",
      cop.h("p", {}, cop.h("b", { text: me.name }), ` · ${cop.term("one", me.role)}${me.agency ? ` · ${me.agency}` : ""}`),
      cop.h("div", { class: "verbs" },
        cop.ui.button("sign-out", cop.account.signOut, { icon: "out", key: "sign-out" })));
  };
  const draw = (box) => {
    if (!stored) weigh().catch((error) => cop.ui.broken(error));
    box.append(...[
      cop.h("button", { type: "button", class: "card row is-link", "data-key": "to-outbox", on: { click: () => cop.field.go("outbox") } },
        cop.h("span", {}, cop.h("b", { text: cop.t("outbox") }), cop.h("br"), cop.h("span", { class: "quiet", text: cop.outboxSummary() })),
        cop.icon("right", 16)),
      accountCard(),
      card("language", cop.langChooser()),
      card("more.theme", cop.themeChooser()),
      card("more.size", cop.sizeChooser()),
      cop.push.card(card), storedCard(),
      cop.h("p", { class: "quiet", text: cop.t("more.version", { version: cop.config.version }) }),
    ].filter(Boolean));
  };
  cop.on("start", () => cop.field.screen({ key: "more", label: "more", icon: "menu", order: 90, badge: cop.outboxBadge, draw }));
  cop.on("screen", (key) => { if (key === "more") stored = null; });
})((window.cop = window.cop || {}));
