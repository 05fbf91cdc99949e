#include "tests/listings/made_packs.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace lenscap {
namespace {

[[noreturn]] void Fail(const absl::Status& status) {
  std::cerr << status << "\n";
  std::abort();
}

}  // namespace

std::string MadePack(const std::vector<std::string>& rules,
                     absl::string_view header) {
  std::string pack = absl::StrCat(
      "pack: made\nversion: 1\nissuer: tests\ntitle: Made\n", header);
  for (const std::string& rule : rules) absl::StrAppend(&pack, "---\n", rule);
  return pack;
}

std::string MadeRule(absl::string_view id, absl::string_view detection,
                     absl::string_view more) {
  std::string rule =
      absl::StrCat("id: ", id, "\ntitle: Rule ", id, "\nlevel: low\n", more);
  if (!absl::StrContains(more, "group:")) rule += "group: object\n";
  if (!absl::StrContains(more, "score:")) rule += "score: 10\n";
  rule += "detection:\n";
  for (const absl::string_view line :
       absl::StrSplit(detection, '\n', absl::SkipEmpty())) {
    absl::StrAppend(&rule, "  ", line, "\n");
  }
  return rule;
}

std::shared_ptr<const RuleEngine> MadeEngine(const std::string& pack,
                                             const RuleModes& modes) {
  auto parsed = ParseRulePack(pack);
  if (!parsed.ok()) Fail(parsed.status());
  const RuleModes active = [](const RulePack&, const Rule&) {
    return RuleMode::kActive;
  };
  auto engine = RuleEngine::Compile(
      {std::make_shared<RulePack>(*std::move(parsed))}, modes ? modes : active);
  if (!engine.ok()) Fail(engine.status());
  return *std::move(engine);
}

std::vector<std::string> HitIds(const TextReview& review) {
  std::vector<std::string> ids;
  for (const RuleHit& hit : review.hits) ids.push_back(hit.rule_id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace lenscap
