// Made-up listings, what rules found in them, and packs of rules.

import { HOUR, DAY, ago, ahead, caseOf, HOSTILE_NAME } from "./made_up.mjs";

export const LISTING_CASE = "case-eeeeeeeeeeeeeeeeeeeeeeeeee";
export const HOSTILE_TITLE = "<script>alert(1)</script><img src=x onerror=alert(1)>";

// Where `text` stands in a field, in bytes of UTF-8.
export function spanOf(field, value, text, key = text, attribute = "") {
  const at = value.indexOf(text);
  if (at < 0) throw new Error(`no ${text} in ${value}`);
  const start = Buffer.byteLength(value.slice(0, at));
  return { field, attribute, start, end: start + Buffer.byteLength(text), text, key };
}

const TITLE = "\u{1d5e3}en cam\u200bera, h i d d e n in a real pen";
const DESCRIPTION =
  "Writes like any pen. Nobody sees the lens: a 3.7 mm pinhole camera looks out of the clip.\n" +
  "Records 1080p for 3 hours. Put it on the bathroom shelf, they will never know. \u202eoffers by chat only\u202c";

const ITEM = {
  listingId: "shop-4411",
  kind: "KIND_LISTING",
  title: TITLE,
  description: DESCRIPTION,
  category: "Stationery",
  attributes: { "lens size": "3.7 mm", Colour: "black" },
  priceMinorUnits: "3990",
  currency: "EUR",
  seller: "pens-and-more",
  locale: "en",
  tenant: "market",
};

const hit = (ruleId, title, level, group, score, spans, more = {}) => ({
  ruleId,
  packId: "starter-en",
  title,
  level,
  group,
  score,
  spans,
  tags: ["campaign.modified-devices"],
  ...more,
});

const inTitle = (text, key) => spanOf("title", TITLE, text, key);
const inDescription = (text, key) => spanOf("description", DESCRIPTION, text, key);

const HITS = [
  hit("en-place-bathroom", "Put where people undress", "high", "place", 25, [
    inDescription("bathroom shelf", "bathroom"),
  ]),
  hit("en-object-pen", "Pen camera", "medium", "object", 20, [inTitle("\u{1d5e3}en cam\u200bera", "pen camera")]),
  hit(
    "en-object-pinhole",
    "Pinhole camera",
    "medium",
    "object",
    20,
    [
      inTitle("cam\u200bera", "camera"),
      inDescription("pinhole camera"),
      spanOf("attributes", "3.7 mm", "3.7 mm", "", "lens size"),
    ],
    { action: "ACTION_REVIEW" },
  ),
  hit("en-concealment-hidden", "Hidden", "low", "concealment", 15, [inTitle("h i d d e n", "hidden")], {
    shadow: true,
  }),
  hit("en-exclusion-pen", "Ordinary pens", "informational", "exclusion", -5, [inDescription("Writes like any pen")]),
];

export const listingReport = (more = {}) => ({
  listingId: ITEM.listingId,
  item: ITEM,
  ruleHits: HITS,
  rulePacks: ["starter-en@1"],
  score: 50,
  shadowScore: 65,
  reviewScore: 50,
  groups: [
    { group: "exclusion", score: -5 },
    { group: "object", score: 30, capped: true },
    { group: "place", score: 25 },
  ],
  verdict: {
    action: "ACTION_REVIEW",
    policyVersion: "default-3",
    reasons: [
      'The text scores 50 by rules "en-place-bathroom", "en-object-pen", "en-object-pinhole"; from 50 on it is looked at.',
    ],
    shadowAction: "ACTION_BLOCK",
    shadowReasons: ["The text scores 65 by rules in shadow; from 60 on it is blocked."],
  },
  imageMatches: [
    {
      image: 0,
      photo: {
        listingId: "shop-1207",
        seller: HOSTILE_NAME,
        distance: 4,
        orientation: "ORIENTATION_MIRRORED",
        seen: ago(20 * DAY),
        standing: "STANDING_REMOVED",
        caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa",
      },
    },
    {
      image: 1,
      photo: {
        listingId: "shop-1311",
        seller: "gadgets",
        distance: 0,
        orientation: "ORIENTATION_UPRIGHT",
        seen: ago(DAY),
      },
    },
  ],
  unreadableImages: ["images[2]: not a picture"],
  seller: { known: "7", removed: "3", kept: "1" },
  reviewed: ago(HOUR),
  ...more,
});

