// The pages of the console over a mock: where each is, and what shows that it
// has come.

import assert from "node:assert/strict";

import { openPage } from "./browser.mjs";
import { LISTING_CASE } from "./made_up_listings.mjs";
import { startMock } from "./mock_server.mjs";

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

// Runs `look` with a new page and a mock of its own. Scripts that throw, and
// what the page's policy for content refused, fail it.
export async function withMock(browser, options, look) {
  const mock = await startMock();
  const page = await openPage(browser, options);
  try {
    await look(page, mock);
    assert.deepEqual(page.troubles, []);
  } finally {
    await page.context().close();
    await mock.close();
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
