/* How the page looks and speaks to this reader; kept on this phone. */
((cop) => {
  "use strict";
  const LANGS = { "zh-Hant": "繁體中文", en: "English", "zh-Hans": "简体中文" };
  const THEMES = ["auto", "light", "dark"];
  const SIZES = [100, 125, 150];

  /* How the page looks to this reader */
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const look = () => {
    const theme = cop.prefs.get("field.theme", "auto");
    const isDark = theme === "dark" || (theme === "auto" && dark.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
    for (const meta of document.querySelectorAll("meta[name=theme-color]"))
      meta.content = isDark ? "#0d1319" : "#ffffff";
    document.documentElement.style.fontSize = `${cop.prefs.get("field.size", 100)}%`;
    cop.emit("theme", isDark ? "dark" : "light");
  };
  /* Speak *lang*, once its words are here; the page's own remains where they cannot be had. */
  const spoken = new Set([document.documentElement.lang]);
  const speak = async (lang) => {
    if (!spoken.has(lang)) {
      try {
        const answer = await fetch(cop.config.files.words[lang]);
        if (!answer.ok) throw new Error(String(answer.status));
        cop.learnWords(lang, await answer.json());
        spoken.add(lang);
      } catch {
        if (cop.lang !== lang && !spoken.has(cop.lang)) cop.lang = [...spoken][0];
        return false;
      }
    }
    cop.lang = lang;
    document.documentElement.lang = lang;
    const link = document.querySelector("link[rel=manifest]");
    if (link) link.href = `/field/manifest.webmanifest?lang=${lang}`;
    cop.emit("lang", lang);
    return true;
  };
  dark.addEventListener("change", look);
  cop.look = async () => {
    look();
    const asked = cop.asked("lang");
    const kept = cop.prefs.get("field.lang", null);
    cop.lang = document.documentElement.lang;
    await speak(LANGS[asked] ? asked : LANGS[kept] ? kept : cop.lang);
  };
  const remember = (name, value, apply) => () => {
    cop.prefs.set(`field.${name}`, value);
    apply(value);
    cop.emit("change");
  };

  /* One of a few: buttons of which one is pressed. */
  const options = (wordKey, all) =>
    cop.h("div", { class: "options", role: "group", "aria-label": cop.t(wordKey) },
      ...all.map(({ key, words, pressed, press, lang }) =>
        cop.h("button", { type: "button", class: "button is-option", "data-key": key, lang, "aria-pressed": String(pressed), on: { click: press } }, words)));
  cop.langChooser = () =>
    options("language", Object.entries(LANGS).map(([lang, words]) => ({
      key: `lang-${lang}`, words, lang, pressed: cop.lang === lang,
      press: async () => {
        if (!(await speak(lang))) return cop.ui.toast(cop.t("problem.network"), { bad: true });
        if (cop.field.data.me) cop.db.put("state", lang, "lang");
        return remember("lang", lang, () => {})();
      },
    })));
  cop.themeChooser = () => {
    const now = cop.prefs.get("field.theme", "auto");
    return options("more.theme", THEMES.map((theme) => ({
      key: `theme-${theme}`, words: cop.t(`more.theme-${theme}`), pressed: now === theme, press: remember("theme", theme, look),
    })));
  };
  cop.sizeChooser = () => {
    const now = cop.prefs.get("field.size", 100);
    return options("more.size", SIZES.map((size) => ({
      key: `size-${size}`, words: `${size} %`, pressed: now === size, press: remember("size", size, look),
    })));
  };
})((window.cop = window.cop || {}));
