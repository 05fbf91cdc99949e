// Made-up answers of the API for the pages, with words that would do harm where
// they were taken for markup.

import { Refusal } from "./mock_server.mjs";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ago = (length) => new Date(Date.now() - length).toISOString();
const ahead = (length) => new Date(Date.now() + length).toISOString();

export const HOSTILE_NAME = "<img src=x onerror=alert(1)>\u202eevil";
// A grey JPEG of 2x2 samples.
export const JPEG = "/9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAgGBgcGBQgHBwcJCQgKDBQNDAsLDBkSEw8UHRofHh0aHBwgJC4nICIsIxwcKDcpLDAxNDQ0Hyc5PTgyPC4zNDL/" +
  "wAALCAABAAEBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAACf/EABQQAQAAAAAAAAAAAAAAAAAAAAD/2gAIAQEAAD8AVN//2Q==";

const match = (entryId, start, end, score) => ({
  listId: "hotline", issuer: "Example hotline", listVersion: "4", entryId, severity: "SEVERITY_CONFIRMED", kind: "KIND_FRAMES",
  query: { start: `${start}s`, end: `${end}s` }, reference: { start: "0s", end: `${end - start}s` },
  framesMatched: 34, framesSampled: 36, score, category: "intimate footage without consent",
  transform: { orientation: "ORIENTATION_MIRRORED", speed: 1 }, part: { kind: "KIND_CONTENT" },
});

const reportOf = (contentId, entryId) => ({
  contentId, media: { container: "mp4", codec: "h264", width: 1280, height: 720, duration: "94.500s", bytes: "18345221" },
  sha256: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=",
  matches: entryId ? [match(entryId, 12.5, 30.5, 0.97)] : [],
  cues: { modelVersion: "2", cues: [
    { name: "fixed_angle", probability: 0.94, spans: [{ start: "0s", end: "60s" }], evidence: "Nothing but what moves in the room changes for 60 s." },
    { name: "timestamp_overlay", probability: 0.88, spans: [{ start: "5s", end: "90s" }], evidence: "A clock reads 2026-03-01 22:14:05 and runs with the video." },
    { name: "infrared", probability: 0.71, evidence: "There is no colour, and what is near is bright." }] },
  verdict: { action: entryId ? "ACTION_BLOCK" : "ACTION_REVIEW", policyVersion: "default-3",
    reasons: [entryId ? "Rule known-clip: 34 of 36 frames agree with hotline/clip-7." : "Rule hidden-camera: 0.91 is at least 0.6."] },
});

// A case of so many uploads.
function caseOf(id, queue, uploads, more = {}) {
  const contentId = more.contentId ?? `upload-${id}-1`;
  return { caseId: id, contentId, account: more.account ?? "bob", group: "chat-7", priority: 640, state: "STATE_WAITING",
    opened: ago(7 * HOUR), deliveries: 0, report: reportOf(contentId, queue === "CASE_QUEUE_KNOWN_CLIP" ? "clip-7" : ""), decisions: [],
    kind: "KIND_UPLOAD", tenant: "forum", platformClass: "social", queue, groupedBy: "GROUPED_BY_LIST_ENTRY", shared: "hotline/clip-7",
    reach: { uploads: String(uploads), undecided: String(uploads), accounts: "3", groups: "2", firstSeen: ago(9 * DAY), lastSeen: ago(HOUR) },
    clocks: [{ name: "take-it-down-48h", start: ago(40 * HOUR), deadline: ahead(8 * HOUR) }, { name: "dsa-14d", start: ago(DAY), deadline: ahead(13 * DAY) }],
    language: "en", ...more };
}

const uploadsOf = (item, count) => Array.from({ length: count }, (_, i) => {
  const contentId = i === 0 ? item.contentId : `upload-${item.caseId}-${i + 1}`;
  return { caseId: item.caseId, number: String(i + 1), contentId, account: i === 1 ? HOSTILE_NAME : item.account, group: item.group,
    tenant: item.tenant, seen: ago((9 - i) * HOUR), report: reportOf(contentId, "clip-7"), decisions: [] };
});

const list = (listId, mode) => ({ listId, issuer: "Example hotline", version: "4", entries: "2", frames: "410", changed: ago(3 * DAY), held: "1", mode,
  modeReason: mode === "LIST_MODE_SHADOW" ? "It would have matched 4 % of innocent uploads." : "", purpose: "LIST_PURPOSE_KNOWN_CLIPS",
  signedVersion: "4", versionInForce: "4", legalBasis: "Example Act, section 5", jurisdictions: ["KR", "EU"], expires: ahead(200 * DAY),
  sha256InForce: "q83vASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4k=" });

