// Made-up answers of the API for the pages, with words that would do harm where
// they were taken for markup.

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const ago = (length) => new Date(Date.now() - length).toISOString();
export const ahead = (length) => new Date(Date.now() + length).toISOString();

export const HOSTILE_NAME = "<img src=x onerror=alert(1)>\u202eevil";
// A grey JPEG of 2x2 samples.
export const JPEG =
  "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/" +
  "wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==";

const match = (entryId, start, end, score) => ({
  listId: "hotline",
  issuer: "Example hotline",
  listVersion: "4",
  entryId,
  severity: "SEVERITY_CONFIRMED",
  kind: "KIND_FRAMES",
  query: { start: `${start}s`, end: `${end}s` },
  reference: { start: "0s", end: `${end - start}s` },
  framesMatched: 34,
  framesSampled: 36,
  score,
  category: "intimate footage without consent",
  transform: { orientation: "ORIENTATION_MIRRORED", speed: 1 },
  part: { kind: "KIND_CONTENT" },
});

const reportOf = (contentId, entryId) => ({
  contentId,
  media: { container: "mp4", codec: "h264", width: 1280, height: 720, duration: "94.500s", bytes: "18345221" },
  sha256: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
  matches: entryId ? [match(entryId, 12.5, 30.5, 0.97)] : [],
  cues: {
    modelVersion: "2",
    cues: [
      {
        name: "fixed_angle",
        probability: 0.94,
        spans: [{ start: "0s", end: "60s" }],
        evidence: "Nothing but what moves in the room changes for 60 s.",
      },
      {
        name: "timestamp_overlay",
        probability: 0.88,
        spans: [{ start: "5s", end: "90s" }],
        evidence: "A clock reads 2026-03-01 22:14:05 and runs with the video.",
      },
      { name: "infrared", probability: 0.71, evidence: "There is no colour, and what is near is bright." },
    ],
  },
  verdict: {
    action: entryId ? "ACTION_BLOCK" : "ACTION_REVIEW",
    policyVersion: "default-3",
    reasons: [
      entryId
        ? "Rule known-clip: 34 of 36 frames agree with hotline/clip-7."
        : "Rule hidden-camera: 0.91 is at least 0.6.",
    ],
  },
});

// A case of so many uploads.
export function caseOf(id, queue, uploads, more = {}) {
  const contentId = more.contentId ?? `upload-${id}-1`;
  return {
    caseId: id,
    contentId,
    account: more.account ?? "bob",
    group: "chat-7",
    priority: 640,
    state: "STATE_WAITING",
    opened: ago(7 * HOUR),
    deliveries: 0,
    report: reportOf(contentId, queue === "CASE_QUEUE_KNOWN_CLIP" ? "clip-7" : ""),
    decisions: [],
    kind: "KIND_UPLOAD",
    tenant: "forum",
    platformClass: "social",
    queue,
    groupedBy: "GROUPED_BY_LIST_ENTRY",
    shared: "hotline/clip-7",
    reach: {
      uploads: String(uploads),
      undecided: String(uploads),
      accounts: "3",
      groups: "2",
      firstSeen: ago(9 * DAY),
      lastSeen: ago(HOUR),
    },
    clocks: [
      { name: "take-it-down-48h", start: ago(40 * HOUR), deadline: ahead(8 * HOUR) },
      { name: "dsa-14d", start: ago(DAY), deadline: ahead(13 * DAY) },
    ],
    language: "en",
    ...more,
  };
}

export const uploadsOf = (item, count) =>
  Array.from({ length: count }, (_, i) => {
    const contentId = i === 0 ? item.contentId : `upload-${item.caseId}-${i + 1}`;
    return {
      caseId: item.caseId,
      number: String(i + 1),
      contentId,
      account: i === 1 ? HOSTILE_NAME : item.account,
      group: item.group,
      tenant: item.tenant,
      seen: ago((9 - i) * HOUR),
      report: reportOf(contentId, "clip-7"),
      decisions: [],
    };
  });

export const list = (listId, mode) => ({
  listId,
  issuer: "Example hotline",
  version: "4",
  entries: "2",
  frames: "410",
  changed: ago(3 * DAY),
  held: "1",
  mode,
  modeReason: mode === "LIST_MODE_SHADOW" ? "It would have matched 4 % of innocent uploads." : "",
  purpose: "LIST_PURPOSE_KNOWN_CLIPS",
  signedVersion: "4",
  versionInForce: "4",
  legalBasis: "Example Act, section 5",
  jurisdictions: ["KR", "EU"],
  expires: ahead(200 * DAY),
  sha256InForce: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
});

export const trendsOf = ({ start, end, step }) => {
  const length = Number(step.slice(0, -1)) * 1000;
  const trends = [];
  for (let at = Date.parse(start), i = 0; at < Date.parse(end); at += length, i++) {
    trends.push({
      start: new Date(at).toISOString(),
      opened: String(20 + ((i * 7) % 13)),
      removed: String(12 + ((i * 5) % 9)),
      kept: String((i * 3) % 5),
      appealed: String(i % 3),
    });
  }
  return { trends };
};

export const victimReport = (reportId, state) => ({
  reportId,
  state,
  received: ago(5 * HOUR),
  answerBy: ahead(43 * HOUR),
  hasFootage: true,
  frames: "212",
  header: {
    statement: "This was filmed in my hotel room.\nPlease take it down.",
    name: "A. Person",
    contact: "a.person@mail.example",
    relation: "RELATION_SELF",
    signature: "A. Person",
    links: ["https://forum.example/p/1", "javascript:alert(1)"],
    contentIds: ["upload-9"],
    tenant: "forum",
    language: "en",
  },
  scan: reportOf("report", "clip-7"),
  caseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"],
});

export const history = (kind, { tenant, account, group }) => ({
  tenant,
  name: account ?? group,
  uploads: "41",
  removed: "30",
  kept: "4",
  undecided: "7",
  firstSeen: ago(30 * DAY),
  lastSeen: ago(HOUR),
  strikes: [
    { caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa", contentId: "upload-1", time: ago(2 * DAY), expires: ahead(88 * DAY) },
    { caseId: "case-bbbbbbbbbbbbbbbbbbbbbbbbbb", contentId: "upload-2", time: ago(99 * DAY), expires: ago(9 * DAY) },
  ],
  neighbours: [{ name: kind === "account" ? "chat-7" : HOSTILE_NAME, uploads: "12" }],
  neighbourCount: "1",
  caseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"],
});

export const campaign = {
  itemsFound: "812",
  itemsBlocked: "640",
  itemsRetrospective: "31",
  decisions: "790",
  itemsRemoved: "731",
  itemsRestored: "12",
  accountsActedOn: "93",
  groupsActedOn: "14",
  removalMedian: "4210s",
  removalP95: "88000s",
  removedWithin24h: 0.94,
  removedWithin48h: 0.99,
  awaitingRedecision: "2",
  lists: [
    { listId: "hotline", issuer: "Example hotline", upheld: "700", rejected: "9", precision: 0.987 },
    { listId: "own", issuer: "Example platform", upheld: "31", rejected: "3", precision: 0.912 },
  ],
};

export const STILLS = [
  [0, "14s", "KIND_MATCH"],
  [1, "20s", "KIND_MATCH"],
  [2, "1s", "KIND_REFERENCE"],
];
