// What a reviewer sees when something goes wrong, over a server that does wrong
// on purpose. Nothing that they wrote is lost, and nothing is shown too long.

import assert from "node:assert/strict";
import test from "node:test";

import { missing, sharedBrowser } from "./browser.mjs";
import { openAt, withMock } from "./pages.mjs";

const skip = missing() ?? false;
const browser = sharedBrowser();
const CASE = "case-aaaaaaaaaaaaaaaaaaaaaaaaaa";

// A test at the named page.
function at(place, name, look, { clock = false } = {}) {
  test(name, { skip }, () =>
    withMock(
      browser(),
      {},
      async (page, mock) => {
        if (clock) await page.clock.install();
        await openAt(page, mock, place);
        await look(page, mock);
      },
      { alone: clock },
    ),
  );
}

const alertText = async (page) => {
  await page.locator(".alert").first().waitFor();
  return page.locator(".alert").first().innerText();
};
const clear = (page) => page.locator("img.clear").count();
const callsOf = (mock, name) => mock.state.calls.filter(([method]) => method.endsWith(`/${name}`));

at("case", "A still is clear while the key is held, and blurred once it is let go", async (page) => {
  await page.keyboard.down("r");
  await page.waitForSelector("img.clear");
  assert.equal(await clear(page), 2); // It and the reference beside it.
  await page.keyboard.up("r");
  assert.equal(await clear(page), 0);
});

at("case", "A still is clear while the button is held by pointer or by Space", async (page) => {
  await page.locator("#reveal").hover();
  await page.mouse.down();
  await page.waitForSelector("img.clear");
  await page.mouse.up();
  assert.equal(await clear(page), 0);
  await page.locator("#reveal").focus();
  await page.keyboard.down("Space");
  await page.waitForSelector("img.clear");
  await page.keyboard.up("Space");
  assert.equal(await clear(page), 0);
});

at("case", "A still is blurred when another window or tab comes before the page", async (page) => {
  await page.keyboard.down("r");
  await page.waitForSelector("img.clear");
  await page.evaluate(() => dispatchEvent(new Event("blur")));
  assert.equal(await clear(page), 0);
});

at("case", "A still that comes after the key was let go is not shown", async (page, mock) => {
  let answer;
  const asked = page.waitForRequest("**/v1/EvidenceService/Reveal");
  const held = new Promise((done) => {
    answer = done;
  });
  await page.route("**/v1/EvidenceService/Reveal", async (route) => {
    await held;
    await route.continue();
  });
  await page.keyboard.down("r");
  await page.keyboard.up("r");
  await asked;
  const arrived = page.waitForResponse("**/v1/EvidenceService/Reveal");
  answer();
  await arrived;
  await page.locator("#exposure").waitFor();
  assert.equal(await clear(page), 0);
  assert.equal(callsOf(mock, "Reveal").length, 1);
});

at("case", "Only the chosen still and its reference are asked for; Shift asks for all", async (page, mock) => {
  await page.keyboard.press("ArrowRight");
  await page.keyboard.down("r");
  await page.waitForSelector("img.clear");
  await page.keyboard.up("r");
  await page.keyboard.down("Shift");
  await page.keyboard.down("R");
  await page.waitForSelector("img.clear");
  await page.keyboard.up("R");
  assert.deepEqual(
    callsOf(mock, "Reveal").map(([, request]) => request.stillIds),
    [
      [1, 2],
      [0, 1, 2],
    ],
  );
});

at("case", "Near the budget there is a notice, and beyond it nothing is shown", async (page, mock) => {
  mock.state.exposure = { revealed: "1500s", budget: "1800s", nearBudget: true };
  await page.keyboard.down("r");
  await page.getByText("You are near today's budget").waitFor();
  await page.keyboard.up("r");
  mock.state.refusals["EvidenceService/Reveal"] = ["RESOURCE_EXHAUSTED", "the budget of the day is used up"];
  await page.keyboard.down("r");
  assert.match(await alertText(page), /your budget for today is used up/);
  assert.equal(await clear(page), 0);
});

at("case", "Footage that was decided on is not shown again", async (page) => {
  await page.keyboard.press("d");
  await page.waitForSelector("#not-again");
  assert.equal(await page.locator(".still").count(), 0);
});

