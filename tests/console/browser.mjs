// A real browser, without a screen.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before } from "node:test";

import { HERE } from "./places.mjs";

const modules = process.env.LENSCAP_NODE_MODULES ?? join(HERE, "node_modules");
const CHROMIUM = "/usr/bin/chromium";

// Why no browser can be driven here; undefined where one can.
export const missing = () => {
  if (!existsSync(join(modules, "playwright-core"))) {
    return "playwright-core is not installed: run `npm ci` in tests/console, or set LENSCAP_NODE_MODULES";
  }
  return existsSync(CHROMIUM) ? undefined : `${CHROMIUM} is not installed`;
};

const require = createRequire(join(modules, "from-here"));

export const launch = () =>
  require("playwright-core").chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-dev-shm-usage",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });

// One browser for all tests of a suite: a function that gives it.
export function sharedBrowser() {
  let browser;
  before(async () => {
    if (!missing()) browser = await launch();
  });
  after(() => browser?.close());
  return () => browser;
}

export const newContext = (browser, options = {}) =>
  browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 }, ...options });

// A page in a context of its own.
export const openPage = async (browser, options) => pageOf(await newContext(browser, options));

// A new page. What goes wrong in it fails the test that looks at
// `page.troubles`: scripts that throw, and what the policy for content refused.
export async function pageOf(context) {
  const page = await context.newPage();
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() === "error" && !/Failed to load resource/.test(text)) page.troubles.push(text);
  });
  page.on("dialog", (dialog) => {
    page.troubles.push(`a dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.setDefaultTimeout(10_000);
  return page;
}

const axe = () => readFileSync(join(modules, "axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Fails where axe-core finds anything against the page as it is.
export const assertAccessible = (page, what) => assertNothingFound(page, what, TAGS);
// The same of its colours alone.
export const assertContrast = (page, what) =>
  assertNothingFound(page, what, { type: "rule", values: ["color-contrast"] });

async function assertNothingFound(page, what, runOnly) {
  if (!(await page.evaluate("typeof axe === 'object'"))) await page.evaluate(axe());
  const found = await page.evaluate(async (rules) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: rules });
    return violations.map(
      (one) =>
        `${one.id}: ${one.help}: ${one.nodes
          .slice(0, 3)
          .map((node) => node.html.slice(0, 200))
          .join(" ; ")}`,
    );
  }, runOnly);
  assert.deepEqual(found, [], what);
}
