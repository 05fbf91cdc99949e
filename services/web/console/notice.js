// What has just happened, said where everybody notices: seen, and read out.

import { h } from "./dom.js";
import { t } from "./i18n.js";
import { onClaims, undoableNow } from "./claims.js";

const live = () => document.getElementById("live");
const alerts = () => document.getElementById("alerts");

const SAID_MS = 8000;
let saidTimer;

// News that needs no answer; `heard` alone where it is seen elsewhere.
export function say(text, { heard = false } = {}) {
  live().replaceChildren(h("p", { class: heard && "hidden-label" }, text));
  clearTimeout(saidTimer);
  saidTimer = setTimeout(() => live().replaceChildren(), SAID_MS);
}

// Trouble: stays until it is dismissed, or trouble of the same kind comes.
export function warn(text, { kind = "", detail = "", action } = {}) {
  clearWarning(kind);
  const box = h(
    "div",
    { class: "alert", role: "alert", "data-kind": kind },
    h("p", {}, text, detail && h("small", {}, " ", h("bdi", { class: "foreign" }, detail))),
    action &&
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            box.remove();
            action.run();
          },
        },
        action.label,
      ),
    h("button", { type: "button", class: "quiet", onclick: () => box.remove() }, t("notice.dismiss")),
  );
  alerts().append(box);
}

export function clearWarning(kind) {
  for (const box of [...alerts().children]) {
    if (box.dataset.kind === kind) box.remove();
  }
}

// A sentence for a call that failed. `what` names what was tried, for errors
// that mean something else there.
export function errorText(error, what = "") {
  const code = error.code ?? "INTERNAL";
  const specific = t(`error.${what}.${code}`);
  if (what && specific !== `error.${what}.${code}`) return specific;
  if (code === "RESOURCE_EXHAUSTED" && error.retryAfter) {
    return t("error.retry_after", { seconds: error.retryAfter });
  }
  const general = t(`error.${code}`);
  return general === `error.${code}` ? t("error.other", { code }) : general;
}

export function warnOf(error, what = "") {
  if (error.name === "AbortError") return;
  // Those two have places of their own on the page.
  if (error.code === "UNAVAILABLE" || (error.code === "UNAUTHENTICATED" && what !== "sign_in")) return;
  warn(errorText(error, what), { kind: "error", detail: error.message });
}

// The bar that offers to take the last decision back, for as long as that works.
export function showUndo(onUndo) {
  const place = document.getElementById("undo");
  let timer;
  const clear = () => {
    clearInterval(timer);
    place.replaceChildren();
    place.hidden = true;
  };
  onClaims("undoable", ({ detail: last }) => {
    clear();
    if (!last) return;
    const left = h("span", { class: "left", "aria-hidden": "true" });
    const meter = h("progress", { max: last.grace, "aria-hidden": "true" });
    const text = t(`undo.${last.outcome === "OUTCOME_REMOVE" ? "removed" : "kept"}`, {
      count: last.count,
      n: last.count,
    });
    place.append(
      h("p", {}, text),
      h("button", { type: "button", id: "undo-button", onclick: onUndo }, t("action.undo"), " ", h("kbd", {}, "U")),
      left,
      meter,
    );
    place.setAttribute("aria-label", t("action.undo"));
    place.hidden = false;
    say(t("undo.said", { text, seconds: Math.round(last.grace / 1000) }), { heard: true });
    const tick = () => {
      if (!undoableNow()) return clear();
      const rest = last.until - Date.now();
      left.textContent = t("time.seconds", { s: Math.ceil(rest / 1000) });
      meter.value = rest;
      return undefined;
    };
    tick();
    timer = setInterval(tick, 250);
  });
}
