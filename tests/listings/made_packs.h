#ifndef LENSCAP_TESTS_LISTINGS_MADE_PACKS_H_
#define LENSCAP_TESTS_LISTINGS_MADE_PACKS_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "listings/rule_engine.h"
#include "listings/rule_pack.h"

namespace lenscap {

// A pack "made", version 1, of rules in YAML; `header` are more lines of it.
std::string MadePack(const std::vector<std::string>& rules,
                     absl::string_view header = "");

// A rule in YAML, in the group "object" with a score of 10 unless `more` says
// otherwise. `detection` and `more` are lines; those of `detection` are
// indented here.
std::string MadeRule(absl::string_view id, absl::string_view detection,
                     absl::string_view more = "");

// Of a pack that can be read; every rule is active unless `modes` says so.
std::shared_ptr<const RuleEngine> MadeEngine(const std::string& pack,
                                             const RuleModes& modes = {});

// Ids of the rules that fit, sorted.
std::vector<std::string> HitIds(const TextReview& review);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_LISTINGS_MADE_PACKS_H_
