// Reviewers at work, by keyboard alone, with the real server: what they see, and
// what the server holds to be so.

import assert from "node:assert/strict";
import test from "node:test";

import { assertAccessible, missing, newContext, openPage, pageOf, sharedBrowser } from "./browser.mjs";
import { HOSTILE_NAME } from "./made_up.mjs";
import { clip, photo, Seeded } from "./seeded.mjs";

const skip = missing() ?? false;
const browser = sharedBrowser();
// One where decisions can be undone for long, and two where tests wait until they
// cannot.
let site;
let reviewedTwice;
let soonFinal;

test.before(async () => {
  if (skip) return;
  [site, reviewedTwice, soonFinal] = await Promise.all([
    Seeded.start(),
    Seeded.start({ secondReviewShare: 1, undoSeconds: 1 }),
    Seeded.start({ undoSeconds: 1 }),
  ]);
});
test.after(() => Promise.all([site, reviewedTwice, soonFinal].map((one) => one?.destroy())));

// Who has signed in, by site and name: they stay so from test to test, and have a
// new tab in each.
const signedIn = new Map();

// Somebody at a browser of their own, signed in.
class Person {
  static async arrive(name, at = site) {
    const person = new Person();
    person.name = name;
    const key = `${at.url} ${name}`;
    const known = signedIn.get(key);
    const context = known ?? (await newContext(browser()));
    person.page = await pageOf(context);
    await person.page.goto(at.url);
    if (!known) await person.signIn(at.tokens[name]);
    await person.page.waitForSelector("#who:not(:empty)");
    signedIn.set(key, context);
    return person;
  }

  async signIn(token) {
    await this.page.waitForSelector("#token");
    await this.type(token);
    await this.press("Enter");
  }

  async type(text) {
    // Where the sign-in form has not the focus yet, Tab goes on to it.
    for (let i = 0; i < 12 && !(await this.page.evaluate(() => document.activeElement.matches("input, textarea"))); ++i)
      await this.press("Tab");
    await this.page.keyboard.type(text);
  }

  press(...keys) {
    return keys.reduce((before, key) => before.then(() => this.page.keyboard.press(key)), Promise.resolve());
  }
  see(text) {
    return this.page.getByText(text).first().waitFor();
  }
  has(selector) {
    return this.page.waitForSelector(selector);
  }

  // By the search field, as one does with an id from a mail.
  async find(caseId) {
    await this.press("/");
    await this.type(caseId);
    await this.press("Enter");
    await this.page.locator("main").getByText(caseId).first().waitFor();
  }

  async claimNext(caseId) {
    await this.press("n");
    await this.has("#do-remove:enabled");
    await this.page.locator("main").getByText(caseId).first().waitFor();
  }

  // Fills in the dialog that is open: the first field, and sends it.
  async answer(text) {
    await this.has("dialog[open]");
    await this.type(text);
    while (!(await this.page.evaluate(() => document.activeElement.matches("button[type=submit]"))))
      await this.press("Tab");
    await this.press("Enter");
  }

  async leave() {
    assert.deepEqual(this.page.troubles, []);
    await this.page.close();
  }
}

// Returns once the server offers the case to others.
async function untilItWaits(at, caseId) {
  while ((await at.caseOf(caseId)).state !== "STATE_WAITING") await new Promise((done) => setTimeout(done, 100));
}

// A test with the people that it names; they leave at its end.
function walk(name, people, run, at = () => site) {
  test(name, { skip }, async () => {
    const there = [];
    for (const one of people) there.push(await Person.arrive(one, at()));
    await run(...there);
    for (const one of there) await one.leave();
  });
}

walk("A reviewer claims the next case, decides, takes it back and decides again", ["ada"], async (ada) => {
  const item = await site.newCase();
  await ada.claimNext(item.caseId);
  await ada.see("own/clip-");
  await ada.see("The very same file");
  assert.equal((await site.caseOf(item.caseId)).state, "STATE_LEASED");
  await ada.press("d");
  await ada.see("Decided: removed (1 upload).");
  assert.equal((await site.caseOf(item.caseId)).decisions.at(-1).outcome, "OUTCOME_REMOVE");
  await ada.press("u");
  await ada.see("Undone. The case is yours again.");
  const undone = await site.caseOf(item.caseId);
  assert.equal(undone.state, "STATE_LEASED");
  assert.equal(undone.reviewer, "ada");
  await ada.has("#do-keep:enabled");
  await ada.press("m");
  await ada.type("a test picture");
  await ada.press("Escape", "e");
  await ada.see("Decided: kept (1 upload).");
  const decided = await site.caseOf(item.caseId);
  assert.equal(decided.state, "STATE_DECIDED");
  assert.equal(decided.decisions.at(-1).outcome, "OUTCOME_KEEP");
  assert.equal(decided.decisions.at(-1).note, "a test picture");
});

