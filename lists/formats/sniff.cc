// Which format a file is of, by its start.

#include <algorithm>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "lists/formats/format.h"

namespace lenscap {
namespace {

bool IsHex(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isxdigit);
}

bool IsNumber(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

std::optional<ListFormat> SniffDocument(absl::string_view start) {
  if (start[0] == '<') return ListFormat::kNcmecXml;
  const absl::string_view line = start.substr(0, start.find('\n'));
  if (absl::StrContains(line, "\"op\"") ||
      absl::StrContains(line, "\"lenscap-list/")) {
    return ListFormat::kLenscap;
  }
  if (absl::StrContains(start, "\"hashRecords\"")) {
    return ListFormat::kStopNciiJson;
  }
  if (absl::StrContains(start, "\"data\"")) {
    return ListFormat::kThreatExchangeJson;
  }
  return std::nullopt;
}

std::optional<ListFormat> SniffCommas(
    const std::vector<absl::string_view>& fields) {
  const auto has = [&](absl::string_view name) {
    return std::any_of(fields.begin(), fields.end(), [&](auto field) {
      return absl::EqualsIgnoreCase(field, name);
    });
  };
  if (has("signal_type")) return ListFormat::kThreatExchangeCsv;
  if (fields.size() == 4 && IsNumber(fields[0]) && IsHex(fields[2])) {
    return ListFormat::kVpdqText;
  }
  if (fields[0].size() == 64 && IsHex(fields[0]) && IsNumber(fields[1])) {
    return ListFormat::kPdqText;
  }
  if (absl::EqualsIgnoreCase(fields[0], "hash")) return ListFormat::kPdqText;
  for (absl::string_view name :
       {"md5", "sha1", "sha-1", "sha_1", "sha256", "sha-256", "sha_256"}) {
    if (has(name)) return ListFormat::kDigestCsv;
  }
  return std::nullopt;
}

}  // namespace

std::optional<ListFormat> SniffListFormat(absl::string_view start) {
  absl::ConsumePrefix(&start, "\xEF\xBB\xBF");
  start = absl::StripLeadingAsciiWhitespace(start);
  if (start.empty()) return std::nullopt;
  if (start[0] == '<' || start[0] == '{') return SniffDocument(start);
  const absl::string_view line =
      absl::StripTrailingAsciiWhitespace(start.substr(0, start.find('\n')));
  const std::vector<absl::string_view> fields = absl::StrSplit(line, ',');
  const absl::string_view word = line.substr(0, line.find(' '));
  for (absl::string_view type : {"pdq", "vpdq", "video_md5", "photo_md5"}) {
    if (word == type) return ListFormat::kThreatExchangeCsv;
  }
  if (fields.size() > 1) return SniffCommas(fields);
  if (!IsHex(word)) return std::nullopt;
  if (word.size() == 32) return ListFormat::kMd5Text;
  if (word.size() == 40) return ListFormat::kSha1Text;
  // Only sha256sum has a name after the digits.
  if (word.size() == 64 && word.size() < line.size()) {
    return ListFormat::kSha256Text;
  }
  return std::nullopt;
}

}  // namespace lenscap
