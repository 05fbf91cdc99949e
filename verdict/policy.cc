#include "verdict/policy.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/text_proto.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameCharacters = 64;
// As google.protobuf.Duration has it.
constexpr int64_t kMaxSeconds = 315'576'000'000;
constexpr double kMaxScore = 1'000'000;
constexpr int kMaxPhotoDistance = 31;

size_t Characters(absl::string_view utf8) {
  return std::count_if(utf8.begin(), utf8.end(),
                       [](char c) { return (c & 0xc0) != 0x80; });
}

// Checks the fields of one rule, or of the policy itself; each check returns
// the first fault, with `where` in front.
class FieldChecker {
 public:
  explicit FieldChecker(std::string where) : where_(std::move(where)) {}

  absl::Status Name(absl::string_view field, absl::string_view value) const {
    const size_t characters = Characters(value);
    if (characters >= 1 && characters <= kMaxNameCharacters) {
      return absl::OkStatus();
    }
    return Fault(field, absl::StrCat("has ", characters, " characters"),
                 absl::StrCat("must have 1 to ", kMaxNameCharacters));
  }

  absl::Status ListId(absl::string_view value) const {
    const bool known = std::all_of(value.begin(), value.end(), [](char c) {
      return absl::StrContains("abcdefghijklmnopqrstuvwxyz0123456789-_.", c);
    });
    if (known && !value.empty() && value.size() <= kMaxNameCharacters) {
      return absl::OkStatus();
    }
    return Fault("list_ids", Quoted(value),
                 "must be 1 to 64 characters of a-z, 0-9, '-', '_' and '.'");
  }

  // NaN is in no range.
  absl::Status Range(absl::string_view field, double value, double least,
                     double most) const {
    if (value >= least && value <= most) return absl::OkStatus();
    return Fault(field, absl::StrCat("is ", value),
                 absl::StrCat("must be ", least, " to ", most));
  }

  absl::Status Length(absl::string_view field,
                      const google::protobuf::Duration& value) const {
    if (value.seconds() >= 0 && value.seconds() <= kMaxSeconds &&
        value.nanos() >= 0 && value.nanos() < 1'000'000'000) {
      return absl::OkStatus();
    }
    return Fault(
        field,
        absl::StrCat("is ", value.seconds(), " s and ", value.nanos(), " ns"),
        "must not be negative, nor have 1,000,000,000 ns or more");
  }

  absl::Status Severity(v1::Severity value) const {
    if (v1::Severity_IsValid(value)) return absl::OkStatus();
    return Fault("min_severity", absl::StrCat("is ", static_cast<int>(value)),
                 "must be SUSPECTED, CONFIRMED or CRITICAL");
  }

  // `weak` evidence alone must not block.
  absl::Status Action(v1::Action value, absl::string_view weak = "") const {
    return Action("action", value, weak);
  }
  absl::Status Action(absl::string_view field, v1::Action value,
                      absl::string_view weak) const {
    const v1::Action gravest =
        weak.empty() ? v1::ACTION_BLOCK : v1::ACTION_REVIEW;
    if (value >= v1::ACTION_ALLOW && value <= gravest) return absl::OkStatus();
    const std::string name = v1::Action_IsValid(value)
                                 ? v1::Action_Name(value)
                                 : absl::StrCat(static_cast<int>(value));
    return Fault(field, absl::StrCat("is ", name),
                 weak.empty()
                     ? "must be ACTION_ALLOW, ACTION_REVIEW or ACTION_BLOCK"
                     : absl::StrCat("must be ACTION_ALLOW or ACTION_REVIEW: ",
                                    weak, " alone never block"));
  }

  absl::Status Fault(absl::string_view field, absl::string_view is,
                     absl::string_view must) const {
    return absl::InvalidArgumentError(
        absl::StrCat(where_, field, " ", is, "; it ", must));
  }

  static std::string Quoted(absl::string_view text) {
    return absl::StrCat("\"", absl::Utf8SafeCEscape(text), "\"");
  }

 private:
  std::string where_;  // Ends with a space, or is empty.
};

template <typename Rule>
FieldChecker CheckerOf(absl::string_view kind, int index, const Rule& rule) {
  return FieldChecker(absl::StrCat(kind, "[", index, "] ",
                                   FieldChecker::Quoted(rule.name()), ": "));
}

