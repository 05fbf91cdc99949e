// What others wrote, as they wrote it: what cannot be seen in it is shown by
// name, so that no control turns the text around it, and what rules found in it
// is marked.

import { h } from "./dom.js";
import { number } from "./format.js";
import { clipped, piecesOf, seenAndUnseen, unseenName } from "./text_pieces.js";
import { t } from "./i18n.js";

const NAMED = 3; // Of a run of what cannot be seen.
const LABELS = 500; // Of one text; beyond them a sign stands for each run.
const UNNAMED = "\u25af";

function unseenLabel(run) {
  const all = Array.from(run);
  const kinds = [...new Set(all)];
  const names = kinds.slice(0, NAMED).map(unseenName).join(" ");
  const more = kinds.length > NAMED ? "…" : "";
  const times = all.length > kinds.length ? ` ×${number(all.length)}` : "";
  return h("span", { class: "unseen", title: t("text.unseen") }, names, more, times);
}

// `labels` counts those of the whole text.
function shown(text, labels) {
  const nodes = [];
  for (const { seen, unseen } of seenAndUnseen(text)) {
    if (unseen !== undefined && labels.made < LABELS) {
      labels.made++;
      nodes.push(unseenLabel(unseen));
    } else if (typeof nodes.at(-1) === "string") {
      nodes.push(nodes.pop() + (seen ?? UNNAMED));
    } else {
      nodes.push(seen ?? UNNAMED);
    }
  }
  return nodes;
}

// A few words in a line; clipped where `most` says so.
export const visible = (text, most = Infinity) =>
  h("bdi", { class: "foreign" }, shown(clipped(String(text ?? ""), most), { made: 0 }));

const ruleNames = (spans) => [...new Set(spans.map(({ hit }) => hit.title || hit.ruleId))].join("; ");

function toneOf(spans) {
  if (spans.every(({ hit }) => hit.shadow)) return "shadow";
  return spans.every(({ hit }) => hit.shadow || (hit.score ?? 0) < 0) ? "against" : undefined;
}

// Which rules what ends here was found by: their numbers, and for who cannot see
// the mark their names.
function ruleNumbers(spans) {
  const hits = [...new Set(spans.map(({ hit }) => hit))].sort((one, two) => one.number - two.number);
  return h(
    "sup",
    {},
    hits.map((hit, i) => [
      i > 0 && ",",
      hit.number,
      h("span", { class: "hidden-label" }, ` ${hit.title || hit.ruleId} `),
    ]),
  );
}

// A text with marks where `spans` are: {start, end} in bytes of UTF-8, and the
// `hit`, which has a number. In a box of its own that it cannot leave, and that
// the keyboard can scroll.
export function markedText(label, text, spans, attributes = {}) {
  const labels = { made: 0 };
  return h(
    "div",
    { class: "said", dir: "auto", role: "group", tabindex: "0", "aria-label": label, ...attributes },
    piecesOf(text, spans).map((piece) =>
      piece.spans.length
        ? [
            h("mark", { class: toneOf(piece.spans), title: ruleNames(piece.spans) }, shown(piece.text, labels)),
            piece.ends.length > 0 && ruleNumbers(piece.ends),
          ]
        : shown(piece.text, labels),
    ),
  );
}
