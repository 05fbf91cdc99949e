// Who sits here, and what they may do. The server decides; this only spares
// people buttons that would be refused.

import { loadSession } from "./api.js";

let session = {};

export async function refreshSession() {
  session = await loadSession();
  return session;
}

export const mustSignIn = () => Boolean(session.signInRequired && !session.signedIn);
export const isSignedIn = () => Boolean(session.signedIn);

const role = () => {
  if (mustSignIn()) return "";
  if (session.identity?.role) return session.identity.role.replace("CALLER_ROLE_", "");
  return session.local ? "ADMIN" : "";
};

export const may = (...roles) => roles.includes(role());
export const decides = () => may("REVIEWER", "ADMIN");
export const readsCases = () => may("REVIEWER", "ADMIN", "AUDITOR");
export const readsLists = () => may("REGULATOR", "REVIEWER", "ADMIN", "AUDITOR");
export const readsReports = () => may("REGULATOR", "ADMIN", "AUDITOR");
export const oversees = () => may("ADMIN", "AUDITOR");
export const isAdmin = () => may("ADMIN");

// Without signing in nobody has a name, so people give one for their claims.
const NAME = "lenscap.reviewer";
export const needsName = () => !session.signedIn && !localStorage.getItem(NAME);
export const giveName = (name) => localStorage.setItem(NAME, name);
export const personName = () =>
  session.signedIn ? (session.identity?.name ?? "") : (localStorage.getItem(NAME) ?? "");

// What requests for claims say of who asks.
export const asReviewer = () => (session.signedIn ? {} : { reviewer: personName() });