absl::Status CheckMatchRule(const FieldChecker& check,
                            const v1::MatchRule& rule) {
  RETURN_IF_ERROR(check.Name("name", rule.name()));
  for (const std::string& list_id : rule.list_ids()) {
    RETURN_IF_ERROR(check.ListId(list_id));
  }
  RETURN_IF_ERROR(check.Severity(rule.min_severity()));
  if (rule.min_frames() < 0) {
    return check.Fault("min_frames", absl::StrCat("is ", rule.min_frames()),
                       "must not be negative");
  }
  RETURN_IF_ERROR(
      check.Range("max_median_distance", rule.max_median_distance(), 0, 256));
  RETURN_IF_ERROR(
      check.Range("min_query_coverage", rule.min_query_coverage(), 0, 1));
  RETURN_IF_ERROR(check.Range("min_reference_coverage",
                              rule.min_reference_coverage(), 0, 1));
  RETURN_IF_ERROR(check.Length("min_query_span", rule.min_query_span()));
  RETURN_IF_ERROR(
      check.Length("min_reference_span", rule.min_reference_span()));
  RETURN_IF_ERROR(check.Range("min_score", rule.min_score(), 0, 1));
  return check.Action(rule.action(), rule.same_scene() ? "scenes" : "");
}

absl::Status CheckCueRule(const FieldChecker& check, const v1::CueRule& rule) {
  RETURN_IF_ERROR(check.Name("name", rule.name()));
  RETURN_IF_ERROR(check.Name("cue", rule.cue()));
  if (!(rule.min_probability() > 0 && rule.min_probability() <= 1)) {
    return check.Fault("min_probability",
                       absl::StrCat("is ", rule.min_probability()),
                       "must be above 0 and at most 1");
  }
  return check.Action(rule.action(), "cues");
}

absl::Status CheckListings(const v1::ListingPolicy& policy) {
  const FieldChecker check("listings: ");
  if (!(policy.review_score() > 0 && policy.review_score() <= kMaxScore)) {
    return check.Fault("review_score",
                       absl::StrCat("is ", policy.review_score()),
                       absl::StrCat("must be above 0 and at most ", kMaxScore));
  }
  if (policy.block_score() != 0) {
    RETURN_IF_ERROR(check.Range("block_score", policy.block_score(),
                                policy.review_score(), kMaxScore));
  }
  RETURN_IF_ERROR(
      check.Action("gravest_rule_action", policy.gravest_rule_action(), ""));
  RETURN_IF_ERROR(check.Range("max_photo_distance", policy.max_photo_distance(),
                              0, kMaxPhotoDistance));
  RETURN_IF_ERROR(
      check.Action("removed_photo_action", policy.removed_photo_action(), ""));
  RETURN_IF_ERROR(check.Range("score_per_removal", policy.score_per_removal(),
                              0, kMaxScore));
  return check.Range("max_removal_score", policy.max_removal_score(), 0,
                     kMaxScore);
}

absl::Status Check(const v1::Policy& policy) {
  RETURN_IF_ERROR(FieldChecker("").Name("version", policy.version()));
  std::set<std::string> names;
  const auto is_new = [&](const FieldChecker& check, const std::string& name) {
    if (names.insert(name).second) return absl::OkStatus();
    return check.Fault("name", "is that of another rule", "must be its own");
  };
  for (int i = 0; i < policy.match_rules_size(); ++i) {
    const v1::MatchRule& rule = policy.match_rules(i);
    const FieldChecker check = CheckerOf("match_rules", i, rule);
    RETURN_IF_ERROR(CheckMatchRule(check, rule));
    RETURN_IF_ERROR(is_new(check, rule.name()));
  }
  for (int i = 0; i < policy.cue_rules_size(); ++i) {
    const v1::CueRule& rule = policy.cue_rules(i);
    const FieldChecker check = CheckerOf("cue_rules", i, rule);
    RETURN_IF_ERROR(CheckCueRule(check, rule));
    RETURN_IF_ERROR(is_new(check, rule.name()));
  }
  if (policy.has_listings()) RETURN_IF_ERROR(CheckListings(policy.listings()));
  // Names stand in verdicts, which could not be read back.
  if (!v1::Policy().ParseFromString(policy.SerializeAsString())) {
    return absl::InvalidArgumentError(
        "the policy holds text that is not UTF-8");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::Policy> ParsePolicy(absl::string_view text) {
  v1::Policy policy;
  RETURN_IF_ERROR(ParseTextProto(text, policy));
  RETURN_IF_ERROR(Check(policy));
  return policy;
}

absl::StatusOr<v1::Policy> LoadPolicy(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadTextProto(path));
  auto policy = ParsePolicy(text);
  if (policy.ok()) return policy;
  return absl::Status(policy.status().code(),
                      absl::StrCat(path, ": ", policy.status().message()));
}

}  // namespace lenscap
