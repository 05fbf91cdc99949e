#ifndef LENSCAP_LISTINGS_RULE_LINT_H_
#define LENSCAP_LISTINGS_RULE_LINT_H_

#include <string>
#include <vector>

#include "listings/rule_pack.h"

namespace lenscap {

// What a reviewer of the pack would ask about, though it can be used as it is:
// "line 12: rule \"zh-pinhole\": has no references". By line. listings/RULES.md
// has all of them.
std::vector<std::string> LintRulePack(const RulePack& pack);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_LINT_H_
