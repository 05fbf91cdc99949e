#ifndef LENSCAP_INDEX_CLIP_STORE_H_
#define LENSCAP_INDEX_CLIP_STORE_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "index/clip.h"
#include "index/clip_record.h"

namespace rocksdb {
class DB;
class Snapshot;
}  // namespace rocksdb

namespace lenscap {

// Lists, clips and what changed in them, on disk (RocksDB); index/FORMAT.md
// documents the format. Arguments are taken as they are: index/clip_check.h
// checks them. A damaged record is DATA_LOSS, naming its key. Reading is
// thread-safe and sees what was committed.
class ClipStore {
 public:
  struct Published {
    ListInfo list;    // As it is now.
    EntryInfo entry;  // As it is in the list.
    bool changed = false;
  };
  struct Withdrawn {
    ListInfo list;                   // As it is now.
    std::vector<EntryInfo> entries;  // That were changed.
  };

  // Changes that reach the disk together or not at all. A change that fails
  // leaves nothing behind; those after a change see it. Not thread-safe; one
  // transaction at a time.
  class Transaction {
   public:
    virtual ~Transaction() = default;

    // `actor` is who does it, for the list's history.

    // OK without a change if it is there with the same issuer, ALREADY_EXISTS
    // with another.
    virtual absl::StatusOr<ListInfo> CreateList(absl::string_view list_id,
                                                absl::string_view issuer,
                                                absl::Time now) = 0;
    // NOT_FOUND for an unknown list, ALREADY_EXISTS for a known entry with
    // other content, FAILED_PRECONDITION for a signed list, as for what
    // withdraws from one.
    virtual absl::StatusOr<Published> Publish(const Clip& clip, absl::Time now,
                                              absl::string_view actor = {}) = 0;
    // NOT_FOUND if one is not in the list. Entries named twice count once.
    virtual absl::StatusOr<Withdrawn> Withdraw(
        absl::string_view list_id, absl::Span<const std::string> entry_ids,
        absl::string_view reason, absl::Time now,
        absl::string_view actor = {}) = 0;
    virtual absl::StatusOr<Withdrawn> WithdrawAll(
        absl::string_view list_id, absl::string_view reason, absl::Time now,
        absl::string_view actor = {}) = 0;

    // Entries with the hold `to`, kNone or kByHand, where they were not held or
    // held by hand; those that are so already, or that say nothing and are to
    // be held, are left out. NOT_FOUND if one is not in the list,
    // FAILED_PRECONDITION if one that says nothing is to be released.
    virtual absl::StatusOr<Withdrawn> SetHold(
        absl::string_view list_id, absl::Span<const std::string> entry_ids,
        Hold to, absl::string_view reason, absl::Time now,
        absl::string_view actor) = 0;
    virtual absl::StatusOr<ListInfo> SetMode(absl::string_view list_id,
                                             ListMode mode,
                                             absl::string_view reason,
                                             absl::Time now,
                                             absl::string_view actor) = 0;
    // Withdraws those of the entries that are there and have expired by `now`.
    virtual absl::StatusOr<Withdrawn> Expire(
        absl::string_view list_id, absl::Span<const std::string> entry_ids,
        absl::Time now) = 0;

    // On disk when it returns OK. Nothing may follow.
    virtual absl::Status Commit() = 0;
  };

  // One version of a signed list on its way in (index/clip_store_update.h).
  class Update;

  using ClipVisitor = std::function<absl::Status(const EntryInfo&, Clip)>;

  // FAILED_PRECONDITION where another process has it open or a newer version
  // wrote it.
  static absl::StatusOr<std::unique_ptr<ClipStore>> Open(
      const std::string& directory);
  ~ClipStore();

  std::unique_ptr<Transaction> Begin();

  // Which store this is, and how many writes it has had: the number grows with
  // each, and is smaller only in a store that was put back to an earlier state.
  absl::StatusOr<std::string> Id() const;
  uint64_t Sequence() const;
  uint64_t NextClipId() const;

