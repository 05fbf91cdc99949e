// What victims report, and what becomes of it.

import { call } from "./api.js";
import { ask } from "./dialog.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { age, number, when } from "./format.js";
import { detailParts, foundPart } from "./found.js";
import { button } from "./keys.js";
import { say } from "./notice.js";
import { clockText, rowActions } from "./queue_page.js";
import { decides } from "./session.js";
import { t, word } from "./i18n.js";

const STATES = ["STATE_WAITING", "STATE_ACCEPTED", "STATE_REJECTED"];

const dueText = (report) => clockText({ deadline: report.answerBy, met: report.answered });

export async function reportsPage([wanted]) {
  const state = STATES.includes(wanted) ? wanted : STATES[0];
  const reply = await call("IntakeService/ListReports", { state, pageSize: 100 });
  const reports = reply.reports ?? [];
  const tabs = h(
    "ul",
    { class: "legend" },
    STATES.map((one) =>
      h(
        "li",
        {},
        h("a", { href: `#/reports/${one}`, "aria-current": one === state && "true" }, word("VictimReport.State", one)),
      ),
    ),
  );
  return {
    title: t("place.reports"),
    body: section(
      t("reports.title"),
      {},
      tabs,
      reports.length
        ? table(
            t("reports.caption", { state: word("VictimReport.State", state) }),
            [t("reports.id"), t("case.age"), t("reports.answer_by"), t("reports.footage"), t("filter.tenant")],
            reports.map((report) => [
              h(
                "a",
                { class: "row-link", id: `report-${report.reportId}`, href: `#/report/${report.reportId}` },
                foreign(report.reportId),
              ),
              age(report.received),
              report.answerBy ? dueText(report) : "",
              t(report.hasFootage ? "reports.yes" : "reports.no"),
              foreign(report.header?.tenant ?? ""),
            ]),
          )
        : h("p", {}, t("reports.none")),
    ),
    actions: rowActions(),
  };
}

async function answer(report, accept, context) {
  const what = accept ? "accept" : "reject";
  const given = await ask({
    title: t(`reports.${what}_title`),
    text: t(`reports.${what}_text`),
    confirm: t(`reports.${what}`),
    danger: !accept,
    fields: [{ name: "answer", label: t("reports.answer"), required: !accept, most: 4096, lines: 4 }],
  });
  if (!given) return;
  const done = await context.retry("report", () =>
    call(`IntakeService/${accept ? "Accept" : "Reject"}Report`, { reportId: report.reportId, answer: given.answer }),
  );
  if (done) say(t(`reports.${what}_done`));
  context.reload();
}

function footageText(report) {
  if (!report.hasFootage) return t("reports.no");
  if (report.unreadable) return h("span", {}, t("reports.unreadable"), " ", foreign(report.unreadable));
  return t("reports.hashes", { n: number(report.frames) });
}

export async function reportPage([reportId], context) {
  const report = await call("IntakeService/GetReport", { reportId });
  const header = report.header ?? {};
  const waiting = report.state === "STATE_WAITING";
  const actions =
    waiting && decides()
      ? [
          {
            id: "accept",
            key: "y",
            label: t("reports.accept"),
            tone: "primary",
            run: () => answer(report, true, context),
          },
          {
            id: "reject",
            key: "o",
            label: t("reports.reject"),
            tone: "danger",
            run: () => answer(report, false, context),
          },
        ]
      : [];
  const list = (texts) =>
    texts?.length > 0 &&
    h(
      "ul",
      { class: "plain" },
      texts.map((text) => h("li", {}, foreign(text))),
    );
  return {
    title: h("span", {}, t("reports.one"), " ", foreign(report.reportId)),
    name: t("reports.one"),
    body: h(
      "div",
      {},
      h(
        "div",
        { class: "actions" },
        actions.map((action) => button(action)),
      ),
      section(
        t("reports.said"),
        {},
        h("p", { class: "quote" }, foreign(header.statement)),
        facts([
          [t("reports.name"), foreign(header.name ?? "")],
          [t("reports.contact"), foreign(header.contact ?? "")],
          [t("reports.relation"), word("ReportHeader.Relation", header.relation)],
          [t("reports.signature"), foreign(header.signature ?? "")],
          [t("filter.language"), header.language && foreign(header.language)],
          [t("filter.tenant"), header.tenant && foreign(header.tenant)],
          [t("reports.links"), list(header.links)],
          [t("reports.uploads"), list(header.contentIds)],
        ]),
      ),
      section(
        t("reports.stands"),
        {},
        facts([
          [t("case.state"), badge(word("VictimReport.State", report.state))],
          [t("reports.received"), when(report.received)],
          [t("reports.answer_by"), when(report.answerBy)],
          [
            t("reports.answered"),
            report.answered && h("span", {}, when(report.answered), " · ", foreign(report.answeredBy ?? "")),
          ],
          [t("reports.answer"), report.answer && foreign(report.answer)],
          [t("reports.footage"), footageText(report)],
          [t("reports.entry"), report.entry && foreign(report.entry)],
          [
            t("history.cases"),
            report.caseIds?.length > 0 &&
              h(
                "ul",
                { class: "plain" },
                report.caseIds.map((id) => h("li", {}, h("a", { href: `#/case/${id}` }, foreign(id)))),
              ),
          ],
        ]),
      ),
      report.scan && [section(t("reports.scan"), {}, foundPart(report.scan)), detailParts(report.scan)],
    ),
    actions,
  };
}
