#ifndef LENSCAP_SERVICES_DEFAULT_POLICY_H_
#define LENSCAP_SERVICES_DEFAULT_POLICY_H_

#include "absl/strings/string_view.h"
#include "proto/lenscap/v1/policy.pb.h"

namespace lenscap {

// The policy of a server that was given none: deploy/policy.textproto, as it
// was when this was built; and its text, to start one's own from.
v1::Policy DefaultPolicy();
absl::string_view DefaultPolicyText();

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_DEFAULT_POLICY_H_
