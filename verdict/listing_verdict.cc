#include "verdict/listing_verdict.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "models/cue.h"
#include "verdict/reasons.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

// Reasons beyond these are counted, not told.
constexpr size_t kMaxReasons = 20;
// Of one sentence.
constexpr size_t kMaxRules = 5;
// What waits without a known clip comes behind what has one that is confirmed.
constexpr int kWithoutClip = 50;
constexpr int kMostByScore = 250;
constexpr int kRemovedPhoto = 100;
constexpr int kMostWithoutClip = 399;

struct Finding {
  v1::Action action;
  std::string reason;
};
using Findings = std::vector<Finding>;

v1::Action ActionOf(RuleAction action) {
  switch (action) {
    case RuleAction::kReview:
      return v1::ACTION_REVIEW;
    case RuleAction::kBlock:
      return v1::ACTION_BLOCK;
    case RuleAction::kNone:
    case RuleAction::kAllow:
      break;
  }
  return v1::ACTION_ALLOW;
}

// Even where the policy was never checked, it asks for a decision.
v1::Action AtMost(v1::Action action, v1::Action most) {
  return std::min(action, std::clamp(most, v1::ACTION_ALLOW, v1::ACTION_BLOCK));
}

v1::Action ActionOfScore(double score, const v1::ListingPolicy& policy) {
  const auto reaches = [score](double least) {
    return least > 0 && score >= least;
  };
  if (reaches(policy.block_score())) return v1::ACTION_BLOCK;
  if (reaches(policy.review_score())) return v1::ACTION_REVIEW;
  return v1::ACTION_ALLOW;
}

// What the seller's removals add to the score of a text.
double SellerScore(double score, const v1::SellerHistory& seller,
                   const v1::ListingPolicy& policy) {
  if (!(score > 0) || seller.removed() <= 0) return 0;
  return std::max(0.0, std::min(policy.max_removal_score(),
                                policy.score_per_removal() *
                                    static_cast<double>(seller.removed())));
}

// A whole number where it is one, and at most two digits behind the point.
std::string Figure(double value) {
  return absl::StrCat(std::round(value * 100) / 100);
}

// `rules "a" and "b"`: those that add to the score, gravest first.
std::string RulesIn(const TextReview& text, bool with_shadow) {
  std::vector<std::string> names;
  size_t more = 0;
  for (const RuleHit& hit : text.hits) {
    if ((hit.shadow && !with_shadow) || !(hit.score > 0)) continue;
    if (names.size() < kMaxRules) {
      names.push_back(QuotedForReason(hit.rule_id));
    } else {
      ++more;
    }
  }
  if (names.empty()) return "no rule";
  return absl::StrCat(names.size() + more == 1 ? "rule " : "rules ",
                      absl::StrJoin(names, ", "),
                      more > 0 ? absl::StrCat(" and ", more, " more") : "");
}

void JudgeScore(const ListingEvidence& evidence,
                const v1::ListingPolicy& policy, bool with_shadow,
                Findings& findings) {
  const double of_text =
      with_shadow ? evidence.text.shadow_score : evidence.text.score;
  const double of_seller = SellerScore(of_text, evidence.seller, policy);
  const v1::Action action = ActionOfScore(of_text + of_seller, policy);
  if (action == v1::ACTION_ALLOW) return;
  const double least =
      action == v1::ACTION_BLOCK ? policy.block_score() : policy.review_score();
  std::string reason = absl::StrCat("The text scores ", Figure(of_text), " by ",
                                    RulesIn(evidence.text, with_shadow));
  if (of_seller > 0) {
    absl::StrAppend(&reason, ", and ", Figure(of_seller), " for ",
                    evidence.seller.removed(),
                    evidence.seller.removed() == 1 ? " earlier removal"
                                                   : " earlier removals",
                    " of the seller");
  }
  findings.push_back(
      {action, absl::StrCat(
                   reason, "; from ", Figure(least), " on it is ",
                   action == v1::ACTION_BLOCK ? "blocked" : "looked at", ".")});
}

// What rules ask for by themselves, those in shadow or the others.
void JudgeRules(const TextReview& text, const v1::ListingPolicy& policy,
                bool shadow, Findings& findings) {
  for (const RuleHit& hit : text.hits) {
    if (hit.shadow != shadow) continue;
    const v1::Action asked = ActionOf(hit.action);
    const v1::Action action = AtMost(asked, policy.gravest_rule_action());
    if (action <= v1::ACTION_ALLOW) continue;
    findings.push_back(
        {action,
         absl::StrCat(
             "Rule ", QuotedForReason(hit.rule_id), " of pack ",
             QuotedForReason(hit.pack_id), " asks for a ",
             asked == v1::ACTION_BLOCK ? "block" : "review",
             action < asked ? ", of which the policy makes a review." : ".")});
  }
}

