// What a scan found in an upload, in words and as a timeline.

import { badge, facts, foreign, h, section } from "./dom.js";
import { bytes, hex, mediaTime, number, seconds, share, span } from "./format.js";
import { timeline } from "./charts.js";
import { cueWord, t, word } from "./i18n.js";

const CUES = 12;
const MATCHES = 5;

// A score as people say it; 1 is an equal file.
export function scoreWord(match) {
  if (match.kind === "KIND_EXACT_FILE") return t("score.exact");
  if (match.kind === "KIND_SAME_SCENE") return t("score.scene");
  const score = match.score ?? 0;
  if (score >= 0.9) return t("score.certain");
  if (score >= 0.7) return t("score.very_likely");
  return t(score >= 0.4 ? "score.likely" : "score.possible");
}

const severityTone = { SEVERITY_CRITICAL: "bad", SEVERITY_CONFIRMED: "warn" };

// How a picture was turned; nothing where it is upright.
export const turned = (orientation) =>
  ["ORIENTATION_UPRIGHT", "ORIENTATION_UNSPECIFIED"].includes(orientation ?? "ORIENTATION_UPRIGHT")
    ? ""
    : word("Orientation", orientation);

// How the copy differs from the reference, as a list of words.
function altered(match) {
  const { orientation, speed, negative } = match.transform ?? {};
  return [
    turned(orientation),
    negative && t("altered.negative"),
    speed && Math.abs(speed - 1) > 0.02 && t("altered.speed", { speed: number(Math.round(speed * 100) / 100) }),
    match.part?.kind && match.part.kind !== "KIND_WHOLE" && word("PicturePart.Kind", match.part.kind),
  ]
    .filter(Boolean)
    .join(", ");
}

export function matchPart(match) {
  return h(
    "li",
    {},
    h(
      "p",
      {},
      h("strong", {}, scoreWord(match)),
      " ",
      badge(word("Severity", match.severity), severityTone[match.severity]),
      " ",
      match.shadow && badge(t("found.shadow"), "warn"),
    ),
    facts([
      [t("found.list"), h("span", {}, foreign(match.listId), match.issuer && [" · ", foreign(match.issuer)])],
      [t("found.entry"), foreign(match.entryId)],
      [t("found.category"), match.category && foreign(match.category)],
      [t("found.in_upload"), match.query && span(match.query)],
      [t("found.in_clip"), match.reference && span(match.reference)],
      [
        t("found.frames"),
        match.framesMatched &&
          t("found.frames_of", { n: number(match.framesMatched), all: number(match.framesSampled) }),
      ],
      [t("found.score"), share(match.score)],
      [t("found.altered"), altered(match)],
    ]),
  );
}

const spansOf = (spans, length) =>
  (spans?.length ? spans : [{ start: "0s", end: `${length}s` }]).map((one) => ({
    start: seconds(one.start),
    end: seconds(one.end),
  }));

function reportTimeline(report, stillTimes) {
  const length = seconds(report.media?.duration);
  if (!length) return undefined;
  const matches = (report.matches ?? []).slice(0, MATCHES).map((match) => ({
    label: `${match.listId} / ${match.entryId}`,
    tone: match.shadow ? "six" : "two",
    spans: spansOf([match.query ?? {}], length),
    detail: scoreWord(match),
  }));
  const cues = cuesShown(report)
    .filter((cue) => cue.spans?.length)
    .map((cue) => ({
      label: cueWord(cue.name),
      tone: "four",
      spans: spansOf(cue.spans, length),
      detail: cue.evidence,
    }));
  const rows = [...matches, ...cues];
  return rows.length
    ? timeline(t("found.timeline", { length: mediaTime(length) }), length, rows, stillTimes)
    : undefined;
}

const cuesShown = (report) =>
  [...(report.cues?.cues ?? [])]
    .filter((cue) => cue.evidence || cue.probability >= 0.5)
    .sort((one, two) => (two.probability ?? 0) - (one.probability ?? 0))
    .slice(0, CUES);

function cuesPart(report) {
  const cues = cuesShown(report);
  if (report.cues?.unavailable)
    return h("p", { class: "soft" }, t("cues.unavailable"), " ", foreign(report.cues.unavailable));
  if (!cues.length) return h("p", { class: "soft" }, t("cues.none"));
  return h(
    "ul",
    { class: "plain" },
    cues.map((cue) =>
      h(
        "li",
        {},
        h("strong", {}, cueWord(cue.name)),
        ` ${share(cue.probability)}. `,
        cue.evidence && foreign(cue.evidence),
      ),
    ),
  );
}

export const actionTone = { ACTION_BLOCK: "bad", ACTION_REVIEW: "warn", ACTION_ALLOW: "good" };

const reasonList = (reasons) =>
  h(
    "ul",
    { class: "plain" },
    (reasons ?? []).map((reason) => h("li", {}, foreign(reason))),
  );

export function verdictPart(verdict) {
  if (!verdict) return undefined;
  const inShadow = verdict.shadowAction && verdict.shadowAction !== "ACTION_UNSPECIFIED";
  return h(
    "div",
    {},
    h(
      "p",
      {},
      t("verdict.advised"),
      " ",
      badge(word("Action", verdict.action), actionTone[verdict.action]),
      " ",
      h("small", {}, t("verdict.policy"), " ", foreign(verdict.policyVersion)),
    ),
    reasonList(verdict.reasons),
    inShadow &&
      verdict.shadowAction !== verdict.action && [
        h("p", { class: "soft" }, t("verdict.shadow"), " ", badge(word("Action", verdict.shadowAction))),
        reasonList(verdict.shadowReasons),
      ],
  );
}

function mediaPart(report) {
  const media = report.media ?? {};
  return facts([
    [t("media.length"), media.duration && mediaTime(seconds(media.duration))],
    [t("media.picture"), media.width && `${media.width} × ${media.height}`],
    [t("media.codec"), media.codec && foreign(media.codec)],
    [t("media.size"), media.bytes && bytes(media.bytes)],
    [t("media.truncated"), media.truncated && t("media.truncated_text")],
    ["SHA-256", report.sha256 && h("small", {}, foreign(hex(report.sha256)))],
  ]);
}

// The best match, in one line.
const headline = (match) =>
  h(
    "p",
    {},
    h("strong", {}, scoreWord(match)),
    ": ",
    foreign(`${match.listId} / ${match.entryId}`),
    " ",
    badge(word("Severity", match.severity), severityTone[match.severity]),
  );

// What was found in one upload and what the scan advised, at a glance.
// `stillTimes` are marked on the timeline.
export function foundPart(report, stillTimes = []) {
  if (!report) return h("p", {}, t("found.nothing"));
  const best = report.matches?.[0];
  return h(
    "div",
    {},
    best && headline(best),
    verdictPart(report.verdict),
    report.retrospective && h("p", { class: "note" }, t("found.retrospective")),
    reportTimeline(report, stillTimes),
  );
}

// The matches, the signs of a hidden camera, and what the file is.
export function detailParts(report) {
  if (!report) return undefined;
  const matches = (report.matches ?? []).slice(0, MATCHES);
  return [
    matches.length > 0 && section(t("found.matches"), {}, h("ul", { class: "plain" }, matches.map(matchPart))),
    section(t("cues.title"), {}, cuesPart(report)),
    section(t("media.title"), {}, mediaPart(report)),
  ];
}
