// One case: what was found, how far it spread, by when it must be decided, and
// the decision.

import { call } from "./api.js";
import { claimOf, decide, draft, escalate, hold, keepDraft, onClaims, openCase, reassign, release, undoableNow } from "./claims.js";
import { ask, labelled } from "./dialog.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { dateText, number, seconds, stretch, when } from "./format.js";
import { detailParts, foundPart } from "./found.js";
import { button } from "./keys.js";
import { say, warn } from "./notice.js";
import { caseName, clockText, stateText } from "./queue_page.js";
import { decides, isAdmin } from "./session.js";
import { stillsPart } from "./stills.js";
import { t, word } from "./i18n.js";

const UPLOADS_SHOWN = 100;
const WATCH_MS = 20_000;
const HOLDS = [["3600", "1h"], ["14400", "4h"], ["86400", "1d"], ["259200", "3d"], ["604800", "7d"]];
const outcomeTone = { OUTCOME_REMOVE: "bad", OUTCOME_KEEP: "good" };

const outcomeBadge = (decision) =>
  badge(word("Decision.Outcome", decision.outcome), outcomeTone[decision.outcome]);

// What a reviewer must not miss before anything else.
function warnings(item, held) {
  const basis = item.withdrawnBasis ?? [];
  return [
    basis.length > 0 && h("div", { class: "note bad", id: "withdrawn" }, h("p", {}, t("case.withdrawn")),
      h("ul", { class: "plain" }, basis.map((one) => h("li", {},
        foreign(`${one.listId} / ${one.entryId}`), one.reason && [": ", foreign(one.reason)])))),
    item.appeal && h("div", { class: "note warn", id: "appeal" },
      h("p", {}, t(item.reopenedBy === "system" ? "case.reopened_by_system" : "case.appeal")),
      h("p", { class: "quote" }, foreign(item.appeal)),
      item.appealedCaseId && h("p", {}, h("a", { href: `#/case/${item.appealedCaseId}` }, t("case.appealed_case")))),
    item.reported && h("p", { class: "note" }, t("case.reported"), " ", when(item.reported)),
    item.hold && h("p", { class: "note warn", id: "held" }, t("case.held_until"), " ", when(item.hold.until), ": ",
      foreign(item.hold.reason)),
    item.state === "STATE_LEASED" && !held && h("p", { class: "note warn", id: "elsewhere" },
      t("case.claimed_by"), " ", foreign(item.reviewer), item.leaseEnd && [" · ", t("case.until"), " ", when(item.leaseEnd)]),
  ];
}

function reachPart(item) {
  const reach = item.reach ?? {};
  const link = (kind, name) => name &&
    h("a", { href: `#/${kind}/${encodeURIComponent(item.tenant ?? "")}/${encodeURIComponent(name)}` }, foreign(name));
  return section(t("reach.title"), {}, facts([
    [t("case.uploads"), number(reach.uploads ?? 1)],
    [t("reach.undecided"), number(reach.undecided)],
    [t("reach.accounts"), number(reach.accounts)],
    [t("reach.groups"), number(reach.groups)],
    [t("reach.first"), when(reach.firstSeen)],
    [t("reach.last"), when(reach.lastSeen)],
    [t("reach.account"), link("account", item.account)],
    [t("reach.group"), link("group", item.group)],
    [t("filter.tenant"), item.tenant && foreign(item.tenant)],
    [t("reach.platform"), item.platformClass && foreign(item.platformClass)],
    [t("filter.language"), item.language && foreign(item.language)],
  ]));
}

function clocksPart(item) {
  const clocks = item.clocks ?? [];
  if (!clocks.length) return undefined;
  return section(t("clock.title"), {}, h("ul", { class: "plain" }, clocks.map((clock) => h("li", {},
    foreign(clock.name), " ", clockText(clock), h("br"), h("small", {}, when(clock.deadline))))));
}

const decisionItem = (one) => h("li", {}, outcomeBadge(one), " ", foreign(one.reviewer), " · ", when(one.time),
  one.contentIds?.length > 0 && [" · ", t("past.on_some", { n: one.contentIds.length, count: one.contentIds.length })],
  one.note && h("p", { class: "quote" }, foreign(one.note)));

