// Every page of the console, over made-up answers: whoever uses it, by whatever
// means, finds the same.

import assert from "node:assert/strict";
import test from "node:test";

import { assertAccessible, assertContrast, missing, sharedBrowser } from "./browser.mjs";
import { HOSTILE_NAME } from "./made_up.mjs";
import { onEachPage, openAt, withMock } from "./pages.mjs";

const skip = missing() ?? false;
const browser = sharedBrowser();

// What holds on every page, by the test that says so. Each page is loaded once
// for all of them.
const LOOKS = {
  "axe-core finds nothing, light and dark": async (page, name, lang) => {
    await page.emulateMedia({ colorScheme: "light" });
    await assertAccessible(page, name);
    if (lang !== "en") return; // Colours are the same in every language.
    await page.emulateMedia({ colorScheme: "dark" });
    await assertContrast(page, name);
  },
  "It fits a screen of 320 pixels without scrolling sideways": async (page) => {
    const before = page.viewportSize();
    await page.setViewportSize({ width: 320, height: 640 });
    const [inner, all] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    await page.setViewportSize(before);
    assert.ok(all <= inner, `it is ${all} wide`);
  },
  "Scripts in the words of others are shown as what they are": async (page, name) => {
    assert.equal(await page.locator("main img[src='x'], main script").count(), 0);
    if (name === "queue") await page.getByText(HOSTILE_NAME.slice(0, 20)).first().waitFor();
  },
  "Charts are there as tables as well": async (page) => {
    const charts = await page.locator("figure.chart").count();
    assert.equal(await page.locator("figure.chart svg[role=img] > title").count(), charts);
    assert.equal((await page.locator("figure.chart table tbody tr").count()) >= charts, true);
  },
  "It has one heading, in the page's language, that has the focus when one comes there": async (page, name, lang) => {
    assert.equal(await page.locator("h1").count(), 1);
    assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
    if (name !== "sign-in" && name !== "report-form") await comeBack(page);
  },
};

// By a link within the console, as opposed to a page that was loaded.
async function comeBack(page) {
  const here = await page.evaluate(() => location.hash);
  for (const hash of ["#/nowhere", here]) {
    await page.evaluate((to) => {
      document.activeElement.blur();
      location.hash = to;
    }, hash);
    await page.waitForFunction(() => document.activeElement?.id === "title");
  }
}

for (const [locale, lang] of Object.entries({ "en-GB": "en", "zh-CN": "zh-Hans" })) {
  test(`The pages, ${locale}`, { skip }, (t) =>
    onEachPage(browser(), { locale }, (page, name) =>
      t.test(name, async (one) => {
        for (const [what, look] of Object.entries(LOOKS)) await one.test(what, () => look(page, name, lang));
      }),
    ),
  );
}

test("axe-core finds nothing in a dialog, with the undo bar, and with a warning", { skip }, () =>
  withMock(browser(), {}, async (page, mock) => {
    await openAt(page, mock, "case");
    await page.keyboard.press("h");
    await page.waitForSelector("dialog");
    await assertAccessible(page, "hold");
    await page.keyboard.press("Escape");
    await page.keyboard.press("?");
    await page.waitForSelector("dialog");
    await assertAccessible(page, "help");
    await page.keyboard.press("Escape");
    mock.state.refusals["TakedownService/Release"] = ["RESOURCE_EXHAUSTED", "too many calls"];
    await page.keyboard.press("s");
    await page.waitForSelector(".alert");
    await page.keyboard.press("d");
    await page.waitForSelector("#undo-button");
    await assertAccessible(page, "undo");
  }),
);

test("Links that a person reports are words, not links", { skip }, () =>
  withMock(browser(), {}, async (page, mock) => {
    await openAt(page, mock, "report");
    await page.getByText("javascript:alert(1)").waitFor();
    assert.equal(await page.locator("a[href^=javascript], a[href^='http://'], a[href^='https://']").count(), 0);
  }),
);

test("The theme and the language that somebody chose stay", { skip }, () =>
  withMock(browser(), { colorScheme: "light" }, async (page, mock) => {
    await openAt(page, mock, "queue");
    await page.locator("#theme").selectOption("dark");
    await page.locator("#language").selectOption("zh");
    await page.getByRole("heading", { name: "队列", level: 1 }).waitFor();
    await page.reload();
    await page.getByRole("heading", { name: "队列", level: 1 }).waitFor();
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, "rgb(21, 24, 27)");
  }),
);

test("The public form sends what was written and shows the receipt", { skip }, () =>
  withMock(browser(), {}, async (page, mock) => {
    await openAt(page, mock, "report-form");
    let sent = "";
    mock.state.intake = (body) => {
      sent = body;
      return { reportId: "report-9", receipt: "a secret", answerBy: "2026-12-01T00:00:00Z" };
    };
    await page.locator("#statement").fill("This shows me.");
    await page.locator("#links").fill("https://forum.example/1\nhttps://forum.example/2");
    await page.locator("#name").fill("A. Person");
    await page.locator("#contact").fill("a@mail.example");
    await page.locator("#signature").fill("A. Person");
    await page
      .locator("#footage")
      .setInputFiles({ name: "clip.mp4", mimeType: "video/mp4", buffer: Buffer.from("footage") });
    await page.locator("#send").press("Enter");
    await page.getByText("a secret").waitFor();
    for (const part of ["This shows me.", "https://forum.example/2", "RELATION_SELF", "footage", 'name="links"']) {
      assert.ok(sent.includes(part), part);
    }
    await assertAccessible(page, "receipt");
  }),
);

test("Who reported something can ask how it stands, with the receipt alone", { skip }, () =>
  withMock(browser(), {}, async (page, mock) => {
    await openAt(page, mock, "report-form");
    await page.locator("#status-id").fill("report-1");
    await page.locator("#status-receipt").fill("a guess");
    await page.locator("#status-receipt").press("Enter");
    await page.getByText("There is no such report").waitFor();
    await page.locator("#status-receipt").fill("secret");
    await page.locator("#status-receipt").press("Enter");
    await page.getByText("Three copies are gone.").waitFor();
  }),
);
