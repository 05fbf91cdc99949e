// What was done in a period, for a list, an issuer, a jurisdiction or a tenant.

import { call, now } from "./api.js";
import { labelled } from "./dialog.js";
import { facts, foreign, h, section, table } from "./dom.js";
import { count, dateText, number, seconds, share, stretch } from "./format.js";
import { bars, stacks } from "./charts.js";
import { readsCases } from "./session.js";
import { errorText } from "./notice.js";
import { t } from "./i18n.js";

const DAY = 86400;
const FIELDS = ["listId", "issuer", "jurisdiction", "platformClass", "tenant"];
const day = (time) => new Date(time).toISOString().slice(0, 10);

// The period and the filter of the address; the last 30 days without.
function wished(query) {
  const given = new URLSearchParams(query ?? "");
  const from = given.get("from") || day(now() - 29 * DAY * 1000);
  const to = given.get("to") || day(now());
  const filter = Object.fromEntries(FIELDS.filter((name) => given.get(name)).map((name) => [name, given.get(name)]));
  return { from, to, filter };
}

// Days are inclusive for people, half-open for the API.
const period = ({ from, to }) => ({
  start: `${from}T00:00:00Z`,
  end: new Date(Date.parse(`${to}T00:00:00Z`) + DAY * 1000).toISOString(),
});

function form({ from, to, filter }, context) {
  const node = h(
    "form",
    { class: "fields" },
    labelled({ id: "from", name: "from", label: t("campaign.from"), type: "date", value: from, required: true }),
    labelled({ id: "to", name: "to", label: t("campaign.to"), type: "date", value: to, required: true }),
    FIELDS.map((name) =>
      labelled({ id: `by-${name}`, name, label: t(`campaign.${name}`), value: filter[name], most: 256 }),
    ),
    h("div", { class: "field" }, h("button", { type: "submit", class: "primary" }, t("filter.show"))),
  );
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    const query = new URLSearchParams([...new FormData(node)].filter(([, value]) => value));
    context.go(`#/campaign/${encodeURIComponent(query.toString())}`);
  });
  return node;
}

function figures(report) {
  const names = [
    "itemsFound",
    "itemsBlocked",
    "itemsRetrospective",
    "decisions",
    "itemsRemoved",
    "listingsRemoved",
    "itemsRestored",
    "accountsActedOn",
    "groupsActedOn",
    "awaitingRedecision",
  ];
  return facts(
    [
      ...names.map((name) => [t(`campaign.${name}`), number(report[name])]),
      [t("campaign.removal_median"), report.removalMedian && stretch(seconds(report.removalMedian))],
      [t("campaign.removal_p95"), report.removalP95 && stretch(seconds(report.removalP95))],
      [t("campaign.within_24h"), report.removedWithin24h !== undefined && share(report.removedWithin24h, 1)],
      [t("campaign.within_48h"), report.removedWithin48h !== undefined && share(report.removedWithin48h, 1)],
    ],
    { class: "facts figures", id: "figures" },
  );
}

function listsPart(lists) {
  if (!lists.length) return h("p", {}, t("campaign.no_lists"));
  return stacks(
    t("campaign.precision_chart"),
    lists.map((one) => ({
      label: one.listId,
      values: [count(one.upheld), count(one.rejected)],
      end: share(one.precision, 1),
    })),
    [
      { tone: "three", label: t("campaign.upheld") },
      { tone: "two", label: t("campaign.rejected") },
    ],
  );
}

// Cases opened and decided over time, in steps that fit the period.
export function trendsChart(reply, step) {
  const series = [
    ["opened", "one"],
    ["removed", "two"],
    ["kept", "three"],
    ["appealed", "four"],
  ];
  const options = step < DAY ? { hour: "numeric" } : { month: "short", day: "numeric", timeZone: "UTC" };
  return bars(
    t("trends.title"),
    (reply.trends ?? []).map((one) => ({
      label: dateText(one.start, options),
      values: series.map(([name]) => count(one[name])),
    })),
    series.map(([name, tone]) => ({ tone, label: t(`trends.${name}`) })),
  );
}

function compliancePart(reply) {
  const clocks = reply.clocks ?? [];
  if (!clocks.length) return h("p", {}, t("compliance.none"));
  const missed = clocks.flatMap((clock) => clock.missedCaseIds ?? []);
  return [
    table(
      t("compliance.caption"),
      [
        t("compliance.clock"),
        { text: t("compliance.met"), number: true },
        { text: t("compliance.missed"), number: true },
        { text: t("compliance.running"), number: true },
        { text: t("compliance.median"), number: true },
        { text: t("compliance.p95"), number: true },
      ],
      clocks.map((clock) => [
        foreign(clock.name),
        number(clock.met),
        number(clock.missed),
        number(clock.running),
        clock.median ? stretch(seconds(clock.median)) : "–",
        clock.p95 ? stretch(seconds(clock.p95)) : "–",
      ]),
    ),
    missed.length > 0 && [
      h("h3", {}, t("compliance.missed_cases")),
      h(
        "ul",
        { class: "plain" },
        missed.map((id) => h("li", {}, readsCases() ? h("a", { href: `#/case/${id}` }, foreign(id)) : foreign(id))),
      ),
    ],
  ];
}

// A part of a page that may be refused, or not be served, without the rest.
export const part = (promise, make) =>
  promise.then(make, (error) =>
    h("p", { class: "soft" }, errorText(error, "part"), error.message && [" ", foreign(error.message)]),
  );

export async function campaignPage([query], context) {
  const wanted = wished(query);
  const range = period(wanted);
  const days = (Date.parse(range.end) - Date.parse(range.start)) / 1000 / DAY;
  const step = Math.max(1, Math.ceil(days / 60)) * DAY;
  const request = { ...range, filter: wanted.filter };
  const [main, compliance, trends] = await Promise.all([
    part(call("ReportService/Campaign", request), (report) => [
      section(t("campaign.figures"), {}, figures(report)),
      section(t("campaign.precision"), {}, listsPart(report.lists ?? [])),
    ]),
    part(call("ReportService/Compliance", request), compliancePart),
    readsCases() &&
      part(call("TakedownService/Trends", { ...range, step: `${step}s` }), (reply) => trendsChart(reply, step)),
  ]);
  return {
    title: t("place.campaign"),
    body: h(
      "div",
      {},
      section(t("campaign.period"), {}, form(wanted, context)),
      main,
      section(t("compliance.title"), {}, compliance),
      trends && section(t("trends.title"), {}, trends),
    ),
  };
}
