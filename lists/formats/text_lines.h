#ifndef LENSCAP_LISTS_FORMATS_TEXT_LINES_H_
#define LENSCAP_LISTS_FORMATS_TEXT_LINES_H_

#include <cstdint>
#include <istream>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// A line that one entry fits into: vPDQ of 1,000,000 frames has about 90 MB.
inline constexpr size_t kMaxLineBytes = size_t{128} << 20;

// Reads lines that end in LF or CRLF, each of at most `max_line_bytes`;
// `input` must outlive this.
class TextLines {
 public:
  explicit TextLines(std::istream& input, size_t max_line_bytes = kMaxLineBytes)
      : input_(input), max_line_bytes_(max_line_bytes) {}

  // The next line that is not empty, without its end; nothing after the last.
  // INVALID_ARGUMENT for one that is too long.
  absl::StatusOr<std::optional<std::string>> Next();
  // The same, but empty lines count.
  absl::StatusOr<std::optional<std::string>> NextEvenEmpty();

  // Of the line that Next gave last, from 1.
  int64_t number() const { return number_; }

  // INVALID_ARGUMENT: "line N: " and what is wrong with it.
  template <typename... What>
  absl::Status Invalid(const What&... what) const {
    return absl::InvalidArgumentError(
        absl::StrCat("line ", number_, ": ", what...));
  }

 private:
  std::istream& input_;
  const size_t max_line_bytes_;
  int64_t number_ = 0;
};

// The fields of one record of CSV (RFC 4180), which may go over several lines
// where a field is quoted; nothing after the last record.
absl::StatusOr<std::optional<std::vector<std::string>>> NextCsvRecord(
    TextLines& lines);

// A field as CSV has it, quoted where it has to be.
std::string CsvField(absl::string_view text);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_TEXT_LINES_H_
