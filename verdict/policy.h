#ifndef LENSCAP_VERDICT_POLICY_H_
#define LENSCAP_VERDICT_POLICY_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/policy.pb.h"

namespace lenscap {

// Reads a policy in protobuf's text format and checks every bound that
// policy.proto gives. INVALID_ARGUMENT names the line, or the rule and field.
absl::StatusOr<v1::Policy> ParsePolicy(absl::string_view text);
// As above, from a file; the message begins with its name. NOT_FOUND for a file
// that is not there or cannot be read.
absl::StatusOr<v1::Policy> LoadPolicy(const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_VERDICT_POLICY_H_
