#ifndef LENSCAP_TAKEDOWN_REVIEW_POLICY_H_
#define LENSCAP_TAKEDOWN_REVIEW_POLICY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "google/protobuf/duration.pb.h"
#include "proto/lenscap/v1/review_policy.pb.h"

namespace lenscap {

// Reads a review policy in protobuf's text format, checks every bound that
// review_policy.proto gives, and fills in what is absent: whoever reads the
// policy then finds every figure in it. INVALID_ARGUMENT names the line, or the
// rule and field.
absl::StatusOr<v1::ReviewPolicy> ParseReviewPolicy(absl::string_view text);
// As above, from a file; the message begins with its name. NOT_FOUND for a file
// that is not there or cannot be read.
absl::StatusOr<v1::ReviewPolicy> LoadReviewPolicy(const std::string& path);

// Of a figure of such a policy.
absl::Duration LengthOf(const google::protobuf::Duration& length);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_REVIEW_POLICY_H_