// What a seller wrote to break the page.
const HOSTILE_ITEM = {
  ...ITEM,
  listingId: "shop-666",
  title: HOSTILE_TITLE,
  description: `\u202e${HOSTILE_TITLE}\u2067 a${"\u0301".repeat(200)} ${"x".repeat(400)}`,
  attributes: { [HOSTILE_TITLE]: HOSTILE_TITLE },
  seller: HOSTILE_NAME,
};

export const listingCase = () =>
  caseOf(LISTING_CASE, "CASE_QUEUE_LISTING", 3, {
    kind: "KIND_LISTING",
    contentId: ITEM.listingId,
    account: ITEM.seller,
    group: "",
    tenant: "market",
    platformClass: "marketplace",
    groupedBy: "GROUPED_BY_ACCOUNT",
    shared: ITEM.seller,
    report: { contentId: ITEM.listingId, verdict: listingReport().verdict },
    listing: listingReport(),
    clocks: [{ name: "listing-3d", start: ago(HOUR), deadline: ahead(3 * DAY) }],
  });

// The listing, footage of the same account, and a listing of somebody else.
export function asListingUploads(uploads) {
  return [
    { ...uploads[0], kind: "KIND_LISTING", listing: listingReport() },
    { ...uploads[1], kind: "KIND_UPLOAD" },
    {
      ...uploads[2],
      kind: "KIND_LISTING",
      account: HOSTILE_NAME,
      listing: listingReport({
        item: HOSTILE_ITEM,
        video: uploads[1].report,
        ruleHits: [
          hit("en-object-pinhole", HOSTILE_TITLE, "medium", "object", 20, [spanOf("title", HOSTILE_TITLE, "script")]),
        ],
      }),
    },
  ];
}

// As a page of uploads has it: what is long of a listing is left out.
export function inBrief(upload) {
  if (!upload.listing) return upload;
  const { video, ...listing } = upload.listing;
  const { attributes, ...item } = listing.item;
  return {
    ...upload,
    listing: {
      ...listing,
      item: { ...item, description: item.description.slice(0, 20) },
      ruleHits: listing.ruleHits.map(({ spans, ...rest }) => rest),
    },
  };
}

// Stills of its photos.
export const PHOTOS = [
  [0, "0s", "KIND_PHOTO"],
  [1, "1s", "KIND_PHOTO"],
];

const rule = (ruleId, title, group, score, mode, more = {}) => ({
  ruleId,
  title,
  description: `${title}, as sellers call it.`,
  level: "medium",
  group,
  score,
  locale: "en",
  tags: ["campaign.modified-devices"],
  mode,
  hits: "12",
  ...more,
});

export const packs = () => [
  {
    packId: "starter-en",
    version: "1",
    issuer: "lenscap",
    title: "Disguised cameras, English",
    sha256: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
    builtIn: true,
    rules: [
      rule("en-object-pinhole", "Pinhole camera", "object", 20, "MODE_ACTIVE"),
      rule("en-object-pen", "Pen camera", "object", 20, "MODE_ACTIVE", { hits: "0" }),
      rule("en-concealment-hidden", "Hidden", "concealment", 15, "MODE_SHADOW", { setByHand: true }),
      rule("en-exclusion-dashcam", "Dash cams", "exclusion", -40, "MODE_EXPIRED", { validUntil: ago(DAY) }),
    ],
  },
  {
    packId: "hotline",
    version: "4",
    issuer: "Example hotline",
    title: HOSTILE_TITLE,
    sha256: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
    published: ago(3 * DAY),
    rules: [
      rule("zh-object-pinhole", "针孔摄像头", "object", 20, "MODE_SHADOW", {
        locale: "zh",
        validUntil: ahead(90 * DAY),
      }),
    ],
  },
];

// What one rule says of a text: every "pinhole camera" and 针孔摄像头 in the title.
export function explained(item) {
  const title = item.title ?? "";
  const spans = ["pinhole camera", "针孔摄像头"]
    .filter((key) => title.includes(key))
    .map((key) => spanOf("title", title, key));
  const ruleHits = spans.length ? [hit("en-object-pinhole", "Pinhole camera", "medium", "object", 20, spans)] : [];
  return {
    listingId: item.listingId,
    ruleHits,
    score: ruleHits.length && 20,
    shadowScore: ruleHits.length && 20,
    groups: ruleHits.length ? [{ group: "object", score: 20 }] : [],
    rulePacks: ["hotline@4", "starter-en@1"],
    verdict: { action: "ACTION_ALLOW", policyVersion: "default-3", reasons: [] },
  };
}
