// How the text of others is cut: what rules found stands where the server says,
// in bytes of UTF-8, and what cannot be seen is told apart from what can.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { CONSOLE } from "./places.mjs";

// The page's module, which is no file of this package.
const source = readFileSync(join(CONSOLE, "text_pieces.js"), "utf8");
const { clipped, piecesOf, seenAndUnseen, unseenName } = await import(
  `data:text/javascript,${encodeURIComponent(source)}`
);

// Pieces as "[what is found]" and what is not.
const drawn = (text, spans) =>
  piecesOf(text, spans)
    .map((piece) => (piece.spans.length ? `[${piece.text}]` : piece.text))
    .join("");

test("Spans count bytes: one to four for each character", () => {
  const text = "a\u00e9\u9488\u{1f4f7}z"; // 1, 2, 3, 4 and 1 bytes.
  assert.equal(drawn(text, [{ start: 0, end: 1 }]), "[a]\u00e9\u9488\u{1f4f7}z");
  assert.equal(drawn(text, [{ start: 1, end: 3 }]), "a[\u00e9]\u9488\u{1f4f7}z");
  assert.equal(drawn(text, [{ start: 3, end: 6 }]), "a\u00e9[\u9488]\u{1f4f7}z");
  assert.equal(drawn(text, [{ start: 6, end: 10 }]), "a\u00e9\u9488[\u{1f4f7}]z");
  assert.equal(drawn(text, [{ start: 10, end: 11 }]), "a\u00e9\u9488\u{1f4f7}[z]");
});

test("A start that JSON leaves out is the first byte", () => {
  assert.equal(drawn("pen", [{ end: 3 }]), "[pen]");
});

test("Where spans overlap, each part names all of them, and the last part those that end", () => {
  const [one, two, three] = [
    { start: 0, end: 4 },
    { start: 2, end: 6 },
    { start: 2, end: 4 },
  ];
  assert.deepEqual(piecesOf("abcdefg", [one, two, three]), [
    { text: "ab", spans: [one], ends: [] },
    { text: "cd", spans: [one, two, three], ends: [one, three] },
    { text: "ef", spans: [two], ends: [two] },
    { text: "g", spans: [], ends: [] },
  ]);
});

test("Spans that are empty or not in the text mark nothing, and those that go on beyond it end with it", () => {
  assert.equal(
    drawn("pen", [
      { start: 2, end: 2 },
      { start: 3, end: 9 },
      { start: 2, end: 1 },
    ]),
    "pen",
  );
  assert.equal(drawn("pen", [{ start: 1, end: 900 }]), "p[en]");
  assert.deepEqual(piecesOf("", [{ start: 0, end: 4 }]), []);
});

// Numbers from 0 to below `most`, always the same ones.
function numbers(seed) {
  let state = seed;
  return (most) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
}

const ALPHABET = [
  "a",
  "Z",
  " ",
  "\n",
  "\u00e9",
  "\u0301",
  "\u9488",
  "\u5b54",
  "\u200b",
  "\u202e",
  "\u{1f4f7}",
  "\u{e0041}",
];
const someText = (next, length) => Array.from({ length }, () => ALPHABET[next(ALPHABET.length)]).join("");

test("Pieces are those that a look at every single byte gives", () => {
  const next = numbers(7);
  for (let round = 0; round < 300; ++round) {
    const text = someText(next, next(24));
    const size = Buffer.byteLength(text);
    const spans = Array.from({ length: next(6) }, () => ({ start: next(size + 4), end: next(size + 8) }));
    const pieces = piecesOf(text, spans);
    assert.equal(pieces.map((piece) => piece.text).join(""), text);
    const covering = pieces.flatMap((piece) => Array.from(piece.text, () => new Set(piece.spans)));
    let byte = 0;
    Array.from(text).forEach((character, i) => {
      const end = byte + Buffer.byteLength(character);
      const expected = spans.filter((span) => span.start < span.end && span.start < end && span.end > byte);
      assert.deepEqual(covering[i], new Set(expected), JSON.stringify({ text, spans, character }));
      byte = end;
    });
  }
});

const unseen = (text) =>
  seenAndUnseen(text)
    .map((part) => part.seen ?? `<${Array.from(part.unseen, unseenName).join(" ")}>`)
    .join("");

test("What cannot be seen is shown by name", () => {
  assert.equal(unseen("pin\u200bhole\u200d\u2060cam"), "pin<ZWSP>hole<ZWJ WJ>cam");
  assert.equal(unseen("\u202egnp.\u2066x\u2069\u202c"), "<RLO>gnp.<LRI>x<PDI PDF>");
  assert.equal(
    unseen("a\u00adb\u034fc\u180ed\u3164e\u2800f\u{e0041}g"),
    "a<SHY>b<CGJ>c<U+180E>d<U+3164>e<U+2800>f<U+E0041>g",
  );
  assert.equal(
    unseen("a\u0000b\u007fc\u2028d\u2029e\u0085f\ue000g"),
    "a<U+0000>b<U+007F>c<U+2028>d<U+2029>e<U+0085>f<U+E000>g",
  );
  assert.equal(unseen("\u9488\ufe0f\u5b54\u{e0100}"), "\u9488<U+FE0F>\u5b54<U+E0100>");
});

test("Lines, tabs and emoji are seen as they are", () => {
  for (const text of [
    "a\nb\r\nc\td",
    "\u{1f469}\u{1f3fd}\u200d\u{1f4bb}",
    "\u2764\ufe0f",
    "1\ufe0f\u20e3",
    "\u{1f3f3}\ufe0f\u200d\u{1f308}",
  ]) {
    assert.equal(unseen(text), text);
  }
  assert.equal(unseen("a\rb"), "a<U+000D>b");
  assert.equal(unseen("\u{1f4f7}\u200dcam"), "\u{1f4f7}<ZWJ>cam");
});

test("Marks that are stacked on a letter are shown by name from the seventh on", () => {
  const parts = seenAndUnseen(`a${"\u0301".repeat(40)}b`);
  assert.deepEqual(
    parts.map((part) => [part.seen?.length, part.unseen?.length]),
    [
      [7, undefined],
      [undefined, 34],
      [1, undefined],
    ],
  );
});

test("No direction mark, joiner or control is ever among what is seen, and nothing is lost", () => {
  const next = numbers(11);
  for (let round = 0; round < 300; ++round) {
    const text = someText(next, 40);
    const parts = seenAndUnseen(text);
    assert.equal(parts.map((part) => part.seen ?? part.unseen).join(""), text);
    for (const { seen } of parts) assert.doesNotMatch(seen ?? "", /[\u200b\u202e\u{e0041}]/u);
  }
});

test("A long run of what cannot be seen is one part", () => {
  assert.equal(seenAndUnseen("\u200b\u200c".repeat(50_000)).length, 1);
});

test("A text is clipped between characters", () => {
  assert.equal(clipped("\u{1f4f7}\u{1f4f7}\u{1f4f7}", 2), "\u{1f4f7}\u{1f4f7}…");
  assert.equal(clipped("abc", 3), "abc");
  assert.equal(clipped("", 3), "");
});
