#include "lists/formats/text_lines.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr size_t kMaxCsvFields = 100;

// One record, taken apart as its text comes.
class CsvRecord {
 public:
  // Whether the record ends with this text; else it goes on within quotes.
  absl::StatusOr<bool> Add(absl::string_view text);
  std::vector<std::string> TakeFields() { return std::move(fields_); }

 private:
  std::vector<std::string> fields_{1};
  bool quoted_ = false;      // Within quotes.
  bool was_quoted_ = false;  // The field had quotes, which have ended.
};

absl::StatusOr<bool> CsvRecord::Add(absl::string_view text) {
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted_) {
      if (c != '"') {
        fields_.back() += c;
      } else if (i + 1 < text.size() && text[i + 1] == '"') {
        fields_.back() += text[++i];
      } else {
        quoted_ = false;
        was_quoted_ = true;
      }
    } else if (c == ',') {
      fields_.emplace_back();
      was_quoted_ = false;
    } else if (was_quoted_ || (c == '"' && !fields_.back().empty())) {
      return absl::InvalidArgumentError("a quote in the middle of a field");
    } else if (c == '"') {
      quoted_ = true;
    } else {
      fields_.back() += c;
    }
    if (fields_.size() > kMaxCsvFields) {
      return absl::InvalidArgumentError("too many fields");
    }
  }
  return !quoted_;
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
  ASSIGN_OR_RETURN(std::optional<std::string> text, lines.Next());
  if (!text) return std::nullopt;
  CsvRecord record;
  size_t bytes = 0;
  constexpr int kMaxLines = 1000;
  for (int i = 0; i < kMaxLines; ++i) {
    bytes += text->size();
    if (bytes > kMaxLineBytes) break;
    const auto ended = record.Add(*text);
    if (!ended.ok()) return lines.Invalid(ended.status().message());
    if (*ended) return record.TakeFields();
    ASSIGN_OR_RETURN(text, lines.NextEvenEmpty());
    if (!text) return lines.Invalid("the input ends within quotes");
    text = absl::StrCat("\n", *text);
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
