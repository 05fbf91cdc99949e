#ifndef LENSCAP_SERVICES_SPOOL_H_
#define LENSCAP_SERVICES_SPOOL_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Bounds the bytes of all files in a spool together. Thread-safe.
class SpoolBudget {
 public:
  explicit SpoolBudget(int64_t max) : max_(max) {}  // 0 is without a bound.
  // RESOURCE_EXHAUSTED, and nothing is taken, beyond the bound.
  absl::Status Take(int64_t bytes);
  void GiveBack(int64_t bytes) { used_ -= bytes; }
  // What is there already.
  void Count(int64_t bytes) { used_ += bytes; }
  int64_t used() const { return used_; }

 private:
  const int64_t max_;
  std::atomic<int64_t> used_ = 0;
};

// A file in a spool, written from its start to its end. Move-only; the file is
// removed with the object unless it was kept. Not thread-safe.
class SpoolFile {
 public:
  SpoolFile(SpoolFile&& other) noexcept;
  SpoolFile& operator=(SpoolFile&& other) noexcept;
  ~SpoolFile();

  const std::string& name() const { return name_; }  // Within the spool.
  std::string path() const;

  // RESOURCE_EXHAUSTED where the disk or the spool is full, or a file may not
  // grow so large.
  absl::Status Append(absl::string_view bytes);
  // The bytes and the name are on disk when this returns.
  absl::Status Sync();
  // Leaves the file where it is when the object goes.
  void Keep();

 private:
  friend class Spool;
  SpoolFile(std::string directory, std::string name, int descriptor,
            std::shared_ptr<SpoolBudget> budget, int64_t reserved);
  absl::Status Reserve(int64_t bytes);
  void Discard();

  std::string directory_;
  std::string name_;
  int descriptor_ = -1;  // -1 once moved from.
  bool kept_ = false;
  std::shared_ptr<SpoolBudget> budget_;
  int64_t reserved_ = 0;  // Of the budget.
  int64_t written_ = 0;
};

// A directory of uploads that wait for their scan, are scanned or are being
// received. Only this process's user may read it. Thread-safe.
class Spool {
 public:
  // Makes the directory if it is absent. All its files together may have
  // `max_bytes`; 0 is without a bound.
  static absl::StatusOr<Spool> Open(std::string directory,
                                    int64_t max_bytes = 0);

  // A new empty file, named by a new scan id. Room for `expected_bytes` is kept
  // for it, so that what was let in also fits; it may grow beyond.
  // RESOURCE_EXHAUSTED where there is not so much room.
  absl::StatusOr<SpoolFile> Create(int64_t expected_bytes = 0) const;
  std::string PathOf(absl::string_view name) const;
  // OK where it is gone already.
  absl::Status Remove(absl::string_view name) const;
  // What an earlier process left behind, save `names`.
  absl::Status RemoveAllBut(const std::set<std::string>& names) const;
  // Of its files, and kept for those that are being received.
  int64_t bytes() const { return budget_->used(); }

 private:
  Spool(std::string directory, int64_t max_bytes)
      : directory_(std::move(directory)),
        budget_(std::make_shared<SpoolBudget>(max_bytes)) {}
  std::string directory_;
  std::shared_ptr<SpoolBudget> budget_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SPOOL_H_