walk("A reviewer goes through the queue with j and Enter", ["ada"], async (ada) => {
  const item = await site.newCase();
  await ada.press("g", "q");
  await ada.has(`#open-${item.caseId}`);
  await ada.press("j");
  await ada.page.waitForFunction((id) => document.activeElement?.id === id, `open-${item.caseId}`);
  await ada.press("Enter");
  await ada.has("#do-claim");
  await ada.press("c");
  await ada.has("#do-remove:enabled");
  await ada.press("s");
  await ada.see("Released. The case waits again.");
  assert.equal((await site.caseOf(item.caseId)).state, "STATE_WAITING");
  await ada.press("c");
  await ada.has("#do-remove:enabled");
  await ada.press("d");
  await ada.see("Decided: removed");
});

walk("A case on hold stays with its reviewer, under their claims", ["ada", "bob"], async (ada, bob) => {
  const item = await site.newCase();
  await ada.claimNext(item.caseId);
  await ada.press("h");
  await ada.answer("I ask the hotline.");
  await ada.see("On hold. You find it under your claims.");
  const held = await site.caseOf(item.caseId);
  assert.equal(held.hold.reason, "I ask the hotline.");
  await bob.press("n");
  await bob.see("No case waits for you.");
  await ada.press("g", "q");
  await ada.page.getByRole("heading", { name: "Your claims" }).waitFor();
  await ada.find(item.caseId);
  await ada.has("#held");
  await ada.press("d");
  await ada.see("Decided: removed");
  assert.equal((await site.caseOf(item.caseId)).state, "STATE_DECIDED");
});

walk(
  "An escalated case goes to somebody with the skill, and to nobody else",
  ["ada", "bob", "sue"],
  async (ada, bob, sue) => {
    const item = await site.newCase();
    await ada.claimNext(item.caseId);
    await ada.press("x");
    await ada.answer("I know this place.");
    await ada.see("Escalated. Somebody else will decide.");
    await bob.press("n");
    await bob.see("No case waits for you.");
    await sue.claimNext(item.caseId);
    await sue.see("I know this place.");
    await sue.press("d");
    await sue.see("Decided: removed");
    const decided = await site.caseOf(item.caseId);
    assert.equal(decided.escalations.at(-1).reason, "I know this place.");
    assert.equal(decided.decisions.at(-1).reviewer, "sue");
  },
);

walk(
  "An appeal is decided by another reviewer than the first",
  ["ada", "bob"],
  async (ada, bob) => {
    const item = await soonFinal.newCase();
    await ada.claimNext(item.caseId);
    await ada.press("d");
    await ada.see("Decided: removed");
    await ada.has("#do-appeal");
    // The platform hears of a decision, and can appeal, once it stands.
    await ada.page.waitForSelector("#undo", { state: "hidden", timeout: 20_000 });
    await ada.press("p");
    await ada.answer("This is my own flat.");
    await ada.see("The appeal is open. Another reviewer will decide.");
    await ada.press("n");
    await ada.see("No case waits for you.");
    await bob.press("n");
    await bob.has("#appeal");
    await bob.see("This is my own flat.");
    await bob.press("e");
    await bob.see("Decided: kept (1 upload).");
    const { uploads } = await soonFinal.call("root", "TakedownService/ListUploads", { caseId: item.caseId });
    assert.equal(uploads[0].decisions.at(-1).outcome, "OUTCOME_KEEP");
    assert.equal(uploads[0].decisions.at(-1).reviewer, "bob");
  },
  () => soonFinal,
);

walk("A still of the upload is clear while R is held, counted, and on record", ["ada"], async (ada) => {
  const item = await site.newCase();
  await ada.claimNext(item.caseId);
  await ada.has("#reveal");
  assert.equal(await ada.page.locator("img.clear").count(), 0);
  await ada.page.keyboard.down("r");
  await ada.has("img.clear");
  await ada.page.keyboard.up("r");
  assert.equal(await ada.page.locator("img.clear").count(), 0);
  const shown = await site.call("ada", "EvidenceService/GetExposure", {});
  assert.notEqual(shown.revealed ?? "0s", "0s");
  await ada.press("d");
  await ada.see("This footage was decided on. It is not shown again.");
});

