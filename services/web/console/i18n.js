// What the console says, in the reader's language.

const LANGUAGES = ["en", "zh"];
const HTML_LANG = { en: "en", zh: "zh-Hans" };

let language = "en";
let texts = {};
let plurals = new Intl.PluralRules("en");

const wished = () => {
  const kept = localStorage.getItem("lenscap.language");
  const all = [kept, ...navigator.languages].filter(Boolean);
  return all.map((tag) => tag.split("-")[0]).find((tag) => LANGUAGES.includes(tag)) ?? "en";
};

export const languageNow = () => language;
export const languages = () => [...LANGUAGES];

export async function loadLanguage(tag = wished()) {
  const answer = await fetch(new URL(`./i18n/${tag}.json`, import.meta.url));
  texts = await answer.json();
  language = tag;
  plurals = new Intl.PluralRules(tag);
  document.documentElement.lang = HTML_LANG[tag];
}

export async function chooseLanguage(tag) {
  localStorage.setItem("lenscap.language", tag);
  await loadLanguage(tag);
}

const inserted = (text, values) =>
  text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));

// The text of a key, with {names} replaced by values. Where the text depends on
// a count, that is `n`.
export function t(key, values = {}) {
  const found = texts[key];
  if (found === undefined) return key;
  if (typeof found === "string") return inserted(found, values);
  const form = plurals.select(Number(values.count ?? values.n ?? 0));
  return inserted(found[form] ?? found.other, values);
}

// The word for a value of an enum of the API, such as ("CaseQueue",
// "CASE_QUEUE_APPEAL"); the value itself where it is newer than this page.
export function word(name, value) {
  return texts[`${name}.${value}`] ?? value ?? "";
}

// The explanation of a cue that the model names; the name where it is new.
export const cueWord = (name) => texts[`cue.${name}`] ?? name;

// The words for a signal and a level that a rule names, likewise.
export const signalWord = (name) => texts[`signal.${name}`] ?? name;
export const levelWord = (name) => texts[`level.${name}`] ?? name;
