// Listings and rules, over made-up answers: what a reviewer and an administrator
// see of them and do with them.

import assert from "node:assert/strict";
import test from "node:test";

import { assertAccessible, missing, sharedBrowser } from "./browser.mjs";
import { HOSTILE_TITLE, LISTING_CASE } from "./made_up_listings.mjs";
import { openAt, withMock } from "./pages.mjs";

const skip = missing() ?? false;
const browser = sharedBrowser();

// A test at the named page.
const at = (place, name, look) =>
  test(name, { skip }, () =>
    withMock(browser(), {}, async (page, mock) => {
      await openAt(page, mock, place);
      await look(page, mock);
    }),
  );

// Tests that change nothing, at one load of the page.
const allAt = (place, looks) =>
  test(`What is on the page ${place}`, { skip }, (t) =>
    withMock(browser(), {}, async (page, mock) => {
      await openAt(page, mock, place);
      for (const [name, look] of Object.entries(looks)) await t.test(name, () => look(page));
    }),
  );

const texts = (page, selector) => page.locator(selector).allInnerTexts();
const callsOf = (mock, name) => mock.state.calls.filter(([method]) => method.endsWith(`/${name}`));
// The marks in an element: what they are on, and the rules that they name.
const marks = (page, selector) =>
  page.locator(`${selector} mark`).evaluateAll((all) => all.map((one) => [one.textContent, one.title, one.className]));

