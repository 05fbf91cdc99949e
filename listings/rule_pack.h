#ifndef LENSCAP_LISTINGS_RULE_PACK_H_
#define LENSCAP_LISTINGS_RULE_PACK_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "listings/rule.h"

namespace lenscap {

// Rules for texts, in a YAML of Sigma's manner; listings/RULES.md has every
// field, its bounds and an example.

inline constexpr size_t kMaxRulePackBytes = size_t{1} << 20;

// Rules that were signed and go into force together.
struct RulePack {
  std::string id;
  int64_t version = 0;  // From 1.
  std::string issuer;
  std::string title;
  std::map<std::string, double> caps;  // By group.
  std::vector<Rule> rules;
};

// INVALID_ARGUMENT: "line 12: rule \"zh-pinhole\": score: ...", all faults, at
// most 20 of them. Takes time and memory within fixed bounds, whatever the
// bytes.
absl::StatusOr<RulePack> ParseRulePack(absl::string_view yaml);

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_PACK_H_
