/* Light, dark, or as the device is set. */
(function (cop) {
  "use strict";
  const THEMES = ["auto", "light", "dark"];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let theme = "";

  const look = () => {
    const wanted = cop.prefs.get("theme", "auto");
    const now = wanted === "auto" ? (dark.matches ? "dark" : "light") : wanted;
    if (now === theme) return;
    theme = now;
    document.documentElement.dataset.theme = now;
    cop.emit("theme", now);
  };
  cop.theme = () => theme;
  dark.addEventListener("change", look);
  look();

  cop.themeChooser = () => {
    const now = cop.prefs.get("theme", "auto");
    const choice = THEMES.includes(now) ? now : "auto";
    const select = cop.h("select", {
      class: "tool", id: "tool-theme",
      on: { change: () => { cop.prefs.set("theme", select.value); look(); } },
    }, ...THEMES.map((key) => cop.h("option", { value: key, selected: key === choice, text: cop.t(`theme.${key}`) })));
    return cop.h("label", { class: "p-theme" }, cop.h("span", { text: cop.t("tools.theme") }), select);
  };
})(window.cop);
