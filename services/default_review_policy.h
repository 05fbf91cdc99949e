#ifndef LENSCAP_SERVICES_DEFAULT_REVIEW_POLICY_H_
#define LENSCAP_SERVICES_DEFAULT_REVIEW_POLICY_H_

#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/review_policy.pb.h"

namespace lenscap {

// The review policy where none is named: deploy/review.textproto, built in.
absl::string_view DefaultReviewPolicyText();
v1::ReviewPolicy DefaultReviewPolicy();

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_DEFAULT_REVIEW_POLICY_H_
