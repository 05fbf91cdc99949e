#include "takedown/outcome_log.h"

#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {

absl::StatusOr<std::unique_ptr<OutcomeLog>> OutcomeLog::Open(
    const std::string& directory, const Clock* clock) {
  ASSIGN_OR_RETURN(std::unique_ptr<NumberedLog> records,
                   NumberedLog::Open(directory));
  return std::unique_ptr<OutcomeLog>(new OutcomeLog(std::move(records), clock));
}

absl::Status OutcomeLog::Append(absl::Span<const v1::Outcome> outcomes,
                                const NumberedLog::Marks& marks) {
  std::vector<std::string> records;
  for (const v1::Outcome& outcome : outcomes) {
    records.push_back(outcome.SerializeAsString());
  }
  return records_->Append(clock_->Now(), records, marks).status();
}

absl::StatusOr<std::vector<OutcomeLog::Numbered>> OutcomeLog::Read(
    uint64_t after, int limit) const {
  ASSIGN_OR_RETURN(const std::vector<NumberedLog::Record> records,
                   records_->Read(after, limit));
  std::vector<Numbered> read;
  for (const NumberedLog::Record& record : records) {
    Numbered& numbered = read.emplace_back();
    numbered.number = record.number;
    if (!numbered.outcome.ParseFromString(record.bytes)) {
      return absl::DataLossError(
          absl::StrCat("outcome ", record.number, " is damaged"));
    }
    numbered.outcome.set_cursor(absl::StrCat(record.number));
  }
  return read;
}

absl::StatusOr<uint64_t> OutcomeLog::ParseCursor(absl::string_view field,
                                                 absl::string_view cursor) {
  uint64_t number = 0;
  if (cursor.empty() || absl::SimpleAtoi(cursor, &number)) return number;
  return absl::InvalidArgumentError(absl::StrCat(
      field, ": expected the cursor of an outcome, got something else"));
}

}  // namespace lenscap
