#include "listings/rule_score.h"

#include <algorithm>
#include <tuple>

#include "listings/rule_words.h"

namespace lenscap {
namespace {

double CapOf(const std::map<std::string, double>& caps,
             const std::string& group) {
  const auto found = caps.find(group);
  return found == caps.end() ? kDefaultCap : found->second;
}

// Of each group, within its cap.
std::vector<GroupScore> GroupsOf(const std::map<std::string, double>& caps,
                                 const std::vector<RuleHit>& hits,
                                 bool with_shadow) {
  std::map<std::string, double> sums;
  for (const RuleHit& hit : hits) {
    if (with_shadow || !hit.shadow) sums[hit.group] += hit.score;
  }
  std::vector<GroupScore> groups;
  for (const auto& [group, sum] : sums) {
    const double cap = CapOf(caps, group);
    const double score = std::clamp(sum, -cap, cap);
    groups.push_back({group, score, score != sum});
  }
  return groups;
}

double Total(const std::vector<GroupScore>& groups) {
  double total = 0;
  for (const GroupScore& group : groups) total += group.score;
  return std::max(total, 0.0);
}

}  // namespace

void ScoreHits(const std::map<std::string, double>& caps, TextReview& review) {
  const auto rank = [](const RuleHit& hit) {
    return std::tuple(hit.shadow, -static_cast<int>(hit.action),
                      -static_cast<int>(IndexOfWord(kRuleLevels, hit.level)),
                      -hit.score);
  };
  std::sort(review.hits.begin(), review.hits.end(),
            [&](const RuleHit& a, const RuleHit& b) {
              const auto rank_a = rank(a), rank_b = rank(b);
              if (rank_a != rank_b) return rank_a < rank_b;
              return std::tie(a.pack_id, a.rule_id) <
                     std::tie(b.pack_id, b.rule_id);
            });
  // Sums of fractions depend on their order, which is now always the same.
  review.groups = GroupsOf(caps, review.hits, /*with_shadow=*/false);
  review.score = Total(review.groups);
  review.shadow_score =
      Total(GroupsOf(caps, review.hits, /*with_shadow=*/true));
  review.action = RuleAction::kNone;
  for (const RuleHit& hit : review.hits) {
    if (!hit.shadow) review.action = std::max(review.action, hit.action);
  }
}

}  // namespace lenscap
