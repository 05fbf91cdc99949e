#include "services/cli/csv_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap::cli {
namespace {

constexpr size_t kReadBytes = size_t{1} << 16;
constexpr absl::string_view kByteOrderMark = "\xef\xbb\xbf";

enum class Parsed { kRecord, kMalformed, kIncomplete };

// One record at the start of a text, which ends there if it is `whole`.
class RecordParser {
 public:
  RecordParser(absl::string_view text, bool whole)
      : text_(text), whole_(whole) {}

  Parsed Parse() {
    while (true) {
      fields.emplace_back();
      const Parsed field =
          Peek() == '"' ? ParseQuoted(fields.back()) : ParseBare(fields.back());
      if (field != Parsed::kRecord) return field;
      if (at_ == text_.size()) {
        return whole_ ? Parsed::kRecord : Parsed::kIncomplete;
      }
      if (text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (EndOfLine() > 0) {
        at_ += EndOfLine();
        return Parsed::kRecord;
      }
      // A line feed may be what comes next.
      if (Peek() == '\r' && at_ + 1 == text_.size() && !whole_) {
        return Parsed::kIncomplete;
      }
      problem = "something stands behind a closing quote";
      return Parsed::kMalformed;
    }
  }

  std::vector<std::string> fields;
  const char* problem = "";
  size_t bytes() const { return at_; }

 private:
  char Peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  // Bytes of the line's end that stands here; 0 where none does.
  size_t EndOfLine() const {
    const absl::string_view rest = text_.substr(at_);
    if (absl::StartsWith(rest, "\n")) return 1;
    return absl::StartsWith(rest, "\r\n") ? 2 : 0;
  }

  // Up to what ends it, which is not taken.
  Parsed ParseBare(std::string& field) {
    while (true) {
      const size_t end =
          std::min(text_.find_first_of("\",\r\n", at_), text_.size());
      absl::StrAppend(&field, text_.substr(at_, end - at_));
      at_ = end;
      if (at_ == text_.size()) {
        return whole_ ? Parsed::kRecord : Parsed::kIncomplete;
      }
      if (Peek() == '"') {
        problem = "a quote stands in a field that does not begin with one";
        return Parsed::kMalformed;
      }
      if (Peek() != '\r' || EndOfLine() > 0) return Parsed::kRecord;
      if (at_ + 1 == text_.size() && !whole_) return Parsed::kIncomplete;
      field += text_[at_++];
    }
  }

  Parsed ParseQuoted(std::string& field) {
    ++at_;
    while (true) {
      const size_t quote = text_.find('"', at_);
      if (quote == absl::string_view::npos) {
        problem = "a quote is opened and not closed";
        return whole_ ? Parsed::kMalformed : Parsed::kIncomplete;
      }
      absl::StrAppend(&field, text_.substr(at_, quote - at_));
      at_ = quote + 1;
      if (at_ == text_.size() && !whole_) return Parsed::kIncomplete;
      if (Peek() != '"') return Parsed::kRecord;
      field += '"';
      ++at_;
    }
  }

  const absl::string_view text_;
  const bool whole_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::optional<CsvRecord>> CsvReader::Next() {
  if (!started_) {
    started_ = true;
    while (!ended_ && rest().size() < kByteOrderMark.size()) {
      RETURN_IF_ERROR(ReadMore());
    }
    if (absl::StartsWith(rest(), kByteOrderMark)) Drop(kByteOrderMark.size());
  }
  while (true) {
    if (rest().empty() && ended_) return std::nullopt;
    CsvRecord record;
    record.line = line_;
    const absl::string_view text = rest().substr(0, max_record_bytes_);
    RecordParser parser(text, ended_ && text.size() == rest().size());
    switch (parser.Parse()) {
      case Parsed::kRecord: {
        record.fields = std::move(parser.fields);
        const bool is_empty_line =
            record.fields == std::vector<std::string>{""} && text[0] != '"';
        Drop(parser.bytes());
        if (is_empty_line) continue;
        return record;
      }
      case Parsed::kMalformed:
        record.status = absl::InvalidArgumentError(parser.problem);
        RETURN_IF_ERROR(DropLine());
        return record;
      case Parsed::kIncomplete:
        break;
    }
    if (rest().size() >= max_record_bytes_) {
      record.status = absl::InvalidArgumentError(absl::StrCat(
          *parser.problem != '\0' ? parser.problem : "the record does not end",
          " within ", max_record_bytes_, " bytes"));
      RETURN_IF_ERROR(DropLine());
      return record;
    }
    RETURN_IF_ERROR(ReadMore());
  }
}

// At least a quarter of what is there already, so that a record that comes in
// small pieces is not parsed for each of them.
absl::Status CsvReader::ReadMore() {
  buffer_.erase(0, std::exchange(at_, 0));
  const size_t had = buffer_.size();
  size_t got = 0;
  do {
    buffer_.resize(had + got + kReadBytes);
    const auto count = file_->Read({buffer_.data() + had + got, kReadBytes});
    got += count.value_or(0);
    buffer_.resize(had + got);
    if (!count.ok()) return count.status();
    ended_ = *count == 0;
  } while (!ended_ && got * 4 < had);
  return absl::OkStatus();
}

void CsvReader::Drop(size_t bytes) {
  line_ +=
      std::count(buffer_.begin() + at_, buffer_.begin() + at_ + bytes, '\n');
  at_ += bytes;
}

absl::Status CsvReader::DropLine() {
  while (true) {
    const size_t feed = rest().find('\n');
    if (feed != absl::string_view::npos) {
      Drop(feed + 1);
      return absl::OkStatus();
    }
    Drop(rest().size());
    if (ended_) return absl::OkStatus();
    RETURN_IF_ERROR(ReadMore());
  }
}

}  // namespace lenscap::cli
