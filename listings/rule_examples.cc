#include "listings/rule_examples.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "listings/pack_faults.h"
#include "listings/quoted_text.h"
#include "listings/rule_engine.h"

namespace lenscap {
namespace {

// Adds a fault for each example that is not hit where it should be, or is where
// it should not.
void CheckExamplesOf(const RuleEngine& engine, const Rule& rule,
                     PackFaults& faults) {
  const auto check = [&](const std::vector<RuleExample>& examples, bool hit,
                         absl::string_view fault) {
    for (const RuleExample& example : examples) {
      const TextReview review =
          engine.Review(example.text, absl::InfinitePast());
      if (review.hits.empty() != hit) continue;
      faults.Add(example.line, absl::StrCat("rule ", Quoted(rule.id)),
                 absl::StrCat(fault, ": ",
                              Quoted(example.text.title.empty()
                                         ? example.text.description
                                         : example.text.title)));
    }
  };
  check(rule.positive, true, "positive example is not hit");
  check(rule.negative, false, "negative example is hit");
}

}  // namespace

absl::Status CheckExamples(const RulePack& pack) {
  PackFaults faults;
  for (const Rule& rule : pack.rules) {
    if (faults.full()) break;
    auto alone = std::make_shared<RulePack>();
    alone->id = pack.id;
    alone->rules.push_back(rule);
    ASSIGN_OR_RETURN(const auto engine,
                     RuleEngine::Compile({std::move(alone)},
                                         [](const RulePack&, const Rule&) {
                                           return RuleMode::kActive;
                                         }));
    CheckExamplesOf(*engine, rule, faults);
  }
  return faults.ToStatus();
}

}  // namespace lenscap
