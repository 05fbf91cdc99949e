// A stand-in for lenscapd's HTTP API, in memory: what a page of the console
// needs of each service, with answers that a test can set.

import { createServer } from "node:http";
import { readFileSync } from "node:fs";
import { extname, join, normalize } from "node:path";

import { CONSOLE } from "./places.mjs";
import { madeUpState } from "./mock_state.mjs";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
};
const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; " +
    "connect-src 'self'; font-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  "X-Content-Type-Options": "nosniff",
};
const STATUS = {
  INVALID_ARGUMENT: 400,
  UNAUTHENTICATED: 401,
  PERMISSION_DENIED: 403,
  NOT_FOUND: 404,
  ABORTED: 409,
  FAILED_PRECONDITION: 400,
  RESOURCE_EXHAUSTED: 429,
  UNIMPLEMENTED: 501,
};

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString();
}

function fileFor(path) {
  if (path === "/") return "index.html";
  if (path === "/report") return "report.html";
  return path.startsWith("/console/") ? normalize(path.slice("/console/".length)) : undefined;
}

// Starts it on a free port; {url, state, close, unref}. The state may be
// replaced.
export async function startMock() {
  const mock = { state: madeUpState() };
  const server = createServer(async (request, response) => {
    const { state } = mock;
    response.sendDate = state.tellsTime;
    const answer = (status, value) => {
      response.writeHead(status, { ...HEADERS, "Content-Type": "application/json", "Cache-Control": "no-store" });
      response.end(JSON.stringify(value));
    };
    const path = new URL(request.url, "http://localhost").pathname;
    try {
      const body = await bodyOf(request);
      if (path === "/session") return answer(200, state.session(request.method, body && JSON.parse(body)));
      if (path === "/healthz") return answer(200, {});
      if (request.method === "POST" && path === "/report") return answer(200, state.intake(body));
      if (request.method === "POST" && path === "/report/status")
        return answer(200, state.intakeStatus(JSON.parse(body)));
      if (path.startsWith("/v1/")) return answer(200, state.call(path.slice(4), JSON.parse(body || "{}"), request));
      const file = fileFor(path);
      const bytes = file && readFileSync(join(CONSOLE, file));
      if (!bytes) return answer(404, { error: { code: "NOT_FOUND" } });
      response.writeHead(200, { ...HEADERS, "Content-Type": TYPES[extname(file)], "Cache-Control": "max-age=600" });
      return response.end(bytes);
    } catch (error) {
      const code = error.code in STATUS ? error.code : error.code === "ENOENT" ? "NOT_FOUND" : "INTERNAL";
      return answer(STATUS[code] ?? 500, { error: { code, status: STATUS[code] ?? 500, message: error.message } });
    }
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  mock.url = `http://127.0.0.1:${server.address().port}`;
  mock.close = () => new Promise((done) => server.close(done));
  mock.unref = () => server.unref();
  return mock;
}

if (process.argv[1]?.endsWith("mock_server.mjs")) console.log((await startMock()).url);
