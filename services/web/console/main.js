// The console: which page is shown, and what is the same on all of them.

import { isHealthy, onReachable, onSignedOut, signOut } from "./api.js";
import { chooseLanguage, languageNow, languages, loadLanguage, t } from "./i18n.js";
import { claim, forgetClaims, loadClaims, onClaims, undo, watchClaims } from "./claims.js";
import { clearWarning, say, showUndo, warn, warnOf } from "./notice.js";
import {
  decides,
  giveName,
  isSignedIn,
  mustSignIn,
  needsName,
  personName,
  readsCases,
  readsLists,
  readsReports,
  refreshSession,
} from "./session.js";
import { ask } from "./dialog.js";
import { h } from "./dom.js";
import { listenToKeys, setGlobalActions, setPageActions, showHelp } from "./keys.js";
import { campaignPage } from "./campaign_page.js";
import { casePage } from "./case_page.js";
import { healthPage } from "./health_page.js";
import { accountPage, groupPage } from "./history_page.js";
import { listPage, listsPage } from "./lists_page.js";
import { queueFilter, queuePage } from "./queue_page.js";
import { reportPage, reportsPage } from "./reports_page.js";
import { rulesPage } from "./rules_page.js";
import { signInPage } from "./sign_in_page.js";

const PAGES = [
  ["queue", queuePage],
  ["case", casePage],
  ["account", accountPage],
  ["group", groupPage],
  ["lists", listsPage],
  ["list", listPage],
  ["rules", rulesPage],
  ["campaign", campaignPage],
  ["reports", reportsPage],
  ["report", reportPage],
  ["health", healthPage],
  ["sign-in", signInPage],
];

const PLACES = [
  { id: "queue", key: "g q", open: readsCases },
  { id: "lists", key: "g l", open: readsLists },
  { id: "rules", key: "g p", open: readsLists },
  { id: "reports", key: "g v", open: readsCases },
  { id: "campaign", key: "g r", open: readsReports },
  { id: "health", key: "g h", open: readsCases },
];

const byId = (id) => document.getElementById(id);
let leave = () => {};
let shown = 0;

const go = (hash) => {
  if (location.hash === hash) show({ moved: true });
  else location.hash = hash;
};

