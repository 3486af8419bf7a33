/* Lists whose rows are kept and changed where they stand. While the reader points at such a list,
 * or has the focus in it, nothing in it moves: new rows wait behind a chip, gone ones stay, dimmed. */
(function (cop) {
  "use strict";
  const GLOW_MS = 1500;
  const NEAR_TOP = 40; // pixels: scrolled less than this, the reader is at the top

  /* `make(id)` gives {node, …}; `fill(row, item)` writes what has changed of item.id. */
  cop.keyed = ({ box, list, chip, make, fill, refresh }) => {
    const rows = new Map();
    const waiting = new Set();
    let pointed = false;

    const isHeld = () => pointed || list.contains(document.activeElement);
    box.addEventListener("pointerenter", (event) => { pointed = event.pointerType === "mouse"; });
    box.addEventListener("pointerleave", () => { pointed = false; refresh(); });
    box.addEventListener("focusout", () => cop.soon(`keyed ${list.id}`, refresh, 100));
    box.addEventListener("scroll", () => {
      if (box.scrollTop <= NEAR_TOP && waiting.size) refresh();
    });
    chip.addEventListener("click", () => {
      waiting.clear();
      pointed = false;
      box.scrollTop = 0;
      refresh({ all: true });
      const first = list.querySelector("button");
      if (first) first.focus();
    });

    const leave = (ids, held) => {
      for (const [id, row] of rows) {
        const gone = !ids.has(id);
        row.node.classList.toggle("is-gone", gone);
        if (!gone || held) continue;
        row.node.remove();
        rows.delete(id);
      }
    };
    const glow = (node, id) => {
      if (performance.now() - (cop.picture.changedAt(id) ?? -Infinity) > GLOW_MS) return;
      node.classList.remove("glow");
      void node.offsetWidth; // begins the animation anew
      node.classList.add("glow");
    };

    return {
      rows,
      render(items, { all = false } = {}) {
        const held = !all && isHeld();
        const away = held || (!all && box.scrollTop > NEAR_TOP);
        const began = rows.size > 0;
        leave(new Set(items.map(({ id }) => id)), held);
        waiting.clear();
        let previous = null;
        for (const item of items) {
          let row = rows.get(item.id);
          if (!row && away && began) {
            waiting.add(item.id);
            continue;
          }
          if (!row) rows.set(item.id, (row = make(item.id)));
          if (fill(row, item) === true) glow(row.node, item.id);
          const inPlace = previous ? previous.nextSibling === row.node : list.firstChild === row.node;
          if (!row.node.isConnected || (!inPlace && !held))
            previous ? previous.after(row.node) : list.prepend(row.node);
          previous = row.node;
        }
        chip.hidden = waiting.size === 0;
        cop.write(chip, waiting.size ? cop.t("list.new", { n: waiting.size }) : "");
      },
    };
  };
})((window.cop = window.cop || {}));