const trendsOf = ({ start, end, step }) => {
  const length = Number(step.slice(0, -1)) * 1000;
  const trends = [];
  for (let at = Date.parse(start), i = 0; at < Date.parse(end); at += length, i++) {
    trends.push({ start: new Date(at).toISOString(), opened: String(20 + (i * 7) % 13), removed: String(12 + (i * 5) % 9), kept: String((i * 3) % 5), appealed: String(i % 3) });
  }
  return { trends };
};

const victimReport = (reportId, state) => ({ reportId, state, received: ago(5 * HOUR), answerBy: ahead(43 * HOUR), hasFootage: true, frames: "212",
  header: { statement: "This was filmed in my hotel room.\nPlease take it down.", name: "A. Person", contact: "a.person@mail.example",
    relation: "RELATION_SELF", signature: "A. Person", links: ["https://forum.example/p/1", "javascript:alert(1)"], contentIds: ["upload-9"], tenant: "forum", language: "en" },
  scan: reportOf("report", "clip-7"), caseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"] });

const history = (kind, { tenant, account, group }) => ({ tenant, name: account ?? group, uploads: "41", removed: "30", kept: "4", undecided: "7",
  firstSeen: ago(30 * DAY), lastSeen: ago(HOUR),
  strikes: [{ caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa", contentId: "upload-1", time: ago(2 * DAY), expires: ahead(88 * DAY) },
    { caseId: "case-bbbbbbbbbbbbbbbbbbbbbbbbbb", contentId: "upload-2", time: ago(99 * DAY), expires: ago(9 * DAY) }],
  neighbours: [{ name: kind === "account" ? "chat-7" : HOSTILE_NAME, uploads: "12" }], neighbourCount: "1", caseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"] });

const campaign = { itemsFound: "812", itemsBlocked: "640", itemsRetrospective: "31", decisions: "790", itemsRemoved: "731", itemsRestored: "12",
  accountsActedOn: "93", groupsActedOn: "14", removalMedian: "4210s", removalP95: "88000s", removedWithin24h: 0.94, removedWithin48h: 0.99, awaitingRedecision: "2",
  lists: [{ listId: "hotline", issuer: "Example hotline", upheld: "700", rejected: "9", precision: 0.987 }, { listId: "own", issuer: "Example platform", upheld: "31", rejected: "3", precision: 0.912 }] };

const STILLS = [[0, "14s", "KIND_MATCH"], [1, "20s", "KIND_MATCH"], [2, "1s", "KIND_REFERENCE"]];

export class MadeUp {
  constructor() {
    this.tellsTime = false;  // Tests move the browser's clock, not this one's.
    this.who = { name: "ada", role: "CALLER_ROLE_ADMIN" };
    this.signInRequired = true;
    this.present = true;
    this.cases = new Map();
    this.uploads = new Map();
    this.calls = [];
    this.refusals = {};
    this.jpeg = JPEG;
    this.exposure = { revealed: "95s", budget: "1800s", nearBudget: false };
    this.add(caseOf("case-aaaaaaaaaaaaaaaaaaaaaaaaaa", "CASE_QUEUE_KNOWN_CLIP", 3), 3);
    this.add(caseOf("case-bbbbbbbbbbbbbbbbbbbbbbbbbb", "CASE_QUEUE_SUSPECTED", 1, { groupedBy: "GROUPED_BY_ACCOUNT", shared: HOSTILE_NAME, account: HOSTILE_NAME,
      withdrawnBasis: [{ listId: "hotline", entryId: "clip-3", reason: "listed by mistake" }],
      clocks: [{ name: "take-it-down-48h", start: ago(60 * HOUR), deadline: ago(12 * HOUR) }] }), 1);
    this.add(caseOf("case-cccccccccccccccccccccccccc", "CASE_QUEUE_APPEAL", 1, { groupedBy: "GROUPED_BY_UPLOAD", shared: "", appeal: "This is my own flat.",
      reopenedBy: "bob", appealedCaseId: "case-dddddddddddddddddddddddddd",
      decisions: [{ outcome: "OUTCOME_REMOVE", reviewer: "eve", time: ago(DAY), note: "known clip" }], escalations: [{ reviewer: "eve", reason: "I know the place.", skill: "senior", time: ago(DAY) }] }), 1);
  }

  // With so many uploads.
  add(item, count) {
    this.cases.set(item.caseId, item);
    this.uploads.set(item.caseId, uploadsOf(item, count));
  }

  session(method, body) {
    if (method === "POST") {
      if (!body?.token?.startsWith("lc_")) throw new Refusal("UNAUTHENTICATED", "unknown token");
      this.present = true;
    }
    if (method === "DELETE") this.present = false;
    return this.present ? { signedIn: true, signInRequired: true, identity: this.who, csrfToken: "csrf" } : { signedIn: false, signInRequired: true };
  }

  intake() {
    return { reportId: "report-1", receipt: "secret", answerBy: ahead(2 * DAY) };
  }

  intakeStatus({ reportId, receipt }) {
    if (receipt !== "secret") throw new Refusal("NOT_FOUND");
    return { reportId, state: "STATE_ACCEPTED", answerBy: ahead(2 * DAY), found: "4", removed: "3", answer: "Three copies are gone." };
  }

  call(method, request) {
    this.calls.push([method, request]);
    if (!this.present) throw new Refusal("UNAUTHENTICATED", "sign in");
    if (this.refusals[method]) throw new Refusal(...this.refusals[method]);
    const [, name] = method.split("/");
    if (!this[`on${name}`]) throw new Refusal("UNIMPLEMENTED", method);
    return this[`on${name}`](request);
  }

  of(token) {
    const item = [...this.cases.values()].find((one) => one.token === token);
    if (!token || !item) throw new Refusal("ABORTED", "the lease was lost");
    return item;
  }

  shown(item) {
    const { token, ...rest } = item;
    return rest;
  }

  onLease({ caseId }) {
    const item = caseId ? this.cases.get(caseId) : [...this.cases.values()].find((one) => one.state === "STATE_WAITING");
    if (!item) return {};
    Object.assign(item, { state: "STATE_LEASED", reviewer: this.who.name, token: `token-${Math.random()}`, leaseEnd: ahead(5 * MINUTE), deliveries: item.deliveries + 1 });
    return { leases: [{ case: this.shown(item), leaseToken: item.token }] };
  }

  onListClaims() {
    return { leases: [...this.cases.values()].filter((one) => one.state === "STATE_LEASED" && one.reviewer === this.who.name)
      .map((one) => ({ case: this.shown(one), leaseToken: one.token })) };
  }

  onExtend({ leaseToken }) {
    return { leaseEnd: this.of(leaseToken).leaseEnd = ahead(5 * MINUTE) };
  }

  onRelease({ leaseToken }) {
    Object.assign(this.of(leaseToken), { state: "STATE_WAITING", token: undefined, reviewer: "" });
    return {};
  }

  onDecide({ leaseToken, outcome, note, contentIds = [] }) {
    const item = this.of(leaseToken);
    const decision = { outcome, note, reviewer: this.who.name, time: ago(0), contentIds };
    const uploads = this.uploads.get(item.caseId).filter((one) => !one.decisions.length && (!contentIds.length || contentIds.includes(one.contentId)));
    uploads.forEach((one) => one.decisions.push(decision));
    item.decisions = [...item.decisions, decision];
    item.last = uploads;
    if (this.uploads.get(item.caseId).every((one) => one.decisions.length)) item.state = "STATE_DECIDED";
    return { case: this.shown(item), undoEnd: new Date(Date.parse(decision.time) + 10_000).toISOString() };
  }

  onUndo({ leaseToken }) {
    const item = this.of(leaseToken);
    item.last.forEach((one) => one.decisions.pop());
    item.decisions = item.decisions.slice(0, -1);
    Object.assign(item, { state: "STATE_LEASED", leaseEnd: ahead(5 * MINUTE) });
    return { case: this.shown(item) };
  }

  onHold({ leaseToken, reason }) {
    const item = this.of(leaseToken);
    Object.assign(item, { hold: { until: ahead(DAY), reason, reviewer: this.who.name }, leaseEnd: ahead(DAY) });
    return { case: this.shown(item) };
  }

  onEscalate({ leaseToken, reason, skill }) {
    const item = this.of(leaseToken);
    item.escalations = [...(item.escalations ?? []), { reviewer: this.who.name, reason, skill, time: ago(0) }];
    Object.assign(item, { state: "STATE_WAITING", token: undefined, reviewer: "" });
    return { case: this.shown(item) };
  }

  onReassign({ caseId, reviewer }) {
    const item = this.cases.get(caseId);
    Object.assign(item, { state: "STATE_WAITING", token: undefined, assignedTo: reviewer });
    return { case: this.shown(item) };
  }

  onGetCase({ caseId }) {
    const item = this.cases.get(caseId);
    if (!item) throw new Refusal("NOT_FOUND", `no case ${caseId}`);
    return this.shown(item);
  }

  onListCases({ state = "STATE_WAITING" }) {
    return { cases: [...this.cases.values()].filter((one) => one.state === state).map((one) => this.shown(one)) };
  }

  onListUploads({ caseId, pageSize, pageToken }) {
    const start = Number(pageToken || 0);
    const all = this.uploads.get(caseId);
    return { uploads: all.slice(start, start + pageSize), nextPageToken: start + pageSize < all.length ? String(start + pageSize) : "" };
  }

  onAppeal({ caseId, statement }) {
    const item = this.cases.get(caseId);
    Object.assign(item, { appeal: statement, state: "STATE_WAITING", reopenedBy: this.who.name, queue: "CASE_QUEUE_APPEAL" });
    return { case: this.shown(item) };
  }

  onStats() {
    const waiting = [...this.cases.values()].filter((one) => one.state === "STATE_WAITING").length;
    return { waiting: String(waiting), leased: "1", decided: "12", deadLetter: "0", held: "0", oldestWaiting: ago(7 * HOUR),
      queues: ["KNOWN_CLIP", "SUSPECTED", "APPEAL"].map((name, i) => ({ queue: `CASE_QUEUE_${name}`, tenant: "forum", waiting: String(7 - i), leased: "1",
        oldestWaiting: ago((7 + i) * HOUR), dueSoon: String(i), overdue: String(i % 2), waitingByAge: ["2", "1", "3", "0", "1", "0"] })) };
  }

  onTrends(request) { return trendsOf(request); }
  onGetAccount(request) { return history("account", request); }
  onGetGroup(request) { return history("group", request); }
  onListLists() { return { lists: [list("hotline", "LIST_MODE_ACTIVE"), list("own", "LIST_MODE_SHADOW")] }; }

  onGetList({ listId }) {
    return { list: list(listId, listId === "own" ? "LIST_MODE_SHADOW" : "LIST_MODE_ACTIVE"), entries: [
      { entryId: "clip-7", severity: "SEVERITY_CONFIRMED", duration: "18s", frames: "72", category: "intimate footage without consent" },
      { entryId: "clip-3", severity: "SEVERITY_SUSPECTED", duration: "3s", frames: "12", hold: "HOLD_BY_HAND", holdReason: "appealed" }] };
  }

  onHistory() { return { changes: [{ version: "4", time: ago(3 * DAY), kind: "KIND_SIGNED", entries: "2", actor: "regulator:hotline", reason: "" }] }; }
  onSetListMode({ listId, mode }) { return list(listId, mode); }
  onHoldEntries({ listId }) { return list(listId); }
  onReleaseEntries({ listId }) { return list(listId); }
  onCampaign() { return campaign; }

  onCompliance() {
    return { clocks: [{ name: "take-it-down-48h", met: "700", missed: "3", running: "12", median: "4210s", p95: "88000s", missedCaseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"] }] };
  }

  onReviewerStats() {
    return { reviewers: [{ reviewer: "ada", decisions: "212", medianTime: "34s", golden: "20", goldenRight: "19", reviewedTwice: "14", agreed: "13", reversed: "1" }] };
  }

  onListGolden() {
    return { golden: [{ goldenId: "golden-1", caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa", outcome: "OUTCOME_REMOVE", note: "clear copy", answered: "20", answeredRightly: "19" }] };
  }

  onAddGolden() { return {}; }
  onRemoveGolden() { return {}; }

  onListEndpoints() {
    return { endpoints: [{ endpointId: "endpoint-1", tenant: "forum", url: "https://forum.example/hooks", publicKey: "whpk_abc", lastError: "HTTP 500", lastFailed: ago(HOUR) }] };
  }

  onListDeliveries() {
    return { deliveries: [{ deliveryId: "delivery-1", endpointId: "endpoint-1", state: "STATE_DEAD_LETTER", attempts: 12, lastError: "HTTP 500",
      outcome: { type: "TYPE_DECIDED", caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa" } }] };
  }

  onReplay() { return { replayed: "1" }; }
  onTestEndpoint() { return { httpStatus: 204 }; }
  onListReports({ state = "STATE_WAITING" }) { return { reports: [victimReport("report-1", state)] }; }
  onGetReport({ reportId }) { return victimReport(reportId, "STATE_WAITING"); }
  onAcceptReport({ reportId }) { return victimReport(reportId, "STATE_ACCEPTED"); }
  onRejectReport({ reportId }) { return victimReport(reportId, "STATE_REJECTED"); }

  onListStills() {
    return { stills: STILLS.map(([stillId, time, kind]) => ({ stillId, time, kind, width: 240, height: 135, jpeg: this.jpeg, blurred: true })) };
  }

  onReveal({ leaseToken, stillIds }) {
    this.of(leaseToken);
    return { stills: this.onListStills().stills.filter((one) => stillIds.includes(one.stillId)).map((one) => ({ ...one, blurred: false })), exposure: this.exposure };
  }

  onGetExposure() { return this.exposure; }
}

export const madeUpState = () => new MadeUp();
