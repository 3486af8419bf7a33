/* Asks for a few values in a dialog: words, a number, one of some, or one found by its name. */
(function (cop) {
  "use strict";
  const MOST_CHOICES = 40;

  const input = (field) => {
    const common = {
      name: field.name, required: field.required, maxlength: field.max_length ?? null,
      "aria-label": field.words || cop.t(field.label),
    };
    if (field.type === "textarea") {
      const node = cop.h("textarea", { rows: field.rows || "3", ...common });
      node.value = field.value || "";
      return { node, read: () => node.value.trim() };
    }
    if (field.type === "select") {
      const node = cop.h("select", common, ...cop.desk.options(field.options, field.value));
      return { node, read: () => node.value };
    }
    if (field.type === "number") {
      const node = cop.h("input", {
        type: "number", inputmode: "numeric", min: field.min ?? "0", max: field.max ?? null, step: "1", ...common,
      });
      node.value = field.value ?? "";
      return { node, read: () => (node.value === "" ? null : Number(node.value)) };
    }
    if (field.type === "choose") return choice(field);
    const node = cop.h("input", { type: field.type || "text", ...common });
    node.value = field.value || "";
    return { node, read: () => node.value.trim() };
  };

  /* One of many: a search over names; `find(words)` gives [{id, title, more}], best first. */
  const choice = (field) => {
    let chosen = null;
    const list = cop.h("ul", { class: "choices", role: "radiogroup", "aria-label": cop.t(field.label) });
    const show = (words) => {
      const found = field.find(words.trim().toLowerCase());
      list.replaceChildren(...found.slice(0, MOST_CHOICES).map(({ id, title, more }) =>
        cop.h("li", {}, cop.h("label", { class: "choice" },
          cop.h("input", {
            type: "radio", name: field.name, value: id, checked: id === chosen,
            on: { change: () => { chosen = id; } },
          }),
          cop.h("span", { class: "choice-main" }, cop.h("span", { text: title }),
            more ? cop.h("small", { text: more }) : null)))));
      if (!found.length) list.append(cop.h("li", { class: "quiet", text: cop.t("list.nothing-fits") }));
      if (found.length > MOST_CHOICES)
        list.append(cop.h("li", { class: "quiet", text: cop.t("desk.more", { n: found.length - MOST_CHOICES }) }));
    };
    const search = cop.h("input", {
      type: "search", autocomplete: "off", placeholder: cop.t("find"), "aria-label": cop.t("find"),
      on: { input: (event) => show(event.target.value) },
    });
    show("");
    return {
      node: cop.h("div", { class: "choice-box" }, search, list), whole: true,
      read: () => chosen,
    };
  };

  /* Gives {name: value} of all fields, or null. `check(values)` gives the name of a field that must
   * be seen to, or null. */
  cop.ask = ({ title, intro, fields, confirm, danger = false, check }) => {
    const rows = fields.map((field) => ({ field, ...input(field) }));
    const invalid = ({ field, read }) =>
      field.required && (read() === null || read() === "" || Number.isNaN(read()));
    const mark = (row) => {
      const target = row.whole ? row.node.querySelector("input") : row.node;
      target.setAttribute("aria-invalid", "true");
      target.focus();
      return null;
    };
    const values = () => {
      for (const { node } of rows) node.removeAttribute("aria-invalid");
      const missing = rows.find(invalid);
      if (missing) return mark(missing);
      const given = Object.fromEntries(rows.map(({ field, read }) => [field.name, read()]));
      const wrong = check && check(given);
      return wrong ? mark(rows.find(({ field }) => field.name === wrong)) : given;
    };
    const label = ({ field, node, whole }) =>
      cop.h(whole ? "div" : "label", { class: "field" },
        cop.h("span", { text: field.words || cop.t(field.label) }), node,
        field.hint ? cop.h("small", { text: field.hint }) : null);
    return cop.dialog({
      title,
      body: cop.h("div", { class: "stack" },
        ...(intro || []).map((words) => cop.h("p", { text: words })), ...rows.map(label)),
      buttons: [{ value: values, words: cop.t(confirm), filled: true, danger }],
    });
  };
})((window.cop = window.cop || {}));