function pastPart(item) {
  const decisions = item.decisions ?? [];
  const reviews = item.reviews ?? [];
  const escalations = item.escalations ?? [];
  return section(t("past.title"), {},
    facts([
      [t("case.state"), h("span", { id: "state" }, stateText(item))],
      [t("case.queue"), word("CaseQueue", item.queue)],
      [t("case.opened"), when(item.opened)],
      [t("past.priority"), item.priority],
      [t("past.deliveries"), item.deliveries],
      [t("past.time_claimed"), item.timeClaimed && stretch(seconds(item.timeClaimed))],
      [t("past.assigned_to"), item.assignedTo && foreign(item.assignedTo)],
      [t("past.skills"), item.skills?.length && foreign(item.skills.join(", "))],
    ]),
    decisions.length > 0 && [h("h3", {}, t("past.decisions")), h("ol", { class: "plain", id: "decisions" }, decisions.map(decisionItem))],
    reviews.length > 0 && [h("h3", {}, t("past.reviews")), h("ol", { class: "plain", id: "reviews" }, reviews.map(decisionItem))],
    escalations.length > 0 && [h("h3", {}, t("past.escalations")), h("ol", { class: "plain" }, escalations.map((one) =>
      h("li", {}, foreign(one.reviewer), " · ", when(one.time), " · ", foreign(one.skill),
        h("p", { class: "quote" }, foreign(one.reason)))))]);
}

const listUploads = (caseId, pageToken) =>
  call("TakedownService/ListUploads", { caseId, pageSize: UPLOADS_SHOWN, pageToken });

const lastDecision = (upload) => upload.decisions?.at(-1);

// The uploads of the case, to look into one, and to decide on some alone.
class Uploads {
  constructor(item, { uploads, nextPageToken }, held, onShow) {
    Object.assign(this, { item, uploads: uploads ?? [], nextPageToken, held, onShow });
  }

  row(upload) {
    const decision = lastDecision(upload);
    const name = t("uploads.select", { name: upload.contentId });
    return {
      key: upload.contentId,
      cells: [
        this.held && !decision
          ? h("input", { type: "checkbox", name: "upload", value: upload.contentId, "aria-label": name,
            onchange: () => this.noteSelected() })
          : number(upload.number),
        h("button", { type: "button", class: "quiet", onclick: () => this.onShow(upload) }, foreign(upload.contentId)),
        this.link("account", upload.account), this.link("group", upload.group), when(upload.seen),
        decision ? [outcomeBadge(decision), upload.inherited && [" ", h("small", {}, t("uploads.inherited"))]] : badge(t("uploads.undecided")),
      ],
    };
  }

  link(kind, name) {
    if (!name) return "";
    const tenant = encodeURIComponent(this.item.tenant ?? "");
    return h("a", { href: `#/${kind}/${tenant}/${encodeURIComponent(name)}` }, foreign(name));
  }

  noteSelected() {
    const chosen = this.selected().length;
    document.getElementById("selected").textContent =
      chosen ? t("uploads.selected", { n: chosen, count: chosen }) : t("uploads.all_selected");
  }

  selected() {
    return [...document.querySelectorAll("input[name=upload]:checked")].map((box) => box.value);
  }

  table(uploads) {
    return table(t("uploads.caption"),
      [this.held ? t("uploads.choose") : "#", t("uploads.name"), t("reach.account"), t("reach.group"),
        t("uploads.seen"), t("uploads.decision")],
      uploads.map((upload) => this.row(upload)));
  }

  async showMore(list, button) {
    const reply = await listUploads(this.item.caseId, this.nextPageToken);
    this.uploads.push(...(reply.uploads ?? []));
    this.nextPageToken = reply.nextPageToken;
    list.querySelector("tbody").append(...this.table(reply.uploads ?? []).querySelectorAll("tbody tr"));
    button.hidden = !this.nextPageToken;
  }

  node(context) {
    const list = this.table(this.uploads);
    const more = h("button", { type: "button", id: "more-uploads", hidden: !this.nextPageToken,
      onclick: () => context.retry("load", () => this.showMore(list, more)) }, t("page.more"));
    return section(t("uploads.title"), {},
      this.held && h("p", { id: "selected", class: "soft", "aria-live": "polite" }, t("uploads.all_selected")),
      list, more);
  }
}

function notesPart(caseId) {
  const kept = draft(caseId);
  const form = h("form", { id: "notes" },
    labelled({ id: "note", name: "note", label: t("note.label"), lines: 3, most: 4096, value: kept.note, hint: t("note.hint") }),
    labelled({ id: "feedback", name: "feedback", label: t("feedback.label"), lines: 2, most: 1024, value: kept.feedback,
      hint: t("feedback.hint") }));
  form.addEventListener("input", () => keepDraft(caseId, Object.fromEntries(new FormData(form))));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.getElementById("title").focus();
  });
  return section(t("note.title"), {}, form);
}

