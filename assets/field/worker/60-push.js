/* Something new came while the page is closed: it is fetched and kept, said to have arrived, and
 * told in the reader's language. The message itself holds no words. */
((cop) => {
  "use strict";
  const LIMIT_MS = 10000; // then it is told without words of its own
  const TITLE = { assignment: "push.task", order: "push.order", roll_call: "push.roll-call" };

  const speaker = (lang) => {
    const order = [lang || "zh-Hant", "zh-Hant", "zh-Hans", "en"];
    const say = (text) => order.map((one) => text && text[one]).find(Boolean) || "";
    return { lang, say, t: (key) => say(cop.config.words[key]) };
  };
  /* Own duty, kept for the page; null where it cannot be had or somebody signed out meanwhile. */
  const fetchDuty = async () => {
    const account = await cop.db.get("state", "account");
    const asked = Date.now();
    const answer = await cop.request("/me/duty", { limit: LIMIT_MS });
    if (cop.unsigned(answer)) {
      await cop.clearAround();
      return { gone: true };
    }
    const body = answer.content;
    if (answer.status !== 200 || body.operation !== cop.config.operation) return null;
    return cop.db.run(["state"], "readwrite", async (at, done) => {
      const [now, signed] = [await done(at.state.get("account")), await done(at.state.get("signed"))];
      if (now !== account || signed !== "in") return null;
      const told = body.clock || { now: body.now, speed: 1 };
      const op = Date.parse(told.now);
      at.state.put({ body, etag: answer.headers.get("ETag"), asked, at: op }, "duty");
      at.state.put({ op, device: Date.now(), speed: told.speed }, "clock");
      return { body, now: told.now };
    });
  };
  const findIn = (duty, id) => {
    const task = (duty.assignments || []).find((one) => one.id === id);
    if (task) return task.properties.duty;
    const entry = (duty.orders || []).find(({ order }) => order.id === id);
    return entry ? entry.order.properties.body : null;
  };
  const receive = async ({ id, type }, now) => {
    const said = (await cop.outbox.list()).some((one) => one.about === id && one.kind === "receipt");
    if (said) return;
    await cop.outbox.add({
      kind: "receipt", method: "POST", about: id, body: { step: "delivered", at: now },
      path: `/${type === "assignment" ? "assignments" : "orders"}/${id}/receipts`,
    });
    await cop.outbox.flush();
  };
  const tell = async (message) => {
    const speak = speaker(await cop.db.get("state", "lang").catch(() => null));
    const found = await fetchDuty().catch(() => null);
    const words = found && found.body ? speak.say(findIn(found.body, message.id)) : "";
    const title = speak.t(found && found.gone ? "push.signed-out" : TITLE[message.type] || "push.news");
    const body = words || (found && found.gone ? "" : speak.t("push.news"));
    await self.registration.showNotification(
      cop.config.exercise || message.exercise ? speak.t("push.exercise").replace("{words}", title) : title,
      {
        body, tag: message.id || "news", renotify: Boolean(message.id), lang: speak.lang || undefined,
        icon: "/field/icons/192.png", badge: "/field/icons/maskable-192.png", data: message,
        requireInteraction: message.type === "roll_call" || ["Extreme", "Severe"].includes(message.severity),
      });
    if (found && found.body && words) await receive(message, found.now);
    await cop.outbox.flush().catch(() => {}); // after the message: what waits here may take minutes
  };
  self.addEventListener("push", (event) => {
    let message = {};
    try {
      message = event.data ? event.data.json() : {};
    } catch {
      /* Told without saying what. */
    }
    event.waitUntil(tell(message));
  });

  const open = async ({ id }) => {
    const go = { key: "duty", param: id || null };
    const all = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
    const page = all.find(({ url }) => new URL(url).pathname === "/field");
    if (!page) return self.clients.openWindow(`/field#duty${id ? `/${encodeURIComponent(id)}` : ""}`);
    page.postMessage({ go });
    return page.focus();
  };
  self.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(open(event.notification.data || {}));
  });

  /* The push service gave this browser another address: the server is told. */
  self.addEventListener("pushsubscriptionchange", (event) => {
    event.waitUntil((async () => {
      const fresh = event.newSubscription ||
        (event.oldSubscription && (await self.registration.pushManager.subscribe(event.oldSubscription.options)));
      if (event.oldSubscription) await cop.send("DELETE", "/me/push", { endpoint: event.oldSubscription.endpoint });
      if (!fresh) return;
      const { endpoint, keys } = fresh.toJSON();
      await cop.send("PUT", "/me/push", { endpoint, keys });
    })());
  });
})((self.cop = self.cop || {}));
