#ifndef LENSCAP_VERDICT_LISTING_VERDICT_H_
#define LENSCAP_VERDICT_LISTING_VERDICT_H_

#include "absl/types/span.h"
#include "index/clip_match.h"
#include "listings/hit.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/verdict.pb.h"

namespace lenscap {

// What a listing is judged by. What it refers to must outlive it.
struct ListingEvidence {
  const TextReview& text;
  // Its photos, on lists and in other listings.
  absl::Span<const ClipMatch> clips;
  absl::Span<const v1::PhotoMatch> photos;
  // Of its video; null where it has none.
  const v1::Verdict* video = nullptr;
  const v1::SellerHistory& seller;
};

// What to do with a listing: the gravest that its text, its photos, the clips
// that they show and its video ask for. The seller's removals add to a score
// that the text has without them. What rules in shadow would have done is told
// beside it. Pure and total; of `policy` it takes the match rules, and the
// listings block as it is.
v1::Verdict DecideListing(const ListingEvidence& evidence,
                          const v1::Policy& policy);

// 0 to 1000, for the queue: known clips as in CasePriority, then photos of
// what was removed, then by the score.
int ListingPriority(const ListingEvidence& evidence,
                    const v1::Verdict& verdict);

}  // namespace lenscap

#endif  // LENSCAP_VERDICT_LISTING_VERDICT_H_
