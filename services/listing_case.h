#ifndef LENSCAP_SERVICES_LISTING_CASE_H_
#define LENSCAP_SERVICES_LISTING_CASE_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "index/clip_match.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// What is in a case under the listing's id, if anything: the listing, or else
// an upload, or a listing of another tenant.
absl::StatusOr<std::optional<v1::CaseUpload>> FindListing(
    const TakedownQueue& cases, const v1::ReviewListingRequest& request);
bool IsThis(const v1::CaseUpload& known,
            const v1::ReviewListingRequest& request);

// What cases know of who offers it.
struct SellerCases {
  v1::SellerHistory history;
  std::vector<std::string> case_ids;  // Newest first.
};
absl::StatusOr<SellerCases> FindSeller(const TakedownQueue& cases,
                                       const v1::ReviewListingRequest& request);

// The cases that it may join, the first that is open counts: of its video, of
// listings with the same photo, of its seller.
std::vector<std::string> CandidatesOf(
    absl::Span<const v1::PhotoMatch> photos,
    const std::optional<v1::ScanReport>& video, const SellerCases& seller);

// A listing that a person has to look at.
struct ListingCase {
  const v1::ReviewListingRequest& request;
  int priority = 0;
  absl::Span<const ClipMatch> clips;      // That its photos show.
  const v1::ScanReport* video = nullptr;  // Null where it has none.
  const v1::CaseUpload* known = nullptr;  // What has its id already, if any.
  std::vector<std::string> candidates;
};

// Has the queue take it, with `report`, whose case_id is set to the case that
// it is in. One that is known stays as it is. ALREADY_EXISTS where its id is
// that of something else.
absl::Status OpenListingCase(TakedownQueue& cases, const ListingCase& listing,
                             v1::ListingReport& report);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_CASE_H_
