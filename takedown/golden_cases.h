#ifndef LENSCAP_TAKEDOWN_GOLDEN_CASES_H_
#define LENSCAP_TAKEDOWN_GOLDEN_CASES_H_

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/clock.h"
#include "base/record_store.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "takedown/golden_record.pb.h"

namespace lenscap {

// The pool of golden cases, and who has had which; durable, in one RocksDB
// (takedown/GOLDEN.md). Whatever a call acknowledges survives a crash.
// Thread-safe. One process at a time per directory.
class GoldenCases {
 public:
  static constexpr int kMaxGolden = 1000;

  // The clock must outlive this.
  static absl::StatusOr<std::unique_ptr<GoldenCases>> Open(
      const std::string& directory, const Clock* clock);

  // Of a decided case, with its right answer. ALREADY_EXISTS for a case that is
  // one already, RESOURCE_EXHAUSTED beyond kMaxGolden, INVALID_ARGUMENT where
  // the note is no UTF-8.
  absl::StatusOr<v1::GoldenCase> Add(const v1::Case& decided,
                                     v1::Decision::Outcome outcome,
                                     absl::string_view note);
  // In order of adding, without how they were answered.
  std::vector<v1::GoldenCase> List() const;
  // What was given out stays given out. NOT_FOUND for an unknown id.
  absl::StatusOr<v1::GoldenCase> Remove(absl::string_view golden_id);

  // Takes the reviewer's turn at the oldest golden case that they have not had,
  // did not decide on themselves, and that `fits` accepts; nothing where there
  // is none. The turn is on disk when this returns, and never comes again.
  struct Drawn {
    takedown::GoldenTurn turn;
    v1::Case shown;  // Disguised, to be submitted to a queue of such cases.
  };
  using FitsReviewer = std::function<bool(const v1::Case& original)>;
  absl::StatusOr<std::optional<Drawn>> Draw(absl::string_view reviewer,
                                            const FitsReviewer& fits);

  // The turn of a case that was given out; nothing for any other case.
  absl::StatusOr<std::optional<takedown::GoldenTurn>> TurnOf(
      absl::string_view case_id) const;

 private:
  GoldenCases(std::unique_ptr<RecordStore> records, const Clock* clock)
      : records_(std::move(records)), clock_(clock) {}
  absl::Status Load();
  absl::StatusOr<bool> Had(absl::string_view golden_id,
                           absl::string_view reviewer) const;

  const std::unique_ptr<RecordStore> records_;
  const Clock* const clock_;
  mutable std::mutex mutex_;
  // As on disk, in order of adding. Guarded by mutex_.
  std::vector<takedown::GoldenRecord> golden_;
};

// The names in a case that would give it away as a repetition, made others that
// look alike: digits for digits, letters for letters. Always the same for a
// seed, and as good as never the same for two. Words without a digit stay, and
// a name of such words alone gets a number.
std::string Disguise(absl::string_view name, absl::string_view seed);
v1::Case DisguisedCase(const v1::Case& original, absl::string_view seed);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_GOLDEN_CASES_H_
