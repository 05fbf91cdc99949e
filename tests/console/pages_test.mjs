// Every page of the console, over made-up answers: whoever uses it, by whatever
// means, finds the same.

import assert from "node:assert/strict";
import test from "node:test";

import { assertAccessible, missing, sharedBrowser } from "./browser.mjs";
import { HOSTILE_NAME } from "./made_up.mjs";
import { onEachPage, openAt, withMock } from "./pages.mjs";

const skip = missing() ?? false;
const browser = sharedBrowser();

for (const colorScheme of ["light", "dark"]) {
  for (const locale of ["en-GB", "zh-CN"]) {
    test(`axe-core finds nothing on any page, ${colorScheme}, ${locale}`, { skip }, async () => {
      await onEachPage(browser(), { colorScheme, locale }, (page, name) => assertAccessible(page, name));
    });
  }
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

test("Every page fits a screen of 320 pixels without scrolling sideways", { skip }, async () => {
  await onEachPage(browser(), { viewport: { width: 320, height: 640 } }, async (page, name) => {
    const [inner, all] = await page.evaluate(() => [innerWidth, document.documentElement.scrollWidth]);
    assert.ok(all <= inner, `${name} is ${all} wide`);
  });
});

test(
  "Each page has one heading, in the page's language, that has the focus when one comes there",
  { skip },
  async () => {
    await onEachPage(browser(), { locale: "zh-CN" }, async (page, name) => {
      assert.equal(await page.locator("h1").count(), 1, name);
      assert.equal(await page.evaluate(() => document.documentElement.lang), "zh-Hans");
      if (name !== "sign-in" && name !== "case") await goAway(page, name);
    });
  },
);

// By a link within the console, as opposed to a page that was loaded.
async function goAway(page, name) {
  if (name === "report-form") return;
  await page.evaluate(() => {
    location.hash = "#/health";
  });
  await page.waitForFunction(() => document.activeElement?.id === "title");
}

test("A script in an account's name is shown as what it is", { skip }, async () => {
  await onEachPage(browser(), {}, async (page, name) => {
    assert.equal(await page.locator("main img[src='x']").count(), 0, name);
    if (name === "queue") await page.getByText(HOSTILE_NAME.slice(0, 20)).first().waitFor();
  });
});

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

test("Charts are there as tables as well", { skip }, async () => {
  await onEachPage(browser(), {}, async (page, name) => {
    const charts = await page.locator("figure.chart").count();
    assert.equal(await page.locator("figure.chart svg[role=img] > title").count(), charts, name);
    assert.equal((await page.locator("figure.chart table tbody tr").count()) >= charts, true, name);
  });
});

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
