/* Signing in on this page: the form behind which everything is hidden until then. */
((cop) => {
  "use strict";
  const field = (id, wordKey, attributes) =>
    cop.h("label", { class: "field", for: id }, cop.h("span", { text: cop.t(wordKey) }),
      cop.h("input", { id, name: id, "data-key": id, required: true, ...attributes }));
  const explain = ({ status, content }) => {
    if (status === 0) return cop.t(navigator.onLine === false ? "sign-in.offline" : "sign-in.down");
    if (status === 429) return cop.t("sign-in.often", { seconds: content.retry_after_s || 60 });
    return cop.t(status === 401 || status === 400 ? "sign-in.wrong" : "sign-in.down");
  };
  const why = () => {
    if (cop.account.lost) return cop.t("sign-in.lost");
    return cop.field.data.signed === "ended" ? cop.t("sign-in.ended") : "";
  };
  const waitingWords = async (node) => {
    const lines = [...await cop.outbox.waiting()].map(([name, n]) => cop.t("sign-in.waiting", { name, n }));
    cop.write(node, lines.join(" "));
    node.hidden = !lines.length;
  };

  const submit = async (form, said) => {
    const verb = form.querySelector("button[type=submit]");
    verb.disabled = true;
    said.hidden = true;
    const answer = await cop.account.signIn(form.elements.username.value.trim(), form.elements.password.value)
      .catch((error) => ({ status: -1, content: {}, words: error.words }));
    verb.disabled = false;
    if (answer.status === 200) return;
    cop.write(said, answer.words ? cop.t(answer.words) : explain(answer));
    said.hidden = false;
    form.elements.password.value = "";
    form.elements.password.focus();
  };

  cop.signIn = {
    draw() {
      const { me } = cop.field.data;
      const said = cop.h("p", { class: "notice is-bad", role: "alert", hidden: true });
      const reason = why();
      const waiting = cop.h("p", { class: "quiet", hidden: true });
      const form = cop.h("form", { class: "stack" },
        field("username", "sign-in.name", { autocomplete: "username", autocapitalize: "none", spellcheck: "false", value: me ? me.name : null }),
        field("password", "sign-in.password", { type: "password", autocomplete: "current-password" }),
        said,
        cop.h("button", { type: "submit", class: "button is-big" }, cop.t("sign-in")));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        submit(form, said);
      });
      waitingWords(waiting).catch(() => {}); // told where something is to be kept
      const lang = encodeURIComponent(cop.lang);
      return cop.h("section", { class: "sign-in stack" },
        cop.h("h2", { text: cop.t("sign-in") }),
        reason ? cop.h("p", { class: "notice", text: reason }) : null,
        navigator.onLine === false ? cop.h("p", { class: "notice is-bad", text: cop.t("sign-in.offline") }) : null,
        form, waiting,
        cop.config.outside
          ? cop.h("a", { class: "button is-ghost", href: `/sign-in/oidc?lang=${lang}&next=%2Ffield`, text: cop.t("sign-in.outside") }) : null,
        cop.langChooser());
    },
  };
})((window.cop = window.cop || {}));