void JudgePhotos(absl::Span<const v1::PhotoMatch> photos,
                 const v1::ListingPolicy& policy, Findings& findings) {
  const v1::Action action =
      AtMost(policy.removed_photo_action(), v1::ACTION_BLOCK);
  if (action <= v1::ACTION_ALLOW) return;
  for (const v1::PhotoMatch& photo : photos) {
    if (photo.standing() != v1::PhotoMatch::STANDING_REMOVED ||
        photo.distance() > policy.max_photo_distance()) {
      continue;
    }
    findings.push_back(
        {action, absl::StrCat("A photo is one of listing ",
                              QuotedForReason(photo.listing_id()),
                              ", which was removed (", photo.distance(),
                              " of 256 bits differ).")});
  }
}

void TakeOver(const v1::Verdict& verdict, absl::string_view of,
              Findings& findings) {
  if (verdict.action() != v1::ACTION_REVIEW &&
      verdict.action() != v1::ACTION_BLOCK) {
    return;
  }
  for (const std::string& reason : verdict.reasons()) {
    findings.push_back({verdict.action(), absl::StrCat(of, reason)});
  }
  // An action always has a reason.
  if (verdict.reasons().empty()) {
    findings.push_back({verdict.action(), absl::StrCat(of, "no reason given")});
  }
}

void Sort(Findings& findings) {
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const Finding& a, const Finding& b) { return a.action > b.action; });
}

template <typename Reasons>
void Tell(Findings findings, Reasons* reasons) {
  const size_t told = std::min(findings.size(), kMaxReasons);
  for (size_t i = 0; i < told; ++i) {
    reasons->Add(std::move(findings[i].reason));
  }
  if (told < findings.size()) {
    reasons->Add(absl::StrCat("and ", findings.size() - told, " more"));
  }
}

bool HasShadowHit(const TextReview& text) {
  return std::any_of(text.hits.begin(), text.hits.end(),
                     [](const RuleHit& hit) { return hit.shadow; });
}

// What would be, were nothing in shadow; unspecified where nothing is.
void JudgeShadow(const ListingEvidence& evidence, const v1::Verdict& clips,
                 const v1::Policy& policy, v1::Verdict& verdict) {
  Findings findings;
  const auto take = [&](const v1::Verdict& from, absl::string_view of) {
    for (const std::string& reason : from.shadow_reasons()) {
      findings.push_back({from.shadow_action(), absl::StrCat(of, reason)});
    }
  };
  take(clips, "A photo: ");
  if (evidence.video != nullptr) take(*evidence.video, "The video: ");
  const bool any_hit = HasShadowHit(evidence.text);
  if (any_hit) {
    JudgeScore(evidence, policy.listings(), /*with_shadow=*/true, findings);
    JudgeRules(evidence.text, policy.listings(), /*shadow=*/true, findings);
  }
  Sort(findings);
  if (!findings.empty()) {
    verdict.set_shadow_action(findings.front().action);
  } else if (any_hit) {
    verdict.set_shadow_action(v1::ACTION_ALLOW);
  }
  Tell(std::move(findings), verdict.mutable_shadow_reasons());
}

}  // namespace

v1::Verdict DecideListing(const ListingEvidence& evidence,
                          const v1::Policy& policy) {
  const v1::Verdict clips = Decide(evidence.clips, CueReport(), policy);
  Findings findings;
  TakeOver(clips, "A photo: ", findings);
  if (evidence.video != nullptr) {
    TakeOver(*evidence.video, "The video: ", findings);
  }
  JudgePhotos(evidence.photos, policy.listings(), findings);
  JudgeRules(evidence.text, policy.listings(), /*shadow=*/false, findings);
  JudgeScore(evidence, policy.listings(), /*with_shadow=*/false, findings);
  Sort(findings);
  v1::Verdict verdict;
  verdict.set_policy_version(policy.version());
  verdict.set_action(findings.empty() ? v1::ACTION_ALLOW
                                      : findings.front().action);
  Tell(std::move(findings), verdict.mutable_reasons());
  if (evidence.video != nullptr &&
      evidence.video->action() == v1::ACTION_UNREADABLE) {
    verdict.add_reasons(
        absl::StrCat("The video could not be read: ",
                     absl::StrJoin(evidence.video->reasons(), " ")));
  }
  JudgeShadow(evidence, clips, policy, verdict);
  return verdict;
}

int ListingPriority(const ListingEvidence& evidence,
                    const v1::Verdict& verdict) {
  const int of_clips = CasePriority(verdict, evidence.clips);
  if (verdict.action() != v1::ACTION_REVIEW &&
      verdict.action() != v1::ACTION_BLOCK) {
    return of_clips;
  }
  const double score = evidence.text.score;
  int priority = kWithoutClip;
  if (score > 0) {
    priority +=
        static_cast<int>(std::min<double>(kMostByScore, std::floor(score)));
  }
  const bool removed =
      std::any_of(evidence.photos.begin(), evidence.photos.end(),
                  [](const v1::PhotoMatch& photo) {
                    return photo.standing() == v1::PhotoMatch::STANDING_REMOVED;
                  });
  if (removed) priority += kRemovedPhoto;
  return std::max(of_clips, std::min(priority, kMostWithoutClip));
}

}  // namespace lenscap
