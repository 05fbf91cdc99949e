#ifndef LENSCAP_SERVICES_LISTING_REPORT_H_
#define LENSCAP_SERVICES_LISTING_REPORT_H_

#include "listings/hit.h"
#include "proto/lenscap/v1/listing.pb.h"

namespace lenscap {

// Puts into the report what the rules say of the text of `request`: hits,
// groups, scores and the packs that were tried. Pure.
void AddText(const TextReview& review, const v1::ReviewListingRequest& request,
             v1::ListingReport& report);

// Takes from the reports what a reply of at most `max_bytes` has no room for:
// spans first, then all but the gravest rules. Verdict, score and case stay.
void Shorten(size_t max_bytes, v1::ReviewBatchReply& reply);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_REPORT_H_
