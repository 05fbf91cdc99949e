#include "services/listing_batch.h"

#include "base/status_macros.h"
#include "services/limit_status.h"
#include "services/listing_report.h"
#include "services/listing_request.h"
#include "services/validate.h"

namespace lenscap {
namespace {

// gRPC's clients take messages of 4 MiB unless they are told otherwise.
constexpr size_t kMaxReplyBytes = 3 << 20;

absl::StatusOr<v1::ListingReport> ReviewOne(
    const ListingRooms& rooms, const Caller& caller,
    const v1::ReviewListingRequest& request, const Cancellation& cancellation) {
  ListingReview review(&rooms, caller);
  RETURN_IF_ERROR(review.Begin(request));
  return review.Review(cancellation);
}

}  // namespace

std::optional<std::string> OneListing::turn() const {
  if (!review_.decodes()) return std::nullopt;
  return review_.turn_key();
}

absl::Status OneListing::Run(const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(*reply_, review_.Review(cancellation));
  return absl::OkStatus();
}

absl::Status ManyListings::Begin() {
  RETURN_IF_ERROR(
      CheckRange("listings", request_->listings_size(), 0, kMaxListings));
  for (const v1::ReviewListingRequest& listing : request_->listings()) {
    if (!NeedsDecoding(listing)) continue;
    const std::string& tenant =
        listing.tenant().empty() ? caller_.tenant : listing.tenant();
    turn_ = rooms_->tenants->Get(tenant)->key();
    break;
  }
  return absl::OkStatus();
}

absl::Status ManyListings::Run(const Cancellation& cancellation) {
  for (const v1::ReviewListingRequest& listing : request_->listings()) {
    auto report = ReviewOne(*rooms_, caller_, listing, cancellation);
    RETURN_IF_ERROR(cancellation.status());
    if (const std::string limit = LimitOf(report.status()); !limit.empty()) {
      rooms_->metrics->CountRefusal(limit);
    }
    *reply_->add_results() = ResultOf(listing, std::move(report));
  }
  Shorten(kMaxReplyBytes, *reply_);
  return absl::OkStatus();
}

}  // namespace lenscap
