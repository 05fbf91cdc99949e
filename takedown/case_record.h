#ifndef LENSCAP_TAKEDOWN_CASE_RECORD_H_
#define LENSCAP_TAKEDOWN_CASE_RECORD_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/lease_queue.h"
#include "google/protobuf/timestamp.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// A case as an item of a LeaseQueue. Its payload is a serialized v1::Case with
// what the queue does not know. Id, state, priority, times, deliveries,
// reviewer and for how long reviewers have had it are the item's. Pure
// functions.

// INVALID_ARGUMENT where a string is not UTF-8: it could never be read back.
absl::StatusOr<std::string> EncodeCase(const v1::Case& decided);
// DATA_LOSS, naming the case, where the payload is not one.
absl::StatusOr<v1::Case> DecodeRecord(const LeaseQueue::Item& item);
// The same, as it is shown to whoever asks: without what a second reviewer must
// not know (takedown/second_review.h).
absl::StatusOr<v1::Case> DecodeCase(const LeaseQueue::Item& item);

// INVALID_ARGUMENT, naming the field, unless `value` is `least` to `most`
// bytes of UTF-8.
absl::Status CheckText(absl::string_view field, absl::string_view value,
                       size_t least, size_t most);

// Whole microseconds, as the queue keeps times.
google::protobuf::Timestamp ToTimestamp(absl::Time time);
absl::Time FromTimestamp(const google::protobuf::Timestamp& timestamp);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_CASE_RECORD_H_
