// The upload of a case that is looked at: footage, or a listing.

import { wholeUpload } from "./case_uploads.js";
import { isUndecided } from "./decided.js";
import { foreign, h, section } from "./dom.js";
import { detailParts, foundPart } from "./found.js";
import { listingDetails, listingParts } from "./listing.js";
import { stillsPart } from "./stills.js";
import { t } from "./i18n.js";

// The upload that is looked at first: what is still to be decided.
export const firstLookedAt = (item, uploads) =>
  uploads.find((upload) => isUndecided(item, upload)) ??
  uploads.find((upload) => upload.contentId === item.contentId) ??
  uploads[0];

// What is looked at: footage, or a listing with the footage that it brought.
function looksOf(contentId, report, listing, stillTimes) {
  const name = h("p", { class: "soft" }, t("uploads.name"), ": ", foreign(contentId));
  if (!listing) {
    return {
      first: section(t("found.title"), {}, name, foundPart(report, stillTimes)),
      more: detailParts(report),
    };
  }
  const { video } = listing;
  return {
    first: listingParts(listing),
    more: [
      listingDetails(listing),
      video && section(t("listing.video"), { id: "video" }, foundPart(video, stillTimes)),
      detailParts(video),
    ],
  };
}

// The upload that is looked at, and its stills where they may be shown.
export async function uploadPart(item, listed, held, signal) {
  const upload = await wholeUpload(item, listed);
  const contentId = upload?.contentId ?? item.contentId;
  const opened = contentId === item.contentId;
  const report = opened ? item.report : upload?.report;
  const listing = opened ? item.listing : upload?.listing;
  const decided = upload ? !isUndecided(item, upload) : item.state === "STATE_DECIDED";
  let stills;
  let stillTimes = [];
  if (decided) stills = h("p", { id: "not-again" }, t("stills.decided"));
  else if (!held) stills = h("p", { id: "claim-to-see" }, t("stills.claim_first"));
  else ({ node: stills, times: stillTimes } = await stillsPart(item.caseId, contentId, signal));
  const { first, more } = looksOf(contentId, report, listing, stillTimes);
  return h("div", { id: "looked-at" }, first, section(t("stills.title"), { id: "stills" }, stills), more);
}
