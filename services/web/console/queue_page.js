// What waits: the queues, the cases, and one's own claims.

import { call, now } from "./api.js";
import { decides, needsName } from "./session.js";
import { badge, foreign, h, section, table } from "./dom.js";
import { age, count, dateText, decimal, millis, number, stretch } from "./format.js";
import { labelled } from "./dialog.js";
import { button } from "./keys.js";
import { listingTitle } from "./listing.js";
import { visible } from "./others_text.js";
import { loadClaims } from "./claims.js";
import { stacks } from "./charts.js";
import { t, word } from "./i18n.js";

const QUEUES = ["KNOWN_CLIP", "SUSPECTED", "LISTING", "APPEAL", "VICTIM_REPORT"].map((name) => `CASE_QUEUE_${name}`);
const STATES = ["WAITING", "LEASED", "DECIDED", "DEAD_LETTER"].map((name) => `STATE_${name}`);
const TONES = ["three", "one", "six", "four", "five", "two"];
const REFRESH_MS = 20_000;
const PAGE_SIZE = 50;
const NAME = 40; // Characters of an account beside others.

// What this person wants to be offered, kept for the tab.
const FILTER = "lenscap.filter";
const chosen = () => JSON.parse(sessionStorage.getItem(FILTER) ?? "{}");
export function queueFilter() {
  const { queue, tenant, skill, language } = chosen();
  return {
    queues: queue ? [queue] : [],
    tenant: tenant || undefined,
    skills: skill ? [skill] : [],
    languages: language ? [language] : [],
  };
}

// The clock that runs out first, in words; its tone says how near that is.
export function clockBadge(clocks = []) {
  const running = clocks.filter((clock) => !clock.met);
  if (!running.length) return "";
  const first = running.reduce((one, two) => (millis(one.deadline) <= millis(two.deadline) ? one : two));
  return clockText(first);
}

export function clockText(clock) {
  if (clock.met) {
    const late = millis(clock.met) > millis(clock.deadline);
    return badge(t(late ? "clock.met_late" : "clock.met"), late ? "bad" : "good");
  }
  const left = (millis(clock.deadline) - now()) / 1000;
  const text = left < 0 ? t("clock.overdue", { time: stretch(-left) }) : t("clock.left", { time: stretch(left) });
  return h(
    "time",
    { datetime: clock.deadline, title: dateText(clock.deadline) },
    badge(text, left < 0 ? "bad" : left < 86400 ? "warn" : ""),
  );
}

export const caseName = (item) =>
  item.shared
    ? [word("Case.GroupedBy", item.groupedBy), ": ", foreign(item.shared)]
    : foreign(item.contentId ?? item.caseId);

// Of a listing: who sells it, its score, and how many others sell the like.
function listingLine(item) {
  if (!item.listing) return undefined;
  const sellers = count(item.reach?.accounts);
  return h(
    "small",
    {},
    item.account && [visible(item.account, NAME), " · "],
    t("queue.score", { score: decimal(item.listing.score) }),
    sellers > 0 && [" · ", t("queue.sellers", { n: number(sellers), count: sellers })],
  );
}

const caseLink = (item) =>
  h(
    "span",
    {},
    h(
      "a",
      { href: `#/case/${item.caseId}`, id: `open-${item.caseId}`, class: "row-link" },
      listingTitle(item.listing) || caseName(item),
    ),
    item.listing && [h("br"), listingLine(item)],
  );

const advised = (item) => {
  const action = (item.listing?.verdict ?? item.report?.verdict)?.action;
  return action ? badge(word("Action", action), action === "ACTION_BLOCK" ? "bad" : "warn") : "";
};

export function caseTable(caption, cases) {
  return table(
    caption,
    [
      t("case.what"),
      t("case.queue"),
      t("case.advised"),
      { text: t("case.uploads"), number: true },
      t("case.age"),
      t("case.clock"),
      t("case.state"),
    ],
    cases.map((item) => ({
      key: item.caseId,
      cells: [
        caseLink(item),
        word("CaseQueue", item.queue),
        advised(item),
        number(item.reach?.uploads ?? 1),
        age(item.opened),
        clockBadge(item.clocks),
        stateText(item),
      ],
    })),
  );
}

export function stateText(item) {
  if (item.hold) return [badge(t("case.held"), "warn"), " ", foreign(item.hold.reviewer ?? item.reviewer)];
  if (item.state === "STATE_LEASED") return [t("case.claimed_by"), " ", foreign(item.reviewer)];
  return word("Case.State", item.state);
}

const AGES = ["1h", "4h", "24h", "48h", "7d", "more"];

