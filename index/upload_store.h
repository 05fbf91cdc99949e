#ifndef LENSCAP_INDEX_UPLOAD_STORE_H_
#define LENSCAP_INDEX_UPLOAD_STORE_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "index/clip.h"
#include "index/upload_record.h"

namespace rocksdb {
class DB;
class WriteBatch;
}  // namespace rocksdb

namespace lenscap {

// How far the comparing of kept uploads with new clips has come.
struct RetroCursor {
  // The uploads with a smaller sequence have been compared with the clips with
  // a smaller id than `clips`.
  uint64_t clips = 0;
  uint64_t uploads = 0;
  // Of a pass that is going on, else 0: those below `pass_uploads` have also
  // been compared with the clips below `pass_clips`.
  uint64_t pass_clips = 0;
  uint64_t pass_uploads = 0;
  friend bool operator==(const RetroCursor&, const RetroCursor&) = default;
};

// The fingerprints of scanned uploads, never their footage, for a time and up
// to a number and a size: on disk (RocksDB), in order of arrival; the format is
// documented in index/UPLOADS.md. What a call has stored survives a crash of
// the process; a power cut may take the last seconds with it, and never leaves
// half a change. A damaged record is as one that is not kept. Thread-safe. One
// process at a time per directory.
class UploadStore {
 public:
  struct Options {
    std::string directory;
    absl::Duration keep = absl::Hours(720);
    // Beyond either, the oldest go.
    int64_t max_uploads = 1'000'000;
    int64_t max_bytes = int64_t{64} << 30;  // As they are encoded.
    const Clock* clock = Clock::Real();     // Must outlive this.
  };
  struct Size {
    int64_t uploads = 0;
    int64_t bytes = 0;
  };

  // FAILED_PRECONDITION where another process has it open or a newer version
  // wrote it.
  static absl::StatusOr<std::unique_ptr<UploadStore>> Open(Options options);
  ~UploadStore();

  // In place of what is kept under the same content id; returns its sequence.
  // Of `upload`, the sequence, the time and the size are set here. The parts of
  // a fingerprint beyond 64 MiB are left out; RESOURCE_EXHAUSTED where the rest
  // is still larger.
  absl::StatusOr<uint64_t> Keep(KeptUpload upload,
                                const UploadFingerprint& fingerprint);
  // Once it has a case. OK where it is not kept any more.
  absl::Status SetCase(uint64_t sequence, v1::Action action,
                       absl::string_view case_id);

  // NOT_FOUND where none is kept under the content id.
  absl::StatusOr<KeptUpload> Find(absl::string_view content_id) const;
  // In order of sequence, from `first` on and below `end`, at most `limit`.
  absl::StatusOr<std::vector<KeptUpload>> List(uint64_t first, uint64_t end,
                                               int limit) const;
  // Newest first, those below `end`, at most `limit`.
  absl::StatusOr<std::vector<KeptUpload>> ListNewest(uint64_t end,
                                                     int limit) const;
  // NOT_FOUND where it is not kept any more, DATA_LOSS where it is damaged.
  absl::StatusOr<UploadFingerprint> Fingerprint(uint64_t sequence) const;

  // Uploads that are kept from now on have this sequence or a greater one.
  uint64_t NextSequence() const;
  Size size() const;

  // Forgets what is older than `keep`; returns how many uploads that were. To
  // be called from time to time.
  absl::StatusOr<int64_t> Purge();

  // All 0 before any was set.
  absl::StatusOr<RetroCursor> Cursor() const;
  absl::Status SetCursor(const RetroCursor& cursor);

 private:
  // What the totals record has.
  struct Totals {
    uint64_t next = 1;   // Sequence.
    uint64_t first = 1;  // None that is kept is smaller.
    Size size;
    absl::Time latest = absl::UnixEpoch();  // Of what was kept.
  };

  UploadStore(Options options, std::unique_ptr<rocksdb::DB> db);
  absl::Status Load();
  absl::StatusOr<std::string> Get(absl::string_view key) const;
  absl::StatusOr<KeptUpload> GetUpload(uint64_t sequence) const;
  absl::Status At(absl::string_view key, const absl::Status& status) const;
  // In `batch` and `totals`.
  void Remove(const KeptUpload& upload, rocksdb::WriteBatch* batch,
              Totals* totals) const;
  // Removes the oldest while there are too many, or they are from before.
  absl::StatusOr<int64_t> RemoveOldest(absl::Time before);
  // With the totals, which then are `totals_`.
  absl::Status Write(rocksdb::WriteBatch* batch, const Totals& totals);

  const Options options_;
  const std::unique_ptr<rocksdb::DB> db_;
  std::mutex writing_;  // One change at a time.
  mutable std::mutex mutex_;
  Totals totals_;  // Guarded by mutex_; set with writing_ held.
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_UPLOAD_STORE_H_
