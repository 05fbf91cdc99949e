// Makes the pictures in docs/console: each page of the console over made-up
// answers, light and dark, reduced to a palette by ffmpeg.

import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { launch, missing, openPage } from "./browser.mjs";
import { startMock } from "./mock_server.mjs";
import { openAt, PAGES } from "./pages.mjs";
import { ROOT } from "./places.mjs";

if (missing()) throw new Error(missing());
const out = join(ROOT, "docs/console");
const work = mkdtempSync(join(tmpdir(), "screenshots-"));
const ffmpeg = (...options) => execFileSync("ffmpeg", ["-v", "error", "-y", ...options]);

// A made-up still, blurred as a server blurs them.
function blurredStill() {
  const file = join(work, "still.jpg");
  ffmpeg("-f", "lavfi", "-i", "mandelbrot=s=240x136", "-frames:v", "1", "-vf", "format=gray,gblur=sigma=14", file);
  return readFileSync(file).toString("base64");
}

mkdirSync(out, { recursive: true });
const mock = await startMock();
mock.state.jpeg = blurredStill();
const browser = await launch();
for (const colorScheme of ["light", "dark"]) {
  const page = await openPage(browser, { colorScheme, viewport: { width: 1200, height: 900 } });
  for (const name of PAGES) {
    await openAt(page, mock, name);
    const raw = join(work, "raw.png");
    await page.screenshot({ path: raw });
    ffmpeg(
      "-i",
      raw,
      "-vf",
      "split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none",
      "-compression_level",
      "100",
      "-pred",
      "mixed",
      join(out, `${name}-${colorScheme}.png`),
    );
  }
}
await browser.close();
await mock.close();
rmSync(work, { recursive: true });
