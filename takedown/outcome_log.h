#ifndef LENSCAP_TAKEDOWN_OUTCOME_LOG_H_
#define LENSCAP_TAKEDOWN_OUTCOME_LOG_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/numbered_log.h"
#include "proto/lenscap/v1/outcome.pb.h"

namespace lenscap {

// The outcomes that platforms are told, durable and in one order for all who
// read them: a NumberedLog of serialized v1::Outcome. An outcome's cursor is
// its number in it. Thread-safe; one process at a time.
class OutcomeLog {
 public:
  struct Numbered {
    uint64_t number = 0;
    v1::Outcome outcome;  // With its cursor.
  };

  // `clock` must outlive this.
  static absl::StatusOr<std::unique_ptr<OutcomeLog>> Open(
      const std::string& directory, const Clock* clock);

  // Adds them and sets the marks, together or not at all.
  absl::Status Append(absl::Span<const v1::Outcome> outcomes,
                      const NumberedLog::Marks& marks);
  // Up to `limit` after the number `after`, oldest first.
  absl::StatusOr<std::vector<Numbered>> Read(uint64_t after, int limit) const;
  absl::StatusOr<uint64_t> Mark(absl::string_view name) const {
    return records_->Mark(name);
  }
  uint64_t last() const { return records_->last(); }

  // The number that a cursor means; 0 for "". INVALID_ARGUMENT, naming `field`,
  // for what is none.
  static absl::StatusOr<uint64_t> ParseCursor(absl::string_view field,
                                              absl::string_view cursor);

  // Forgets those told before `before`.
  absl::Status Purge(absl::Time before) {
    return records_->Purge(before).status();
  }

 private:
  OutcomeLog(std::unique_ptr<NumberedLog> records, const Clock* clock)
      : records_(std::move(records)), clock_(clock) {}

  const std::unique_ptr<NumberedLog> records_;
  const Clock* const clock_;
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_OUTCOME_LOG_H_
