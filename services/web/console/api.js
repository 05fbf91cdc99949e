// The server's API over HTTP: methods take and give proto3 JSON.

// A call that failed, by the API's own codes; UNAVAILABLE where nobody answers.
export class ApiError extends Error {
  constructor(code, message, retryAfter) {
    super(message);
    this.code = code;
    this.retryAfter = retryAfter; // Seconds, where the server says.
  }
}

let csrfToken = "";
let offset = 0; // The server's clock less this machine's, in milliseconds.
const listeners = { signedOut: () => {}, gone: () => {}, back: () => {} };
let reachable = true;

// Milliseconds since 1970 by the server's clock, as far as its answers tell.
export const now = () => Date.now() + offset;

export const onSignedOut = (listener) => {
  listeners.signedOut = listener;
};
export function onReachable(gone, back) {
  listeners.gone = gone;
  listeners.back = back;
}

function noteDate(answer) {
  const date = Date.parse(answer.headers.get("date") ?? "");
  if (Number.isNaN(date)) return;
  const seen = date - Date.now();
  // Within what the header's whole seconds and the way there explain, the two
  // clocks are one.
  offset = Math.abs(seen) > 3000 ? seen : 0;
}

async function send(path, init) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", credentials: "same-origin", ...init });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    if (reachable) {
      reachable = false;
      listeners.gone();
    }
    throw new ApiError("UNAVAILABLE", "");
  }
  if (!reachable) {
    reachable = true;
    listeners.back();
  }
  noteDate(answer);
  return answer;
}

async function failure(answer) {
  let error = {};
  try {
    error = (await answer.json()).error ?? {};
  } catch {
    // A proxy in between answers with a page of its own.
  }
  const retryAfter = Number(answer.headers.get("retry-after")) || undefined;
  return new ApiError(error.code ?? `HTTP ${answer.status}`, error.message ?? "", retryAfter);
}

const post = (path, request, signal) =>
  send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Lenscap-Csrf": csrfToken },
    body: JSON.stringify(request),
    signal,
  });

// Whether the server has another token for requests by now: it was restarted,
// or the session is a new one.
async function tokenChanged() {
  const before = csrfToken;
  await loadSession();
  return csrfToken !== before;
}

// Calls "TakedownService/Lease" and the like.
export async function call(method, request = {}, signal = undefined) {
  let answer = await post(`/v1/${method}`, request, signal);
  if (answer.status === 403 && (await tokenChanged())) {
    answer = await post(`/v1/${method}`, request, signal);
  }
  if (answer.ok) return answer.json();
  const error = await failure(answer);
  if (error.code === "UNAUTHENTICATED") listeners.signedOut();
  throw error;
}

export async function loadSession() {
  const answer = await send("/session", {});
  if (!answer.ok) throw await failure(answer);
  const session = await answer.json();
  csrfToken = session.csrfToken ?? "";
  return session;
}

export async function signIn(token) {
  const answer = await post("/session", { token });
  if (!answer.ok) throw await failure(answer);
}

export async function signOut() {
  const answer = await send("/session", { method: "DELETE", headers: { "X-Lenscap-Csrf": csrfToken } });
  if (!answer.ok) throw await failure(answer);
}

// Whether the server answers at all.
export async function isHealthy() {
  try {
    return (await send("/healthz", {})).ok;
  } catch {
    return false;
  }
}
