#include "services/default_review_policy.h"

#include <cstdlib>

#include "absl/status/statusor.h"
#include "takedown/review_policy.h"

namespace lenscap {

absl::string_view DefaultReviewPolicyText() {
  static constexpr char kText[] =
#include "services/default_review_policy_text.inc"
      ;
  return kText;
}

v1::ReviewPolicy DefaultReviewPolicy() {
  absl::StatusOr<v1::ReviewPolicy> policy =
      ParseReviewPolicy(DefaultReviewPolicyText());
  if (!policy.ok()) std::abort();  // A test parses it.
  return *std::move(policy);
}

}  // namespace lenscap
