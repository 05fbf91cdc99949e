// What the mock holds, and what it answers to each method: a few lines for each,
// no more than the pages need.

import {
  MINUTE,
  HOUR,
  DAY,
  ago,
  ahead,
  HOSTILE_NAME,
  JPEG,
  caseOf,
  uploadsOf,
  list,
  trendsOf,
  victimReport,
  history,
  campaign,
  STILLS,
} from "./made_up.mjs";
import { asListingUploads, explained, inBrief, listingCase, LISTING_CASE, packs, PHOTOS } from "./made_up_listings.mjs";

// An answer that is an error.
export class Refusal extends Error {
  constructor(code, message = "") {
    super(message);
    this.code = code;
  }
}

export class MadeUp {
  constructor() {
    this.tellsTime = false; // Tests move the browser's clock, not this one's.
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
    this.add(
      caseOf("case-bbbbbbbbbbbbbbbbbbbbbbbbbb", "CASE_QUEUE_SUSPECTED", 1, {
        groupedBy: "GROUPED_BY_ACCOUNT",
        shared: HOSTILE_NAME,
        account: HOSTILE_NAME,
        withdrawnBasis: [{ listId: "hotline", entryId: "clip-3", reason: "listed by mistake" }],
        clocks: [{ name: "take-it-down-48h", start: ago(60 * HOUR), deadline: ago(12 * HOUR) }],
      }),
      1,
    );
    this.add(
      caseOf("case-cccccccccccccccccccccccccc", "CASE_QUEUE_APPEAL", 1, {
        groupedBy: "GROUPED_BY_UPLOAD",
        shared: "",
        appeal: "This is my own flat.",
        reopenedBy: "bob",
        appealedCaseId: "case-dddddddddddddddddddddddddd",
        decisions: [{ outcome: "OUTCOME_REMOVE", reviewer: "eve", time: ago(DAY), note: "known clip", through: "1" }],
        rounds: [1],
        escalations: [{ reviewer: "eve", reason: "I know the place.", skill: "senior", time: ago(DAY) }],
      }),
      1,
    );
    this.add(listingCase(), 3);
    this.uploads.set(LISTING_CASE, asListingUploads(this.uploads.get(LISTING_CASE)));
    this.packs = packs();
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
    return this.present
      ? { signedIn: true, signInRequired: true, identity: this.who, csrfToken: "csrf" }
      : { signedIn: false, signInRequired: true };
  }

  intake() {
    return { reportId: "report-1", receipt: "secret", answerBy: ahead(2 * DAY) };
  }

  intakeStatus({ reportId, receipt }) {
    if (receipt !== "secret") throw new Refusal("NOT_FOUND");
    return {
      reportId,
      state: "STATE_ACCEPTED",
      answerBy: ahead(2 * DAY),
      found: "4",
      removed: "3",
      answer: "Three copies are gone.",
    };
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
    const item = caseId
      ? this.cases.get(caseId)
      : [...this.cases.values()].find((one) => one.state === "STATE_WAITING");
    if (!item) return {};
    Object.assign(item, {
      state: "STATE_LEASED",
      reviewer: this.who.name,
      token: `token-${Math.random()}`,
      leaseEnd: ahead(5 * MINUTE),
      deliveries: item.deliveries + 1,
    });
    return { leases: [{ case: this.shown(item), leaseToken: item.token }] };
  }

  onListClaims() {
    return {
      leases: [...this.cases.values()]
        .filter((one) => one.state === "STATE_LEASED" && one.reviewer === this.who.name)
        .map((one) => ({ case: this.shown(one), leaseToken: one.token })),
    };
  }

  onExtend({ leaseToken }) {
    return { leaseEnd: (this.of(leaseToken).leaseEnd = ahead(5 * MINUTE)) };
  }

  onRelease({ leaseToken }) {
    Object.assign(this.of(leaseToken), { state: "STATE_WAITING", token: undefined, reviewer: "" });
    return {};
  }

  onDecide({ leaseToken, outcome, note, contentIds = [] }) {
    const item = this.of(leaseToken);
    const decision = { outcome, note, reviewer: this.who.name, time: ago(0), contentIds, through: "1000000" };
    const uploads = this.uploads
      .get(item.caseId)
      .filter((one) => !one.done && (!contentIds.length || contentIds.includes(one.contentId)));
    uploads.forEach((one) => {
      one.decisions.push(decision);
      one.done = true;
    });
    item.decisions = [...item.decisions, decision];
    item.last = uploads;
    if (this.uploads.get(item.caseId).every((one) => one.done)) item.state = "STATE_DECIDED";
    return { case: this.shown(item), undoEnd: new Date(Date.parse(decision.time) + 10_000).toISOString() };
  }