walk(
  "Two reviewers decide the same case blind, and a senior one where they differ",
  ["ada", "bob", "sue"],
  async (ada, bob, sue) => {
    const item = await reviewedTwice.newCase();
    await ada.claimNext(item.caseId);
    await ada.press("m");
    await ada.type("it is clear");
    await ada.press("Escape", "d");
    await ada.see(/Decided: removed|Your decision was taken/);
    await ada.press("n");
    await ada.see("No case waits for you.");
    // Until it cannot be undone any more the case is kept for its reviewer.
    await untilItWaits(reviewedTwice, item.caseId);
    await bob.claimNext(item.caseId);
    assert.equal(await bob.page.getByText("it is clear").count(), 0);
    assert.equal(await bob.page.locator("#decisions, #reviews").count(), 0);
    await bob.press("e");
    await untilItWaits(reviewedTwice, item.caseId);
    await sue.claimNext(item.caseId);
    await sue.has("#reviews");
    await sue.see("it is clear");
    await sue.press("d");
    await sue.see("Decided: removed (1 upload).");
    const decided = await reviewedTwice.caseOf(item.caseId);
    assert.equal(decided.state, "STATE_DECIDED");
    assert.equal(decided.decisions.length, 1);
    assert.equal(decided.decisions[0].reviewer, "sue");
  },
  () => reviewedTwice,
);

walk("Of two reviewers at one case, one decides", ["ada", "bob"], async (ada, bob) => {
  const item = await site.newCase();
  await ada.claimNext(item.caseId);
  await bob.find(item.caseId);
  await bob.has("#elsewhere");
  await bob.see("ada");
  await bob.press("c", "d", "e"); // None of them does anything.
  assert.equal((await site.caseOf(item.caseId)).state, "STATE_LEASED");
  await site.call("root", "TakedownService/Reassign", { caseId: item.caseId, reviewer: "bob", reason: "ada is away" });
  await bob.claimNext(item.caseId);
  await ada.press("d");
  await ada.see("Not decided: your claim had run out, or the case was decided elsewhere.");
  await ada.has("#elsewhere");
  await bob.press("e");
  await bob.see("Decided: kept");
  const decided = await site.caseOf(item.caseId);
  assert.equal(decided.decisions.length, 1);
  assert.equal(decided.decisions[0].reviewer, "bob");
});

walk("A decision after the lease has run out is refused, and the note is kept", ["ada"], async (ada) => {
  const item = await site.newCase();
  // A short lease, which the server does not hear of again.
  await ada.page.route("**/TakedownService/Lease", (route) =>
    route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), duration: "2s" }) }),
  );
  const error = { code: "UNAVAILABLE", status: 503, message: "" };
  await ada.page.route("**/TakedownService/Extend", (route) => route.fulfill({ status: 503, json: { error } }));
  await ada.claimNext(item.caseId);
  await ada.press("m");
  await ada.type("seen before");
  await untilItWaits(site, item.caseId);
  await ada.press("Escape", "d");
  await ada.page
    .getByText(/Not decided|You no longer have this case/)
    .first()
    .waitFor();
  assert.deepEqual((await site.caseOf(item.caseId)).decisions ?? [], []);
  await ada.page.unroute("**/TakedownService/Lease");
  await ada.page.unroute("**/TakedownService/Extend");
  await ada.has("#do-claim:enabled");
  await ada.press("c");
  await ada.has("#do-remove:enabled");
  assert.equal(await ada.page.locator("#note").inputValue(), "seen before");
  await ada.press("d");
  await ada.see("Decided: removed");
});

walk("A forged session is nobody's", [], async () => {
  const page = await openPage(browser());
  await page.context().addCookies([{ name: "lenscap-session", value: "f".repeat(64), url: site.url }]);
  await page.goto(`${site.url}/#/queue`);
  await page.waitForSelector("#token");
  assert.equal(await page.locator("#places li").count(), 0);
  await page.context().close();
});

walk("A revoked token ends the session at once", ["bob"], async (bob) => {
  const { tokens } = await site.call("root", "AccessService/ListTokens");
  const secret = await site.server.tokenFor({ name: "eve", role: "CALLER_ROLE_REVIEWER" }, site.tokens.root);
  site.tokens.eve = secret;
  const eve = await Person.arrive("eve");
  const known = new Set(tokens.map((one) => one.tokenId));
  const now = (await site.call("root", "AccessService/ListTokens")).tokens;
  const { tokenId } = now.find((one) => !known.has(one.tokenId));
  await site.call("root", "AccessService/RevokeToken", { tokenId, reason: "left" });
  await eve.press("n");
  await eve.has("#token");
  await eve.see("Your session has ended.");
  await bob.press("n");
  await bob.see("No case waits for you.");
  await eve.leave();
});

walk("A script in an uploader's name is shown as text, in the case and on the account's page", ["ada"], async (ada) => {
  const item = await site.newCase();
  await ada.claimNext(item.caseId);
  await ada.see(HOSTILE_NAME.slice(0, 20));
  await ada.page.locator(`a[href^="#/account/"]`).first().focus();
  await ada.press("Enter");
  await ada.page.getByRole("heading", { level: 1, name: "Account" }).waitFor();
  await ada.see(HOSTILE_NAME.slice(0, 20));
  assert.equal(await ada.page.locator("main img").count(), 0);
  await ada.find(item.caseId);
  await ada.has("#do-remove:enabled");
  await ada.press("d");
  await ada.see("Decided: removed");
});

