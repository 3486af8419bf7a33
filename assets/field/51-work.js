/* What report, facility and needs share: a deed without a message of its own, and a number with a
 * − and a +. */
(function (cop) {
  "use strict";
  /* Kept and sent like every deed; where it stands is shown with what it concerns. Gives its key,
   * or null where it could not be kept, which is said. */
  const put = async (action) => {
    try {
      const key = await cop.outbox.add({ at: cop.field.now(), ...action });
      cop.outbox.flush();
      cop.wake();
      return key;
    } catch (error) {
      cop.ui.toast(cop.t(error.words || "kept.none"), { bad: true });
      return null;
    }
  };

  const signed = (n) => (n > 0 ? `+${n}` : n < 0 ? `−${Math.abs(n)}` : "0");

  /* "Blankets  −  40  +": *set* is told by how much; at zero the − does nothing. */
  const stepper = ({ words, value, shown, key, by = 1, set, sign }) => {
    const verb = (way) => {
      const ends = way < 0 && !value;
      return cop.h("button", {
        type: "button", class: "step", "data-key": `${key} ${way < 0 ? "less" : "more"}`, text: way < 0 ? "−" : "+",
        "aria-label": cop.t(way < 0 ? "work.fewer" : "work.more", { n: by, what: words }),
        "aria-disabled": ends ? "true" : null, on: { click: () => { if (!ends) set(way * by); } },
      });
    };
    return cop.h("div", { class: "stepper", role: "group", "aria-label": words },
      cop.h("span", { class: "stepper-name" }, sign ? cop.h("span", { class: "sign", "aria-hidden": "true", text: sign }) : null, words),
      cop.h("span", { class: "stepper-set" }, verb(-1), cop.h("output", { class: "num", text: shown ?? String(value ?? "–") }), verb(1)));
  };

  cop.work = { put, signed, stepper, redraw: () => cop.emit("change") };
})((window.cop = window.cop || {}));
