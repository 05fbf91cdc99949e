// What is known of an account, and of a group or channel.

import { call, now } from "./api.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { count, millis, number, when } from "./format.js";
import { stacks } from "./charts.js";
import { t } from "./i18n.js";
import { rowActions } from "./queue_page.js";

function strikesPart(strikes) {
  if (!strikes.length) return h("p", {}, t("history.no_strikes"));
  return table(
    t("history.strikes_caption"),
    [t("history.removed_at"), t("history.expires"), t("uploads.name"), t("history.case")],
    strikes.map((strike) => [
      when(strike.time),
      h(
        "span",
        {},
        when(strike.expires),
        " ",
        millis(strike.expires) > now() ? badge(t("history.counts"), "warn") : badge(t("history.expired")),
      ),
      foreign(strike.contentId),
      h("a", { href: `#/case/${strike.caseId}` }, foreign(strike.caseId)),
    ]),
  );
}

function neighboursPart(history, kind) {
  const neighbours = history.neighbours ?? [];
  if (!neighbours.length) return h("p", {}, t("history.no_neighbours"));
  const tenant = encodeURIComponent(history.tenant ?? "");
  return [
    table(
      t(`history.${kind}_caption`),
      [t(`reach.${kind}`), { text: t("case.uploads"), number: true }],
      neighbours.map((one) => [
        h("a", { href: `#/${kind}/${tenant}/${encodeURIComponent(one.name)}` }, foreign(one.name)),
        number(one.uploads),
      ]),
    ),
    h(
      "p",
      { class: "soft" },
      t("history.neighbours", { n: number(history.neighbourCount), count: count(history.neighbourCount) }),
    ),
  ];
}

function historyPage(history, kind) {
  const other = kind === "account" ? "group" : "account";
  const active = (history.strikes ?? []).filter((strike) => millis(strike.expires) > now()).length;
  const [removed, kept, undecided] = [history.removed, history.kept, history.undecided].map(count);
  return {
    title: h("span", {}, t(`reach.${kind}`), ": ", foreign(history.name)),
    name: `${t(`reach.${kind}`)} ${history.name}`,
    body: h(
      "div",
      {},
      section(
        t("history.figures"),
        {},
        facts([
          [t("case.uploads"), number(history.uploads)],
          [t("history.strikes_now"), number(active)],
          [t("reach.first"), when(history.firstSeen)],
          [t("reach.last"), when(history.lastSeen)],
          [t("filter.tenant"), history.tenant && foreign(history.tenant)],
        ]),
        stacks(
          t("history.chart"),
          [{ label: t("case.uploads"), values: [removed, kept, undecided] }],
          [
            { tone: "two", label: t("history.removed") },
            { tone: "three", label: t("history.kept") },
            { tone: "six", label: t("reach.undecided") },
          ],
        ),
      ),
      section(t("history.strikes"), {}, strikesPart(history.strikes ?? [])),
      section(t(`history.${other}s`), {}, neighboursPart(history, other)),
      section(
        t("history.cases"),
        {},
        h(
          "ul",
          { class: "plain" },
          (history.caseIds ?? []).map((id) =>
            h("li", {}, h("a", { class: "row-link", href: `#/case/${id}` }, foreign(id))),
          ),
        ),
      ),
    ),
    actions: rowActions(),
  };
}

export const accountPage = async ([tenant, account]) =>
  historyPage(await call("TakedownService/GetAccount", { tenant, account }), "account");

export const groupPage = async ([tenant, group]) =>
  historyPage(await call("TakedownService/GetGroup", { tenant, group }), "group");
