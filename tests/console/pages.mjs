// The pages of the console over a mock: where each is, and what shows that it
// has come.

import assert from "node:assert/strict";

import { newContext, openPage, pageOf } from "./browser.mjs";
import { LISTING_CASE } from "./made_up_listings.mjs";
import { startMock } from "./mock_server.mjs";
import { madeUpState } from "./mock_state.mjs";

const PLACES = {
  "sign-in": { path: "/#/queue", signedOut: true, ready: "#token" },
  queue: { path: "/#/queue", ready: ".row-link" },
  waiting: { path: "/#/case/case-bbbbbbbbbbbbbbbbbbbbbbbbbb", ready: "#claim-to-see" },
  appeal: { path: "/#/case/case-cccccccccccccccccccccccccc", ready: "#appeal" },
  case: { path: "/#/case/case-aaaaaaaaaaaaaaaaaaaaaaaaaa", ready: "#do-remove", claim: true },
  listing: { path: `/#/case/${LISTING_CASE}`, ready: "#do-remove", claim: true },
  account: { path: "/#/account/forum/bob", ready: ".row-link" },
  group: { path: "/#/group/forum/chat-7", ready: ".row-link" },
  lists: { path: "/#/lists", ready: "#list-hotline" },
  list: { path: "/#/list/hotline", ready: "#do-mode" },
  rules: { path: "/#/rules", ready: "#try" },
  campaign: { path: "/#/campaign", ready: "#figures" },
  reports: { path: "/#/reports", ready: ".row-link" },
  report: { path: "/#/report/report-1", ready: "#do-accept" },
  health: { path: "/#/health", ready: ".endpoint" },
  "report-form": { path: "/report", ready: "#send" },
};
export const PAGES = Object.keys(PLACES);

// Loads a page of the mock and waits until it is there; of the case, claimed.
export async function openAt(page, mock, name) {
  const place = PLACES[name];
  mock.state.present = !place.signedOut;
  await page.goto("about:blank");
  await page.goto(mock.url + place.path);
  await page.waitForSelector(place.ready);
  if (place.claim && (await page.locator("#do-claim").count())) {
    await page.keyboard.press("c");
    await page.waitForSelector("#reveal");
    await page.waitForSelector("#do-release:not([disabled])");
  }
  // What was said fades by itself; pages are looked at without.
  await page.evaluate(() => document.getElementById("live").replaceChildren());
}

// One mock for all tests of a suite, and one context for all that want the same
// of it, so that the console's files are fetched once: what is kept there is
// cleared, and each test gets a page and answers of its own.
let mock;
const contexts = new Map();

async function freshPage(browser, options, alone) {
  if (alone) return openPage(browser, options);
  const key = JSON.stringify(options);
  if (!contexts.has(key)) contexts.set(key, await newContext(browser, options));
  const page = await pageOf(contexts.get(key));
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: mock.url, storageTypes: "local_storage" });
  return page;
}

// Runs `look` with a new page and a mock that nobody has used. Scripts that
// throw, and what the page's policy for content refused, fail it. `alone` is for
// what outlives a page, such as a clock.
export async function withMock(browser, options, look, { alone = false } = {}) {
  if (!mock) {
    mock = await startMock();
    mock.unref();
  }
  mock.state = madeUpState();
  const page = await freshPage(browser, options, alone);
  try {
    await look(page, mock);
    assert.deepEqual(page.troubles, []);
  } finally {
    await (alone ? page.context() : page).close();
  }
}

// The same at each of the pages, one after the other.
export const onEachPage = (browser, options, look) =>
  withMock(browser, options, async (page, mock) => {
    for (const name of PAGES) {
      await openAt(page, mock, name);
      await look(page, name);
    }
  });
