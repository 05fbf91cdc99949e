#include "lists/formats/text_lines.h"

#include <utility>

#include "absl/strings/str_replace.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr size_t kMaxCsvFields = 100;

// Takes one record apart. Gives nothing where the text ends within quotes.
absl::StatusOr<std::optional<std::vector<std::string>>> SplitCsv(
    absl::string_view text) {
  std::vector<std::string> fields(1);
  bool quoted = false;      // Within quotes.
  bool was_quoted = false;  // The field had quotes, which have ended.
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"') {
        fields.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields.back() += text[++i];
      } else {
        quoted = false;
        was_quoted = true;
      }
    } else if (c == ',') {
      fields.emplace_back();
      was_quoted = false;
    } else if (was_quoted || (c == '"' && !fields.back().empty())) {
      return absl::InvalidArgumentError("a quote in the middle of a field");
    } else if (c == '"') {
      quoted = true;
    } else {
      fields.back() += c;
    }
    if (fields.size() > kMaxCsvFields) {
      return absl::InvalidArgumentError("too many fields");
    }
  }
  if (quoted) return std::nullopt;
  return fields;
}

}  // namespace

absl::StatusOr<std::optional<std::string>> TextLines::NextEvenEmpty() {
  std::streambuf* const buffer = input_.rdbuf();
  constexpr int kEnd = std::char_traits<char>::eof();
  int c = buffer->sbumpc();
  if (c == kEnd) return std::nullopt;
  ++number_;
  std::string line;
  for (; c != kEnd && c != '\n'; c = buffer->sbumpc()) {
    if (line.size() == max_line_bytes_) {
      return Invalid("longer than ", max_line_bytes_, " bytes");
    }
    line += static_cast<char>(c);
  }
  if (!line.empty() && line.back() == '\r') line.pop_back();
  return line;
}

absl::StatusOr<std::optional<std::string>> TextLines::Next() {
  std::optional<std::string> line;
  do {
    ASSIGN_OR_RETURN(line, NextEvenEmpty());
  } while (line && line->empty());
  return line;
}

absl::StatusOr<std::optional<std::vector<std::string>>> NextCsvRecord(
    TextLines& lines) {
  ASSIGN_OR_RETURN(auto text, lines.Next());
  if (!text) return std::nullopt;
  // A record that goes on is taken apart anew with each line; it is bounded.
  constexpr int kMaxLines = 1000;
  for (int i = 0; i < kMaxLines; ++i) {
    auto fields = SplitCsv(*text);
    if (!fields.ok()) return lines.Invalid(fields.status().message());
    if (*fields) return *std::move(*fields);
    ASSIGN_OR_RETURN(const auto more, lines.NextEvenEmpty());
    if (!more) return lines.Invalid("the input ends within quotes");
    if (text->size() + more->size() > kMaxLineBytes) break;
    absl::StrAppend(&*text, "\n", *more);
  }
  return lines.Invalid("a quoted field is too long");
}

std::string CsvField(absl::string_view text) {
  if (text.find_first_of(",\"\r\n") == absl::string_view::npos) {
    return std::string(text);
  }
  return absl::StrCat("\"", absl::StrReplaceAll(text, {{"\"", "\"\""}}), "\"");
}

}  // namespace lenscap
