// One case: what was found, how far it spread, by when it must be decided, and
// the decision.

import { call } from "./api.js";
import { actionsOf } from "./case_actions.js";
import { listUploads, outcomeBadge, Uploads } from "./case_uploads.js";
import { claimOf, draft, keepDraft, onClaims, openCase } from "./claims.js";
import { labelled } from "./dialog.js";
import { facts, foreign, h, section } from "./dom.js";
import { dateText, number, seconds, stretch, when } from "./format.js";
import { button } from "./keys.js";
import { firstLookedAt, uploadPart } from "./looked_at.js";
import { say, warn } from "./notice.js";
import { caseName, clockText, stateText } from "./queue_page.js";
import { t, word } from "./i18n.js";

const WATCH_MS = 20_000;

// What a reviewer must not miss before anything else.
function warnings(item, held) {
  const basis = item.withdrawnBasis ?? [];
  return [
    basis.length > 0 &&
      h(
        "div",
        { class: "note bad", id: "withdrawn" },
        h("p", {}, t("case.withdrawn")),
        h(
          "ul",
          { class: "plain" },
          basis.map((one) =>
            h("li", {}, foreign(`${one.listId} / ${one.entryId}`), one.reason && [": ", foreign(one.reason)]),
          ),
        ),
      ),
    item.appeal &&
      h(
        "div",
        { class: "note warn", id: "appeal" },
        h("p", {}, t(item.reopenedBy === "system" ? "case.reopened_by_system" : "case.appeal")),
        h("p", { class: "quote" }, foreign(item.appeal)),
        item.appealedCaseId && h("p", {}, h("a", { href: `#/case/${item.appealedCaseId}` }, t("case.appealed_case"))),
      ),
    item.reported && h("p", { class: "note" }, t("case.reported"), " ", when(item.reported)),
    item.hold &&
      h(
        "p",
        { class: "note warn", id: "held" },
        t("case.held_until"),
        " ",
        when(item.hold.until),
        ": ",
        foreign(item.hold.reason),
      ),
    item.state === "STATE_LEASED" &&
      !held &&
      h(
        "p",
        { class: "note warn", id: "elsewhere" },
        t("case.claimed_by"),
        " ",
        foreign(item.reviewer),
        item.leaseEnd && [" · ", t("case.until"), " ", when(item.leaseEnd)],
      ),
  ];
}

function reachPart(item) {
  const reach = item.reach ?? {};
  const link = (kind, name) =>
    name &&
    h("a", { href: `#/${kind}/${encodeURIComponent(item.tenant ?? "")}/${encodeURIComponent(name)}` }, foreign(name));
  return section(
    t("reach.title"),
    {},
    facts([
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
    ]),
  );
}

function clocksPart(item) {
  const clocks = item.clocks ?? [];
  if (!clocks.length) return undefined;
  return section(
    t("clock.title"),
    {},
    h(
      "ul",
      { class: "plain" },
      clocks.map((clock) =>
        h("li", {}, foreign(clock.name), " ", clockText(clock), h("br"), h("small", {}, when(clock.deadline))),
      ),
    ),
  );
}

const decisionItem = (one) =>
  h(
    "li",
    {},
    outcomeBadge(one),
    " ",
    foreign(one.reviewer),
    " · ",
    when(one.time),
    one.contentIds?.length > 0 && [
      " · ",
      t("past.on_some", { n: one.contentIds.length, count: one.contentIds.length }),
    ],
    one.note && h("p", { class: "quote" }, foreign(one.note)),
  );

function pastPart(item) {
  const decisions = item.decisions ?? [];
  const reviews = item.reviews ?? [];
  const escalations = item.escalations ?? [];
  return section(
    t("past.title"),
    {},
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
    decisions.length > 0 && [
      h("h3", {}, t("past.decisions")),
      h("ol", { class: "plain", id: "decisions" }, decisions.map(decisionItem)),
    ],
    reviews.length > 0 && [
      h("h3", {}, t("past.reviews")),
      h("ol", { class: "plain", id: "reviews" }, reviews.map(decisionItem)),
    ],
    escalations.length > 0 && [
      h("h3", {}, t("past.escalations")),
      h(
        "ol",
        { class: "plain" },
        escalations.map((one) =>
          h(
            "li",
            {},
            foreign(one.reviewer),
            " · ",
            when(one.time),
            " · ",
            foreign(one.skill),
            h("p", { class: "quote" }, foreign(one.reason)),
          ),
        ),
      ),
    ],
  );
}

function notesPart(caseId) {
  const kept = draft(caseId);
  const form = h(
    "form",
    { id: "notes" },
    labelled({
      id: "note",
      name: "note",
      label: t("note.label"),
      lines: 3,
      most: 4096,
      value: kept.note,
      hint: t("note.hint"),
    }),
    labelled({
      id: "feedback",
      name: "feedback",
      label: t("feedback.label"),
      lines: 2,
      most: 1024,
      value: kept.feedback,
      hint: t("feedback.hint"),
    }),
  );
  form.addEventListener("input", () => keepDraft(caseId, Object.fromEntries(new FormData(form))));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") document.getElementById("title").focus();
  });
  return section(t("note.title"), {}, form);
}

// Until when the case is this person's, brought up to date as it is kept.
function claimEnd(held, signal) {
  const text = () => t("case.yours_until", { time: dateText(held.end, { timeStyle: "medium" }) });
  const line = h("p", { class: "soft", id: "claim-end" }, text());
  onClaims(
    "kept",
    () => {
      line.textContent = text();
    },
    { signal },
  );
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
  const show = async (upload) => {
    shown.abort();
    shown = new AbortController();
    document.getElementById("looked-at").replaceWith(await uploadPart(item, upload, held, shown.signal));
    say(t("uploads.shown", { name: upload.contentId }));
  };
  const uploads = new Uploads(item, first, held, (upload) => context.retry("load", () => show(upload)));
  const actions = actionsOf(item, held, uploads, context);
  const looked = await uploadPart(item, firstLookedAt(item, uploads.uploads), held, shown.signal);
  ending.signal.addEventListener("abort", () => shown.abort());
  ending.signal.addEventListener("abort", watchCase(item, context));
  return {
    title: h("span", {}, caseName(item)),
    name: `${word("CaseQueue", item.queue)} ${item.shared ?? ""}`,
    body: h(
      "div",
      {},
      h("p", { class: "soft" }, foreign(item.caseId), " · ", word("CaseQueue", item.queue)),
      h(
        "div",
        { class: "actions", role: "group", "aria-label": t("action.group") },
        actions.filter((action) => !action.hidden).map((action) => button(action)),
      ),
      warnings(item, held),
      held && !held.held && claimEnd(held, ending.signal),
      h(
        "div",
        { class: "columns" },
        h("div", {}, looked, uploads.node(context)),
        h("div", {}, clocksPart(item), held && notesPart(caseId), reachPart(item), pastPart(item)),
      ),
    ),
    actions,
    leave: () => ending.abort(),
  };
}
