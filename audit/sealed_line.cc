#include "audit/sealed_line.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr char kTimeFormat[] = "%Y-%m-%d%ET%H:%M:%E6SZ";

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

}  // namespace

std::string SealLine(std::string body, absl::string_view name,
                     absl::string_view seal) {
  absl::StrAppend(&body, ",\"", name, "\":\"", absl::BytesToHexString(seal),
                  "\"}");
  return body;
}

std::optional<SealedLine> SplitSealedLine(absl::string_view line,
                                          absl::string_view name,
                                          size_t seal_bytes) {
  const std::string start = absl::StrCat(",\"", name, "\":\"");
  const absl::string_view end = "\"}";
  const size_t digits = 2 * seal_bytes;
  const size_t tail = start.size() + digits + end.size();
  if (line.size() < tail || !absl::EndsWith(line, end)) return std::nullopt;
  const absl::string_view body = line.substr(0, line.size() - tail);
  if (line.substr(body.size(), start.size()) != start) return std::nullopt;
  const absl::string_view hex = line.substr(body.size() + start.size(), digits);
  if (!IsLowerHex(hex)) return std::nullopt;
  return SealedLine{body, absl::HexStringToBytes(hex)};
}

std::string FormatAuditTime(absl::Time time) {
  return absl::FormatTime(kTimeFormat, time, absl::UTCTimeZone());
}

std::optional<absl::Time> ParseAuditTime(absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(kTimeFormat, text, absl::UTCTimeZone(), &time,
                       nullptr) ||
      FormatAuditTime(time) != text) {
    return std::nullopt;
  }
  return time;
}

}  // namespace lenscap
