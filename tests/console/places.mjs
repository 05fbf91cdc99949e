// Where things are: below Bazel's runfiles, or in a checkout.

import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = process.env.TEST_SRCDIR
  ? join(process.env.TEST_SRCDIR, process.env.TEST_WORKSPACE)
  : resolve(HERE, "../..");
export const CONSOLE = join(ROOT, "services/web/console");
