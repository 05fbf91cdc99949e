#include "services/default_policy.h"

#include <cstdlib>

#include "absl/status/statusor.h"
#include "verdict/policy.h"

namespace lenscap {

absl::string_view DefaultPolicyText() {
  static constexpr char kText[] =
#include "services/default_policy_text.inc"
      ;
  return kText;
}

v1::Policy DefaultPolicy() {
  absl::StatusOr<v1::Policy> policy = ParsePolicy(DefaultPolicyText());
  if (!policy.ok()) std::abort();  // A test parses it.
  return *std::move(policy);
}

}  // namespace lenscap
