#ifndef LENSCAP_SERVICES_LISTING_BATCH_H_
#define LENSCAP_SERVICES_LISTING_BATCH_H_

#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/listing_handler.h"

namespace lenscap {

// A call with one answer that reviews listings, for a caller who may. Not
// thread-safe; what it is made of must outlive it.
class ListingWork {
 public:
  virtual ~ListingWork() = default;
  // Quick. Then `turn` says whether Run decodes, and in whose turn.
  virtual absl::Status Begin() = 0;
  virtual std::optional<std::string> turn() const = 0;
  virtual absl::Status Run(const Cancellation& cancellation) = 0;
};

// ListingService.Review.
class OneListing final : public ListingWork {
 public:
  OneListing(const ListingRooms* rooms, const Caller& caller,
             const v1::ReviewListingRequest* request, v1::ListingReport* reply)
      : review_(rooms, caller), request_(request), reply_(reply) {}

  absl::Status Begin() override { return review_.Begin(*request_); }
  std::optional<std::string> turn() const override;
  absl::Status Run(const Cancellation& cancellation) override;

 private:
  ListingReview review_;
  const v1::ReviewListingRequest* const request_;
  v1::ListingReport* const reply_;
};

// ListingService.ReviewBatch: one after the other, each with its own limits, in
// the turn of the first that decodes.
class ManyListings final : public ListingWork {
 public:
  static constexpr int kMaxListings = 1000;

  ManyListings(const ListingRooms* rooms, Caller caller,
               const v1::ReviewBatchRequest* request,
               v1::ReviewBatchReply* reply)
      : rooms_(rooms),
        caller_(std::move(caller)),
        request_(request),
        reply_(reply) {}

  absl::Status Begin() override;
  std::optional<std::string> turn() const override { return turn_; }
  absl::Status Run(const Cancellation& cancellation) override;

 private:
  const ListingRooms* const rooms_;
  const Caller caller_;
  const v1::ReviewBatchRequest* const request_;
  v1::ReviewBatchReply* const reply_;
  std::optional<std::string> turn_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LISTING_BATCH_H_
