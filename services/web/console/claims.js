// The cases that the person here has claimed: kept while they work on them,
// given up where the server says so, and what can still be undone.

import { ApiError, call, now } from "./api.js";
import { asReviewer, decides, needsName, personName } from "./session.js";
import { duration, millis } from "./format.js";

const LEASE_SECONDS = 300;
const EXTEND_BELOW_MS = 200_000;
const WARN_BELOW_MS = 60_000;
const IDLE_AFTER_MS = 90_000;

const claims = new Map(); // Case id to {token, end in milliseconds, held}.
let open = ""; // The case that is worked on.
let lastActive = 0;
let undoable; // {caseId, token, outcome, count, until}.

const changes = new EventTarget();
export const onClaims = (kind, listener, options) => changes.addEventListener(kind, listener, options);
const tell = (kind, detail) => changes.dispatchEvent(new CustomEvent(kind, { detail }));

export const claimOf = (caseId) => claims.get(caseId);
export const claimed = () => [...claims.keys()];
export const openCase = (caseId) => {
  open = caseId;
};
export const undoableNow = () => (undoable && undoable.until > Date.now() ? undoable : undefined);

function note({ case: item, leaseToken }) {
  claims.set(item.caseId, {
    token: leaseToken,
    end: millis(item.leaseEnd) ?? now() + LEASE_SECONDS * 1000,
    held: Boolean(item.hold),
  });
  return item;
}

function lose(caseId) {
  claims.delete(caseId);
  tell("lost", { caseId });
}

// Claims that this person has, from here or from elsewhere.
export async function loadClaims() {
  if (!decides() || needsName()) return [];
  const reply = await call("TakedownService/ListClaims", asReviewer());
  claims.clear();
  return (reply.leases ?? []).map(note);
}

// The next case that waits, or the one that is named; null where none does.
export async function claim({ filter, caseId } = {}) {
  const reply = await call("TakedownService/Lease", {
    ...asReviewer(),
    maxCases: 1,
    duration: duration(LEASE_SECONDS),
    filter,
    caseId,
  });
  const leased = reply.leases?.[0];
  lastActive = Date.now();
  return leased ? note(leased) : null;
}

// Runs what needs the claim of a case; where that is lost, forgets it.
async function withClaim(caseId, method, request) {
  const held = claims.get(caseId);
  if (!held) throw new ApiError("ABORTED", "");
  try {
    return await call(`TakedownService/${method}`, { leaseToken: held.token, ...request });
  } catch (error) {
    if (error.code === "ABORTED") claims.delete(caseId);
    throw error;
  }
}

// `undecided` is how many uploads a decision on all is on.
export async function decide(caseId, request, undecided) {
  const { token } = claims.get(caseId) ?? {};
  const reply = await withClaim(caseId, "Decide", request);
  const item = reply.case ?? {};
  if (item.state !== "STATE_LEASED") claims.delete(caseId);
  // By the server's clock from the decision to the end; where the decision is
  // not told, as where another reviewer decides as well, by ours.
  const made = millis(item.decisions?.at(-1)?.time);
  const grace = millis(reply.undoEnd) - (Math.abs(now() - made) < 60_000 ? made : now());
  if (grace > 0) {
    const count = request.contentIds?.length || undecided;
    undoable = { caseId, token, outcome: request.outcome, count, until: Date.now() + grace, grace };
    tell("undoable", undoable);
  }
  return item;
}

// Takes the last decision back, and has the case again.
export async function undo() {
  const last = undoableNow();
  if (!last) return undefined;
  const reply = await call("TakedownService/Undo", { leaseToken: last.token });
  undoable = undefined;
  tell("undoable", undefined);
  return note({ case: { ...reply.case, caseId: last.caseId }, leaseToken: last.token });
}

export async function release(caseId) {
  await withClaim(caseId, "Release", {});
  claims.delete(caseId);
}

export async function hold(caseId, length, reason) {
  const reply = await withClaim(caseId, "Hold", { duration: duration(length), reason });
  const held = claims.get(caseId);
  claims.set(caseId, { ...held, held: true, end: millis(reply.case?.leaseEnd) ?? now() + length * 1000 });
  return reply.case;
}

export async function escalate(caseId, reason, skill) {
  await withClaim(caseId, "Escalate", { reason, skill });
  claims.delete(caseId);
}

export async function reassign(caseId, reviewer, reason) {
  const leaseToken = claims.get(caseId)?.token;
  await call("TakedownService/Reassign", { caseId, leaseToken, reviewer, reason });
  claims.delete(caseId);
}

export const reveal = (caseId, contentId, stillIds) =>
  call("EvidenceService/Reveal", { leaseToken: claims.get(caseId)?.token, contentId, stillIds });

async function extend(caseId, held) {
  try {
    const reply = await call("TakedownService/Extend", { leaseToken: held.token, duration: duration(LEASE_SECONDS) });
    held.end = millis(reply.leaseEnd) ?? now() + LEASE_SECONDS * 1000;
    tell("kept", { caseId });
  } catch (error) {
    if (error.code === "ABORTED") lose(caseId);
    else if (error.code !== "UNAVAILABLE") throw error;
  }
}

// While somebody is at work, the open case stays theirs; where nobody is, they
// are warned before it goes back to the queue.
async function look() {
  const held = claims.get(open);
  if (!held || held.held || held.busy) return;
  const left = held.end - now();
  const idle = Date.now() - lastActive > IDLE_AFTER_MS;
  if (!idle && left < EXTEND_BELOW_MS) {
    held.busy = true;
    await extend(open, held).finally(() => {
      held.busy = false;
    });
  } else if (left <= 0) {
    lose(open);
  } else if (left < WARN_BELOW_MS) {
    tell("ending", { caseId: open, seconds: Math.ceil(left / 1000) });
  }
}

export function watchClaims() {
  const active = () => {
    lastActive = Date.now();
  };
  for (const kind of ["keydown", "pointerdown", "pointermove", "wheel"]) {
    addEventListener(kind, active, { passive: true });
  }
  setInterval(look, 5000);
}

export const forgetClaims = () => {
  claims.clear();
  undoable = undefined;
  tell("undoable", undefined);
};

// What somebody has written on a case outlives a lost claim, a reload and their
// session, in this tab and for them alone.
const draftKey = (caseId) => `lenscap.draft.${personName()}.${caseId}`;
export const draft = (caseId) => JSON.parse(sessionStorage.getItem(draftKey(caseId)) ?? "{}");
export function keepDraft(caseId, text) {
  if (text.note || text.feedback) sessionStorage.setItem(draftKey(caseId), JSON.stringify(text));
  else sessionStorage.removeItem(draftKey(caseId));
}
