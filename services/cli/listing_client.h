#ifndef LENSCAP_SERVICES_CLI_LISTING_CLIENT_H_
#define LENSCAP_SERVICES_CLI_LISTING_CLIENT_H_

#include <cstdint>
#include <functional>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/lenscap/v1/listing.pb.h"
#include "services/cli/connection.h"
#include "services/cli/listing_photos.h"

namespace lenscap::cli {

// A listing as it is sent, or why it is not.
struct PreparedListing {
  int64_t line = 0;
  absl::Status status;
  v1::ReviewListingRequest request;
  PhotoNames photos;
};

struct ReviewedListing {
  int64_t line = 0;
  // What was not sent has an error here, too.
  v1::ReviewResult result;
  PhotoNames photos;
};

struct ReviewOutcome {
  absl::Status input;   // Of `next`.
  absl::Status output;  // Of `done`.
  absl::Status server;
  // Sent and not answered.
  int64_t unanswered = 0;
};

// Sends what `next` gives, until it gives nothing, and hands each listing to
// `done`, in the same order, as soon as it is answered. A few at a time are
// under way, within kMaxListingsUnderWay and kMaxBytesUnderWay: `next`, which
// another thread calls, is not called before there is room. Ends at the first
// failure of any of the three.
inline constexpr size_t kMaxListingsUnderWay = 64;
inline constexpr size_t kMaxBytesUnderWay = size_t{32} << 20;
ReviewOutcome ReviewListings(
    const Connection& connection,
    const std::function<absl::StatusOr<std::optional<PreparedListing>>()>& next,
    const std::function<absl::Status(ReviewedListing)>& done);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_LISTING_CLIENT_H_
