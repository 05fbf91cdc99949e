#include "listings/rule_engine.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"
#include "listings/compiled_rules.h"
#include "listings/rule_score.h"
#include "listings/text_search.h"

namespace lenscap {
namespace {

// A rule's language and a listing's BCP 47: "zh" meets "zh-CN".
bool MeetsLocale(absl::string_view language, absl::string_view locale) {
  if (language.empty() || locale.empty()) return true;
  return absl::EqualsIgnoreCase(language,
                                locale.substr(0, locale.find_first_of("-_")));
}

bool Concerns(const Rule& rule, const ListingText& text, absl::Time now) {
  if (rule.valid_until && now >= *rule.valid_until) return false;
  if (!rule.kinds.empty() && !rule.kinds.contains(text.kind)) return false;
  return MeetsLocale(rule.locale, text.locale);
}

RuleHit HitOf(const CompiledRule& compiled) {
  const Rule& rule = *compiled.rule;
  RuleHit hit;
  hit.rule_id = rule.id;
  hit.pack_id = compiled.pack->id;
  hit.title = rule.title;
  hit.level = rule.level;
  hit.group = rule.group;
  hit.score = rule.score;
  hit.action = rule.action;
  hit.shadow = compiled.shadow;
  hit.tags = rule.tags;
  return hit;
}

class CompiledEngine : public RuleEngine {
 public:
  explicit CompiledEngine(CompiledRules rules) : rules_(std::move(rules)) {}

  TextReview Review(const ListingText& text, absl::Time now) const override {
    // Its memory serves all engines, one after the other.
    static thread_local TextSearch search;
    search.Search(rules_, text);
    TextReview review;
    for (const uint32_t i : search.rules()) {
      const CompiledRule& compiled = rules_.rules[i];
      if (!Concerns(*compiled.rule, text, now) || !search.Holds(i)) continue;
      review.hits.push_back(HitOf(compiled));
      review.hits.back().spans = search.Spans(i);
    }
    ScoreHits(rules_.caps, review);
    review.packs = rules_.pack_names;
    return review;
  }

 private:
  const CompiledRules rules_;
};

}  // namespace

absl::StatusOr<std::shared_ptr<const RuleEngine>> RuleEngine::Compile(
    std::vector<std::shared_ptr<const RulePack>> packs, const Modes& modes) {
  ASSIGN_OR_RETURN(CompiledRules rules, CompileRules(std::move(packs), modes));
  return std::make_shared<const CompiledEngine>(std::move(rules));
}

}  // namespace lenscap
