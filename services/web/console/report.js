// The public form: a person says that footage shows them. Nobody signs in.

import { labelled } from "./dialog.js";
import { facts, foreign, h, section } from "./dom.js";
import { when } from "./format.js";
import { chooseLanguage, languageNow, languages, loadLanguage, t, word } from "./i18n.js";

const byId = (id) => document.getElementById(id);

function trouble(text) {
  byId("alerts").replaceChildren(h("div", { class: "alert", role: "alert" }, h("p", {}, text)));
}

// Sends a form, or an object as JSON, and gives the answer; undefined where it
// was refused.
async function send(path, body) {
  byId("alerts").replaceChildren();
  const sent =
    body instanceof FormData
      ? { body }
      : { body: JSON.stringify(body), headers: { "Content-Type": "application/json" } };
  try {
    const answer = await fetch(path, { method: "POST", credentials: "omit", ...sent });
    if (answer.ok) return await answer.json();
    const { error } = await answer.json().catch(() => ({}));
    if (answer.status === 404) trouble(t("report.unknown"));
    else if (answer.status === 429) trouble(t("report.too_many"));
    else if (answer.status === 400) trouble([t("report.refused"), " ", foreign(error?.message ?? "")]);
    else trouble(t("report.failed"));
  } catch {
    trouble(t("server.gone"));
  }
  return undefined;
}

const lines = (text) =>
  String(text ?? "")
    .split("\n")
    .map((line) => line.trim())
    .filter(Boolean);

// What the server takes: a field for each link, and no footage where none is given.
function reportOf(form) {
  const given = new FormData(form);
  const body = new FormData();
  for (const name of ["statement", "name", "contact", "relation", "signature"]) body.set(name, given.get(name));
  for (const link of lines(given.get("links"))) body.append("links", link);
  body.set("language", document.documentElement.lang);
  const footage = given.get("footage");
  if (footage?.size) body.set("footage", footage);
  return body;
}

function receipt(reply) {
  byId("main").replaceChildren(
    h("h1", { tabindex: "-1", id: "title" }, t("report.received")),
    h(
      "div",
      { class: "panel" },
      h("p", {}, t("report.keep")),
      facts([
        [t("report.id"), h("code", { id: "report-id" }, reply.reportId)],
        [t("report.receipt"), h("code", { id: "receipt" }, foreign(reply.receipt))],
        [t("report.answer_by"), when(reply.answerBy)],
      ]),
    ),
  );
  byId("title").focus();
}

function reportForm() {
  const form = h(
    "form",
    {},
    labelled({
      id: "statement",
      name: "statement",
      label: t("report.statement"),
      hint: t("report.statement_hint"),
      lines: 6,
      required: true,
      most: 8192,
    }),
    labelled({ id: "links", name: "links", label: t("report.links"), hint: t("report.links_hint"), lines: 3 }),
    labelled({
      id: "footage",
      name: "footage",
      label: t("report.footage"),
      hint: t("report.footage_hint"),
      type: "file",
    }),
    labelled({ id: "name", name: "name", label: t("report.name"), required: true, most: 256 }),
    labelled({
      id: "contact",
      name: "contact",
      label: t("report.contact"),
      hint: t("report.contact_hint"),
      required: true,
      most: 256,
    }),
    labelled({
      id: "relation",
      name: "relation",
      label: t("report.relation"),
      choices: ["RELATION_SELF", "RELATION_REPRESENTATIVE"].map((value) => ({
        value,
        label: word("ReportHeader.Relation", value),
      })),
    }),
    labelled({
      id: "signature",
      name: "signature",
      label: t("report.signature"),
      hint: t("report.signature_hint"),
      required: true,
      most: 256,
    }),
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "primary", id: "send" }, t("report.send"))),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("send").disabled = true;
    const reply = await send("/report", reportOf(form));
    if (reply) receipt(reply);
    else byId("send").disabled = false;
  });
  return form;
}

function statusForm() {
  const shown = h("div", { "aria-live": "polite" });
  const form = h(
    "form",
    {},
    labelled({ id: "status-id", name: "reportId", label: t("report.id"), required: true, most: 64 }),
    labelled({ id: "status-receipt", name: "receipt", label: t("report.receipt"), required: true, most: 128 }),
    h("div", { class: "buttons" }, h("button", { type: "submit" }, t("report.ask"))),
    shown,
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reply = await send("/report/status", Object.fromEntries(new FormData(form)));
    if (!reply) return;
    shown.replaceChildren(
      facts([
        [t("case.state"), word("VictimReport.State", reply.state)],
        [t("report.answer_by"), when(reply.answerBy)],
        [t("report.found"), String(reply.found ?? 0)],
        [t("report.removed"), String(reply.removed ?? 0)],
        [t("report.answer"), reply.answer && foreign(reply.answer)],
      ]),
    );
  });
  return form;
}

function draw() {
  byId("language-label").textContent = t("frame.language");
  byId("language").replaceChildren(
    ...languages().map((tag) =>
      h("option", { value: tag, selected: tag === languageNow(), lang: tag }, t(`language.${tag}`)),
    ),
  );
  document.title = `${t("report.title")} · lenscap`;
  byId("main").replaceChildren(
    h("h1", { tabindex: "-1", id: "title" }, t("report.title")),
    h("p", {}, t("report.text")),
    h("p", {}, t("report.promise")),
    section(t("report.form"), {}, reportForm()),
    section(t("report.status"), {}, statusForm()),
  );
}

async function start() {
  await loadLanguage();
  byId("language").addEventListener("change", async (event) => {
    await chooseLanguage(event.target.value);
    draw();
  });
  draw();
}

start();
