// A lenscapd that people sign in to, which knows some leaked clips; and uploads
// of these, which become cases.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { HOSTILE_NAME } from "./made_up.mjs";
import { Lenscapd } from "./lenscapd.mjs";

const PEOPLE = {
  root: { role: "CALLER_ROLE_ADMIN" },
  ada: { role: "CALLER_ROLE_REVIEWER" },
  bob: { role: "CALLER_ROLE_REVIEWER" },
  sue: { role: "CALLER_ROLE_REVIEWER", skills: ["senior"] },
  forum: { role: "CALLER_ROLE_PLATFORM", tenant: "forum", platformClass: "social" },
};

// A part of the Mandelbrot set, another one for each number, as ffmpeg writes it.
function picture(number, name, options) {
  const directory = mkdtempSync(join(process.env.TEST_TMPDIR ?? tmpdir(), "picture-"));
  const file = join(directory, name);
  const source = `mandelbrot=s=320x240:r=8:end_scale=0.01:end_pts=60:start_x=${-0.75 + number * 0.01}:start_y=${-0.1 - number * 0.02}`;
  execFileSync("ffmpeg", ["-v", "error", "-f", "lavfi", "-i", source, "-threads", "1", ...options, file]);
  const bytes = readFileSync(file);
  rmSync(directory, { recursive: true });
  return bytes;
}

// Three seconds of it.
export const clip = (number) =>
  picture(number, "clip.mp4", ["-t", "3", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]);
export const photo = (number) => picture(number, "photo.jpg", ["-frames:v", "1"]);

export class Seeded {
  // By a review policy; people's tokens are made while the server still lets in
  // whoever reaches it.
  static async start(policy = {}) {
    const seeded = new Seeded();
    seeded.server = Lenscapd.temporary();
    seeded.clips = 0;
    seeded.tokens = {};
    await seeded.server.start();
    for (const [name, more] of Object.entries(PEOPLE)) {
      seeded.tokens[name] = await seeded.server.tokenFor({ name, ...more });
    }
    await seeded.server.stop();
    await seeded.server.start([
      "--require_sign_in",
      `--review_policy=${seeded.policyFile(policy)}`,
      `--intake_token_file=${seeded.file("token", seeded.tokens.forum)}`,
    ]);
    return seeded;
  }

  file(name, text) {
    const path = join(this.server.directory, name);
    writeFileSync(path, text);
    return path;
  }

  // Nothing is left to chance: no second review and no golden case unless asked.
  policyFile({ secondReviewShare = 0, undoSeconds = 10 }) {
    return this.file(
      "review.textproto",
      `version: "test"
       undo_window { seconds: ${undoSeconds} }
       second_review_share: ${secondReviewShare}
       exposure_budget { seconds: 1800 }
       clocks {
         name: "known-clip-24h"
         queues: CASE_QUEUE_KNOWN_CLIP
         start: START_DETECTION
         limit { seconds: 86400 }
       }`,
    );
  }

  get url() {
    return this.server.url;
  }
  destroy() {
    return this.server.destroy();
  }
  call(who, method, request) {
    return this.server.call(method, request, this.tokens[who]);
  }
  caseOf(caseId) {
    return this.call("root", "TakedownService/GetCase", { caseId });
  }

  // Publishes a new clip and uploads it; the case that was opened.
  async newCase(header = {}) {
    const number = ++this.clips;
    const bytes = clip(number);
    await this.server.upload(
      "HashListService/Publish",
      {
        listId: "own",
        entryId: `clip-${number}`,
        severity: "SEVERITY_CONFIRMED",
        format: "FORMAT_FOOTAGE",
        createList: true,
        issuer: "Example platform",
      },
      bytes,
      this.tokens.root,
    );
    return this.uploadOf(bytes, `upload-${number}`, header);
  }

  async uploadOf(bytes, contentId, header = {}) {
    const event = await this.server.upload(
      "ScanService/Scan",
      { contentId, account: HOSTILE_NAME, group: "chat-7", language: "en", ...header },
      bytes,
      this.tokens.forum,
    );
    return this.caseOf(event.report.caseId);
  }
}
