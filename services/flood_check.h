#ifndef LENSCAP_SERVICES_FLOOD_CHECK_H_
#define LENSCAP_SERVICES_FLOOD_CHECK_H_

#include <cstdint>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "index/clip_matcher.h"
#include "index/upload_store.h"
#include "proto/lenscap/v1/hash_list.pb.h"
#include "proto/lenscap/v1/policy.pb.h"

namespace lenscap {

struct FloodOptions {
  // It is a flood where more than this share would be found, if that is at
  // least `min_matched` of at least `min_checked`.
  double max_share = 0.01;
  int min_matched = 3;
  int min_checked = 20;
  // Looked at are the newest uploads that were let through, at most this many
  // and no older than `within`.
  int max_uploads = 2'000;
  absl::Duration within = absl::Hours(24 * 7);
  v1::Policy policy;  // What counts is what it would review or block.
};

struct FloodResult {
  v1::FloodReport report;
  bool flood = false;
};

// What entries that are to be added would do to the latest innocent uploads:
// those that were let through with what was known until then. Whether the
// entries are in shadow makes no difference. Uploads whose record is damaged
// are passed over. Fails where the store cannot be read.
absl::StatusOr<FloodResult> CheckFlood(const ClipMatcher& added,
                                       const UploadStore& uploads,
                                       absl::Time now,
                                       const FloodOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_FLOOD_CHECK_H_
