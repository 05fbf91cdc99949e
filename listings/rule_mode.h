#ifndef LENSCAP_LISTINGS_RULE_MODE_H_
#define LENSCAP_LISTINGS_RULE_MODE_H_

#include <functional>

#include "listings/rule_pack.h"

namespace lenscap {

// How a rule is used. Values are those of v1.Rule.Mode.
enum class RuleMode { kActive = 1, kShadow = 2, kOff = 3 };

// As its pack says: by its status.
RuleMode ModeOf(const Rule& rule);

// Who decides on it.
using RuleModes = std::function<RuleMode(const RulePack&, const Rule&)>;

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_MODE_H_
