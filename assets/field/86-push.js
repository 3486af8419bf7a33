/* Messages while the page is closed: only where the server has a key, only when asked for. */
((cop) => {
  "use strict";
  let state = null; // null: not looked yet; else {key, on, denied}
  const able = () => "PushManager" in window && "Notification" in window && Boolean(navigator.serviceWorker);
  const bytesOf = (key) => {
    const padded = key.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(key.length / 4) * 4, "=");
    return Uint8Array.from(atob(padded), (char) => char.charCodeAt(0));
  };
  const look = async () => {
    const answer = await cop.request("/me/push");
    if (answer.status !== 200) return;
    const registration = able() ? await navigator.serviceWorker.getRegistration("/field") : null;
    const subscription = registration ? await registration.pushManager.getSubscription() : null;
    state = { key: answer.content.key, on: Boolean(subscription), denied: able() && Notification.permission === "denied" };
    cop.emit("change");
  };
  const turnOn = async () => {
    try {
      if ((await Notification.requestPermission()) !== "granted") return await look();
      const registration = await navigator.serviceWorker.ready;
      const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(state.key) });
      const { endpoint, keys } = subscription.toJSON();
      const answer = await cop.send("PUT", "/me/push", { endpoint, keys });
      if (answer.status < 200 || answer.status >= 300) {
        await subscription.unsubscribe();
        cop.ui.toast(answer.status ? cop.problemWords({ ...answer.content, status: answer.status }) : cop.t("more.push-failed"), { bad: true });
      }
    } catch {
      cop.ui.toast(cop.t("more.push-failed"), { bad: true });
    }
    return look();
  };
  const turnOff = async () => {
    const registration = await navigator.serviceWorker.ready;
    const subscription = await registration.pushManager.getSubscription();
    if (subscription) {
      await cop.send("DELETE", "/me/push", { endpoint: subscription.endpoint });
      await subscription.unsubscribe();
    }
    return look();
  };
  cop.push = {
    card(card) {
      if (!state) look();
      if (!state) return null;
      const say = (wordKey) => cop.h("p", { class: "quiet", text: cop.t(wordKey) });
      if (!state.key) return card("more.push", say("more.push-no-key"));
      if (!able()) return card("more.push", say("more.push-none"));
      if (state.denied) return card("more.push", say("more.push-denied"));
      return card("more.push", say(state.on ? "more.push-is-on" : "more.push-words"),
        cop.ui.button(state.on ? "more.push-off" : "more.push-on", state.on ? turnOff : turnOn, { key: "push" }));
    },
  };
  cop.on("signed", () => { state = null; });
})((window.cop = window.cop || {}));
