// Where each page is, and what shows that it has come.

const PLACES = {
  "sign-in": { path: "/#/queue", signedOut: true, ready: "#token" },
  queue: { path: "/#/queue", ready: ".row-link" },
  waiting: { path: "/#/case/case-bbbbbbbbbbbbbbbbbbbbbbbbbb", ready: "#claim-to-see" },
  appeal: { path: "/#/case/case-cccccccccccccccccccccccccc", ready: "#appeal" },
  case: { path: "/#/case/case-aaaaaaaaaaaaaaaaaaaaaaaaaa", ready: "#do-remove", claim: true },
  account: { path: "/#/account/forum/bob", ready: ".row-link" },
  group: { path: "/#/group/forum/chat-7", ready: ".row-link" },
  lists: { path: "/#/lists", ready: "#list-hotline" },
  list: { path: "/#/list/hotline", ready: "#do-mode" },
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
  if (place.claim && await page.locator("#do-claim").count()) {
    await page.keyboard.press("c");
    await page.waitForSelector("#reveal");
  }
  // What was said fades by itself; pages are looked at without.
  await page.evaluate(() => document.getElementById("live").replaceChildren());
}
