#include "takedown/review_policy.h"

#include <algorithm>
#include <cstdint>
#include <set>

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "base/text_proto.h"

namespace lenscap {
namespace {

using Length = google::protobuf::Duration;

// The bounds that review_policy.proto gives.
constexpr size_t kMaxNameCharacters = 64;
constexpr size_t kMaxTenantBytes = 64;
constexpr int kMaxClocks = 32;
constexpr int kMaxAlerts = 16;
constexpr double kMaxGoldenShare = 0.5;
constexpr int64_t kMaxCaseUploads = 1'000'000;
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::Duration kMinLimit = absl::Minutes(1);
constexpr absl::Duration kMaxLimit = absl::Hours(365 * 24);

absl::Status FaultIn(absl::string_view field, absl::string_view is,
                     absl::string_view must) {
  return absl::InvalidArgumentError(
      absl::StrCat(field, " ", is, "; it must ", must));
}

absl::Status CheckName(absl::string_view field, absl::string_view value) {
  const size_t characters = std::count_if(
      value.begin(), value.end(), [](char c) { return (c & 0xc0) != 0x80; });
  if (characters >= 1 && characters <= kMaxNameCharacters) {
    return absl::OkStatus();
  }
  return FaultIn(field, absl::StrCat("has ", characters, " characters"),
                 absl::StrCat("have 1 to ", kMaxNameCharacters));
}

// NaN is in no range.
absl::Status CheckShare(absl::string_view field, double value, double most) {
  if (value >= 0 && value <= most) return absl::OkStatus();
  return FaultIn(field, absl::StrCat("is ", value),
                 absl::StrCat("be 0 to ", most));
}

absl::Status CheckLength(absl::string_view field, const Length& value,
                         absl::Duration least, absl::Duration most) {
  const bool sane = value.nanos() >= 0 && value.nanos() < 1'000'000'000;
  const absl::Duration length = LengthOf(value);
  if (sane && least <= length && length <= most) return absl::OkStatus();
  return FaultIn(
      field,
      absl::StrCat("is ", value.seconds(), " s and ", value.nanos(), " ns"),
      absl::StrCat("be ", absl::FormatDuration(least), " to ",
                   absl::FormatDuration(most)));
}

// Where the figure is absent it becomes `otherwise`.
absl::Status Complete(v1::ReviewPolicy& policy, const char* name,
                      absl::Duration least, absl::Duration most,
                      absl::Duration otherwise) {
  const auto* const field = policy.GetDescriptor()->FindFieldByName(name);
  const bool present = policy.GetReflection()->HasField(policy, field);
  auto& value = static_cast<Length&>(
      *policy.GetReflection()->MutableMessage(&policy, field));
  if (present) return CheckLength(name, value, least, most);
  value.set_seconds(absl::ToInt64Seconds(otherwise));
  return absl::OkStatus();
}

absl::Status CheckAlerts(absl::string_view where, const v1::ClockRule& rule) {
  const std::string field = absl::StrCat(where, "alert_before");
  if (rule.alert_before_size() > kMaxAlerts) {
    return FaultIn(field, absl::StrCat("has ", rule.alert_before_size()),
                   absl::StrCat("have at most ", kMaxAlerts));
  }
  std::set<absl::Duration> seen;
  for (const Length& before : rule.alert_before()) {
    RETURN_IF_ERROR(CheckLength(field, before, absl::Seconds(1),
                                LengthOf(rule.limit()) - absl::Seconds(1)));
    if (!seen.insert(LengthOf(before)).second) {
      return FaultIn(
          field,
          absl::StrCat("has ", absl::FormatDuration(LengthOf(before)),
                       " twice"),
          "have each once");
    }
  }
  return absl::OkStatus();
}

absl::Status CheckClock(absl::string_view where, const v1::ClockRule& rule) {
  RETURN_IF_ERROR(CheckName(absl::StrCat(where, "name"), rule.name()));
  for (const int queue : rule.queues()) {
    if (v1::CaseQueue_IsValid(queue) && queue != v1::CASE_QUEUE_UNSPECIFIED) {
      continue;
    }
    return FaultIn(absl::StrCat(where, "queues"), absl::StrCat("has ", queue),
                   "have CASE_QUEUE_KNOWN_CLIP and the like");
  }
  if (rule.tenant().size() > kMaxTenantBytes) {
    return FaultIn(absl::StrCat(where, "tenant"),
                   absl::StrCat("has ", rule.tenant().size(), " bytes"),
                   absl::StrCat("have at most ", kMaxTenantBytes));
  }
  if (rule.start() != v1::ClockRule::START_DETECTION &&
      rule.start() != v1::ClockRule::START_REPORT) {
    return FaultIn(absl::StrCat(where, "start"),
                   absl::StrCat("is ", static_cast<int>(rule.start())),
                   "be START_DETECTION or START_REPORT");
  }
  RETURN_IF_ERROR(CheckLength(absl::StrCat(where, "limit"), rule.limit(),
                              kMinLimit, kMaxLimit));
  return CheckAlerts(where, rule);
}

absl::Status CheckClocks(const v1::ReviewPolicy& policy) {
  if (policy.clocks_size() > kMaxClocks) {
    return FaultIn("clocks", absl::StrCat("has ", policy.clocks_size()),
                   absl::StrCat("have at most ", kMaxClocks));
  }
  std::set<std::string> names;
  for (int i = 0; i < policy.clocks_size(); ++i) {
    const std::string& name = policy.clocks(i).name();
    const std::string where =
        absl::StrCat("clocks[", i, "] \"", absl::Utf8SafeCEscape(name), "\": ");
    RETURN_IF_ERROR(CheckClock(where, policy.clocks(i)));
    if (!names.insert(name).second) {
      return FaultIn(absl::StrCat(where, "name"), "is that of another clock",
                     "be its own");
    }
  }
  return absl::OkStatus();
}

absl::Status CompleteLengths(v1::ReviewPolicy& policy) {
  RETURN_IF_ERROR(Complete(policy, "undo_window", absl::ZeroDuration(),
                           absl::Minutes(10), absl::Seconds(10)));
  RETURN_IF_ERROR(Complete(policy, "exposure_budget", absl::Seconds(1), kDay,
                           absl::Minutes(30)));
  RETURN_IF_ERROR(Complete(policy, "strike_expiry", absl::Seconds(1),
                           10 * kMaxLimit, 90 * kDay));
  RETURN_IF_ERROR(Complete(policy, "grouping_window", absl::ZeroDuration(),
                           kMaxLimit, 7 * kDay));
  RETURN_IF_ERROR(
      Complete(policy, "keep_stills", kMinLimit, 10 * kMaxLimit, 180 * kDay));
  const absl::Duration most = LengthOf(policy.keep_stills());
  return Complete(policy, "keep_stills_decided", absl::ZeroDuration(), most,
                  std::min(30 * kDay, most));
}

absl::Status CheckAndComplete(v1::ReviewPolicy& policy) {
  RETURN_IF_ERROR(CheckName("version", policy.version()));
  RETURN_IF_ERROR(CheckClocks(policy));
  RETURN_IF_ERROR(
      CheckShare("second_review_share", policy.second_review_share(), 1));
  RETURN_IF_ERROR(
      CheckShare("golden_share", policy.golden_share(), kMaxGoldenShare));
  if (!policy.has_exposure_notice()) policy.set_exposure_notice(0.8);
  RETURN_IF_ERROR(CheckShare("exposure_notice", policy.exposure_notice(), 1));
  RETURN_IF_ERROR(CompleteLengths(policy));
  if (policy.max_case_uploads() == 0) policy.set_max_case_uploads(10'000);
  if (policy.max_case_uploads() < 0 ||
      policy.max_case_uploads() > kMaxCaseUploads) {
    return FaultIn("max_case_uploads",
                   absl::StrCat("is ", policy.max_case_uploads()),
                   absl::StrCat("be 1 to ", kMaxCaseUploads));
  }
  if (!v1::Fallback_IsValid(policy.fallback())) {
    return FaultIn("fallback",
                   absl::StrCat("is ", static_cast<int>(policy.fallback())),
                   "be FALLBACK_HOLD, FALLBACK_ALLOW or FALLBACK_BLOCK");
  }
  if (policy.fallback() == v1::FALLBACK_UNSPECIFIED) {
    policy.set_fallback(v1::FALLBACK_HOLD);
  }
  // Names stand in cases, which could not be read back.
  if (!v1::ReviewPolicy().ParseFromString(policy.SerializeAsString())) {
    return absl::InvalidArgumentError(
        "the review policy holds text that is not UTF-8");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ReviewPolicy> ParseReviewPolicy(absl::string_view text) {
  v1::ReviewPolicy policy;
  RETURN_IF_ERROR(ParseTextProto(text, policy));
  RETURN_IF_ERROR(CheckAndComplete(policy));
  return policy;
}

absl::StatusOr<v1::ReviewPolicy> LoadReviewPolicy(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadTextProto(path));
  auto policy = ParseReviewPolicy(text);
  if (policy.ok()) return policy;
  return absl::Status(policy.status().code(),
                      absl::StrCat(path, ": ", policy.status().message()));
}

absl::Duration LengthOf(const Length& length) {
  return absl::Seconds(length.seconds()) + absl::Nanoseconds(length.nanos());
}

}  // namespace lenscap
