#ifndef LENSCAP_SERVICES_LISTING_HANDLER_H_
#define LENSCAP_SERVICES_LISTING_HANDLER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "base/clock.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "services/admission.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/listing_photos.h"
#include "services/listing_video.h"
#include "services/metrics.h"
#include "services/notifier.h"
#include "services/rule_packs.h"
#include "services/tenants.h"
#include "takedown/evidence_store.h"
#include "takedown/queue.h"

namespace lenscap {

// What listings are reviewed with; all must outlive it.
struct ListingRooms {
  RulePacks* packs = nullptr;
  TakedownQueue* cases = nullptr;
  EvidenceStore* evidence = nullptr;  // Null keeps no photos for reviewers.
  PhotoReading photos;
  VideoReading videos;
  Admission* admission = nullptr;
  Tenants* tenants = nullptr;
  v1::Policy policy;
  Metrics* metrics = nullptr;
  Notifier* news = nullptr;  // Told of each case that is opened.
  const Clock* clock = Clock::Real();
};

// One listing, for a caller who may have it reviewed; see listing.proto for
// what is promised. Not thread-safe.
class ListingReview {
 public:
  ListingReview(const ListingRooms* rooms, Caller caller)
      : rooms_(rooms), caller_(std::move(caller)) {}

  // Checks it, and takes the places that its photos and video need. Quick, but
  // for the copy of what is sent.
  absl::Status Begin(const v1::ReviewListingRequest& request);
  // Whether Review decodes, and must run where scans do, in this turn.
  bool decodes() const { return decodes_; }
  std::string turn_key() const { return tenant_ ? tenant_->key() : ""; }

  // Once, after Begin. Blocks on the disk, and on the decoder.
  absl::StatusOr<v1::ListingReport> Review(const Cancellation& cancellation);

 private:
  const ListingRooms* const rooms_;
  const Caller caller_;
  v1::ReviewListingRequest request_;
  bool decodes_ = false;
  Admission::Ticket ticket_;
  std::shared_ptr<Tenant> tenant_;
  Tenant::Place place_;
};

// One of many: what Review would have answered, or the error.
v1::ReviewResult ResultOf(const v1::ReviewListingRequest& request,
                          absl::StatusOr<v1::ListingReport> report);

absl::StatusOr<v1::ListingReport> ExplainListing(
    const ListingRooms& rooms, const v1::ReviewListingRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_HANDLER_H_
