#include "services/validate.h"

#include <algorithm>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "base/status_macros.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

template <typename... Parts>
absl::Status Invalid(absl::string_view field, const Parts&... parts) {
  return absl::InvalidArgumentError(absl::StrCat(field, ": ", parts...));
}

// What came, fit to be shown: hostile bytes escaped, and not too much of it.
std::string Quoted(absl::string_view value) {
  constexpr size_t kShown = 80;
  return absl::StrCat("\"", absl::CHexEscape(value.substr(0, kShown)),
                      value.size() > kShown ? "...\"" : "\"");
}

}  // namespace

absl::Status CheckRange(absl::string_view field, int64_t value, int64_t min,
                        int64_t max) {
  if (min <= value && value <= max) return absl::OkStatus();
  return Invalid(field, "expected ", min, " to ", max, ", got ", value);
}

absl::Status CheckLength(absl::string_view field, absl::string_view value,
                         size_t min, size_t max) {
  if (min <= value.size() && value.size() <= max) return absl::OkStatus();
  return Invalid(field, "expected ", min, " to ", max, " bytes, got ",
                 value.size());
}

absl::Status CheckListId(absl::string_view field, absl::string_view value) {
  const auto allowed = [](char c) {
    return absl::ascii_islower(c) || absl::ascii_isdigit(c) ||
           absl::StrContains("-_.", c);
  };
  if (!value.empty() && value.size() <= 64 &&
      std::all_of(value.begin(), value.end(), allowed)) {
    return absl::OkStatus();
  }
  return Invalid(field,
                 "expected 1 to 64 characters of a-z, 0-9, '-', '_' and '.', "
                 "got ",
                 Quoted(value));
}

absl::Status CheckEntryId(absl::string_view field, absl::string_view value) {
  const auto allowed = [](char c) {
    return absl::ascii_isalnum(c) || absl::StrContains("-_.:", c);
  };
  if (!value.empty() && value.size() <= 128 &&
      std::all_of(value.begin(), value.end(), allowed)) {
    return absl::OkStatus();
  }
  return Invalid(field,
                 "expected 1 to 128 characters of A-Z, a-z, 0-9, '-', '_', "
                 "'.' and ':', got ",
                 Quoted(value));
}

absl::StatusOr<absl::Duration> CheckDuration(
    absl::string_view field, const google::protobuf::Duration& value,
    absl::Duration min, absl::Duration max) {
  const absl::Duration duration = FromProto(value);
  if (min <= duration && duration <= max) return duration;
  return Invalid(field, "expected ", absl::FormatDuration(min), " to ",
                 absl::FormatDuration(max), ", got ",
                 absl::FormatDuration(duration));
}

absl::StatusOr<int> CheckPageSize(absl::string_view field, int value) {
  RETURN_IF_ERROR(CheckRange(field, value, 0, 1000));
  return value == 0 ? 100 : value;
}

}  // namespace lenscap
