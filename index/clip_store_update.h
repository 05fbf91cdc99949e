#ifndef LENSCAP_INDEX_CLIP_STORE_UPDATE_H_
#define LENSCAP_INDEX_CLIP_STORE_UPDATE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/bulk_write.h"
#include "index/clip.h"
#include "index/clip_store.h"
#include "index/clip_store_keys.h"
#include "index/list_update.h"
#include "rocksdb/snapshot.h"

namespace lenscap {

// One version of a signed list on its way into the store, as
// index/list_update.h promises it: checked and gathered in files change by
// change, then written at once. Needs a bit for each clip that there ever was,
// some 30 bytes for each entry that is new, and `run_bytes`. Other lists may be
// changed meanwhile. Not thread-safe; one at a time.
class ClipStore::Update {
 public:
  struct Options {
    size_t run_bytes = 32 << 20;  // Gathered in memory before a file of it is.
    int min_quality = 50;
    absl::Time now;
  };

  // FAILED_PRECONDITION where the version does not follow on what is there, or
  // the list is not a signed one, or another issuer's.
  static absl::StatusOr<std::unique_ptr<Update>> Begin(ClipStore& store,
                                                       const ListUpdate& update,
                                                       Options options);
  ~Update();

  // What one change makes of the list.
  struct Applied {
    // The clip that it stores is the so-manieth of this update, from 1; 0 if it
    // stores none.
    uint32_t ordinal = 0;
    Hold hold = Hold::kNone;  // Of that clip.
    uint64_t withdrawn = 0;   // The id of the clip that goes, 0 for none.
  };
  // INVALID_ARGUMENT, naming the entry, where the change does not fit. Its
  // clip has the list's id, unless it is withdrawn.
  absl::StatusOr<Applied> Apply(const EntryChange& change);

  // After the last change: withdraws what a snapshot did not name, calling
  // `withdrawn` with each clip's id, and compares the content (DATA_LOSS).
  absl::Status Finish(const std::function<void(uint64_t)>& withdrawn);

  // Writes it all, with the list in this mode. While this runs nothing else may
  // write to the store. ABORTED where the list was changed since Begin.
  absl::Status Commit(ListMode mode, const std::string& mode_reason);

  // As the list was at Begin, or was not; then as it will be or, after Commit,
  // is. Only then the list's counts are complete.
  const std::optional<ListInfo>& before() const { return before_; }
  const ListUpdateResult& result() const { return result_; }
  // After Commit: the id of the clip with the ordinal 1.
  uint64_t first_clip_id() const { return first_clip_id_; }

 private:
  // An entry by its id: the first half of that's SHA-256.
  using Name = std::array<uint8_t, 16>;
  struct Pending {
    StoredEntry entry;
    Clip clip;
  };
  // What the list has of the entry that a change names.
  struct Known {
    std::optional<StoredEntry> entry;
    std::optional<ExpiredEntry> expired;
    bool any() const { return entry || expired; }
    const Sha256& digest() const {
      return entry ? entry->digest : expired->digest;
    }
  };

  Update(ClipStore& store, const ListUpdate& update, Options options);

  absl::Status CheckHead() const;
  absl::StatusOr<Known> Find(const std::string& entry_id);
  absl::Status CheckNamedOnce(const std::string& entry_id, const Known& known);
  absl::StatusOr<Applied> TryApply(const EntryChange& change);
  absl::StatusOr<Applied> Put(const EntryChange& change, const Known& known);
  absl::StatusOr<Applied> PutNew(const EntryChange& change);
  absl::Status TakeOut(const Known& known, const std::string& entry_id,
                       absl::string_view reason);
  void CountWithdrawn(const std::string& entry_id);
  absl::Status Store(StoredEntry entry, const Clip& clip);
  absl::Status WritePending();
  absl::Status WriteEntry(StoredEntry entry, const Clip& clip);
  absl::Status WithdrawUnnamed(const std::function<void(uint64_t)>& withdrawn);
  absl::Status CheckUnchanged() const;
  void SetHead();
  ListChange Change() const;
  void AddContent(const Sha256& digest);
  ListInfo& list() { return result_.list; }

  ClipStore& store_;
  const ListUpdate update_;
  const Options options_;
  rocksdb::ManagedSnapshot snapshot_;
  BulkWrite bulk_;
  std::optional<ListInfo> before_;
  ListUpdateResult result_;
  std::vector<bool> named_clips_;        // By clip id: of entries there before.
  absl::flat_hash_set<Name> named_new_;  // All others.
  std::vector<std::string> changed_ids_;  // The first.
  uint32_t stored_ = 0;
  // Clips wait for their ids as long as few came.
  std::vector<Pending> pending_;
  size_t pending_bytes_ = 0;
  uint64_t first_clip_id_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_STORE_UPDATE_H_
