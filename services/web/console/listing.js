// A listing: what its seller wrote, with what rules found in it marked, and what
// speaks for and against it.

import { badge, facts, foreign, h, section, table } from "./dom.js";
import { decimal, number, price, when } from "./format.js";
import { actionTone, matchPart, turned, verdictPart } from "./found.js";
import { markedText, visible } from "./others_text.js";
import { levelWord, signalWord, t, word } from "./i18n.js";

const FOUND = 4; // Texts of one rule in the table; all are marked in the listing.
const CLIP = 80;

const levelTone = { critical: "bad", high: "bad", medium: "warn" };
const standingTone = { STANDING_REMOVED: "bad", STANDING_KEPT: "good" };

// The hits with the numbers that they have in the text and in the tables: those
// that count first.
export function numberedHits(report) {
  const hits = report.ruleHits ?? [];
  return [...hits.filter((hit) => !hit.shadow), ...hits.filter((hit) => hit.shadow)].map((hit, i) => ({
    ...hit,
    number: i + 1,
  }));
}

const spansIn = (hits, field, attribute = "") =>
  hits.flatMap((hit) =>
    (hit.spans ?? [])
      .filter((span) => span.field === field && (span.attribute ?? "") === attribute)
      .map(({ start, end }) => ({ start, end, hit })),
  );

// The listing's title in a few words; undefined where the case has none.
export const listingTitle = (report) => report?.item?.title && visible(report.item.title, CLIP);

const accountLink = (tenant, name) =>
  name &&
  h("a", { href: `#/account/${encodeURIComponent(tenant ?? "")}/${encodeURIComponent(name)}` }, visible(name, CLIP));

function attributesTable(item, hits) {
  const attributes = Object.entries(item.attributes ?? {});
  if (!attributes.length) return undefined;
  return table(
    t("listing.attributes"),
    [t("listing.attribute"), t("listing.value")],
    attributes.map(([name, value]) => [
      visible(name, CLIP),
      markedText(name, value, spansIn(hits, "attributes", name), { tabindex: undefined }),
    ]),
  );
}

// What the seller wrote.
export function saidPart(item, hits) {
  const field = (name, label) =>
    item[name] && [h("h3", {}, label), markedText(label, item[name], spansIn(hits, name), { id: `listing-${name}` })];
  return h(
    "div",
    {},
    field("title", t("listing.title")),
    field("description", t("listing.description")),
    field("category", t("listing.category")),
    attributesTable(item, hits),
    facts([
      [t("listing.kind"), word("ReviewListingRequest.Kind", item.kind)],
      [t("listing.price"), price(item.priceMinorUnits, item.currency)],
      [t("listing.seller"), accountLink(item.tenant, item.seller)],
      [t("listing.locale"), item.locale && foreign(item.locale)],
      [t("reach.group"), item.group && visible(item.group, CLIP)],
      [t("listing.id"), item.listingId && visible(item.listingId, CLIP)],
    ]),
  );
}

function foundTexts(hit) {
  const spans = hit.spans ?? [];
  const different = [...new Map(spans.map((span) => [`${span.text}\n${span.key}`, span])).values()];
  return h(
    "span",
    { class: "line" },
    different
      .slice(0, FOUND)
      .map((span, i) => [
        i > 0 && ", ",
        visible(span.text, CLIP),
        span.key && span.key !== span.text && h("small", {}, " ", t("listing.taken_for"), " ", visible(span.key, CLIP)),
      ]),
    different.length > FOUND && "…",
  );
}

export const tagsCell = (tags = []) =>
  h(
    "small",
    { class: "line" },
    tags.map((tag, i) => [i > 0 && ", ", visible(tag, CLIP)]),
  );

const hitsTable = (caption, hits, id) =>
  table(
    caption,
    [
      t("listing.rule"),
      t("listing.signal"),
      t("listing.level"),
      { text: t("listing.score"), number: true },
      t("listing.found"),
      t("listing.tags"),
    ],
    hits.map((hit) => [
      h(
        "span",
        { class: "line" },
        `${hit.number}. `,
        visible(hit.title || hit.ruleId, CLIP),
        h("br"),
        h("small", {}, visible(`${hit.packId}/${hit.ruleId}`, 2 * CLIP)),
        hit.action &&
          hit.action !== "ACTION_UNSPECIFIED" && [" ", badge(word("Action", hit.action), actionTone[hit.action])],
      ),
      signalWord(hit.group),
      badge(levelWord(hit.level), levelTone[hit.level]),
      decimal(hit.score),
      foundTexts(hit),
      tagsCell(hit.tags),
    ]),
    { id },
  );

