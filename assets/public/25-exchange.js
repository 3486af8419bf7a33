/* Puts new pieces of the page in the place of old ones. What one reads stays where it is; focus
 * and opened details survive. A piece arrives as markup, is read without being run, and loses
 * everything by which it could do something. */
(function (cop) {
  "use strict";
  const GLOW_MS = 1500;
  const TOP = 40; // pixels: scrolled less than this, one is at the top and sees what comes
  const GLOWS = 6; // of more at once none is seen, and the whole page flashes
  /* Everything that pieces are made of; what else comes goes, with all that is in it. */
  const TAGS = new Set(
    "a abbr b bdi br caption dd details div dl dt em figcaption figure h2 h3 h4 h5 i li ol p small span strong sub summary"
      .concat(" sup table tbody td tfoot th thead time tr ul svg circle defs desc ellipse g line path pattern polygon polyline rect text title tspan")
      .split(" "),
  );
  const SAFE = /^(https?:|mailto:|tel:|\/(?!\/)|#|\?)/i;
  const FOCUSABLE = "a[href],button,summary,input,select,[tabindex]";
  const main = cop.$("main");

  const disarm = (root) => {
    for (const node of root.querySelectorAll("*")) if (!TAGS.has(node.localName)) node.remove();
    for (const node of [root, ...root.querySelectorAll("*")])
      for (const { name, value } of [...node.attributes]) {
        const isAddress = name.endsWith("href");
        if (/^(on|style$|src|form|ping$)/i.test(name) || (isAddress && !SAFE.test(value.trim())))
          node.removeAttribute(name);
      }
    return root;
  };
  const parse = (html) => {
    const found = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
    return found && TAGS.has(found.localName) ? document.importNode(disarm(found), true) : null;
  };
  const nodeOf = (key) => main.querySelector(`[data-id="${CSS.escape(key)}"]`);

  /* A piece as it was written: without ages and what scripts have added to it. */
  const plain = (node) => {
    const copy = node.cloneNode(true);
    for (const one of copy.querySelectorAll(".p-added")) one.remove();
    for (const one of copy.querySelectorAll("[data-ago],[data-checked],[data-time]")) one.textContent = "";
    for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
    copy.classList.remove("is-glowing", "is-elsewhere");
    if (!copy.className) copy.removeAttribute("class");
    return copy.outerHTML;
  };
  /* Carry over from *old* what the reader has done to it; gives what sets the focus afterwards. */
  const inherit = (old, now) => {
    const [before, after] = [old, now].map((node) => [...node.querySelectorAll("details")]);
    after.forEach((one, n) => { if (before[n]) one.open = before[n].open; });
    const at = document.activeElement;
    if (!old.contains(at) || at === document.body) return () => {};
    const place = [...old.querySelectorAll(FOCUSABLE)].filter((one) => !one.closest(".p-added")).indexOf(at);
    return () => {
      const added = at.closest(".p-added") && now.querySelector(".p-added");
      const next = added || (at.id && cop.$(at.id)) || now.querySelectorAll(FOCUSABLE)[place] || now;
      if (next === now) now.tabIndex = -1;
      next.focus({ preventScroll: true });
    };
  };
  const glow = (node) => {
    if (cop.isCalm()) return;
    node.classList.add("is-glowing");
    setTimeout(() => node.classList.remove("is-glowing"), GLOW_MS);
  };

  const isBefore = (one, other) => {
    const [a, b] = [one, other].map((node) => node.dataset.order || "");
    return a === b ? one.dataset.id < other.dataset.id : a < b;
  };
  const insert = (node, list) => {
    const next = [...list.children].find((other) => other.dataset.id && isBefore(node, other));
    list.insertBefore(node, next || null);
  };
  /* The page of a district has nothing of the others. */
  const isOfAnother = ({ dataset: { district } }) =>
    Boolean(document.body.dataset.district && district && district !== document.body.dataset.district);
  /* Put one piece; says "new", "changed", or "" where it could not be used. */
  const put = ({ key, section, html }, shine) => {
    const now = parse(html);
    if (!now || now.dataset.id !== key) return "";
    const old = nodeOf(key);
    cop.fillAges(now);
    if (!old) {
      const list = cop.$(`list-${section}`);
      if (!list || now.tagName !== "LI" || isOfAnother(now)) return "";
      insert(now, list);
      shine(now);
      cop.emit("block", now);
      return "new";
    }
    const focus = inherit(old, now);
    const moved = old.dataset.order !== now.dataset.order;
    old.replaceWith(now);
    if (moved) insert(now, now.parentNode);
    cop.emit("block", now);
    focus();
    shine(now);
    return "changed";
  };
  const remove = (key) => {
    const node = nodeOf(key);
    if (!node) return false;
    if (node.contains(document.activeElement)) {
      const heading = node.closest("section").querySelector("h2");
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    node.remove();
    return true;
  };

  /* Do *work* while what stands at the top of the window stays there. */
  const still = (work) => {
    const edge = parseFloat(getComputedStyle(document.documentElement).scrollPaddingTop) || 0;
    const anchor = scrollY > TOP && !main.hidden
      ? [...main.querySelectorAll("[data-id]")].find((node) => node.getBoundingClientRect().bottom > edge) : null;
    const was = anchor && [anchor.dataset.id, anchor.getBoundingClientRect().top];
    work();
    const now = was && nodeOf(was[0]);
    const by = now ? now.getBoundingClientRect().top - was[1] : 0;
    if (Math.abs(by) >= 1) scrollBy({ top: by, behavior: "instant" });
  };
  const isItem = (key) => !/^(head|chart)-/.test(key);

  cop.exchange = {
    nodeOf,
    /* What a piece calls the thing that it shows. */
    titleOf(node) {
      const name = node.querySelector(".p-name strong") || node.querySelector(".p-name");
      const copy = (name || node).cloneNode(true);
      for (const one of copy.querySelectorAll(".p-sev")) one.remove();
      return copy.textContent.trim().slice(0, 120);
    },
    /* Apply the pieces of one change; gives the keys that are new and that changed. */
    blocks({ put: pieces, remove: gone }) {
      const did = { new: [], changed: [], gone: [] };
      still(() => {
        for (const key of gone) if (remove(key) && isItem(key)) did.gone.push(key);
        for (const piece of pieces) {
          const how = put(piece, pieces.length > GLOWS ? () => {} : glow);
          if (how && isItem(piece.key)) did[how].push(piece.key);
        }
        cop.emit("blocks");
      });
      return did;
    },
    /* Bring this page to what *fresh*, the same page fetched anew, says. */
    page(fresh) {
      const now = new Map([...fresh.querySelectorAll("#main [data-id]")].map((node) => [node.dataset.id, node]));
      const gone = [...main.querySelectorAll("[data-id]")].map((node) => node.dataset.id).filter((key) => !now.has(key));
      const pieces = [];
      for (const [key, node] of now) {
        const old = nodeOf(key);
        if (old && plain(old) === plain(node)) continue;
        pieces.push({ key, section: node.closest("section").id.replace(/^s-/, ""), html: node.outerHTML });
      }
      const [lines, told] = [main, fresh].map((root) => root.querySelectorAll(".p-none"));
      told.forEach((line, n) => { if (lines[n]) lines[n].hidden = line.hidden; });
      return cop.exchange.blocks({ put: pieces, remove: gone });
    },
  };
})(window.cop);