at("case", "A decision on a lost claim says so, changes nothing and keeps what was written", async (page, mock) => {
  await page.keyboard.press("m");
  await page.keyboard.type("seen in the list");
  await page.keyboard.press("Escape");
  mock.state.cases.get(CASE).token = "somebody else's";
  mock.state.cases.get(CASE).reviewer = "bob";
  await page.keyboard.press("d");
  await page.getByText("Not decided: your claim had run out").waitFor();
  await page.locator("#elsewhere").getByText("bob").waitFor();
  assert.equal(await page.locator("#undo").isVisible(), false);
  assert.deepEqual(mock.state.cases.get(CASE).decisions, []);
  mock.state.cases.get(CASE).token = undefined;
  mock.state.cases.get(CASE).state = "STATE_WAITING";
  await page.reload();
  await page.waitForSelector("#do-claim:enabled");
  await page.keyboard.press("c");
  await page.waitForSelector("#note");
  assert.equal(await page.locator("#note").inputValue(), "seen in the list");
});

at("case", "A session that ended leads to signing in, and back", async (page, mock) => {
  mock.state.present = false;
  await page.keyboard.press("d");
  await page.waitForSelector("#token");
  assert.match(await alertText(page), /Your session has ended/);
  await page.locator("#token").fill("forged");
  await page.keyboard.press("Enter");
  await page.getByText("This token is unknown, expired or revoked").waitFor();
  await page.locator("#token").fill("lc_right");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#do-remove");
});

at(
  "case",
  "A server that is gone is said to be, and to be back",
  async (page) => {
    await page.route("**/*", (route) => route.abort());
    await page.keyboard.press("s");
    assert.match(await alertText(page), /The server does not answer/);
    await page.unroute("**/*");
    await page.clock.fastForward(4000);
    await page.getByText("The server answers again").waitFor();
    assert.equal(await page.locator(".alert").count(), 0);
  },
  { clock: true },
);

at("case", "A limit says how long to wait", async (page) => {
  await page.route("**/v1/TakedownService/Release", (route) =>
    route.fulfill({
      status: 429,
      headers: { "Retry-After": "7" },
      contentType: "application/json",
      body: JSON.stringify({ error: { code: "RESOURCE_EXHAUSTED", status: 429, message: "" } }),
    }),
  );
  await page.keyboard.press("s");
  assert.match(await alertText(page), /Try again in 7 s/);
});

at(
  "case",
  "A claim is kept while somebody works",
  async (page, mock) => {
    for (let minute = 0; minute < 10; ++minute) {
      await page.keyboard.press("Shift");
      await page.clock.fastForward(60_000);
    }
    await page.waitForFunction(() => document.querySelector("#claim-end"));
    assert.ok(callsOf(mock, "Extend").length >= 1);
    assert.equal(await page.locator(".alert").count(), 0);
  },
  { clock: true },
);

at(
  "case",
  "A claim that nobody works on is warned of, and kept by any key",
  async (page, mock) => {
    await page.clock.fastForward(250_000);
    assert.match(await alertText(page), /Your claim ends in/);
    assert.equal(callsOf(mock, "Extend").length, 0);
    await page.keyboard.press("Shift");
    await page.clock.fastForward(6_000);
    await page.waitForSelector(".alert", { state: "detached" });
    assert.equal(callsOf(mock, "Extend").length, 1);
  },
  { clock: true },
);

at(
  "case",
  "A claim that ran out is said to be lost",
  async (page) => {
    await page.clock.fastForward(310_000);
    await page.getByText("You no longer have this case").waitFor();
  },
  { clock: true },
);

at(
  "case",
  "Undo goes away when its time is over",
  async (page, mock) => {
    await page.keyboard.press("d");
    await page.waitForSelector("#undo-button");
    await page.clock.fastForward(10_500);
    await page.waitForSelector("#undo", { state: "hidden" });
    await page.keyboard.press("u");
    assert.equal(callsOf(mock, "Undo").length, 0);
  },
  { clock: true },
);

