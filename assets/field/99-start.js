/* Puts the parts together: what this phone holds is shown first, then the server is asked. */
((cop) => {
  "use strict";
  const IDLE_MS = 3000;
  const FIRST_MS = 1500;
  const LOOK_MS = 3600 * 1000; // for a new version, while the page stays open
  let loading = null;

  const script = (address) =>
    new Promise((resolve, reject) => {
      document.head.append(cop.h("script", { src: address, on: { load: resolve, error: reject } }));
    });
  const style = (address) =>
    new Promise((resolve, reject) => {
      document.head.append(cop.h("link", { rel: "stylesheet", href: address, on: { load: resolve, error: reject } }));
    });
  const { files } = cop.config;
  const load = () => {
    loading = loading || Promise.all([script(files.map), style(files.map_css)]).catch((error) => {
      loading = null; // without network: the next try may have one
      throw error;
    });
    return loading;
  };
  cop.map = { ...cop.map, load };

  /* The worker: keeps the page on the phone, sends while the page is closed, tells of orders. */
  const worker = async () => {
    if (!navigator.serviceWorker) return;
    let had = Boolean(navigator.serviceWorker.controller);
    navigator.serviceWorker.addEventListener("message", ({ data }) => {
      if (data.go) cop.field.go(data.go.key, data.go.param);
    });
    navigator.serviceWorker.addEventListener("controllerchange", () => {
      const has = Boolean(navigator.serviceWorker.controller); // not where the site was cleared
      if (had && has) cop.shell.notice("version", cop.t("field.new-version"), { words: "field.reload", press: () => location.reload() });
      had = has;
    });
    const registration = await navigator.serviceWorker.register("/field/worker.js", { scope: "/field", updateViaCache: "none" });
    let looked = performance.now();
    const look = () => {
      if (document.visibilityState !== "visible" || performance.now() - looked < LOOK_MS) return;
      looked = performance.now();
      registration.update().catch(() => {});
    };
    document.addEventListener("visibilitychange", look);
    cop.on("online", (is) => { if (is) look(); });
    const { active } = await navigator.serviceWorker.ready;
    active.postMessage({ later: true });
  };

  /* What comes after the start is started as it comes. */
  let begun = false;
  const { on } = cop;
  cop.on = (name, react) => (name === "start" && begun ? react() : on(name, react));

  const start = async () => {
    document.body.dataset.signed = "unknown";
    await cop.look();
    try {
      await cop.field.restore();
    } catch (error) {
      cop.shell.notice("kept", cop.t(error.words || "kept.none"));
    }
    cop.emit("start");
    begun = true;
    const work = script(files.work).then(() => { document.body.dataset.whole = ""; });
    const first = cop.field.data.me && cop.field.data.me.role === "warden"; // theirs is among these
    if (first) await Promise.race([work, new Promise((resolve) => { setTimeout(resolve, FIRST_MS); })]).catch(() => {});
    cop.shell.begin();
    document.body.dataset.signed = cop.field.data.signed;
    document.body.dataset.ready = "";
    await Promise.all([cop.account.begin(), work.catch((error) => cop.ui.broken(error))]);
    const later = window.requestIdleCallback || ((job) => setTimeout(job, IDLE_MS));
    later(() => worker().catch((error) => cop.ui.broken(error)), { timeout: IDLE_MS });
  };
  /* Whatever could not be kept, and whoever asked for it: it is told. */
  addEventListener("unhandledrejection", (event) => {
    if (!event.reason || !event.reason.words) return;
    event.preventDefault();
    cop.shell.notice("kept", cop.t(event.reason.words));
  });
  start().catch((error) => cop.ui.broken(error));
})((window.cop = window.cop || {}));