const groupsTable = (groups) =>
  table(
    t("listing.groups_caption"),
    [t("listing.signal"), { text: t("listing.sum"), number: true }],
    groups.map((one) => [signalWord(one.group), [one.capped && [badge(t("listing.capped")), " "], decimal(one.score)]]),
    { id: "groups" },
  );

const scoreText = (report) =>
  report.reviewScore
    ? t("listing.score_of", { score: decimal(report.score), review: decimal(report.reviewScore) })
    : decimal(report.score);

// What the rules say of the text.
export function rulesPart(report, hits) {
  const shadow = hits.filter((hit) => hit.shadow);
  const counted = hits.filter((hit) => !hit.shadow);
  return h(
    "div",
    {},
    facts(
      [
        [t("listing.score"), h("span", { id: "score" }, scoreText(report))],
        [t("listing.shadow_score"), (report.shadowScore ?? 0) !== (report.score ?? 0) && decimal(report.shadowScore)],
      ].filter(([, value]) => value),
      { class: "facts figures" },
    ),
    counted.length ? hitsTable(t("listing.hits_caption"), counted, "hits") : h("p", {}, t("listing.no_hits")),
    report.groups?.length > 0 && groupsTable(report.groups),
    shadow.length > 0 && hitsTable(t("listing.shadow_caption"), shadow, "shadow-hits"),
    report.rulePacks?.length > 0 &&
      h("p", { class: "soft" }, t("listing.packs"), " ", foreign(report.rulePacks.join(", "))),
  );
}

const standingBadge = (photo) =>
  photo.standing && photo.standing !== "STANDING_UNSPECIFIED"
    ? badge(word("PhotoMatch.Standing", photo.standing), standingTone[photo.standing])
    : badge(t("uploads.undecided"));

// Where its photos were seen before.
function photosPart(report) {
  const matches = report.imageMatches ?? [];
  const photos = matches.filter((one) => one.photo);
  const clips = matches.filter((one) => one.clip);
  const unreadable = report.unreadableImages ?? [];
  if (!matches.length && !unreadable.length) return undefined;
  const tenant = report.item?.tenant;
  return section(
    t("photos.title"),
    { id: "photos" },
    clips.length > 0 &&
      h(
        "ul",
        { class: "plain" },
        clips.map(({ clip }) => matchPart(clip)),
      ),
    photos.length > 0 &&
      table(
        t("photos.caption"),
        [
          t("photos.photo"),
          t("photos.listing"),
          t("listing.seller"),
          { text: t("photos.distance"), number: true },
          t("photos.seen"),
          t("photos.standing"),
          t("history.case"),
        ],
        photos.map(({ image, photo }) => [
          number((image ?? 0) + 1),
          visible(photo.listingId, CLIP),
          accountLink(tenant, photo.seller) ?? "",
          h(
            "span",
            {},
            number(photo.distance),
            turned(photo.orientation) && [h("br"), h("small", {}, turned(photo.orientation))],
          ),
          when(photo.seen) ?? "",
          standingBadge(photo),
          photo.caseId ? h("a", { href: `#/case/${photo.caseId}` }, foreign(photo.caseId)) : "",
        ]),
      ),
    unreadable.length > 0 && [
      h("p", { class: "soft" }, t("photos.unreadable")),
      h(
        "ul",
        { class: "plain" },
        unreadable.map((one) => h("li", {}, visible(one))),
      ),
    ],
  );
}

function sellerPart(report) {
  const seller = report.seller ?? {};
  if (!report.item?.seller) return undefined;
  return section(
    t("seller.title"),
    { id: "seller" },
    facts([
      [t("listing.seller"), accountLink(report.item.tenant, report.item.seller)],
      [t("seller.known"), number(seller.known)],
      [t("history.removed"), number(seller.removed)],
      [t("history.kept"), number(seller.kept)],
    ]),
  );
}

// What it is, and what the review advised, at a glance.
export function listingParts(report) {
  const hits = numberedHits(report);
  return [
    section(
      t("listing.said"),
      { id: "said" },
      report.item ? saidPart(report.item, hits) : h("p", {}, t("found.nothing")),
    ),
    section(t("found.title"), {}, verdictPart(report.verdict), rulesPart(report, hits)),
  ];
}

// Its photos elsewhere, and its seller.
export const listingDetails = (report) => [photosPart(report), sellerPart(report)];