at("case", "Keys do nothing while somebody writes, in a dialog, or once switched off", async (page, mock) => {
  await page.locator("#note").fill("");
  await page.locator("#note").press("d");
  assert.equal(await page.locator("#note").inputValue(), "d");
  await page.keyboard.press("Escape");
  await page.keyboard.press("h");
  await page.waitForSelector("dialog textarea");
  await page.keyboard.type("dexu");
  assert.equal(await page.locator("dialog textarea").inputValue(), "dexu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await page.locator("#keys-on").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("d");
  assert.equal(callsOf(mock, "Decide").length, 0);
});

at("case", "A decision can be on some uploads alone", async (page, mock) => {
  await page.locator("input[name=upload]").nth(1).check();
  await page.getByText("on the chosen 1 upload alone").waitFor();
  await page.locator("#title").focus();
  await page.keyboard.press("e");
  await page.getByText("Decided: kept (1 upload).").first().waitFor();
  assert.deepEqual(callsOf(mock, "Decide")[0][1].contentIds, [`upload-${CASE}-2`]);
  await page.waitForSelector("#do-remove:enabled"); // The others are still to be decided.
});

at("waiting", "What a case rested on and was withdrawn stands above all", async (page) => {
  assert.match(await page.locator("#withdrawn").innerText(), /Do not rely[\s\S]*hotline \/ clip-3: listed by mistake/);
});

at("health", "A service that is not there leaves the rest of the page", async (page, mock) => {
  mock.state.refusals["OutcomeService/ListEndpoints"] = ["UNIMPLEMENTED", ""];
  await page.reload();
  await page.getByText("This server does not offer it").waitFor();
  await page.getByText("Decisions over time").first().waitFor();
});

at("queue", "A case id that is none is refused, and one that is unknown not found", async (page) => {
  await page.keyboard.press("/");
  await page.keyboard.type("nonsense");
  await page.keyboard.press("Enter");
  await page.getByText("That is no case id").waitFor();
  await page.locator("#search").fill("case-zzzzzzzzzzzzzzzzzzzzzzzzzz");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "There is no such thing" }).waitFor();
});

at(
  "case",
  "What is withdrawn while somebody looks is said at once, and stands above all",
  async (page, mock) => {
    mock.state.cases.get(CASE).withdrawnBasis = [{ listId: "hotline", entryId: "clip-7", reason: "listed by mistake" }];
    await page.clock.fastForward(21_000);
    await page.getByText("has just been withdrawn").waitFor();
    await page.waitForSelector("#withdrawn");
  },
  { clock: true },
);

at(
  "case",
  "A case that somebody else decided meanwhile shows that, and no decision is offered",
  async (page, mock) => {
    const item = mock.state.cases.get(CASE);
    mock.state.onReassign({ caseId: CASE, reviewer: "bob" });
    Object.assign(item, {
      state: "STATE_DECIDED",
      decisions: [{ outcome: "OUTCOME_KEEP", reviewer: "bob", time: "2026-11-01T00:00:00Z" }],
    });
    await page.clock.fastForward(21_000);
    await page.locator("#decisions").getByText("bob").waitFor();
    assert.equal(await page.locator("#do-remove").count(), 0);
  },
  { clock: true },
);

at("waiting", "The uploads of a large case come a page at a time", async (page, mock) => {
  const item = mock.state.cases.get("case-bbbbbbbbbbbbbbbbbbbbbbbbbb");
  mock.state.add(item, 230);
  await page.reload();
  const rows = page.locator("tr[data-key^=upload-]");
  await page.waitForSelector("#more-uploads");
  assert.equal(await rows.count(), 100);
  await page.locator("#more-uploads").press("Enter");
  await rows.nth(199).waitFor();
  await page.locator("#more-uploads").press("Enter");
  await rows.nth(229).waitFor();
  assert.equal(await page.locator("#more-uploads").isVisible(), false);
});

at("case", "What one person wrote is not shown to the next at the same screen", async (page, mock) => {
  await page.locator("#note").fill("for my eyes");
  mock.state.present = false;
  await page.locator("#title").focus();
  await page.keyboard.press("s");
  await page.waitForSelector("#token");
  mock.state.who = { name: "bob", role: "CALLER_ROLE_REVIEWER" };
  Object.assign(mock.state.cases.get(CASE), { state: "STATE_WAITING", token: undefined });
  await page.locator("#token").fill("lc_bob");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#do-claim:enabled");
  await page.keyboard.press("c");
  await page.waitForSelector("#note");
  assert.equal(await page.locator("#note").inputValue(), "");
});

at(
  "case",
  "Deadlines go by the server's clock where the reviewer's own is wrong",
  async (page, mock) => {
    mock.state.tellsTime = true;
    await page.clock.setSystemTime(new Date("2031-01-01T00:00:00Z"));
    await page.reload();
    await page.getByText("7 h 59 min left").first().waitFor();
  },
  { clock: true },
);

at("appeal", "What is appealed is shown again to who decides on the appeal", async (page) => {
  await page.keyboard.press("c");
  await page.waitForSelector("#reveal");
  await page.waitForSelector("input[name=upload]");
});

at("queue", "An address that is not well formed is no page", async (page) => {
  await page.evaluate(() => {
    location.hash = "#/case/%";
  });
  await page.getByRole("heading", { name: "There is no such thing" }).waitFor();
});