walk("Listings of one photo by two sellers are one case, shown with what the rules found", ["ada"], async (ada) => {
  const listing = {
    title: "Spy cam\u200bera in a real pen <img src=x onerror=alert(1)>",
    description: "\u202eNo light, no sound. Put it in the bathroom, they will never know.",
    images: [photo(7).toString("base64")],
    locale: "en",
    tenant: "forum",
  };
  const review = (listingId, seller) => site.call("forum", "ListingService/Review", { ...listing, listingId, seller });
  const first = await review("shop-1", "pens-and-more");
  const second = await review("shop-2", HOSTILE_NAME);
  assert.equal(second.caseId, first.caseId);
  await ada.press("g", "q");
  await ada.has(`#open-${first.caseId}`);
  await ada.see("pens-and-more · score");
  await ada.see("2 sellers");
  await ada.find(first.caseId);
  await ada.press("c");
  await ada.has("#do-remove:enabled");
  const marks = await ada.page.locator("#listing-title mark").evaluateAll((all) => all.map((one) => one.title));
  assert.ok(marks.length > 0 && marks.every(Boolean), `${marks}`);
  assert.match(await ada.page.locator("#listing-title").innerText(), /camZWSPera[\s\S]*<img src=x/);
  assert.match(await ada.page.locator("#listing-description").innerText(), /^RLO/);
  await ada.see("Photo 1");
  await ada.page.keyboard.down("r");
  await ada.has("img.clear");
  await ada.page.keyboard.up("r");
  await assertAccessible(ada.page, "listing");
  await ada.page.locator("tr[data-key=shop-2] button.quiet").press("Enter");
  await ada.page.locator("#photos").getByText("shop-1").waitFor();
  await ada.has("#listing-title mark");
  await ada.page.locator("#title").focus();
  await ada.press("d");
  await ada.see("Decided: removed (2 uploads).");
  assert.equal((await site.caseOf(first.caseId)).decisions.at(-1).outcome, "OUTCOME_REMOVE");
});

walk("An administrator tries a text and turns a rule off", ["root"], async (root) => {
  await root.press("g", "p");
  await root.page.locator("#try-title").fill("Spy camera in a pen");
  await root.press("Enter");
  await root.has("#tried #listing-title mark");
  const rule = async () =>
    (await site.call("root", "ListingService/ListRulePacks")).packs.find((one) => one.packId === "starter-en").rules[0];
  const { ruleId } = await rule();
  await root.page.locator(`#mode-starter-en-${ruleId}`).press("Enter");
  await root.page.locator("dialog select").selectOption("MODE_OFF");
  await root.answer("It finds what it should not.");
  await root.see("The rule's mode was changed.");
  await root.page.locator(`tr[data-key=${ruleId}]`).getByText("set by hand").waitFor();
  assert.equal((await rule()).mode, "MODE_OFF");
});

walk("A person reports footage by the public form, and hears there what a reviewer answers", ["ada"], async (ada) => {
  const page = await openPage(browser());
  await page.goto(`${site.url}/report`);
  await page.locator("#statement").fill("This was filmed in my room.");
  await page.locator("#links").fill("https://forum.example/1");
  await page.locator("#name").fill("A. Person");
  await page.locator("#contact").fill("a.person@mail.example");
  await page.locator("#signature").fill("A. Person");
  await page.locator("#footage").setInputFiles({ name: "clip.mp4", mimeType: "video/mp4", buffer: clip(99) });
  await page.locator("#send").press("Enter");
  await page.locator("#receipt").waitFor();
  const [id, receipt] = [await page.locator("#report-id").innerText(), await page.locator("#receipt").innerText()];
  await ada.press("g", "v");
  await ada.has(`#report-${id}`);
  await ada.press("j", "Enter");
  await ada.see("This was filmed in my room.");
  await assertAccessible(ada.page, "report");
  await ada.press("y");
  await ada.answer("We look for copies.");
  await ada.see("Accepted. Copies are looked for from now on.");
  await page.reload();
  await page.locator("#status-id").fill(id);
  await page.locator("#status-receipt").fill(receipt);
  await page.locator("#status-receipt").press("Enter");
  await page.getByText("We look for copies.").waitFor();
  assert.deepEqual(page.troubles, []);
  await page.context().close();
});

walk("axe-core finds nothing on the pages of a real server", ["root"], async (root) => {
  for (const place of ["queue", "queue/STATE_DECIDED", "lists", "list/own", "rules", "campaign", "health"]) {
    await root.page.evaluate((hash) => {
      location.hash = hash;
    }, `#/${place}`);
    await root.page.waitForFunction(() => document.activeElement?.id === "title");
    await assertAccessible(root.page, place);
  }
  await root.see("Decisions over time");
});