async function decideOn(item, outcome, uploads, context) {
  const { note, feedback } = draft(item.caseId);
  const contentIds = uploads.selected();
  const decided = await context.retry("decide", () =>
    decide(item.caseId, { outcome, note, feedback, contentIds }));
  if (decided) keepDraft(item.caseId, {});
  if (decided && !undoableNow()) say(t("decide.done"));
  context.reload();
}

async function holdCase(item, context) {
  const answer = await ask({ title: t("hold.title"), text: t("hold.text"), confirm: t("hold.confirm"), fields: [
    { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
    { name: "length", label: t("hold.length"), value: "86400",
      choices: HOLDS.map(([value, name]) => ({ value, label: t(`hold.${name}`) })) }] });
  if (!answer) return;
  const done = await context.retry("hold", () => hold(item.caseId, Number(answer.length), answer.reason));
  if (done) say(t("hold.done"));
  context.reload();
}

async function escalateCase(item, context) {
  const answer = await ask({ title: t("escalate.title"), text: t("escalate.text"), confirm: t("escalate.confirm"), fields: [
    { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
    { name: "skill", label: t("escalate.skill"), value: "senior", most: 32, hint: t("escalate.skill_hint") }] });
  if (!answer) return;
  const done = await context.retry("escalate", async () => {
    await escalate(item.caseId, answer.reason, answer.skill);
    return true;
  });
  if (done) say(t("escalate.done"));
  context.reload();
}

async function reassignCase(item, context) {
  const answer = await ask({ title: t("reassign.title"), confirm: t("reassign.confirm"), fields: [
    { name: "reviewer", label: t("reassign.reviewer"), most: 64, hint: t("reassign.hint") },
    { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 }] });
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
  const decided = uploads.uploads.filter(lastDecision);
  const answer = await ask({ title: t("appeal.title"), text: t("appeal.text"), confirm: t("appeal.confirm"), fields: [
    decided.length > 1 && { name: "contentId", label: t("appeal.upload"),
      choices: decided.map((upload) => ({ value: upload.contentId, label: upload.contentId })) },
    { name: "statement", label: t("appeal.statement"), required: true, most: 4096, lines: 4 }].filter(Boolean) });
  if (!answer) return;
  const request = { caseId: item.caseId, contentId: answer.contentId, statement: answer.statement };
  const reply = await context.retry("appeal", () => call("TakedownService/Appeal", request));
  if (!reply) return;
  say(t("appeal.done"));
  context.go(`#/case/${reply.case?.caseId ?? item.caseId}`);
  context.reload();
}

async function makeGolden(item, context) {
  const answer = await ask({ title: t("golden.add_title"), text: t("golden.add_text"), confirm: t("golden.add"), fields: [
    { name: "outcome", label: t("golden.outcome"), choices: ["OUTCOME_REMOVE", "OUTCOME_KEEP"].map((value) =>
      ({ value, label: word("Decision.Outcome", value) })), value: item.decisions?.at(-1)?.outcome },
    { name: "note", label: t("golden.note"), most: 1024, lines: 2 }] });
  if (!answer) return;
  const done = await context.retry("golden", () =>
    call("TakedownService/AddGolden", { caseId: item.caseId, ...answer }));
  if (done) say(t("golden.added"));
}

function actionsOf(item, held, uploads, context) {
  const decided = item.state === "STATE_DECIDED";
  const without = held ? "" : t("off.claim_first");
  const act = (id, key, label, run, more = {}) => ({ id, key, label, run, ...more });
  if (!decides()) return [];
  return [
    !held && !decided && act("claim", "c", t("action.claim"), () => context.claimCase(item.caseId),
      { tone: "primary", off: item.state === "STATE_LEASED" ? t("off.claimed") : "" }),
    !decided && act("remove", "d", t("action.remove"), () => decideOn(item, "OUTCOME_REMOVE", uploads, context), { tone: "danger", off: without }),
    !decided && act("keep", "e", t("action.keep"), () => decideOn(item, "OUTCOME_KEEP", uploads, context), { off: without }),
    !decided && act("hold", "h", t("action.hold"), () => holdCase(item, context), { off: without }),
    !decided && act("escalate", "x", t("action.escalate"), () => escalateCase(item, context), { off: without }),
    !decided && act("reassign", "a", t("action.reassign"), () => reassignCase(item, context), { off: held || isAdmin() ? "" : without }),
    !decided && act("release", "s", t("action.release"), () => releaseCase(item, context), { off: without }),
    decided && act("next-here", "n", t("action.next"), context.claimNext, { tone: "primary" }),
    decided && act("appeal", "p", t("action.appeal"), () => appealCase(item, uploads, context)),
    decided && isAdmin() && act("golden", undefined, t("action.golden"), () => makeGolden(item, context)),
    act("write", "m", t("action.note"), () => document.getElementById("note")?.focus(), { off: held ? "" : t("off.claim_first"), hidden: true }),
  ].filter(Boolean);
}

const undecidedFirst = (item, uploads) =>
  uploads.find((upload) => !lastDecision(upload)) ?? uploads.find((upload) => upload.contentId === item.contentId) ?? uploads[0];

// The upload that is looked at, and its stills where they may be shown.
async function uploadPart(item, upload, held, signal) {
  const contentId = upload?.contentId ?? item.contentId;
  const report = contentId === item.contentId ? item.report : upload?.report;
  const decision = upload ? lastDecision(upload) : item.decisions?.at(-1);
  let stills;
  let stillTimes = [];
  if (decision) stills = h("p", { id: "not-again" }, t("stills.decided"));
  else if (!held) stills = h("p", { id: "claim-to-see" }, t("stills.claim_first"));
  else ({ node: stills, times: stillTimes } = await stillsPart(item.caseId, contentId, signal));
  return h("div", { id: "looked-at" },
    section(t("found.title"), {}, h("p", { class: "soft" }, t("uploads.name"), ": ", foreign(contentId)), foundPart(report, stillTimes)),
    section(t("stills.title"), { id: "stills" }, stills),
    detailParts(report));
}

// Until when the case is this person's, brought up to date as it is kept.
function claimEnd(held, signal) {
  const text = () => t("case.yours_until", { time: dateText(held.end, { timeStyle: "medium" }) });
  const line = h("p", { class: "soft", id: "claim-end" }, text());
  onClaims("kept", () => { line.textContent = text(); }, { signal });
  return line;
}

const standing = (item) => JSON.stringify([item.state, item.reviewer, item.appeal, item.withdrawnBasis?.length ?? 0]);

// Looks now and then whether the case still is as it is shown: others may have
// claimed or decided it, and what it rests on may have been withdrawn.
function watchCase(item, context) {
  const timer = setInterval(async () => {
    if (document.hidden || document.querySelector("dialog")) return;
    const now = await call("TakedownService/GetCase", { caseId: item.caseId }).catch(() => item);
    if (standing(now) === standing(item)) return;
    if ((now.withdrawnBasis?.length ?? 0) > (item.withdrawnBasis?.length ?? 0)) {
      warn(t("case.withdrawn_now"), { kind: "withdrawn" });
    }
    if (!document.activeElement.matches("input, textarea")) context.reload();
  }, WATCH_MS);
  return () => clearInterval(timer);
}

export async function casePage([caseId], context) {
  const item = await call("TakedownService/GetCase", { caseId });
  const first = await listUploads(caseId, "");
  const held = claimOf(caseId);
  openCase(held ? caseId : "");
  const ending = new AbortController();
  let shown = new AbortController();
  const uploads = new Uploads(item, first, held, async (upload) => {
    shown.abort();
    shown = new AbortController();
    document.getElementById("looked-at").replaceWith(await uploadPart(item, upload, held, shown.signal));
    say(t("uploads.shown", { name: upload.contentId }));
  });
  const actions = actionsOf(item, held, uploads, context);
  const looked = await uploadPart(item, undecidedFirst(item, uploads.uploads), held, shown.signal);
  ending.signal.addEventListener("abort", () => shown.abort());
  ending.signal.addEventListener("abort", watchCase(item, context));
  return {
    title: h("span", {}, caseName(item)),
    name: `${word("CaseQueue", item.queue)} ${item.shared ?? ""}`,
    body: h("div", {},
      h("p", { class: "soft" }, foreign(item.caseId), " · ", word("CaseQueue", item.queue)),
      h("div", { class: "actions", role: "group", "aria-label": t("action.group") },
        actions.filter((action) => !action.hidden).map((action) => button(action))),
      warnings(item, held),
      held && !held.held && claimEnd(held, ending.signal),
      h("div", { class: "columns" },
        h("div", {}, looked, uploads.node(context)),
        h("div", {}, clocksPart(item), held && notesPart(caseId), reachPart(item), pastPart(item)))),
    actions,
    leave: () => ending.abort(),
  };
}
