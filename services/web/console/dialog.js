// Questions: native dialogs, which keep the focus and give it back.

import { freshId, h } from "./dom.js";
import { t } from "./i18n.js";

const control = (field, id) => {
  const common = {
    id,
    name: field.name,
    required: field.required,
    maxlength: field.most,
    "aria-describedby": field.hint && `${id}-hint`,
  };
  if (field.choices) {
    return h(
      "select",
      common,
      field.choices.map(({ value, label }) => h("option", { value, selected: value === field.value }, label)),
    );
  }
  if (field.lines) return h("textarea", { ...common, rows: field.lines }, field.value ?? "");
  return h("input", {
    ...common,
    type: field.type ?? "text",
    value: field.value,
    autocomplete: "off",
    list: field.suggestions && `${id}-list`,
  });
};

// A control under its label, with a hint where there is one.
export function labelled(field) {
  const id = field.id ?? freshId("field");
  return h(
    "div",
    { class: "field" },
    h("label", { for: id }, field.label),
    control(field, id),
    field.hint && h("small", { id: `${id}-hint` }, field.hint),
    field.suggestions &&
      h(
        "datalist",
        { id: `${id}-list` },
        field.suggestions.map((value) => h("option", { value })),
      ),
  );
}

// Asks; the values by the fields' names, or undefined where the person thinks
// better of it.
export function ask({ title, text, fields = [], confirm, danger = false }) {
  return new Promise((resolve) => {
    const titleId = freshId("dialog");
    const form = h(
      "form",
      {},
      h("h2", { id: titleId }, title),
      text && h("p", {}, text),
      fields.map(labelled),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "submit", class: danger ? "danger" : "primary" }, confirm),
        h("button", { type: "button", onclick: () => dialog.close() }, t("dialog.cancel")),
      ),
    );
    const dialog = h("dialog", { "aria-labelledby": titleId }, form);
    let answer;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      answer = Object.fromEntries(new FormData(form));
      dialog.close();
    });
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
    (form.querySelector("textarea, input, select") ?? form.querySelector("button")).focus();
  });
}
