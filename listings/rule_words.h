#ifndef LENSCAP_LISTINGS_RULE_WORDS_H_
#define LENSCAP_LISTINGS_RULE_WORDS_H_

#include <array>

#include "absl/strings/string_view.h"

namespace lenscap {

// The words of a pack, each list in its order; listings/RULES.md says what they
// mean.

// From the least grave to the gravest.
inline constexpr std::array<absl::string_view, 5> kRuleLevels = {
    "informational", "low", "medium", "high", "critical"};

inline constexpr absl::string_view kExclusionGroup = "exclusion";
inline constexpr std::array<absl::string_view, 8> kRuleGroups = {
    "object", "capability", "concealment", "place",
    "trade",  "tutorial",   "credentials", kExclusionGroup};

// As RuleStatus, ListingKind and RuleAction number them.
inline constexpr std::array<absl::string_view, 4> kRuleStatuses = {
    "experimental", "test", "stable", "deprecated"};
inline constexpr std::array<absl::string_view, 4> kListingKinds = {
    "listing", "post", "chat-message", "profile"};
inline constexpr std::array<absl::string_view, 3> kRuleActions = {
    "allow", "review", "block"};

// Where `word` stands in the list; its size if it is not there.
template <size_t kSize>
constexpr size_t IndexOfWord(const std::array<absl::string_view, kSize>& words,
                             absl::string_view word) {
  size_t i = 0;
  while (i < kSize && words[i] != word) ++i;
  return i;
}

}  // namespace lenscap

#endif  // LENSCAP_LISTINGS_RULE_WORDS_H_
