#ifndef LENSCAP_TAKEDOWN_EVIDENCE_STORE_H_
#define LENSCAP_TAKEDOWN_EVIDENCE_STORE_H_

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/clock.h"
#include "base/key_file.h"
#include "proto/lenscap/v1/evidence.pb.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace lenscap::takedown {
class EvidenceRecord;
}

namespace lenscap {

// The stills of the uploads in cases, each upload's sealed with a key of its
// own: on disk (RocksDB), the keys in another place (base/key_file.h), so that
// what is expired is destroyed with its key wherever copies of the stills are.
// Format and promises are in takedown/EVIDENCE.md. Whatever a call acknowledged
// survives a crash. Thread-safe. One process at a time per directory.
class EvidenceStore {
 public:
  static constexpr int kMaxStills = 16;  // Of an upload.
  static constexpr size_t kMaxStillBytes = 192 << 10;

  struct Options {
    std::string directory;               // Of the sealed stills.
    std::string key_file;                // Not below `directory`.
    const Clock* clock = Clock::Real();  // Must outlive this.
  };
  // FAILED_PRECONDITION where another process has it open, a newer version
  // wrote it, or others can read the keys. Keys without stills, which a crash
  // leaves behind, are destroyed.
  static absl::StatusOr<std::unique_ptr<EvidenceStore>> Open(Options options);
  ~EvidenceStore();

  // What is kept of an upload.
  struct Kept {
    std::string content_id;
    std::string case_id;  // That it was in when it was sealed.
    absl::Time sealed;
    int stills = 0;
    std::string unavailable;              // Why there are none.
    std::optional<absl::Time> destroyed;  // Then there are none any more.
  };

  // Seals the stills, and numbers them from 1. Where some are kept already, and
  // were not destroyed, nothing changes. INVALID_ARGUMENT for more or larger
  // ones than the bounds above, or none.
  absl::Status Seal(absl::string_view case_id, absl::string_view content_id,
                    std::vector<v1::Still> stills);
  // Says why there are none; nothing changes where some are kept.
  absl::Status SetUnavailable(absl::string_view case_id,
                              absl::string_view content_id,
                              absl::string_view why);

  // NOT_FOUND where nothing was ever sealed for the upload, or it is forgotten.
  absl::StatusOr<Kept> Find(absl::string_view content_id) const;
  // FAILED_PRECONDITION once they are destroyed, DATA_LOSS where they are
  // damaged, NOT_FOUND as above.
  absl::StatusOr<std::vector<v1::Still>> Open(
      absl::string_view content_id) const;

  // What is kept, in an order of its own, behind `after` of an earlier page
  // ("" for the first), which is its last content id.
  absl::StatusOr<std::vector<Kept>> List(absl::string_view after,
                                         int limit) const;

  // The keys first, with one sync for all, then what they had sealed. OK where
  // it is done already, and for what is not there.
  absl::Status Destroy(absl::Span<const std::string> content_ids);
  // The same, and nothing is left that tells of them.
  absl::Status Forget(absl::Span<const std::string> content_ids);

 private:
  EvidenceStore(Options options, std::unique_ptr<KeyFile> keys,
                std::unique_ptr<rocksdb::DB> db);
  absl::Status Load();
  absl::StatusOr<takedown::EvidenceRecord> Get(
      absl::string_view content_id) const;
  // Whether stills can be opened, or a reason was given, and neither was
  // destroyed since.
  absl::StatusOr<bool> IsThere(absl::string_view content_id) const;
  absl::Status Write(rocksdb::WriteBatch* batch);

  const Options options_;
  const std::unique_ptr<KeyFile> keys_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex writing_;  // Of who reads a record and then writes it.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_EVIDENCE_STORE_H_
