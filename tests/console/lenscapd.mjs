// The real lenscapd, on ports of its own over a data directory of its own, and
// its API as different people use it.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ROOT } from "./places.mjs";

const BINARY = process.env.LENSCAPD ?? join(ROOT, "services/lenscapd");

export class CallFailed extends Error {
  constructor(method, status, error) {
    super(`${method}: ${error?.code ?? status}: ${error?.message ?? ""}`);
    this.code = error?.code;
  }
}

// JSON for a header, which takes no more than ASCII.
const asciiJson = (value) =>
  JSON.stringify(value).replace(
    /[\u0080-\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

// Servers do not outlive the tests, however those end.
const running = new Set();
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));

export class Lenscapd {
  constructor(directory) {
    this.directory = directory;
    this.log = "";
  }

  static temporary() {
    return new Lenscapd(mkdtempSync(join(process.env.TEST_TMPDIR ?? tmpdir(), "lenscapd-")));
  }

  // Returns once it listens; with its log where it ends before that.
  async start(flags = []) {
    this.process = spawn(
      BINARY,
      [
        `--data_directory=${this.directory}`,
        "--listen=127.0.0.1:0",
        "--web_address=127.0.0.1:0",
        "--unjailed_decoder",
        ...flags,
      ],
      { stdio: ["ignore", "ignore", "pipe"] },
    );
    running.add(this.process);
    this.ended = new Promise((done) => this.process.once("exit", done));
    this.ended.then(() => running.delete(this.process));
    this.url = await new Promise((done, fail) => {
      this.process.once("error", fail);
      this.ended.then(() => fail(new Error(`lenscapd ended: ${this.log}`)));
      this.process.stderr.on("data", (text) => {
        this.log += text;
        const found = /web_listening.*?(http:\/\/[0-9.:]+)/.exec(this.log);
        if (found) done(found[1]);
      });
    });
  }

  async stop() {
    this.process.kill("SIGTERM");
    await this.ended;
    this.log = "";
  }

  async destroy() {
    await this.stop();
    rmSync(this.directory, { recursive: true });
  }

  // Calls a method with a token, or as the machine's own user.
  async call(method, request = {}, token = undefined) {
    const headers = { "Content-Type": "application/json", ...(await this.proof(token)) };
    return this.answer(
      method,
      await fetch(`${this.url}/v1/${method}`, { method: "POST", headers, body: JSON.stringify(request) }),
    );
  }

  // Sends a file by a method that takes one; the last message that it answers.
  async upload(method, header, bytes, token = undefined) {
    const headers = {
      "Content-Type": "application/octet-stream",
      "Lenscap-Header": asciiJson(header),
      ...(await this.proof(token)),
    };
    const answer = await this.answer(
      method,
      await fetch(`${this.url}/v1/${method}`, { method: "POST", headers, body: bytes }),
      true,
    );
    return answer.at(-1);
  }

  async proof(token) {
    if (token) return { Authorization: `Bearer ${token}` };
    const session = await (await fetch(`${this.url}/session`)).json();
    return { "X-Lenscap-Csrf": session.csrfToken ?? "" };
  }

  async answer(method, response, lines = false) {
    const text = await response.text();
    if (!response.ok) throw new CallFailed(method, response.status, JSON.parse(text).error);
    if (!lines) return JSON.parse(text);
    const messages = text
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const failed = messages.find((message) => message.error);
    if (failed) throw new CallFailed(method, response.status, failed.error);
    return messages.map((message) => message.result ?? message);
  }

  // A token for somebody; the caller must be an administrator.
  async tokenFor(identity, token = undefined) {
    return (await this.call("AccessService/CreateToken", { identity }, token)).secret;
  }
}
