/* The live connection: a snapshot at a cursor, then the events after it, with nothing missed and
 * nothing twice. It says within seconds when it is not live. */
(function (cop) {
  "use strict";
  const SILENT_MS = 4000; // the server speaks every one or two seconds
  const CHECK_MS = 500;
  const FIRST_WAIT_MS = 500;
  const LONGEST_WAIT_MS = 15000;
  let source = null;
  let heard = 0; // performance.now() of the last word from the server
  let tries = 0;
  let waiting = null;
  let fetching = false;

  cop.link = {
    state: "connecting", // connecting | live | lost | signed-out
    since: null, // picture time of the last word, while lost
    heardAgo: () => (heard ? (performance.now() - heard) / 1000 : null),
    health: null,
  };

  const setState = (state) => {
    if (cop.link.state === state) return;
    cop.link.state = state;
    cop.link.since = state === "lost" ? cop.clock.now() - sinceHeard() : null;
    cop.emit("link");
  };
  const sinceHeard = () => (heard ? (performance.now() - heard) * cop.clock.speed : 0);
  const hear = () => {
    heard = performance.now();
    tries = 0;
    if (cop.picture.loaded) setState("live");
  };

  const onHealth = (health) => {
    cop.link.health = health;
    cop.clock.set(health.now, health.speed);
    hear();
    cop.emit("health", health);
  };

  /* Full jitter: hundreds of browsers must not come back in the same instant. */
  const again = (work) => {
    clearTimeout(waiting);
    const limit = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
    tries += 1;
    waiting = setTimeout(work, limit * (0.3 + 0.7 * Math.random()));
  };

  const close = () => {
    if (source) source.close();
    source = null;
  };

  /* A session that has ended would be given the public's part of the picture: that must not pass
   * for the whole. */
  async function whenSignedIn(work) {
    try {
      const answer = await fetch("/api/v1/me", { cache: "no-store" });
      if (answer.status === 401) return setState("signed-out"); // somebody ended this session
      if (answer.ok && !(await answer.json()).signed_in) return setState("signed-out");
    } catch {
      return again(() => whenSignedIn(work));
    }
    return work();
  }
  const reopen = () => whenSignedIn(open);
  const reload = () => whenSignedIn(load);

  async function load() {
    if (fetching) return;
    fetching = true;
    try {
      const answer = await fetch("/api/v1/picture", { cache: "no-cache" });
      if (answer.status === 401 || answer.status === 403) return setState("signed-out");
      if (!answer.ok) throw new Error(`the picture answered ${answer.status}`);
      const snapshot = await answer.json();
      cop.clock.set(snapshot.now, snapshot.speed);
      cop.picture.reset(snapshot);
      open();
    } catch {
      if (heard || tries > 1) setState("lost");
      again(load);
    } finally {
      fetching = false;
    }
  }

  function open() {
    close();
    const stream = new EventSource(
      `/api/v1/stream?after=${encodeURIComponent(cop.picture.cursor)}`,
    );
    source = stream;
    stream.addEventListener("picture", (message) => {
      hear();
      cop.picture.apply(JSON.parse(message.data));
    });
    stream.addEventListener("health", (message) => {
      cop.picture.advance(message.lastEventId);
      onHealth(JSON.parse(message.data));
    });
    stream.addEventListener("resync", () => {
      close();
      again(reload);
    });
    /* This process ends in order, and another goes on: nothing is lost by that. */
    stream.addEventListener("bye", () => {
      hear();
      close();
      again(reopen);
    });
    stream.onerror = () => {
      if (source !== stream) return;
      close();
      again(reopen);
    };
  }

  /* A connection can be dead without an error: silence is one. */
  setInterval(() => {
    if (!heard || cop.link.state === "signed-out") return;
    if (performance.now() - heard < SILENT_MS) return;
    setState("lost");
    if (source && source.readyState === EventSource.OPEN) {
      close();
      again(reopen);
    }
  }, CHECK_MS);
  addEventListener("online", () => {
    if (cop.link.state !== "lost") return;
    tries = 0;
    again(cop.picture.loaded ? reopen : load);
  });

  /* Somebody has signed in again on this page. */
  cop.link.resume = () => {
    if (cop.link.state !== "signed-out") return;
    setState("connecting");
    load();
  };

  load();

  /* What is down, in words; empty when all is well. */
  cop.troubles = () => {
    const { state, since, health } = cop.link;
    if (state === "signed-out") return [cop.t("link.signed-out")];
    if (state === "lost")
      return [
        since === null || !heard
          ? cop.t("link.never")
          : cop.t("link.lost", { time: cop.time(since) }),
      ];
    return health ? down(health, ["redis", "worker", "beat"]) : [];
  };
  const down = (health, parts) =>
    parts.filter((part) => health[part] === false).map((part) => {
      const from = health.since && cop.ms(health.since[part]);
      return cop.t(`link.${part}`) + (from ? ` ${cop.t("since", { time: cop.time(from) })}` : "");
    });
  /* What must be said above the map: with it what is down without the picture as a whole being old. */
  cop.notices = () => {
    const { state, health } = cop.link;
    return [...cop.troubles(), ...(health && state !== "lost" && state !== "signed-out" ? down(health, ["vision", "exchange"]) : [])];
  };
})((window.cop = window.cop || {}));
