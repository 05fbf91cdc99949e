// What the console says: both languages say the same things, everything that
// the pages ask for is there, and nothing else.

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { CONSOLE, ROOT } from "./places.mjs";

const texts = (tag) => JSON.parse(readFileSync(join(CONSOLE, "i18n", `${tag}.json`), "utf8"));
const [en, zh] = ["en", "zh"].map(texts);
const sources = readdirSync(CONSOLE)
  .filter((name) => name.endsWith(".js"))
  .map((name) => readFileSync(join(CONSOLE, name), "utf8"));
const all = sources.join("\n");
const protos = readdirSync(join(ROOT, "proto/lenscap/v1"))
  .filter((name) => name.endsWith(".proto"))
  .map((name) => readFileSync(join(ROOT, "proto/lenscap/v1", name), "utf8"))
  .join("\n");

// The values of an enum, "CaseQueue" or "Case.State", but UNSPECIFIED.
function valuesOf(name) {
  const [outer, inner] = name.split(".");
  const start = inner ? protos.search(new RegExp(`^message ${outer} \\{`, "m")) : 0;
  assert.notEqual(start, -1, name);
  const found = new RegExp(`enum ${inner ?? outer} \\{([^}]*)\\}`).exec(protos.slice(start));
  assert.ok(found, `${name} is an enum of the API`);
  return [...found[1].matchAll(/^\s*([A-Z][A-Z0-9_]*) = \d+;/gm)]
    .map((one) => one[1])
    .filter((value) => !value.endsWith("_UNSPECIFIED"));
}

const enums = [...new Set([...all.matchAll(/\bword\("([A-Za-z.]+)"/g)].map((one) => one[1]))];
// Keys that stand in the sources as they are, and the beginnings and ends of
// those that are put together there.
const literal = new Set([...all.matchAll(/"([a-z_]+\.[A-Za-z0-9_.]+)"/g)].map((one) => one[1]));
const patterns = [...all.matchAll(/\b(?:t\(|texts\[)`([^`]*)`/g)]
  .map((one) => {
    const parts = one[1].split(/\$\{(?:[^{}]|\{[^}]*\})*\}/).map((part) => part.replace(/\./g, "\\."));
    return new RegExp(`^${parts.join("[A-Za-z0-9_]+")}$`);
  })
  .filter((pattern) => pattern.source.length > 6 && !pattern.source.startsWith("^[A-Za-z0-9_]+\\.["));

test("Both languages have the same texts", () => {
  assert.deepEqual(Object.keys(zh), Object.keys(en));
});

test("Both languages fill in the same values", () => {
  const names = (text) => [...new Set([...JSON.stringify(text).matchAll(/\{(\w+)\}/g)].map((one) => one[1]))].sort();
  for (const key of Object.keys(en)) assert.deepEqual(names(zh[key]), names(en[key]), key);
});

test("Every text that a page asks for is there", () => {
  const groups = new Set(Object.keys(en).map((key) => key.split(".")[0]));
  const asked = [...literal].filter((key) => groups.has(key.split(".")[0]));
  assert.ok(asked.length > 300);
  for (const key of asked) assert.ok(key in en, key);
});

test("Every value of an enum that is shown has words", () => {
  assert.ok(enums.length > 10);
  for (const name of enums) {
    for (const value of valuesOf(name)) assert.ok(`${name}.${value}` in en, `${name}.${value}`);
  }
});

test("No text is kept that no page shows", () => {
  const ofEnums = new Set(enums.flatMap((name) => valuesOf(name).map((value) => `${name}.${value}`)));
  const unused = Object.keys(en).filter(
    (key) => !literal.has(key) && !ofEnums.has(key) && !patterns.some((pattern) => pattern.test(key)),
  );
  assert.deepEqual(unused, []);
});

test("No page makes markup out of text, or styles and scripts within it", () => {
  assert.doesNotMatch(
    all,
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment|\beval\(|new Function/,
  );
  for (const name of ["index.html", "report.html"]) {
    const page = readFileSync(join(CONSOLE, name), "utf8");
    assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)/i, name);
  }
});

test("Nothing is loaded from elsewhere", () => {
  const files = [
    ...sources,
    ...["index.html", "report.html", "style.css"].map((name) => readFileSync(join(CONSOLE, name), "utf8")),
  ];
  for (const text of files) {
    for (const [found] of text.matchAll(/(?:https?:)?\/\/[a-z0-9.-]+\.[a-z]{2,}[^\s"']*/gi)) {
      assert.equal(found, "http://www.w3.org/2000/svg");
    }
  }
});