function queueParts(stats) {
  const queues = stats.queues ?? [];
  const name = (one) => [word("CaseQueue", one.queue), one.tenant && [" · ", foreign(one.tenant)]];
  const rows = queues.map((one) => [
    h("span", {}, name(one)),
    number(one.waiting),
    number(one.leased),
    age(one.oldestWaiting) ?? "",
    count(one.dueSoon) ? badge(number(one.dueSoon), "warn") : "0",
    count(one.overdue) ? badge(number(one.overdue), "bad") : "0",
  ]);
  const stacked = queues
    .filter((one) => (one.waitingByAge ?? []).length)
    .map((one) => ({
      label: [word("CaseQueue", one.queue), one.tenant].filter(Boolean).join(" · "),
      values: one.waitingByAge.map(count),
    }));
  return [
    rows.length
      ? table(
          t("queue.caption"),
          [
            t("case.queue"),
            { text: t("queue.waiting"), number: true },
            { text: t("queue.leased"), number: true },
            t("queue.oldest"),
            { text: t("queue.due_soon"), number: true },
            { text: t("queue.overdue"), number: true },
          ],
          rows,
        )
      : h("p", {}, t("queue.empty")),
    stacked.length > 0 &&
      stacks(
        t("queue.by_age"),
        stacked,
        TONES.map((tone, i) => ({ tone, label: t(`age.${AGES[i]}`) })),
      ),
  ];
}

export const queueSection = (stats) => section(t("queue.queues"), {}, queueParts(stats));

function filterForm(context, state) {
  const kept = chosen();
  const choice = (value, label) => ({ value, label });
  const form = h(
    "form",
    { class: "fields" },
    labelled({
      name: "queue",
      id: "filter-queue",
      label: t("case.queue"),
      value: kept.queue,
      choices: [choice("", t("filter.any")), ...QUEUES.map((queue) => choice(queue, word("CaseQueue", queue)))],
    }),
    labelled({ name: "tenant", id: "filter-tenant", label: t("filter.tenant"), value: kept.tenant, most: 64 }),
    labelled({ name: "language", id: "filter-language", label: t("filter.language"), value: kept.language, most: 32 }),
    labelled({ name: "skill", id: "filter-skill", label: t("filter.skill"), value: kept.skill, most: 32 }),
    labelled({
      name: "state",
      id: "filter-state",
      label: t("case.state"),
      value: state,
      choices: STATES.map((one) => choice(one, word("Case.State", one))),
    }),
    h("div", { class: "field" }, h("button", { type: "submit" }, t("filter.show"))),
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { state: wanted, ...filter } = Object.fromEntries(new FormData(form));
    sessionStorage.setItem(FILTER, JSON.stringify(filter));
    context.go(`#/queue/${wanted}`);
  });
  return form;
}

// Moves the focus along the links of the rows.
export function moveAlong(step) {
  const links = [...document.querySelectorAll(".row-link")];
  if (!links.length) return;
  const here = links.indexOf(document.activeElement);
  links[Math.min(links.length - 1, Math.max(0, here === -1 ? 0 : here + step))].focus();
}

export const rowActions = () => [
  { id: "down", key: "j", label: t("action.down"), run: () => moveAlong(1) },
  { id: "up", key: "k", label: t("action.up"), run: () => moveAlong(-1) },
];

async function stateOf(state) {
  const request = { state, pageSize: PAGE_SIZE, filter: queueFilter() };
  const [stats, listed] = await Promise.all([
    call("TakedownService/Stats"),
    call("TakedownService/ListCases", request),
  ]);
  return { stats, listed, request };
}

export async function queuePage([wanted], context) {
  const state = STATES.includes(wanted) ? wanted : "STATE_WAITING";
  const [{ stats, listed, request }, mine] = await Promise.all([stateOf(state), loadClaims()]);
  const cases = listed.cases ?? [];
  const list = h("div", {}, caseTable(t("queue.cases", { state: word("Case.State", state) }), cases));
  const more = pager(listed.nextPageToken, list, request, context);
  const next = { id: "next-here", label: t("action.next"), key: "n", tone: "primary", run: context.claimNext };
  const refresh = setInterval(() => {
    // What somebody reads with the keyboard does not move beneath them.
    if (!document.hidden && !document.querySelector("dialog, main :focus")) context.reload();
  }, REFRESH_MS);
  return {
    title: t("place.queue"),
    body: h(
      "div",
      {},
      decides() && h("div", { class: "actions" }, button(next)),
      needsName() || !mine.length ? "" : section(t("queue.mine"), {}, caseTable(t("queue.mine_text"), mine)),
      section(t("queue.queues"), {}, queueParts(stats)),
      section(
        t("queue.list"),
        {},
        filterForm(context, state),
        cases.length ? [list, more] : h("p", {}, t("queue.no_cases")),
      ),
    ),
    actions: rowActions(),
    leave: () => clearInterval(refresh),
  };
}

function pager(token, list, request, context) {
  let pageToken = token;
  const show = async () => {
    const reply = await call("TakedownService/ListCases", { ...request, pageToken });
    const added = caseTable(t("queue.list"), reply.cases ?? []);
    list.querySelector("tbody").append(...added.querySelectorAll("tbody tr"));
    pageToken = reply.nextPageToken;
    more.hidden = !pageToken;
  };
  const more = h(
    "button",
    { type: "button", hidden: !pageToken, onclick: () => context.retry("load", show) },
    t("page.more"),
  );
  return more;
}
