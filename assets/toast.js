/* What was just done, in one line at the bottom, with the way back while there is one. */
(function (cop) {
  "use strict";
  const SHORT_MS = 5000;
  const LONGEST_MS = 30000;
  let node = null;
  let timer = null;
  let offered = null; // {journal, ends}: by this page's clock

  const hide = () => {
    clearInterval(timer);
    offered = null;
    if (node) node.remove();
    node = timer = null;
  };
  const show = (tone, ...parts) => {
    hide();
    node = cop.h("div", { class: `toast${tone}`, role: "status" }, ...parts,
      cop.h("button", { class: "icon-button", type: "button", "aria-label": cop.t("close"), on: { click: hide } },
        cop.icon("close", 14)));
    document.body.append(node);
  };
  cop.toast = ({ words, bad = false, warn = false }) => {
    show(bad ? " is-bad" : warn ? " is-warn" : "", cop.h("span", { text: words }));
    cop.announce(words);
    timer = setInterval(hide, bad || warn ? 2 * SHORT_MS : SHORT_MS);
  };

  const undo = async () => {
    if (!offered) return;
    const { journal } = offered;
    offered = null;
    clearInterval(timer);
    const content = await cop.act("POST", "/undo", { journal }, { at: node, undoable: false });
    if (content) cop.toast({ words: cop.t("undo.done") });
  };
  cop.undo = {
    /* Offer to take the journal's entry *journal* back until *until*. */
    offer({ journal, until, words }) {
      const left = (cop.ms(until) - cop.clock.now()) / cop.clock.speed;
      const ends = performance.now() + (left > 0 && left < LONGEST_MS ? left : LONGEST_MS);
      const clock = cop.h("span", { class: "toast-clock", "aria-hidden": "true" });
      const tick = () => {
        const seconds = Math.ceil((ends - performance.now()) / 1000);
        if (seconds <= 0) return hide();
        return cop.write(clock, cop.t("age.s", { n: seconds }));
      };
      show("", cop.h("span", { text: words }),
        cop.h("button", { class: "button filled", type: "button", "aria-keyshortcuts": "z", on: { click: undo } },
          cop.t("undo.verb"), cop.h("kbd", { "aria-hidden": "true", text: "z" })),
        clock);
      offered = { journal, ends };
      cop.announce(`${words}. ${cop.t("undo.announce")}`);
      tick();
      timer = setInterval(tick, 250);
    },
    now: undo,
    get offered() { return offered; },
  };
  cop.keys.z = () => undo();
})((window.cop = window.cop || {}));
