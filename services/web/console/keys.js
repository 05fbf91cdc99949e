// One key, one action. An action is {id, key, label, run, off}: a button that
// shows its key, where `off` says why it cannot be done now.

import { h } from "./dom.js";
import { t } from "./i18n.js";

const OFF = "lenscap.keys_off";
let pageActions = [];
let globalActions = [];
let prefix = "";
let prefixTimer;

export const keysOn = () => localStorage.getItem(OFF) !== "yes";
export const setKeysOn = (on) => localStorage.setItem(OFF, on ? "no" : "yes");

export const setGlobalActions = (actions) => {
  globalActions = actions;
};
export const setPageActions = (actions) => {
  pageActions = actions;
};
export const actionsNow = () => [...pageActions, ...globalActions];

export const keyText = (key) =>
  key
    .split(" ")
    .map((one) => (one === "?" || one === "/" ? one : one.toUpperCase()))
    .join(" ");

export function button(action, attributes = {}) {
  return h(
    "button",
    {
      type: "button",
      id: `do-${action.id}`,
      class: action.tone,
      disabled: Boolean(action.off),
      title: action.off || undefined,
      "aria-keyshortcuts": action.key && keyText(action.key),
      onclick: () => action.run(),
      ...attributes,
    },
    action.label,
    action.key && [" ", h("kbd", { "aria-hidden": "true" }, keyText(action.key))],
  );
}

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable], dialog") !== null;

function actionFor(key) {
  const wanted = prefix ? `${prefix} ${key}` : key;
  prefix = "";
  clearTimeout(prefixTimer);
  const all = actionsNow();
  const found = all.find((action) => action.key === wanted && !action.off);
  if (!found && all.some((action) => action.key?.startsWith(`${wanted} `))) {
    prefix = wanted;
    prefixTimer = setTimeout(() => {
      prefix = "";
    }, 1500);
  }
  return found;
}

export function listenToKeys() {
  addEventListener("keydown", (event) => {
    if (!keysOn() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (isTyping(event.target) || event.key === "Shift") return;
    const action = actionFor(event.key.length === 1 ? event.key.toLowerCase() : event.key);
    if (!action) return;
    event.preventDefault();
    action.run(event);
  });
}

export function showHelp() {
  const rows = actionsNow()
    .filter((action) => action.key)
    .map((action) => h("div", {}, h("dt", {}, h("kbd", {}, keyText(action.key))), h("dd", {}, action.label)));
  const dialog = h(
    "dialog",
    { "aria-labelledby": "help-title", onclose: () => dialog.remove() },
    h("h2", { id: "help-title" }, t("help.title")),
    h("dl", { class: "keys" }, rows),
    h("p", {}, t("help.reveal")),
    h(
      "div",
      { class: "check" },
      h("input", {
        type: "checkbox",
        id: "keys-on",
        checked: keysOn(),
        onchange: (event) => setKeysOn(event.target.checked),
      }),
      h("label", { for: "keys-on" }, t("help.keys_on")),
    ),
    h(
      "div",
      { class: "buttons" },
      h("button", { type: "button", class: "primary", onclick: () => dialog.close() }, t("dialog.close")),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
}