allAt("listing", {
  "What rules found is marked in the seller's words, and each mark names its rules": async (page) => {
    assert.deepEqual(await marks(page, "#listing-title"), [
      ["\u{1d5e3}en ", "Pen camera", ""],
      ["camZWSPera", "Pen camera; Pinhole camera", ""],
      ["h i d d e n", "Hidden", "shadow"],
    ]);
    assert.deepEqual(await marks(page, "#listing-description"), [
      ["Writes like any pen", "Ordinary pens", "against"],
      ["pinhole camera", "Pinhole camera", ""],
      ["bathroom shelf", "Put where people undress", ""],
    ]);
    assert.deepEqual(await marks(page, "td .said"), [["3.7 mm", "Pinhole camera", ""]]);
    // Their numbers stand behind them, and whoever hears the page hears their names.
    assert.equal(await page.locator("#listing-title sup").first().textContent(), "2 Pen camera ,3 Pinhole camera ");
    assert.match(await page.locator("#said").innerText(), /€39\.90/);
  },

  "Rules that fit, sums with their caps and the score are there; rules in shadow stand apart": async (page) => {
    const first = (selector) => page.locator(`${selector} tbody th`).allInnerTexts();
    const lines = (all) => all.map((one) => one.split("\n")[0]);
    assert.deepEqual(lines(await first("#hits")), [
      "1. Put where people undress",
      "2. Pen camera",
      "3. Pinhole camera",
      "4. Ordinary pens",
    ]);
    assert.deepEqual(lines(await first("#shadow-hits")), ["5. Hidden"]);
    assert.match(await page.locator("#hits tbody tr").nth(1).innerText(), /camZWSPera for pen camera/);
    assert.deepEqual(
      (await texts(page, "#groups tbody tr")).map((row) => row.replace(/\s+/g, " ")),
      ["speaks against it -5", "the thing capped 30", "place 25"],
    );
    assert.equal(await page.locator("#score").innerText(), "50, review from 50");
    await page.getByText("What is in shadow would have advised: block").waitFor();
  },

  "The same photo at other sellers leads to their case and account": async (page) => {
    const row = page.locator("#photos tbody tr").first();
    assert.match(await row.innerText(), /shop-1207[\s\S]*mirrored[\s\S]*removed/);
    assert.equal(await row.locator("a").last().getAttribute("href"), "#/case/case-aaaaaaaaaaaaaaaaaaaaaaaaaa");
    assert.match(await row.locator("a").first().getAttribute("href"), /^#\/account\/market\/%3Cimg/);
    assert.match(await page.locator("#photos").innerText(), /images\[2\]: not a picture/);
    assert.match(await page.locator("#seller").innerText(), /removed\s+3/);
  },
});

at("listing", "Its photos are shown as other stills are: while a key is held, and counted", async (page, mock) => {
  assert.deepEqual(await texts(page, ".still figcaption"), ["Photo 1", "Photo 2"]);
  await page.keyboard.down("r");
  await page.waitForSelector("img.clear");
  await page.keyboard.up("r");
  assert.equal(await page.locator("img.clear").count(), 0);
  assert.deepEqual(callsOf(mock, "Reveal")[0][1].stillIds, [0]);
});

at("listing", "Footage and listings of one case are each shown as what they are", async (page) => {
  const show = (n) => page.locator("tr[data-key] button.quiet").nth(n).click();
  await show(1);
  await page.getByRole("heading", { name: "Known clips" }).waitFor();
  assert.equal(await page.locator("#said").count(), 0);
  await show(2);
  await page.locator("#video").waitFor();
  assert.equal(await page.locator("#listing-title mark").innerText(), "script");
});

at("listing", "A seller's script and direction marks stay words, and turn nothing around them", async (page) => {
  await page.locator("tr[data-key] button.quiet").nth(2).click();
  await page.locator("#video").waitFor();
  const said = page.locator("#said");
  assert.equal(await page.locator("main img[src='x'], main script").count(), 0);
  assert.equal(await page.locator("#listing-description .unseen").count(), 3);
  assert.match(await said.innerText(), /^RLO<script>alert\(1\)<\/script><img src=x onerror=alert\(1\)>RLI a/m);
  assert.doesNotMatch(await said.evaluate((one) => one.textContent), /[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
  assert.match(await said.innerText(), /U\+0301 ×194/);
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await assertAccessible(page, "hostile listing");
});

at("queue", "A listing's row in the queue has its title, seller, score and how many sell it", async (page, mock) => {
  const row = page.locator(`tr[data-key="${LISTING_CASE}"]`);
  assert.match(
    await row.innerText(),
    /^\u{1d5e3}en camZWSPera, h i d d e n in a real pen\npens-and-more · score 50 · 3 sellers/u,
  );
  const item = mock.state.cases.get(LISTING_CASE);
  item.listing = { ...item.listing, item: { ...item.listing.item, title: "\u{1d5e3}".repeat(1024) } };
  await page.reload();
  await row.getByText(`${"\u{1d5e3}".repeat(80)}…`).waitFor();
});

at("rules", "An administrator changes the mode of a rule, with a reason", async (page, mock) => {
  await page.keyboard.press("g");
  await page.keyboard.press("p");
  const change = page.getByRole("button", { name: "Change the mode of Pinhole camera" });
  await change.press("Enter");
  await page.waitForSelector("dialog[open]");
  await assertAccessible(page, "mode");
  await page.locator("dialog select").selectOption("MODE_OFF");
  await page.locator("dialog textarea").fill("It finds endoscopes.");
  await page.locator("dialog button[type=submit]").press("Enter");
  await page.locator("tr[data-key=en-object-pinhole]").getByText("set by hand").waitFor();
  assert.match(await page.locator("tr[data-key=en-object-pinhole]").innerText(), /off set by hand/);
  assert.deepEqual(callsOf(mock, "SetRuleMode")[0][1], {
    packId: "starter-en",
    ruleId: "en-object-pinhole",
    mode: "MODE_OFF",
    reason: "It finds endoscopes.",
  });
});

at("rules", "Packs say what they are, and each rule what it has done", async (page) => {
  assert.match(
    await page.locator("main").innerText(),
    /starter-en\s+Version\s+1\s+Issuer\s+lenscap\s+Published\s+built in/,
  );
  assert.match(await page.locator("tr[data-key=en-exclusion-dashcam]").innerText(), /-40\s+expired\s+until [\s\S]*12/);
  assert.equal(await page.locator("h2", { hasText: HOSTILE_TITLE }).count(), 1);
});

at("rules", "A reviewer may try a text but sets no mode, and an auditor reads alone", async (page, mock) => {
  mock.state.who = { name: "bob", role: "CALLER_ROLE_REVIEWER" };
  await page.reload();
  await page.waitForSelector("#try");
  assert.equal(await page.locator("[id^=mode-]").count(), 0);
  mock.state.who = { name: "ann", role: "CALLER_ROLE_AUDITOR" };
  await page.reload();
  await page.waitForSelector("tr[data-key=en-object-pinhole]");
  assert.equal(await page.locator("#try").count(), 0);
});

at(
  "rules",
  "A text that is tried is shown with what was found in it, and stays there to be changed",
  async (page, mock) => {
    const title = "\u{1f4f7}\u200b针孔摄像头 <b>pinhole camera</b>";
    await page.locator("#try-title").fill(title);
    await page.locator("#try-kind").selectOption("KIND_POST");
    await page.locator("#try-title").press("Enter");
    await page.waitForFunction(() => document.activeElement?.id === "tried-title");
    assert.deepEqual(
      (await marks(page, "#tried #listing-title")).map(([text]) => text),
      ["针孔摄像头", "pinhole camera"],
    );
    assert.match(await page.locator("#tried").innerText(), /ZWSP[\s\S]*<b>/);
    assert.deepEqual(callsOf(mock, "Explain")[0][1], {
      listingId: "try",
      title,
      description: "",
      kind: "KIND_POST",
      locale: "",
    });
    await assertAccessible(page, "tried");
    await page.locator("#try-description").fill("a\u200b".repeat(1000));
    await page.locator("#do-try").press("Enter");
    await page.waitForSelector("#tried #listing-description");
    const said = page.locator("#tried #listing-description");
    assert.equal(await said.locator(".unseen").count(), 500);
    assert.match(await said.evaluate((one) => one.textContent), /^(aZWSP){500}(a\u25af){500}$/);
    mock.state.refusals["ListingService/Explain"] = ["INVALID_ARGUMENT", 'locale "x": no language'];
    await page.locator("#do-try").press("Enter");
    await page.locator(".alert").getByText("no language").waitFor();
    assert.equal(await page.locator("#try-title").inputValue(), title);
  },
);
