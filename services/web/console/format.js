// Values of the API as people read them. Durations come as "5.25s", times as
// RFC 3339, 64-bit numbers as strings.

import { h } from "./dom.js";
import { languageNow, t } from "./i18n.js";
import { now } from "./api.js";

// The reader's own country's way of the language that they chose.
const locale = () => navigator.languages.find((tag) => tag.split("-")[0] === languageNow()) ?? languageNow();

export const count = (value) => Number(value ?? 0);

export const number = (value) => new Intl.NumberFormat(locale()).format(count(value));

// Of what has a sign and a part of one, such as a score.
export const decimal = (value) =>
  new Intl.NumberFormat(locale(), { maximumFractionDigits: 2 }).format(Number(value ?? 0));

// An amount in the smallest unit of a currency; without one, as it was given.
export function price(minorUnits, currency) {
  const digits = String(minorUnits ?? "0");
  if (!/^[A-Z]{3}$/.test(currency ?? "")) return digits === "0" ? "" : digits;
  const format = new Intl.NumberFormat(locale(), { style: "currency", currency });
  return format.format(Number(digits) / 10 ** format.resolvedOptions().maximumFractionDigits);
}

export const share = (value, digits = 0) =>
  new Intl.NumberFormat(locale(), { style: "percent", maximumFractionDigits: digits }).format(Number(value ?? 0));

export const seconds = (duration) => Number(String(duration ?? "0s").replace(/s$/, ""));
export const duration = (value) => `${value}s`;

export const millis = (time) => (time ? Date.parse(time) : undefined);

// A stretch of time in its two largest units: "2 d 3 h", "5 min".
export function stretch(length) {
  const total = Math.max(0, Math.floor(length));
  const [d, hours, m, s] = [
    Math.floor(total / 86400),
    Math.floor(total / 3600) % 24,
    Math.floor(total / 60) % 60,
    total % 60,
  ];
  if (d > 0) return t("time.days_hours", { d, h: hours });
  if (hours > 0) return t("time.hours_minutes", { h: hours, m });
  if (m >= 5) return t("time.minutes", { m });
  if (m > 0) return t("time.minutes_seconds", { m, s });
  return t("time.seconds", { s });
}

// A moment of a video: "1:02.5".
export function mediaTime(value) {
  const tenths = Math.round(value * 10);
  const minutes = Math.floor(tenths / 600);
  const rest = (tenths % 600) / 10;
  return `${minutes}:${rest < 10 ? "0" : ""}${rest}`;
}

export const span = (range) => `${mediaTime(seconds(range?.start))} – ${mediaTime(seconds(range?.end))}`;

export const dateText = (time, options = { dateStyle: "medium", timeStyle: "short" }) =>
  new Intl.DateTimeFormat(locale(), options).format(new Date(time));

export const when = (time) => time && h("time", { datetime: time }, dateText(time));

export const age = (time) =>
  time && h("time", { datetime: time, title: dateText(time) }, stretch((now() - millis(time)) / 1000));

export function bytes(value) {
  const total = count(value);
  if (total < 1000) return `${total} B`;
  const power = Math.min(4, Math.floor(Math.log10(total) / 3));
  const scaled = new Intl.NumberFormat(locale(), { maximumFractionDigits: 1 }).format(total / 1000 ** power);
  return `${scaled} ${["B", "kB", "MB", "GB", "TB"][power]}`;
}

// Base64 as the API has it to bytes.
export const fromBase64 = (text) => Uint8Array.from(atob(text ?? ""), (character) => character.charCodeAt(0));

export const hex = (base64) => Array.from(fromBase64(base64), (byte) => byte.toString(16).padStart(2, "0")).join("");
