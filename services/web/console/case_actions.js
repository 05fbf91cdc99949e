// What a reviewer does with a case: one function an action.

import { call } from "./api.js";
import { decide, draft, escalate, hold, keepDraft, reassign, release, undoableNow } from "./claims.js";
import { isUndecided } from "./decided.js";
import { ask } from "./dialog.js";
import { count } from "./format.js";
import { say } from "./notice.js";
import { decides, isAdmin } from "./session.js";
import { t, word } from "./i18n.js";

const HOLDS = [
  ["3600", "1h"],
  ["14400", "4h"],
  ["86400", "1d"],
  ["259200", "3d"],
  ["604800", "7d"],
];

async function decideOn(item, outcome, uploads, context) {
  const { note, feedback } = draft(item.caseId);
  const contentIds = uploads.selected();
  const decided = await context.retry("decide", () =>
    decide(item.caseId, { outcome, note, feedback, contentIds }, count(item.reach?.undecided) || 1),
  );
  if (decided) keepDraft(item.caseId, {});
  if (decided && !undoableNow()) say(t("decide.done"));
  context.reload();
}

async function holdCase(item, context) {
  const answer = await ask({
    title: t("hold.title"),
    text: t("hold.text"),
    confirm: t("hold.confirm"),
    fields: [
      { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
      {
        name: "length",
        label: t("hold.length"),
        value: "86400",
        choices: HOLDS.map(([value, name]) => ({ value, label: t(`hold.${name}`) })),
      },
    ],
  });
  if (!answer) return;
  const done = await context.retry("hold", () => hold(item.caseId, Number(answer.length), answer.reason));
  if (done) say(t("hold.done"));
  context.reload();
}

async function escalateCase(item, context) {
  const answer = await ask({
    title: t("escalate.title"),
    text: t("escalate.text"),
    confirm: t("escalate.confirm"),
    fields: [
      { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
      { name: "skill", label: t("escalate.skill"), value: "senior", most: 32, hint: t("escalate.skill_hint") },
    ],
  });
  if (!answer) return;
  const done = await context.retry("escalate", async () => {
    await escalate(item.caseId, answer.reason, answer.skill);
    return true;
  });
  if (done) say(t("escalate.done"));
  context.reload();
}

async function reassignCase(item, context) {
  const answer = await ask({
    title: t("reassign.title"),
    confirm: t("reassign.confirm"),
    fields: [
      { name: "reviewer", label: t("reassign.reviewer"), most: 64, hint: t("reassign.hint") },
      { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
    ],
  });
  if (!answer) return;
  const done = await context.retry("reassign", async () => {
    await reassign(item.caseId, answer.reviewer, answer.reason);
    return true;
  });
  if (done) say(t("reassign.done"));
  context.reload();
}

async function releaseCase(item, context) {
  const done = await context.retry("release", async () => {
    await release(item.caseId);
    return true;
  });
  if (done) say(t("release.done"));
  context.reload();
}

async function appealCase(item, uploads, context) {
  const decided = uploads.uploads.filter((upload) => !isUndecided(item, upload));
  const answer = await ask({
    title: t("appeal.title"),
    text: t("appeal.text"),
    confirm: t("appeal.confirm"),
    fields: [
      decided.length > 1 && {
        name: "contentId",
        label: t("appeal.upload"),
        choices: decided.map((upload) => ({ value: upload.contentId, label: upload.contentId })),
      },
      { name: "statement", label: t("appeal.statement"), required: true, most: 4096, lines: 4 },
    ].filter(Boolean),
  });
  if (!answer) return;
  const request = { caseId: item.caseId, contentId: answer.contentId, statement: answer.statement };
  const reply = await context.retry("appeal", () => call("TakedownService/Appeal", request));
  if (!reply) return;
  say(t("appeal.done"));
  context.go(`#/case/${reply.case?.caseId ?? item.caseId}`);
  context.reload();
}

async function makeGolden(item, context) {
  const answer = await ask({
    title: t("golden.add_title"),
    text: t("golden.add_text"),
    confirm: t("golden.add"),
    fields: [
      {
        name: "outcome",
        label: t("golden.outcome"),
        choices: ["OUTCOME_REMOVE", "OUTCOME_KEEP"].map((value) => ({ value, label: word("Decision.Outcome", value) })),
        value: item.decisions?.at(-1)?.outcome,
      },
      { name: "note", label: t("golden.note"), most: 1024, lines: 2 },
    ],
  });
  if (!answer) return;
  const done = await context.retry("golden", () =>
    call("TakedownService/AddGolden", { caseId: item.caseId, ...answer }),
  );
  if (done) say(t("golden.added"));
}

// What can be done with a case now; `held` is one's own claim on it.
export function actionsOf(item, held, uploads, context) {
  const decided = item.state === "STATE_DECIDED";
  const without = held ? "" : t("off.claim_first");
  const act = (id, key, label, run, more = {}) => ({ id, key, label, run, ...more });
  if (!decides()) return [];
  return [
    !held &&
      !decided &&
      act("claim", "c", t("action.claim"), () => context.claimCase(item.caseId), {
        tone: "primary",
        off: item.state === "STATE_LEASED" ? t("off.claimed") : "",
      }),
    !decided &&
      act("remove", "d", t("action.remove"), () => decideOn(item, "OUTCOME_REMOVE", uploads, context), {
        tone: "danger",
        off: without,
      }),
    !decided &&
      act("keep", "e", t("action.keep"), () => decideOn(item, "OUTCOME_KEEP", uploads, context), { off: without }),
    !decided && act("hold", "h", t("action.hold"), () => holdCase(item, context), { off: without }),
    !decided && act("escalate", "x", t("action.escalate"), () => escalateCase(item, context), { off: without }),
    !decided &&
      act("reassign", "a", t("action.reassign"), () => reassignCase(item, context), {
        off: held || isAdmin() ? "" : without,
      }),
    !decided && act("release", "s", t("action.release"), () => releaseCase(item, context), { off: without }),
    decided && act("next-here", "n", t("action.next"), context.claimNext, { tone: "primary" }),
    decided && act("appeal", "p", t("action.appeal"), () => appealCase(item, uploads, context)),
    decided && isAdmin() && act("golden", undefined, t("action.golden"), () => makeGolden(item, context)),
    act("write", "m", t("action.note"), () => document.getElementById("note")?.focus(), {
      off: held ? "" : t("off.claim_first"),
      hidden: true,
    }),
  ].filter(Boolean);
}
