// Which uploads are undecided, against cases that were thought through by hand.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "node:test";

import { CONSOLE } from "./places.mjs";

// The page's module, which is no file of this package.
const source = readFileSync(join(CONSOLE, "decided.js"), "utf8");
const { isUndecided } = await import(`data:text/javascript,${encodeURIComponent(source)}`);

const onAll = (through) => ({ through: String(through) });
const onSome = (...contentIds) => ({ contentIds });
const upload = (number, more = {}) => ({ contentId: `upload-${number}`, number: String(number), ...more });

test("An upload is undecided until a decision is on it", () => {
  assert.equal(isUndecided({}, upload(1)), true);
  assert.equal(isUndecided({ decisions: [onAll(2)] }, upload(2)), false);
});

test("A decision on all is not on uploads that joined after it", () => {
  assert.equal(isUndecided({ decisions: [onAll(2)] }, upload(3)), true);
});

test("A decision on some is on those alone", () => {
  const item = { decisions: [onSome("upload-1", "upload-3")] };
  assert.deepEqual(
    [1, 2, 3].map((number) => isUndecided(item, upload(number))),
    [false, true, false],
  );
});

test("Once all are put up again, each is undecided until it is decided on again", () => {
  assert.equal(isUndecided({ decisions: [onAll(1)], rounds: [1] }, upload(1)), true);
  assert.equal(isUndecided({ decisions: [onAll(1), onAll(1)], rounds: [1] }, upload(1)), false);
  assert.equal(isUndecided({ decisions: [onAll(2), onSome("upload-2")], rounds: [1] }, upload(1)), true);
});

test("An upload that joined after that is not put up by it", () => {
  const item = { decisions: [onAll(1)], rounds: [1] };
  assert.equal(isUndecided(item, upload(2, { joinedRound: 1, inherited: true })), false);
  assert.equal(isUndecided(item, upload(2, { joinedRound: 1 })), true);
});

test("What an upload inherited is a decision on it", () => {
  assert.equal(isUndecided({ decisions: [onAll(1)] }, upload(2, { inherited: true })), false);
});