  absl::StatusOr<std::vector<ListInfo>> Lists() const;

  // Every entry, in order of clip id, with its list's. Checks that records of
  // lists and entries agree with each other.
  struct Entry {
    std::string list_id;
    StoredEntry stored;
  };
  absl::StatusOr<std::vector<Entry>> AllEntries() const;
  // What Publish got.
  absl::StatusOr<Clip> ReadClip(const Entry& entry) const;

  // Every clip, in order of clip id, until `visit` returns an error, which is
  // passed on. Checks that records agree with each other.
  absl::Status ForEachClip(const ClipVisitor& visit) const;

  // Of one list, in order of entry id; as of one moment. NOT_FOUND.
  absl::Status ForEachClipOf(absl::string_view list_id,
                             const ClipVisitor& visit) const;

  // When the next entry of the list expires, and up to `limit` of those that
  // have by `now`.
  struct Expiry {
    absl::Time next = absl::InfiniteFuture();
    std::vector<std::string> entry_ids;
  };
  absl::StatusOr<Expiry> FindExpired(absl::string_view list_id, absl::Time now,
                                     size_t limit) const;

  // These are documented in index/known_clips.h.
  absl::StatusOr<std::vector<EntryInfo>> Entries(absl::string_view list_id,
                                                 absl::string_view after,
                                                 int limit) const;
  absl::StatusOr<std::vector<ListChange>> History(absl::string_view list_id,
                                                  int limit) const;

 private:
  using RecordVisitor = std::function<absl::StatusOr<bool>(
      absl::string_view key, absl::string_view value)>;
  using EntriesByClip = std::map<uint64_t, std::pair<std::string, StoredEntry>>;
  class TransactionImpl;

  ClipStore(std::string directory, std::unique_ptr<rocksdb::DB> db);

  absl::Status CheckFormat();
  // Where updates gather what they will write.
  std::string UpdateDirectory() const;
  // Where `key` was found damaged, its name and the store's in the message.
  absl::Status At(absl::string_view key, const absl::Status& status) const;
  absl::Status Missing(absl::string_view key) const;
  absl::Status NoMoreClips() const;
  absl::StatusOr<std::string> Get(const std::string& key,
                                  const rocksdb::Snapshot* snapshot) const;
  // Records from key `begin` on that begin with `prefix`, while `visit` returns
  // true.
  absl::Status ForEachRecord(absl::string_view prefix, absl::string_view begin,
                             const rocksdb::Snapshot* snapshot,
                             const RecordVisitor& visit) const;
  absl::StatusOr<ListInfo> GetList(absl::string_view list_id,
                                   const rocksdb::Snapshot* snapshot) const;
  // From what was read under the list's key; NOT_FOUND names the list.
  absl::StatusOr<ListInfo> ParseList(
      absl::string_view list_id,
      const absl::StatusOr<std::string>& value) const;
  // With their list's id. Checks that the lists' counts are right.
  absl::StatusOr<EntriesByClip> AllEntries(
      const rocksdb::Snapshot* snapshot) const;
  absl::StatusOr<Clip> ReadClip(absl::string_view list_id,
                                const StoredEntry& entry,
                                const rocksdb::Snapshot* snapshot) const;
  // Empty where the entry has none.
  absl::StatusOr<ClipDetail> ReadDetail(
      const StoredEntry& entry, const rocksdb::Snapshot* snapshot) const;
  absl::Status ReadBlock(const std::string& key,
                         const rocksdb::Snapshot* snapshot,
                         std::vector<ReferenceFrame>* frames) const;

  const std::string directory_;
  const std::unique_ptr<rocksdb::DB> db_;
  // Ids from here on are those of an update that is being read.
  std::atomic<uint64_t> reserved_ids_ = std::numeric_limits<uint64_t>::max();
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_STORE_H_
