#include "verdict/verdict.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "verdict/reasons.h"

namespace lenscap {
namespace {

// Reasons beyond these are counted, not told.
constexpr size_t kMaxReasons = 20;

absl::Duration ToDuration(const google::protobuf::Duration& duration) {
  return absl::Seconds(duration.seconds()) +
         absl::Nanoseconds(duration.nanos());
}

// A least value of 0 is no condition; no NaN meets one.
bool AtLeast(double value, double least) {
  return least <= 0 || value >= least;
}

bool AtLeast(const TimeSpan& span, const google::protobuf::Duration& least) {
  const absl::Duration length = ToDuration(least);
  return length <= absl::ZeroDuration() || span.length() >= length;
}

bool FramesFit(const v1::MatchRule& rule, const ClipMatch& match) {
  return AtLeast(match.score, rule.min_score()) &&
         match.frames_matched >= rule.min_frames() &&
         (!rule.has_max_median_distance() ||
          match.median_distance <= rule.max_median_distance()) &&
         AtLeast(match.query_coverage, rule.min_query_coverage()) &&
         AtLeast(match.reference_coverage, rule.min_reference_coverage()) &&
         AtLeast(match.query, rule.min_query_span()) &&
         AtLeast(match.reference, rule.min_reference_span());
}

bool Fits(const v1::MatchRule& rule, const ClipMatch& match) {
  const auto& lists = rule.list_ids();
  if (!lists.empty() &&
      std::find(lists.begin(), lists.end(), match.list_id) == lists.end()) {
    return false;
  }
  if (static_cast<int>(match.severity) <
      static_cast<int>(rule.min_severity())) {
    return false;
  }
  if ((match.kind == ClipMatch::Kind::kSameScene) != rule.same_scene()) {
    return false;
  }
  return match.kind == ClipMatch::Kind::kExactFile || FramesFit(rule, match);
}

bool Fits(const v1::CueRule& rule, const Cue& cue) {
  return cue.name == rule.cue() && cue.probability >= rule.min_probability();
}

// Whether an evidence rule may ask for it; nothing else is acted on.
bool IsDecision(v1::Action action) {
  return action == v1::ACTION_ALLOW || action == v1::ACTION_REVIEW ||
         action == v1::ACTION_BLOCK;
}

struct Finding {
  v1::Action action;
  std::string reason;
};

// The gravest rule that fits each piece of evidence, the first of equals.
// In shadow: of evidence that is `in_shadow`, every rule counts there, and none
// elsewhere.
template <typename Rules, typename Evidence>
const typename Rules::value_type* GravestRule(const Rules& rules,
                                              const Evidence& evidence,
                                              bool in_shadow, bool shadow) {
  const typename Rules::value_type* gravest = nullptr;
  for (const auto& rule : rules) {
    if ((rule.shadow() || in_shadow) != shadow || !IsDecision(rule.action()) ||
        !Fits(rule, evidence)) {
      continue;
    }
    if (gravest == nullptr || rule.action() > gravest->action()) {
      gravest = &rule;
    }
  }
  return gravest;
}

Finding MatchFinding(const v1::MatchRule& rule, const ClipMatch& match) {
  Finding finding{rule.action(), MatchReason(match, rule.name())};
  // Even where the policy was never checked, a scene alone does not block.
  if (rule.same_scene()) {
    finding.action = std::min(finding.action, v1::ACTION_REVIEW);
  }
  if (match.advice == Advice::kReview && finding.action > v1::ACTION_REVIEW) {
    finding.action = v1::ACTION_REVIEW;
    finding.reason += " Its issuer asks for a review, not for a block.";
  }
  return finding;
}

std::vector<Finding> Findings(absl::Span<const ClipMatch> matches,
                              const CueReport& cues, const v1::Policy& policy,
                              bool shadow) {
  std::vector<Finding> findings;
  for (const ClipMatch& match : matches) {
    const auto* rule =
        GravestRule(policy.match_rules(), match, match.shadow, shadow);
    if (rule != nullptr) findings.push_back(MatchFinding(*rule, match));
  }
  for (const Cue& cue : cues.cues) {
    const auto* rule = GravestRule(policy.cue_rules(), cue, false, shadow);
    if (rule == nullptr) continue;
    // Even where the policy was never checked, cues alone do not block.
    findings.push_back({std::min(rule->action(), v1::ACTION_REVIEW),
                        CueReason(cue, rule->name())});
  }
  std::stable_sort(
      findings.begin(), findings.end(),
      [](const Finding& a, const Finding& b) { return a.action > b.action; });
  return findings;
}

template <typename Reasons>
void Tell(std::vector<Finding> findings, Reasons* reasons) {
  const size_t told = std::min(findings.size(), kMaxReasons);
  for (size_t i = 0; i < told; ++i) {
    reasons->Add(std::move(findings[i].reason));
  }
  if (told < findings.size()) {
    reasons->Add(absl::StrCat("and ", findings.size() - told, " more"));
  }
}

double Share(double value) { return value > 0 ? std::min(value, 1.0) : 0; }

// 0 to 1: how sure it is that this is the clip. An equal file leaves no doubt;
// of the rest, many frames say more than near ones.
double Sureness(const ClipMatch& match) {
  if (match.kind == ClipMatch::Kind::kExactFile) return 1;
  if (match.kind == ClipMatch::Kind::kSameScene) return 0;
  const double frames = Share(match.frames_matched / 30.0);
  const double nearness = 1 - Share(match.median_distance / 64.0);
  return 0.9 * (0.5 * frames + 0.3 * nearness +
                0.2 * Share(match.reference_coverage));
}

// Each severity has a range of its own above what needs no match.
int MatchPriority(const ClipMatch& match) {
  const int severity = std::clamp(static_cast<int>(match.severity), 1, 3);
  return 100 + 300 * (severity - 1) +
         static_cast<int>(std::lround(299 * Sureness(match)));
}

}  // namespace

v1::Verdict Decide(absl::Span<const ClipMatch> matches, const CueReport& cues,
                   const v1::Policy& policy) {
  v1::Verdict verdict;
  verdict.set_policy_version(policy.version());
  auto findings = Findings(matches, cues, policy, /*shadow=*/false);
  verdict.set_action(findings.empty() ? v1::ACTION_ALLOW
                                      : findings.front().action);
  Tell(std::move(findings), verdict.mutable_reasons());
  auto shadow = Findings(matches, cues, policy, /*shadow=*/true);
  if (!shadow.empty()) verdict.set_shadow_action(shadow.front().action);
  Tell(std::move(shadow), verdict.mutable_shadow_reasons());
  return verdict;
}

v1::Verdict Unreadable(absl::string_view reason, const v1::Policy& policy) {
  v1::Verdict verdict;
  verdict.set_action(v1::ACTION_UNREADABLE);
  verdict.add_reasons(UnreadableReason(reason));
  verdict.set_policy_version(policy.version());
  return verdict;
}

int CasePriority(const v1::Verdict& verdict,
                 absl::Span<const ClipMatch> matches) {
  int priority = 0;
  if (verdict.action() == v1::ACTION_UNREADABLE) priority = 25;
  if (verdict.action() == v1::ACTION_REVIEW) priority = 50;
  for (const ClipMatch& match : matches) {
    if (!match.shadow) priority = std::max(priority, MatchPriority(match));
  }
  return priority;
}

}  // namespace lenscap
