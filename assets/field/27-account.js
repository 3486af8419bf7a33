/* Who this device is signed in as; and what leaves it when that ends. */
((cop) => {
  "use strict";
  const { data, held } = cop.field;
  const KEPT = ["account", "clock"]; // of the store `state`, whoever signs in

  const sign = (signed) => {
    if (data.signed === signed) return;
    data.signed = signed;
    document.body.dataset.signed = signed;
    cop.emit("signed", signed);
    cop.emit("change");
  };
  const forgetView = () => {
    Object.assign(data, { duty: null, area: null, duty_at: null, area_at: null });
    for (const name of ["duty", "area"]) held[name] = { etag: null, asked: 0 };
  };
  /* Take from the disk what the server said; drafts and the outbox are somebody's own work. */
  const dropState = (kept) =>
    cop.db.run(["state"], "readwrite", async (at, done) => {
      for (const key of await done(at.state.getAllKeys()))
        if (!kept.some((one) => key === one || (one.endsWith(".") && key.startsWith(one)))) at.state.delete(key);
    });
  const dropPush = async () => {
    if (!("PushManager" in window) || !navigator.serviceWorker) return;
    const registration = await navigator.serviceWorker.getRegistration("/field");
    const subscription = registration && (await registration.pushManager.getSubscription());
    if (subscription) await subscription.unsubscribe();
  };

  /* *me* is signed in, as the server says. */
  const adopt = async (me) => {
    if (me.operation !== cop.config.operation) return moved(me.operation);
    const { tried } = cop.field;
    const before = await tried(cop.db.get("state", "account"));
    if (before && before !== me.name) {
      forgetView();
      await dropState(KEPT);
      await cop.outbox.shed();
      await cop.clearAround();
    }
    data.me = me;
    await tried(cop.db.run(["state"], "readwrite", (at) => {
      at.state.put(me.name, "account");
      at.state.put(me, "me");
      at.state.put("in", "signed");
      at.state.put(cop.lang, "lang"); // in which the worker tells of orders
    }));
    if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    cop.outbox.doubt();
    cop.outbox.trust(me.name);
    cop.tell({ signed: "in" });
    await cop.field.readActions();
    sign("in");
    cop.sync.look();
    return true;
  };
  /* The server runs another operation than this page was made for. */
  const moved = async (operation) => {
    cop.sync.stop();
    cop.shell.notice("moved", cop.t("field.wrong-operation", { name: operation }), { words: "field.reload", press: cop.shell.renew });
    return false;
  };
  /* Ask who is signed in; null when it cannot be told. */
  const ask = async () => {
    const answer = await cop.request("/me");
    if (answer.status === 200) return answer.content;
    const gone = cop.unsigned(answer);
    return gone ? { signed_in: false, gone } : null;
  };

  /* A request was refused for want of a sign-in. What was done here stays for the same account. */
  let leaving = null;
  const unsigned = (how) => {
    cop.outbox.doubt();
    if (how === "lost") return cop.lost();
    leaving = leaving || (async () => {
      const me = await ask();
      if (cop.account.lost) return undefined; // another answer said so meanwhile
      if (me && me.signed_in) return adopt(me);
      if (!me) return undefined; // it cannot be told: nothing is hidden on a guess
      cop.sync.stop();
      forgetView();
      await dropState([...KEPT, "me", "draft."]);
      await cop.outbox.shed();
      if (cop.account.lost) return undefined;
      await cop.db.put("state", data.me ? "ended" : "out", "signed");
      await cop.clearAround();
      if (cop.account.lost) return undefined;
      cop.tell({ signed: "ended" });
      return sign(data.me ? "ended" : "out");
    })().catch((error) => cop.ui.broken(error)).finally(() => { leaving = null; });
    return leaving;
  };
  cop.outbox.unsigned = unsigned;
  cop.lost = (heard = false) => (cop.account.lost ? undefined : wipe("lost", heard));

  /* Everything goes, at once; other tabs hear of it from the first that knows. */
  const wipe = async (why, heard = false) => {
    cop.sync.stop();
    forgetView();
    data.me = null;
    cop.account.lost = why === "lost";
    sign("out"); // hidden first: taking away may last, and the browser may not come to its end
    await cop.db.clear().catch((error) => cop.ui.broken(error)); // the browser may clear it itself
    await cop.clearAround().catch(() => {});
    await dropPush().catch(() => {});
    if (!heard) cop.tell({ signed: why === "lost" ? "lost" : "out" });
    await cop.field.readActions();
    cop.emit("change");
  };

  /* Nothing goes out between the new session and the name that this phone then goes by. */
  const signIn = (username, password) =>
    cop.outbox.alone(async () => {
      const answer = await cop.send("POST", "/session", { username, password });
      if (answer.status !== 200) return answer;
      cop.account.lost = false;
      cop.prefs.set("field.leaving", false); // the one that was to end is no longer here
      await adopt(answer.content);
      return answer;
    });

  /* End the session on the server too; without network it is ended when there is one again. */
  const endSession = async () => {
    const answer = await cop.send("DELETE", "/session");
    const over = answer.status === 204 || answer.status === 401;
    cop.prefs.set("field.leaving", !over);
    return over;
  };
  /* Not done: waiting, or refused and not yet seen to. */
  const unsent = () => cop.field.actions().filter((action) => action.state !== "confirmed" && !cop.isQuiet(action));
  const leave = async () => {
    const name = data.me && data.me.name;
    cop.prefs.set("field.leaving", true); // and goes on at the next start where the page dies
    cop.sync.stop();
    await cop.position.stop();
    await dropPush().catch(() => {});
    await cop.outbox.forget(name);
    await endSession();
    forgetView();
    data.me = null;
    await cop.outbox.forget(name); // what the page said by itself meanwhile
    await dropState(["clock"]);
    await cop.clearAround();
    cop.outbox.doubt();
    cop.tell({ signed: "out" });
    await cop.field.readActions();
    sign("out");
  };
  /* Sign out; asks first where work would be lost. True when it is done. */
  const signOut = async () => {
    const waits = unsent().length;
    const chosen = await cop.ui.choose({
      title: cop.t("sign-out.title"),
      words: waits ? cop.t("sign-out.unsent", { n: waits }) : cop.t("sign-out.words"),
      choices: waits
        ? [["send", "sign-out.send", "filled"], ["throw", "sign-out.throw", "danger"], ["stay", "sign-out.stay", "ghost"]]
        : [["throw", "sign-out", "filled"], ["stay", "sign-out.stay", "ghost"]],
    });
    if (chosen === "send") {
      await cop.outbox.flush();
      await cop.field.readActions();
      if (unsent().length) {
        cop.ui.toast(cop.t("sign-out.not-sent"), { bad: true });
        return false;
      }
    }
    if (chosen !== "send" && chosen !== "throw") return false;
    await leave();
    return true;
  };

  /* At the start: what is known from before, then what the server says. */
  const begin = async () => {
    if (cop.prefs.get("field.leaving", false)) return leave();
    if (data.signed === "in") return cop.sync.look();
    const me = await ask();
    if (me && me.signed_in) return adopt(me);
    if (cop.account.lost) return undefined;
    return sign(data.signed === "ended" ? "ended" : "out");
  };
  cop.hear(async ({ signed }) => {
    if (signed === "lost") return cop.lost(true);
    if (!signed || signed === data.signed) return undefined;
    if (signed === "in") return unsigned("other");
    forgetView();
    return sign(signed);
  });
  cop.on("online", async (is) => {
    if (is && data.signed === "out" && cop.prefs.get("field.leaving", false)) endSession();
  });

  cop.account = { lost: false, adopt, ask, begin, moved, signIn, signOut, unsigned, wipe, unsent };
})((window.cop = window.cop || {}));
