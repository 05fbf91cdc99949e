// How the work goes: queues, decisions over time, webhooks, reviewers.

import { call, now } from "./api.js";
import { ask } from "./dialog.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { age, count, number, seconds, share, stretch, when } from "./format.js";
import { part, trendsChart } from "./campaign_page.js";
import { queueSection } from "./queue_page.js";
import { isAdmin, oversees } from "./session.js";
import { say } from "./notice.js";
import { t, word } from "./i18n.js";

const DAY = 86400;
const TREND_DAYS = 14;

const lastDays = (days) => {
  const end = Math.ceil(now() / (DAY * 1000)) * DAY * 1000;
  return { start: new Date(end - days * DAY * 1000).toISOString(), end: new Date(end).toISOString() };
};

const statsPart = (stats) => [
  section(
    t("health.now"),
    {},
    facts(
      [
        ...["waiting", "leased", "held", "decided", "deadLetter"].map((name) => [
          t(`health.${name}`),
          number(stats[name]),
        ]),
        [t("queue.oldest"), age(stats.oldestWaiting)],
      ],
      { class: "facts figures", id: "stats" },
    ),
  ),
  queueSection(stats),
];

const ratio = (one, all) => (count(all) ? `${share(count(one) / count(all))} (${number(one)}/${number(all)})` : "–");

function reviewersPart(reply) {
  const reviewers = reply.reviewers ?? [];
  if (!reviewers.length) return h("p", {}, t("reviewers.none"));
  return table(
    t("reviewers.caption", { days: TREND_DAYS }),
    [
      t("reviewers.reviewer"),
      { text: t("reviewers.decisions"), number: true },
      { text: t("reviewers.median"), number: true },
      { text: t("reviewers.golden"), number: true },
      { text: t("reviewers.agreed"), number: true },
      { text: t("reviewers.reversed"), number: true },
    ],
    reviewers.map((one) => [
      foreign(one.reviewer),
      number(one.decisions),
      one.medianTime ? stretch(seconds(one.medianTime)) : "–",
      ratio(one.goldenRight, one.golden),
      ratio(one.agreed, one.reviewedTwice),
      number(one.reversed),
    ]),
  );
}

function goldenPart(reply, context) {
  const remove = async (one) => {
    const sure = await ask({
      title: t("golden.remove_title"),
      text: one.goldenId,
      confirm: t("golden.remove"),
      danger: true,
    });
    if (!sure) return;
    await context.retry("golden", () => call("TakedownService/RemoveGolden", { goldenId: one.goldenId }));
    context.reload();
  };
  const golden = reply.golden ?? [];
  if (!golden.length) return h("p", {}, t("golden.none"));
  return table(
    t("golden.caption"),
    [t("history.case"), t("golden.outcome"), t("golden.note"), t("golden.right"), t("lists.action")],
    golden.map((one) => [
      h("a", { href: `#/case/${one.caseId}` }, foreign(one.caseId)),
      word("Decision.Outcome", one.outcome),
      foreign(one.note ?? ""),
      ratio(one.answeredRightly, one.answered),
      isAdmin() ? h("button", { type: "button", onclick: () => remove(one) }, t("golden.remove")) : "",
    ]),
  );
}

async function replay(endpointId, deliveryIds, context) {
  const reply = await context.retry("webhook", () => call("OutcomeService/Replay", { endpointId, deliveryIds }));
  if (reply) say(t("webhooks.replayed", { n: number(reply.replayed), count: count(reply.replayed) }));
  context.reload();
}

async function test(endpointId, context) {
  const reply = await context.retry("webhook", () => call("OutcomeService/TestEndpoint", { endpointId }));
  if (!reply) return;
  const good = reply.httpStatus >= 200 && reply.httpStatus < 300;
  say(
    t(good ? "webhooks.test_good" : "webhooks.test_bad", { status: reply.httpStatus ?? 0, error: reply.error ?? "" }),
  );
}

async function endpointPart(endpoint, context) {
  const { endpointId } = endpoint;
  const dead = await part(
    call("OutcomeService/ListDeliveries", { endpointId, state: "STATE_DEAD_LETTER", pageSize: 50 }),
    (reply) => {
      const deliveries = reply.deliveries ?? [];
      if (!deliveries.length) return h("p", { class: "good-text" }, t("webhooks.no_dead"));
      return [
        table(
          t("webhooks.dead_caption"),
          [
            t("webhooks.delivery"),
            t("chart.what"),
            t("history.case"),
            { text: t("webhooks.attempts"), number: true },
            t("webhooks.error"),
            t("lists.action"),
          ],
          deliveries.map((one) => [
            foreign(one.deliveryId),
            word("Outcome.Type", one.outcome?.type),
            h("a", { href: `#/case/${one.outcome?.caseId ?? ""}` }, foreign(one.outcome?.caseId ?? "")),
            number(one.attempts),
            foreign(one.lastError ?? ""),
            isAdmin()
              ? h(
                  "button",
                  { type: "button", onclick: () => replay(endpointId, [one.deliveryId], context) },
                  t("webhooks.replay"),
                )
              : "",
          ]),
        ),
        isAdmin() &&
          h("button", { type: "button", onclick: () => replay(endpointId, [], context) }, t("webhooks.replay_all")),
      ];
    },
  );
  return h(
    "div",
    { class: "endpoint" },
    h(
      "h3",
      {},
      foreign(endpoint.url),
      " ",
      badge(endpoint.lastError ? t("webhooks.failing") : t("webhooks.fine"), endpoint.lastError ? "bad" : "good"),
    ),
    facts([
      [t("filter.tenant"), endpoint.tenant && foreign(endpoint.tenant)],
      [
        t("webhooks.types"),
        endpoint.types?.length
          ? endpoint.types.map((type) => word("Outcome.Type", type)).join(", ")
          : t("webhooks.all_types"),
      ],
      [t("webhooks.key"), h("small", {}, foreign(endpoint.publicKey ?? ""))],
      [
        t("webhooks.last_error"),
        endpoint.lastError && h("span", {}, foreign(endpoint.lastError), " · ", when(endpoint.lastFailed)),
      ],
    ]),
    isAdmin() &&
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: () => test(endpointId, context) }, t("webhooks.test")),
      ),
    dead,
  );
}

const webhooksPart = async (reply, context) => {
  const endpoints = reply.endpoints ?? [];
  if (!endpoints.length) return h("p", {}, t("webhooks.none"));
  return Promise.all(endpoints.map((endpoint) => endpointPart(endpoint, context)));
};

export async function healthPage(_, context) {
  const trend = { ...lastDays(TREND_DAYS), step: `${DAY}s` };
  const [stats, trends, reviewers, golden, webhooks] = await Promise.all([
    part(call("TakedownService/Stats"), statsPart),
    part(call("TakedownService/Trends", trend), (reply) => trendsChart(reply, DAY)),
    oversees() && part(call("TakedownService/ReviewerStats", lastDays(TREND_DAYS)), reviewersPart),
    oversees() && part(call("TakedownService/ListGolden"), (reply) => goldenPart(reply, context)),
    oversees() && part(call("OutcomeService/ListEndpoints"), (reply) => webhooksPart(reply, context)),
  ]);
  return {
    title: t("place.health"),
    body: h(
      "div",
      {},
      stats,
      section(t("trends.title"), {}, trends),
      webhooks && section(t("webhooks.title"), {}, webhooks),
      reviewers && section(t("reviewers.title"), {}, reviewers),
      golden && section(t("golden.title"), {}, golden),
    ),
  };
}