  onUndo({ leaseToken }) {
    const item = this.of(leaseToken);
    item.last.forEach((one) => {
      one.decisions.pop();
      one.done = false;
    });
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

  onListUploads({ caseId, pageSize, pageToken, contentId }) {
    const start = Number(pageToken || 0);
    const whole = this.uploads.get(caseId).map(({ done, ...upload }) => upload);
    if (contentId) return { uploads: whole.filter((one) => one.contentId === contentId) };
    const all = whole.map(inBrief);
    const end = start + pageSize;
    return { uploads: all.slice(start, end), nextPageToken: end < all.length ? String(end) : "" };
  }

  onAppeal({ caseId, statement }) {
    const item = this.cases.get(caseId);
    this.uploads.get(caseId).forEach((one) => {
      one.done = false;
    });
    Object.assign(item, {
      appeal: statement,
      rounds: [...(item.rounds ?? []), item.decisions.length],
      state: "STATE_WAITING",
      reopenedBy: this.who.name,
      queue: "CASE_QUEUE_APPEAL",
    });
    return { case: this.shown(item) };
  }

  onStats() {
    const waiting = [...this.cases.values()].filter((one) => one.state === "STATE_WAITING").length;
    return {
      waiting: String(waiting),
      leased: "1",
      decided: "12",
      deadLetter: "0",
      held: "0",
      oldestWaiting: ago(7 * HOUR),
      queues: ["KNOWN_CLIP", "SUSPECTED", "LISTING", "APPEAL"].map((name, i) => ({
        queue: `CASE_QUEUE_${name}`,
        tenant: "forum",
        waiting: String(7 - i),
        leased: "1",
        oldestWaiting: ago((7 + i) * HOUR),
        dueSoon: String(i),
        overdue: String(i % 2),
        waitingByAge: ["2", "1", "3", "0", "1", "0"],
      })),
    };
  }

  onTrends(request) {
    return trendsOf(request);
  }
  onGetAccount(request) {
    return history("account", request);
  }
  onGetGroup(request) {
    return history("group", request);
  }
  onListLists() {
    return { lists: [list("hotline", "LIST_MODE_ACTIVE"), list("own", "LIST_MODE_SHADOW")] };
  }

  onGetList({ listId }) {
    return {
      list: list(listId, listId === "own" ? "LIST_MODE_SHADOW" : "LIST_MODE_ACTIVE"),
      entries: [
        {
          entryId: "clip-7",
          severity: "SEVERITY_CONFIRMED",
          duration: "18s",
          frames: "72",
          category: "intimate footage without consent",
        },
        {
          entryId: "clip-3",
          severity: "SEVERITY_SUSPECTED",
          duration: "3s",
          frames: "12",
          hold: "HOLD_BY_HAND",
          holdReason: "appealed",
        },
      ],
    };
  }

  onHistory() {
    return {
      changes: [
        { version: "4", time: ago(3 * DAY), kind: "KIND_SIGNED", entries: "2", actor: "regulator:hotline", reason: "" },
      ],
    };
  }
  onSetListMode({ listId, mode }) {
    return list(listId, mode);
  }
  onHoldEntries({ listId }) {
    return list(listId);
  }
  onReleaseEntries({ listId }) {
    return list(listId);
  }
  onCampaign() {
    return campaign;
  }

  onCompliance() {
    return {
      clocks: [
        {
          name: "take-it-down-48h",
          met: "700",
          missed: "3",
          running: "12",
          median: "4210s",
          p95: "88000s",
          missedCaseIds: ["case-aaaaaaaaaaaaaaaaaaaaaaaaaa"],
        },
      ],
    };
  }

  onReviewerStats() {
    return {
      reviewers: [
        {
          reviewer: "ada",
          decisions: "212",
          medianTime: "34s",
          golden: "20",
          goldenRight: "19",
          reviewedTwice: "14",
          agreed: "13",
          reversed: "1",
        },
      ],
    };
  }

  onListGolden() {
    return {
      golden: [
        {
          goldenId: "golden-1",
          caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa",
          outcome: "OUTCOME_REMOVE",
          note: "clear copy",
          answered: "20",
          answeredRightly: "19",
        },
      ],
    };
  }

  onAddGolden() {
    return {};
  }
  onRemoveGolden() {
    return {};
  }

  onListEndpoints() {
    return {
      endpoints: [
        {
          endpointId: "endpoint-1",
          tenant: "forum",
          url: "https://forum.example/hooks",
          publicKey: "whpk_abc",
          lastError: "HTTP 500",
          lastFailed: ago(HOUR),
        },
      ],
    };
  }

  onListDeliveries() {
    return {
      deliveries: [
        {
          deliveryId: "delivery-1",
          endpointId: "endpoint-1",
          state: "STATE_DEAD_LETTER",
          attempts: 12,
          lastError: "HTTP 500",
          outcome: { type: "TYPE_DECIDED", caseId: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa" },
        },
      ],
    };
  }

  onReplay() {
    return { replayed: "1" };
  }
  onTestEndpoint() {
    return { httpStatus: 204 };
  }
  onListReports({ state = "STATE_WAITING" }) {
    return { reports: [victimReport("report-1", state)] };
  }
  onGetReport({ reportId }) {
    return victimReport(reportId, "STATE_WAITING");
  }
  onAcceptReport({ reportId }) {
    return victimReport(reportId, "STATE_ACCEPTED");
  }
  onRejectReport({ reportId }) {
    return victimReport(reportId, "STATE_REJECTED");
  }

  onListRulePacks() {
    return { packs: this.packs };
  }
  onExplain(request) {
    return explained(request);
  }

  onSetRuleMode({ packId, ruleId, mode }) {
    const pack = this.packs.find((one) => one.packId === packId);
    const rule = pack.rules.find((one) => one.ruleId === ruleId);
    Object.assign(rule, mode === "MODE_UNSPECIFIED" ? { setByHand: false } : { mode, setByHand: true });
    return pack;
  }

  onListStills({ contentId }) {
    const upload = [...this.uploads.values()].flat().find((one) => one.contentId === contentId);
    const photos = upload?.kind === "KIND_LISTING";
    return {
      stills: (photos ? PHOTOS : STILLS).map(([stillId, time, kind]) => ({
        stillId,
        time,
        kind,
        width: 240,
        height: 135,
        jpeg: this.jpeg,
        blurred: true,
      })),
    };
  }

  onReveal({ leaseToken, contentId, stillIds }) {
    this.of(leaseToken);
    return {
      stills: this.onListStills({ contentId })
        .stills.filter((one) => stillIds.includes(one.stillId))
        .map((one) => ({ ...one, blurred: false })),
      exposure: this.exposure,
    };
  }

  onGetExposure() {
    return this.exposure;
  }
}

export const madeUpState = () => new MadeUp();
