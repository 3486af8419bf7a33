/* The row of what a reader can do: look near, choose a district, change to the map; and, below
 * everything, the colours. */
(function (cop) {
  "use strict";
  const tools = cop.$("tools");
  /* The same place in another language. */
  const links = () => {
    for (const link of document.querySelectorAll(".p-langs a"))
      link.href = `${link.href.split("#")[0]}${location.hash}`;
  };
  cop.tools = {
    start() {
      links();
      addEventListener("hashchange", links);
      const isWhole = Boolean(cop.$("map"));
      const foot = document.querySelector("footer");
      if (foot) foot.append(cop.themeChooser());
      if (!tools || !isWhole) return;
      tools.setAttribute("role", "region");
      tools.setAttribute("aria-label", cop.t("tools"));
      tools.append(cop.stage.switcher(), cop.near.button(), cop.district.chooser());
      const districts = document.querySelector("#s-districts ul");
      if (districts) {
        districts.prepend(cop.district.link);
        districts.addEventListener("focusin", ({ target }) => target.scrollIntoView({ block: "nearest", inline: "nearest" }));
      }
      tools.hidden = false;
    },
  };
})(window.cop);
