#include "services/cli/text.h"

#include <wchar.h>

#include <algorithm>
#include <cmath>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "google/protobuf/util/json_util.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

// One character of UTF-8 at the start of `text`.
struct Character {
  uint32_t code = 0;
  size_t bytes = 1;
  bool valid = false;
};

Character FirstCharacter(absl::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1, true};
  const size_t bytes = lead >= 0xf0   ? 4
                       : lead >= 0xe0 ? 3
                       : lead >= 0xc2 ? 2
                                      : 0;
  if (bytes == 0 || lead > 0xf4 || text.size() < bytes) return {};
  uint32_t code = lead & (0xff >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {};
    code = code << 6 | (byte(i) & 0x3f);
  }
  constexpr uint32_t kLeast[] = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = code >= 0xd800 && code <= 0xdfff;
  if (code < kLeast[bytes] || code > 0x10ffff || surrogate) return {};
  return {code, bytes, true};
}

bool IsControl(uint32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) ||
         // Line separators, and marks that reorder what stands around them.
         (code >= 0x2028 && code <= 0x202e) ||
         (code >= 0x2066 && code <= 0x2069);
}

size_t Columns(uint32_t code) {
  return static_cast<size_t>(std::max(0, wcwidth(static_cast<wchar_t>(code))));
}

}  // namespace

std::string Printable(absl::string_view text) {
  std::string printable;
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    const bool keep = c.valid && !IsControl(c.code);
    if (keep) {
      absl::StrAppend(&printable, text.substr(0, c.bytes));
    } else {
      printable += '?';
    }
    text.remove_prefix(c.bytes);
  }
  return printable;
}

bool IsUtf8(absl::string_view text) {
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    if (!c.valid) return false;
    text.remove_prefix(c.bytes);
  }
  return true;
}

size_t DisplayWidth(absl::string_view text) {
  size_t width = 0;
  while (!text.empty()) {
    const Character c = FirstCharacter(text);
    width += c.valid ? Columns(c.code) : 1;
    text.remove_prefix(c.bytes);
  }
  return width;
}

std::string FitTail(absl::string_view text, size_t columns) {
  size_t width = DisplayWidth(text);
  if (width <= columns) return {text.data(), text.size()};
  if (columns <= 3) return std::string(columns, '.');
  while (width > columns - 3) {
    const Character c = FirstCharacter(text);
    width -= c.valid ? Columns(c.code) : 1;
    text.remove_prefix(c.bytes);
  }
  return absl::StrCat("...", text);
}

std::string FormatTime(absl::Duration time, bool tenths) {
  const int64_t unit = tenths ? 10 : 1;
  // Round once, before the split, so that 59.96 s is 1:00.0.
  const int64_t units =
      std::llround(absl::ToDoubleSeconds(time) * (tenths ? 10.0 : 1.0));
  const int64_t seconds = units / unit;
  std::string text =
      absl::StrFormat("%d:%02d", seconds / 60 % 60, seconds % 60);
  if (seconds >= 3600) {
    text = absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
  }
  if (tenths) absl::StrAppendFormat(&text, ".%d", units % unit);
  return text;
}

std::string FormatSpan(const v1::Span& span) {
  return absl::StrCat(FormatTime(FromProto(span.start())), "-",
                      FormatTime(FromProto(span.end())));
}

std::string FormatBytes(double bytes) {
  const char* const units[] = {"B", "kB", "MB", "GB", "TB"};
  size_t unit = 0;
  while (bytes >= 999.95 && unit + 1 < std::size(units)) {
    bytes /= 1000;
    ++unit;
  }
  return unit == 0 ? absl::StrFormat("%.0f B", bytes)
                   : absl::StrFormat("%.1f %s", bytes, units[unit]);
}

std::string FormatClock(const google::protobuf::Timestamp& timestamp) {
  if (timestamp.seconds() == 0 && timestamp.nanos() == 0) return "-";
  return absl::FormatTime("%Y-%m-%d %H:%M:%S", FromProto(timestamp),
                          absl::LocalTimeZone());
}

std::string FormatTable(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  std::string table;
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, row[i],
                      std::string(widths[i] - DisplayWidth(row[i]) + 2, ' '));
    }
    line.resize(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&table, line, "\n");
  }
  return table;
}

namespace {

absl::StatusOr<std::string> ToJsonLine(const google::protobuf::Message& message,
                                       bool with_empty_fields) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.always_print_primitive_fields = with_empty_fields;
  std::string json;
  const auto status =
      google::protobuf::util::MessageToJsonString(message, &json, options);
  if (!status.ok()) {
    return absl::InternalError(
        absl::StrCat(message.GetTypeName(),
                     " cannot be written as JSON: ", status.ToString()));
  }
  return json + "\n";
}

}  // namespace

absl::StatusOr<std::string> ToJsonLine(
    const google::protobuf::Message& message) {
  return ToJsonLine(message, /*with_empty_fields=*/true);
}

absl::StatusOr<std::string> ToSparseJsonLine(
    const google::protobuf::Message& message) {
  return ToJsonLine(message, /*with_empty_fields=*/false);
}

}  // namespace lenscap::cli
