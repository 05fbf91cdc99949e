// The lists of known clips, and one of them.

import { call, now } from "./api.js";
import { ask } from "./dialog.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { count, hex, mediaTime, number, seconds, share, when } from "./format.js";
import { button } from "./keys.js";
import { isAdmin, may, readsReports } from "./session.js";
import { rowActions } from "./queue_page.js";
import { say } from "./notice.js";
import { t, word } from "./i18n.js";

const PRECISION_DAYS = 90;
const ENTRIES = 100;

// How often reviewers agreed with each list lately, where the caller may know.
async function precisions() {
  if (!readsReports()) return new Map();
  const end = new Date(now());
  const start = new Date(now() - PRECISION_DAYS * 86400_000);
  try {
    const report = await call("ReportService/Campaign", { start: start.toISOString(), end: end.toISOString() });
    return new Map((report.lists ?? []).map((one) => [one.listId, one]));
  } catch {
    return new Map();
  }
}

const modeBadge = (list) => badge(word("ListMode", list.mode), list.mode === "LIST_MODE_SHADOW" ? "warn" : "good");

const precisionText = (one) =>
  one
    ? t("lists.precision_of", { share: share(one.precision), n: number(count(one.upheld) + count(one.rejected)) })
    : "–";

export async function listsPage() {
  const [reply, known] = await Promise.all([call("HashListService/ListLists"), precisions()]);
  const lists = reply.lists ?? [];
  const name = (list) =>
    may("REVIEWER")
      ? foreign(list.listId)
      : h(
          "a",
          { class: "row-link", id: `list-${list.listId}`, href: `#/list/${encodeURIComponent(list.listId)}` },
          foreign(list.listId),
        );
  return {
    title: t("place.lists"),
    body: section(
      t("lists.all"),
      {},
      lists.length
        ? table(
            t("lists.caption", { days: PRECISION_DAYS }),
            [
              t("found.list"),
              t("lists.issuer"),
              t("lists.mode"),
              { text: t("lists.entries"), number: true },
              { text: t("lists.held"), number: true },
              { text: t("lists.version"), number: true },
              t("lists.changed"),
              t("lists.precision"),
            ],
            lists.map((list) => ({
              key: list.listId,
              cells: [
                name(list),
                foreign(list.issuer),
                modeBadge(list),
                number(list.entries),
                number(list.held),
                number(list.version),
                when(list.changed),
                precisionText(known.get(list.listId)),
              ],
            })),
          )
        : h("p", {}, t("lists.none")),
    ),
    actions: rowActions(),
  };
}

async function setMode(list, context) {
  const mode = list.mode === "LIST_MODE_SHADOW" ? "LIST_MODE_ACTIVE" : "LIST_MODE_SHADOW";
  const answer = await ask({
    title: t("lists.set_title", { mode: word("ListMode", mode) }),
    text: t(`lists.set_text.${mode}`),
    confirm: t("lists.set"),
    fields: [{ name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 }],
  });
  if (!answer) return;
  const done = await context.retry("list", () =>
    call("HashListService/SetListMode", { listId: list.listId, mode, reason: answer.reason }),
  );
  if (done) say(t("lists.set_done"));
  context.reload();
}

async function holdEntry(list, entry, context) {
  const held = isHeld(entry);
  const method = held ? "ReleaseEntries" : "HoldEntries";
  const answer = await ask({
    title: t(held ? "lists.release_title" : "lists.hold_title"),
    text: entry.entryId,
    confirm: t(held ? "lists.release" : "lists.hold"),
    fields: [{ name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 }],
  });
  if (!answer) return;
  await context.retry("list", () =>
    call(`HashListService/${method}`, { listId: list.listId, entryIds: [entry.entryId], reason: answer.reason }),
  );
  context.reload();
}

const isHeld = (entry) => Boolean(entry.hold) && entry.hold !== "HOLD_NONE";

function entriesPart(list, entries, context) {
  const heads = [
    t("found.entry"),
    t("lists.severity"),
    t("found.category"),
    t("media.length"),
    { text: t("lists.frames"), number: true },
    t("lists.search"),
  ];
  if (isAdmin()) heads.push(t("lists.action"));
  return table(
    t("lists.entries_caption", { n: number(entries.length), all: number(list.entries) }),
    heads,
    entries.map((entry) => [
      foreign(entry.entryId),
      word("Severity", entry.severity),
      foreign(entry.category ?? ""),
      entry.duration ? mediaTime(seconds(entry.duration)) : "",
      number(entry.frames),
      isHeld(entry)
        ? [badge(word("ListEntry.Hold", entry.hold), "warn"), " ", foreign(entry.holdReason ?? "")]
        : t("lists.searched"),
      ...(isAdmin()
        ? [
            h(
              "button",
              { type: "button", onclick: () => holdEntry(list, entry, context) },
              t(isHeld(entry) ? "lists.release" : "lists.hold"),
            ),
          ]
        : []),
    ]),
  );
}

export async function listPage([listId], context) {
  const [reply, history, known] = await Promise.all([
    call("HashListService/GetList", { listId, pageSize: ENTRIES }),
    call("HashListService/History", { listId, limit: 50 }),
    precisions(),
  ]);
  const list = reply.list ?? {};
  const precision = known.get(listId);
  const mode = {
    id: "mode",
    label: t(list.mode === "LIST_MODE_SHADOW" ? "lists.activate" : "lists.to_shadow"),
    run: () => setMode(list, context),
  };
  return {
    title: foreign(list.listId),
    name: list.listId,
    body: h(
      "div",
      {},
      isAdmin() && h("div", { class: "actions" }, button(mode)),
      section(
        t("lists.about"),
        {},
        facts([
          [t("lists.issuer"), foreign(list.issuer)],
          [t("lists.mode"), modeBadge(list)],
          [t("lists.mode_reason"), list.modeReason && foreign(list.modeReason)],
          [t("lists.purpose"), word("ListPurpose", list.purpose)],
          [t("lists.entries"), number(list.entries)],
          [t("lists.held"), number(list.held)],
          [t("lists.version"), number(list.version)],
          [t("lists.signed_version"), count(list.signedVersion) > 0 && number(list.signedVersion)],
          [t("lists.in_force"), count(list.versionInForce) > 0 && number(list.versionInForce)],
          [t("lists.legal_basis"), list.legalBasis && foreign(list.legalBasis)],
          [t("lists.jurisdictions"), list.jurisdictions?.length && foreign(list.jurisdictions.join(", "))],
          [t("lists.expires"), when(list.expires)],
          ["SHA-256", list.sha256InForce && h("small", {}, foreign(hex(list.sha256InForce)))],
          [t("lists.precision"), precision && precisionText(precision)],
        ]),
      ),
      section(t("lists.entries"), {}, entriesPart(list, reply.entries ?? [], context)),
      section(
        t("lists.history"),
        {},
        table(
          t("lists.history_caption"),
          [
            { text: t("lists.version"), number: true },
            t("chart.time"),
            t("chart.what"),
            { text: t("lists.entries"), number: true },
            t("lists.actor"),
            t("ask.reason"),
          ],
          (history.changes ?? []).map((one) => [
            number(one.version),
            when(one.time),
            word("ListChange.Kind", one.kind),
            number(one.entries),
            foreign(one.actor ?? ""),
            foreign(one.reason ?? ""),
          ]),
        ),
      ),
    ),
    actions: rowActions(),
  };
}
