// Signing in with a token.

import { signIn } from "./api.js";
import { h } from "./dom.js";
import { labelled } from "./dialog.js";
import { t } from "./i18n.js";

export async function signInPage(_, { retry, enter }) {
  const form = h(
    "form",
    { class: "panel narrow" },
    h("p", { id: "sign-in-text" }, t("sign_in.text")),
    labelled({ id: "token", name: "token", label: t("sign_in.token"), type: "password", required: true, most: 256 }),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary" }, t("sign_in.confirm"))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const token = form.elements.token.value.trim();
    form.elements.token.value = "";
    const done = await retry("sign_in", async () => {
      await signIn(token);
      return true;
    });
    if (done) enter();
    else form.elements.token.focus();
  });
  return { title: t("sign_in.title"), body: form };
}
