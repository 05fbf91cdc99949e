#include "listings/rule_mode.h"

namespace lenscap {

RuleMode ModeOf(const Rule& rule) {
  switch (rule.status) {
    case RuleStatus::kExperimental:
    case RuleStatus::kTest:
      return RuleMode::kShadow;
    case RuleStatus::kStable:
      return RuleMode::kActive;
    case RuleStatus::kDeprecated:
      return RuleMode::kOff;
  }
  return RuleMode::kOff;
}

}  // namespace lenscap
