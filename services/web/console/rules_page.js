// The packs of rules in force, what each rule has done, and what they say of a
// text.

import { call } from "./api.js";
import { ask, labelled } from "./dialog.js";
import { badge, facts, foreign, h, section, table } from "./dom.js";
import { decimal, hex, number, when } from "./format.js";
import { numberedHits, rulesPart, saidPart, tagsCell } from "./listing.js";
import { visible } from "./others_text.js";
import { verdictPart } from "./found.js";
import { decides, isAdmin, personName } from "./session.js";
import { say } from "./notice.js";
import { levelWord, signalWord, t, word } from "./i18n.js";

const CLIP = 80;
const MODES = ["MODE_ACTIVE", "MODE_SHADOW", "MODE_OFF"];
const KINDS = ["LISTING", "POST", "CHAT_MESSAGE", "PROFILE"].map((name) => `KIND_${name}`);
const modeTone = { MODE_ACTIVE: "good", MODE_SHADOW: "warn", MODE_EXPIRED: "warn" };

// The text that somebody tries stays theirs, in this tab.
const triedKey = () => `lenscap.tried.${personName()}`;
const tried = () => JSON.parse(sessionStorage.getItem(triedKey()) ?? "{}");

async function setMode(pack, rule, context) {
  const answer = await ask({
    title: t("rules.set_title"),
    text: `${pack.packId}/${rule.ruleId}: ${rule.title ?? ""}`,
    confirm: t("rules.set"),
    fields: [
      {
        name: "mode",
        label: t("lists.mode"),
        value: rule.mode,
        choices: [
          ...MODES.map((value) => ({ value, label: word("Rule.Mode", value) })),
          { value: "MODE_UNSPECIFIED", label: t("rules.follow") },
        ],
      },
      { name: "reason", label: t("ask.reason"), required: true, most: 1024, lines: 2 },
    ],
  });
  if (!answer) return;
  const request = { packId: pack.packId, ruleId: rule.ruleId, mode: answer.mode, reason: answer.reason };
  const done = await context.retry("rules", () => call("ListingService/SetRuleMode", request));
  if (done) say(t("rules.set_done"));
  context.reload();
}

const modeCell = (rule) =>
  h(
    "span",
    {},
    badge(word("Rule.Mode", rule.mode), modeTone[rule.mode]),
    rule.setByHand && [" ", h("small", {}, t("rules.by_hand"))],
    rule.validUntil && [h("br"), h("small", {}, t("rules.valid_until"), " ", when(rule.validUntil))],
  );

function rulesTable(pack, context) {
  const heads = [
    t("listing.rule"),
    t("listing.signal"),
    t("listing.level"),
    { text: t("listing.score"), number: true },
    t("lists.mode"),
    { text: t("rules.hits"), number: true },
    t("listing.tags"),
  ];
  if (isAdmin()) heads.push(t("lists.action"));
  return table(
    t("rules.caption", { pack: pack.packId }),
    heads,
    (pack.rules ?? []).map((rule) => ({
      key: rule.ruleId,
      cells: [
        h(
          "span",
          { class: "line" },
          visible(rule.title || rule.ruleId, CLIP),
          h("br"),
          h("small", {}, visible(rule.ruleId, CLIP), rule.locale && [" · ", foreign(rule.locale)]),
          rule.description && [h("br"), h("small", {}, visible(rule.description, 4 * CLIP))],
        ),
        signalWord(rule.group),
        levelWord(rule.level),
        decimal(rule.score),
        modeCell(rule),
        number(rule.hits),
        tagsCell(rule.tags),
        ...(isAdmin()
          ? [
              h(
                "button",
                {
                  type: "button",
                  id: `mode-${pack.packId}-${rule.ruleId}`,
                  "aria-label": t("rules.set_one", { rule: rule.title || rule.ruleId }),
                  onclick: () => setMode(pack, rule, context),
                },
                t("rules.set"),
              ),
            ]
          : []),
      ],
    })),
  );
}

const packPart = (pack, context) =>
  section(
    h("span", {}, visible(pack.title || pack.packId, CLIP)),
    {},
    facts([
      [t("rules.pack"), foreign(pack.packId)],
      [t("lists.version"), number(pack.version)],
      [t("lists.issuer"), foreign(pack.issuer)],
      [t("rules.published"), pack.builtIn ? t("rules.built_in") : when(pack.published)],
      [t("rules.rules"), number(pack.rules?.length)],
      ["SHA-256", pack.sha256 && h("small", {}, foreign(hex(pack.sha256)))],
    ]),
    rulesTable(pack, context),
  );

function triedPart(item, report) {
  const hits = numberedHits(report);
  return [
    h("h3", { id: "tried-title", tabindex: "-1" }, t("rules.result")),
    verdictPart(report.verdict),
    saidPart(item, hits),
    rulesPart(report, hits),
  ];
}

function tryPart(context) {
  const kept = tried();
  const result = h("div", { id: "tried" });
  const form = h(
    "form",
    { id: "try" },
    labelled({ id: "try-title", name: "title", label: t("listing.title"), most: 4096, value: kept.title }),
    labelled({
      id: "try-description",
      name: "description",
      label: t("listing.description"),
      lines: 3,
      most: 65_536,
      value: kept.description,
    }),
    h(
      "div",
      { class: "fields" },
      labelled({
        id: "try-kind",
        name: "kind",
        label: t("listing.kind"),
        value: kept.kind,
        choices: KINDS.map((value) => ({ value, label: word("ReviewListingRequest.Kind", value) })),
      }),
      labelled({
        id: "try-locale",
        name: "locale",
        label: t("listing.locale"),
        most: 32,
        value: kept.locale,
        hint: t("rules.locale_hint"),
      }),
      h("div", { class: "field" }, h("button", { type: "submit", class: "primary", id: "do-try" }, t("rules.try"))),
    ),
  );
  form.addEventListener("input", () =>
    sessionStorage.setItem(triedKey(), JSON.stringify(Object.fromEntries(new FormData(form)))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const item = { listingId: "try", ...Object.fromEntries(new FormData(form)) };
    const report = await context.retry("rules", () => call("ListingService/Explain", item));
    if (!report) return;
    result.replaceChildren();
    result.append(...triedPart({ ...item, listingId: "" }, report).filter(Boolean));
    document.getElementById("tried-title")?.focus();
  });
  return section(t("rules.try_title"), {}, h("p", { class: "soft" }, t("rules.try_text")), form, result);
}

export async function rulesPage(_, context) {
  const packs = (await call("ListingService/ListRulePacks")).packs ?? [];
  return {
    title: t("place.rules"),
    body: h(
      "div",
      {},
      decides() && tryPart(context),
      packs.length ? packs.map((pack) => packPart(pack, context)) : h("p", {}, t("rules.none")),
    ),
  };
}