// A part of an address; as it stands where it is not well formed.
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const parts = () => location.hash.replace(/^#\/?/, "").split("/").map(decoded);

function pageNow() {
  if (mustSignIn()) return [signInPage, []];
  const [name, ...rest] = parts();
  const found = PAGES.find(([known]) => known === name)?.[1];
  if (found && found !== signInPage) return [found, rest];
  const first = PLACES.find((place) => place.open());
  return [PAGES.find(([known]) => known === (first?.id ?? "queue"))[1], []];
}

// Puts the page of the address in place. Where the person went there, the focus
// moves to its heading; where it is merely brought up to date, it stays.
async function show({ moved }) {
  const turn = ++shown;
  const [page, values] = pageNow();
  const context = { go, retry, claimNext, claimCase, enter, reload: () => show({ moved: false }) };
  let made;
  try {
    made = await page(values, context);
  } catch (error) {
    if (turn !== shown) return;
    warnOf(error, "load");
    made = failedPage(error, context);
  }
  if (turn !== shown) {
    made.leave?.();
    return;
  }
  leave();
  leave = made.leave ?? (() => {});
  place(made, moved);
}

function place(made, moved) {
  const main = byId("main");
  const focused = document.activeElement?.id;
  main.replaceChildren(h("h1", { tabindex: "-1", id: "title" }, made.title), made.body);
  document.title = `${made.name ?? made.title} · lenscap`;
  setPageActions(made.actions ?? []);
  drawNavigation();
  if (moved) {
    scrollTo(0, 0);
    byId("title").focus();
  } else if (focused && document.activeElement === document.body) {
    (byId(focused) ?? byId("title")).focus({ preventScroll: true });
  }
}

const failedPage = (error, context) => ({
  title: t(error.code === "NOT_FOUND" ? "page.not_found" : "page.failed"),
  body: h(
    "p",
    {},
    error.message ? h("bdi", { class: "foreign" }, error.message) : t("page.failed_text"),
    " ",
    h("button", { type: "button", onclick: () => context.reload() }, t("page.again")),
  ),
});

function drawNavigation() {
  const here = parts()[0] || "queue";
  const family = { case: "queue", account: "queue", group: "queue", list: "lists", report: "reports" };
  byId("places").replaceChildren(
    ...(mustSignIn()
      ? []
      : PLACES.filter((one) => one.open()).map((one) =>
          h(
            "li",
            {},
            h(
              "a",
              { href: `#/${one.id}`, "aria-current": (family[here] ?? here) === one.id && "page" },
              t(`place.${one.id}`),
            ),
          ),
        )),
  );
  byId("who").textContent = personName();
  byId("search-form").hidden = mustSignIn() || !readsCases();
  byId("sign-out").hidden = !isSignedIn();
}

function drawFrame() {
  byId("skip").textContent = t("frame.skip");
  byId("main-nav").setAttribute("aria-label", t("frame.navigation"));
  byId("search").setAttribute("aria-label", t("frame.search"));
  byId("search").placeholder = t("frame.search");
  byId("help").textContent = t("frame.help");
  byId("sign-out").textContent = t("frame.sign_out");
  byId("language-label").textContent = t("frame.language");
  byId("theme-label").textContent = t("frame.theme");
  byId("language").replaceChildren(
    ...languages().map((tag) =>
      h("option", { value: tag, selected: tag === languageNow(), lang: tag }, t(`language.${tag}`)),
    ),
  );
  const theme = localStorage.getItem("lenscap.theme") ?? "auto";
  byId("theme").replaceChildren(
    ...["auto", "light", "dark"].map((name) =>
      h("option", { value: name, selected: name === theme }, t(`theme.${name}`)),
    ),
  );
  setGlobalActions(globalActions());
}

function showTheme(name) {
  if (name === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

// Runs something that a person asked for; says what went wrong, if so.
async function retry(what, run) {
  try {
    clearWarning("error");
    return await run();
  } catch (error) {
    warnOf(error, what);
    return undefined;
  }
}

async function askName() {
  const answer = await ask({
    title: t("name.title"),
    text: t("name.text"),
    confirm: t("name.confirm"),
    fields: [{ name: "name", label: t("name.label"), required: true, most: 64 }],
  });
  if (answer?.name) giveName(answer.name);
  drawNavigation();
  return Boolean(answer?.name);
}

async function claimNext() {
  if (needsName() && !(await askName())) return;
  const item = await retry("claim", () => claim({ filter: queueFilter() }));
  if (item) go(`#/case/${item.caseId}`);
  else if (item === null) say(t("queue.none_waits"));
}

async function claimCase(caseId) {
  if (needsName() && !(await askName())) return;
  const item = await retry("claim", () => claim({ caseId }));
  if (item) say(t("case.claimed"));
  show({ moved: false });
}

async function undoLast() {
  const item = await retry("undo", undo);
  if (!item) return;
  say(t("undo.done"));
  go(`#/case/${item.caseId}`);
}

const globalActions = () => [
  ...(decides()
    ? [
        { id: "next", key: "n", label: t("action.next"), run: claimNext },
        { id: "undo", key: "u", label: t("action.undo"), run: undoLast },
      ]
    : []),
  { id: "search", key: "/", label: t("action.search"), run: () => byId("search").focus() },
  ...PLACES.filter((place) => place.open()).map((place) => ({
    id: `go-${place.id}`,
    key: place.key,
    label: t("action.go", { place: t(`place.${place.id}`) }),
    run: () => go(`#/${place.id}`),
  })),
  { id: "help", key: "?", label: t("action.help"), run: showHelp },
];

function listenToFrame() {
  byId("search-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const wanted = byId("search").value.trim();
    if (/^case-[A-Za-z0-9]+$/.test(wanted)) go(`#/case/${wanted}`);
    else say(t("search.not_a_case"));
  });
  byId("search").addEventListener("keydown", (event) => {
    if (event.key === "Escape") byId("title").focus();
  });
  byId("help").addEventListener("click", showHelp);
  byId("language").addEventListener("change", async (event) => {
    await chooseLanguage(event.target.value);
    drawFrame();
    show({ moved: false });
  });
  byId("theme").addEventListener("change", (event) => {
    localStorage.setItem("lenscap.theme", event.target.value);
    showTheme(event.target.value);
  });
  byId("sign-out").addEventListener("click", () =>
    retry("sign_out", async () => {
      await signOut();
      forgetClaims();
      await enter();
    }),
  );
}

function listenToServer() {
  onSignedOut(async () => {
    if (mustSignIn()) return;
    warn(t("session.ended"), { kind: "session" });
    forgetClaims();
    await refreshSession();
    show({ moved: true });
  });
  onReachable(
    () => {
      warn(t("server.gone"), { kind: "server" });
      const timer = setInterval(async () => {
        if (await isHealthy()) clearInterval(timer);
      }, 3000);
    },
    () => {
      clearWarning("server");
      say(t("server.back"));
    },
  );
  onClaims("lost", ({ detail }) => {
    clearWarning("claim");
    warn(t("claim.lost"), { kind: "claim", detail: detail.caseId });
    show({ moved: false });
  });
  onClaims("ending", ({ detail }) => {
    if (!document.querySelector("[data-kind=claim]")) {
      warn(t("claim.ending", { seconds: detail.seconds }), { kind: "claim" });
    }
  });
  onClaims("kept", () => clearWarning("claim"));
}

// After signing in or out, and at the start.
async function enter() {
  await refreshSession();
  drawFrame();
  clearWarning("session");
  if (mustSignIn()) return show({ moved: true });
  await retry("load", loadClaims);
  return show({ moved: true });
}

async function start() {
  showTheme(localStorage.getItem("lenscap.theme") ?? "auto");
  await loadLanguage();
  drawFrame();
  listenToFrame();
  listenToServer();
  listenToKeys();
  showUndo(undoLast);
  watchClaims();
  addEventListener("hashchange", () => show({ moved: true }));
  await retry("load", enter);
}

start();
