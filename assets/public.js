"use strict";

/* Keeps the public page current in place: where one reads, and the focus, stay. When the service
 * cannot be reached it says so instead of showing old words as new. Without scripts the browser
 * loads the page again. */
(() => {
  const EVERY_MS = 60000;
  const own = document.currentScript;

  const complain = () => {
    if (document.getElementById("public-lost")) return;
    const notice = document.createElement("p");
    notice.id = "public-lost";
    notice.className = "plain-notice";
    notice.setAttribute("role", "alert");
    notice.textContent = own.dataset.lost;
    document.querySelector("main").prepend(notice);
  };
  const renew = async () => {
    try {
      const answer = await fetch(location.href, { cache: "no-store" });
      if (!answer.ok) return complain();
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const now = fresh.querySelector("main");
      const old = document.querySelector("main");
      if (!now) return complain();
      const reading = old.contains(document.activeElement) ? document.activeElement.href : null;
      if (now.isEqualNode(old)) return undefined;
      old.replaceWith(now);
      const link = [...now.querySelectorAll("a")].find(({ href }) => href === reading);
      if (link) link.focus({ preventScroll: true });
    } catch {
      complain();
    }
    return undefined;
  };
  setInterval(renew, EVERY_MS);
})();
