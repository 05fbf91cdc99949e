#include "index/hash_text.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "fingerprint/hash256.h"

namespace lenscap {
namespace {

// Of how long a frame stays.
constexpr absl::Duration kWorthALine = absl::Seconds(1);

using Fields = std::vector<absl::string_view>;

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

// A field as a message shows it: printable, not endless.
std::string Quoted(absl::string_view field) {
  const absl::string_view start = field.substr(0, 40);
  return absl::StrCat("\"", absl::CHexEscape(start),
                      start.size() < field.size() ? "\"..." : "\"");
}

bool IsDigits(absl::string_view text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), absl::ascii_isdigit);
}

absl::StatusOr<int> ParseQuality(absl::string_view text) {
  int quality = 0;
  if (IsDigits(text) && absl::SimpleAtoi(text, &quality) && quality <= 100) {
    return quality;
  }
  return Invalid("expected a quality from 0 to 100, got ", Quoted(text));
}

// Plain decimals only; read without going through binary fractions, to whole
// nanoseconds: what is finer could not be written out again.
absl::StatusOr<absl::Duration> ParseSeconds(absl::string_view text) {
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(c) || c == '.';
  });
  absl::Duration time;
  if (plain && absl::ParseDuration(absl::StrCat(text, "s"), &time) &&
      time <= kMaxClipDuration) {
    return absl::Trunc(time, absl::Nanoseconds(1));
  }
  return Invalid("expected seconds from 0 to ",
                 absl::ToInt64Seconds(kMaxClipDuration), ", got ",
                 Quoted(text));
}

absl::StatusOr<ReferenceFrame> ParsePdqFields(
    const Fields& fields, const std::vector<ReferenceFrame>& before) {
  if (fields.size() > 2) {
    return Invalid("expected a hash and perhaps a quality, got ", fields.size(),
                   " fields");
  }
  ReferenceFrame frame{.hash = {}, .quality = 100, .time = {}};
  ASSIGN_OR_RETURN(frame.hash, HashFromHex(fields[0]));
  if (fields.size() == 2) {
    ASSIGN_OR_RETURN(frame.quality, ParseQuality(fields[1]));
  }
  frame.time = absl::Seconds(static_cast<int64_t>(before.size()));
  frame.until = frame.time;
  return frame;
}

absl::StatusOr<ReferenceFrame> ParseVpdqFields(
    const Fields& fields, const std::vector<ReferenceFrame>& before) {
  if (fields.size() != 4) {
    return Invalid(
        "expected frame number, quality, hash and seconds with commas in "
        "between, got ",
        fields.size(), " fields");
  }
  if (!IsDigits(fields[0])) {
    return Invalid("expected a frame number, got ", Quoted(fields[0]));
  }
  ReferenceFrame frame;
  ASSIGN_OR_RETURN(frame.quality, ParseQuality(fields[1]));
  ASSIGN_OR_RETURN(frame.hash, HashFromHex(fields[2]));
  ASSIGN_OR_RETURN(frame.time, ParseSeconds(fields[3]));
  if (!before.empty() && frame.time < before.back().time) {
    return Invalid("its time ", fields[3],
                   " is before that of the frame before");
  }
  frame.until = frame.time;
  return frame;
}

template <typename ParseFields>
absl::StatusOr<std::vector<ReferenceFrame>> ParseLines(
    absl::string_view text, const ParseFields& parse_fields) {
  std::vector<ReferenceFrame> frames;
  int64_t number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    if (line.empty()) continue;
    if (frames.size() == size_t{kMaxClipFrames}) {
      return Invalid("line ", number, ": there are more than ", kMaxClipFrames,
                     " frames");
    }
    auto frame = parse_fields(Fields(absl::StrSplit(line, ',')), frames);
    if (!frame.ok()) {
      return Invalid("line ", number, ": ", frame.status().message());
    }
    frames.push_back(*std::move(frame));
  }
  return frames;
}

// At least milliseconds, as the reference prints them; nanoseconds at most.
std::string FormatSeconds(absl::Duration time) {
  const int64_t nanos = absl::ToInt64Nanoseconds(time);
  std::string text =
      absl::StrFormat("%d.%09d", nanos / 1'000'000'000, nanos % 1'000'000'000);
  size_t drop = 0;
  while (drop < 6 && text[text.size() - 1 - drop] == '0') ++drop;
  text.resize(text.size() - drop);
  return text;
}

}  // namespace

absl::StatusOr<std::vector<ReferenceFrame>> ParsePdqText(
    absl::string_view text) {
  return ParseLines(text, ParsePdqFields);
}

absl::StatusOr<std::vector<ReferenceFrame>> ParseVpdqText(
    absl::string_view text) {
  return ParseLines(text, ParseVpdqFields);
}

std::string FormatVpdqText(absl::Span<const ReferenceFrame> frames) {
  std::string text;
  int64_t lines = 0;
  for (const ReferenceFrame& frame : frames) {
    const auto add_line = [&](absl::Duration time) {
      absl::StrAppend(&text, lines++, ",", frame.quality, ",",
                      ToHex(frame.hash), ",", FormatSeconds(time), "\n");
    };
    add_line(frame.time);
    if (frame.until - frame.time > kWorthALine) add_line(frame.until);
  }
  return text;
}

}  // namespace lenscap
