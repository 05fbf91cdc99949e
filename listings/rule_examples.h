#ifndef LENSCAP_LISTINGS_RULE_EXAMPLES_H_
#define LENSCAP_LISTINGS_RULE_EXAMPLES_H_

#include "absl/status/status.h"
#include "listings/rule_pack.h"

namespace lenscap {

// Runs each rule's examples through the rule alone, whatever its status and
// however old it is. INVALID_ARGUMENT, a line each, at most 20: "line 31: rule
// \"zh-pinhole\": positive example is not hit".
absl::Status CheckExamples(const RulePack& pack);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_EXAMPLES_H_
