// A text of others, cut by what was found in it and by what cannot be seen.

const bytesOf = (point) => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

// Indices into `text` of spans in bytes of its UTF-8, half-open. What begins or
// ends within a character is taken to have all of it; what is not in the text
// is left out.
function placed(text, spans) {
  const begins = spans.map((span) => ({ span, at: span.start ?? 0 })).sort((one, two) => one.at - two.at);
  const ends = spans.map((span) => ({ span, at: span.end ?? 0 })).sort((one, two) => one.at - two.at);
  const from = new Map();
  const to = new Map();
  const [begun, ended] = [{ next: 0 }, { next: 0 }];
  let byte = 0;
  let index = 0;
  for (const character of text) {
    byte += bytesOf(character.codePointAt(0));
    for (; begins[begun.next]?.at < byte; ++begun.next) from.set(begins[begun.next].span, index);
    index += character.length;
    for (; ends[ended.next]?.at <= byte; ++ended.next) to.set(ends[ended.next].span, index);
  }
  return spans
    .filter((span) => from.has(span) && (span.end ?? 0) > (span.start ?? 0))
    .map((span) => ({ span, from: from.get(span), to: to.get(span) ?? text.length }));
}

// The text in pieces, in order: each with the spans that are on all of it, and
// those of them that end with it.
export function piecesOf(text, spans) {
  const all = placed(text, spans).sort((one, two) => one.from - two.from);
  const cuts = [...new Set([0, text.length, ...all.flatMap(({ from, to }) => [from, to])])].sort((a, b) => a - b);
  const pieces = [];
  let next = 0;
  let on = [];
  for (let i = 0; i + 1 < cuts.length; ++i) {
    const [start, end] = [cuts[i], cuts[i + 1]];
    for (; all[next]?.from <= start; ++next) on.push(all[next]);
    on = on.filter(({ to }) => to > start);
    pieces.push({
      text: text.slice(start, end),
      spans: on.map(({ span }) => span),
      ends: on.filter(({ to }) => to === end).map(({ span }) => span),
    });
  }
  return pieces;
}

// By Unicode's own abbreviations.
const NAMES = new Map(
  Object.entries({
    "\u00ad": "SHY",
    "\u034f": "CGJ",
    "\u061c": "ALM",
    "\u200b": "ZWSP",
    "\u200c": "ZWNJ",
    "\u200d": "ZWJ",
    "\u200e": "LRM",
    "\u200f": "RLM",
    "\u202a": "LRE",
    "\u202b": "RLE",
    "\u202c": "PDF",
    "\u202d": "LRO",
    "\u202e": "RLO",
    "\u2060": "WJ",
    "\u2066": "LRI",
    "\u2067": "RLI",
    "\u2068": "FSI",
    "\u2069": "PDI",
    "\ufeff": "BOM",
  }),
);

export const unseenName = (character) =>
  NAMES.get(character) ?? `U+${character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;

// What joins and varies emoji is seen, as the emoji; so are line ends and tabs.
const SEEN =
  "\\p{Extended_Pictographic}\\p{Emoji_Modifier}?[\\ufe0e\\ufe0f]?" +
  "(?:\\u200d\\p{Extended_Pictographic}\\p{Emoji_Modifier}?[\\ufe0e\\ufe0f]?)*" +
  "|[0-9#*]\\ufe0f\\u20e3|\\r?\\n|\\t";
// Controls, direction marks, joiners, fillers, variation selectors, tags,
// characters of private use, the Braille blank, and marks stacked on others
// higher than any script does.
const UNSEEN =
  "[\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Co}\\p{Zl}\\p{Zp}\\ufff9-\\ufffb\\u2800]|(?<=\\p{M}{6})\\p{M}";
const EITHER = new RegExp(`${SEEN}|((?:(?![\\n\\t]|\\r\\n)(?:${UNSEEN}))+)`, "gu");

// The text in order as {seen} and {unseen}, a run of characters that cannot be
// seen or that would cover what stands above.
export function seenAndUnseen(text) {
  const parts = [];
  let start = 0;
  for (const { 0: found, 1: unseen, index } of text.matchAll(EITHER)) {
    if (unseen === undefined) continue;
    if (index > start) parts.push({ seen: text.slice(start, index) });
    parts.push({ unseen: found });
    start = index + found.length;
  }
  if (start < text.length) parts.push({ seen: text.slice(start) });
  return parts;
}

// At most so many characters of it.
export function clipped(text, most) {
  if (text.length <= most) return text;
  const start = Array.from(text.slice(0, 2 * most))
    .slice(0, most)
    .join("");
  return start.length < text.length ? `${start}…` : text;
}
