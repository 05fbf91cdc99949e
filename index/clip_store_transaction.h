#ifndef LENSCAP_INDEX_CLIP_STORE_TRANSACTION_H_
#define LENSCAP_INDEX_CLIP_STORE_TRANSACTION_H_

#include <string>
#include <vector>

#include "index/clip_store.h"
#include "rocksdb/utilities/write_batch_with_index.h"

namespace lenscap {

// What ClipStore::Begin gives: a batch of writes that reads what it wrote.
class ClipStore::TransactionImpl final : public Transaction {
 public:
  explicit TransactionImpl(ClipStore& store);

  absl::StatusOr<ListInfo> CreateList(absl::string_view list_id,
                                      absl::string_view issuer,
                                      absl::Time now) override;
  absl::StatusOr<Published> Publish(const Clip& clip, absl::Time now,
                                    absl::string_view actor) override;
  absl::StatusOr<Withdrawn> Withdraw(absl::string_view list_id,
                                     absl::Span<const std::string> entry_ids,
                                     absl::string_view reason, absl::Time now,
                                     absl::string_view actor) override;
  absl::StatusOr<Withdrawn> WithdrawAll(absl::string_view list_id,
                                        absl::string_view reason,
                                        absl::Time now,
                                        absl::string_view actor) override;
  absl::StatusOr<Withdrawn> SetHold(absl::string_view list_id,
                                    absl::Span<const std::string> entry_ids,
                                    Hold to, absl::string_view reason,
                                    absl::Time now,
                                    absl::string_view actor) override;
  absl::StatusOr<ListInfo> SetMode(absl::string_view list_id, ListMode mode,
                                   absl::string_view reason, absl::Time now,
                                   absl::string_view actor) override;
  absl::StatusOr<Withdrawn> Expire(absl::string_view list_id,
                                   absl::Span<const std::string> entry_ids,
                                   absl::Time now) override;
  absl::Status Commit() override;

 private:
  absl::Status Put(const std::string& key, const std::string& value);
  absl::Status Delete(const std::string& key);
  absl::StatusOr<std::string> Get(const std::string& key);
  // DATA_LOSS where there is none.
  absl::StatusOr<std::string> GetKnown(const std::string& key);
  absl::StatusOr<ListInfo> GetList(absl::string_view list_id);
  // FAILED_PRECONDITION for a signed list.
  absl::StatusOr<ListInfo> GetUnsignedList(absl::string_view list_id);
  absl::StatusOr<StoredEntry> GetEntry(absl::string_view list_id,
                                       absl::string_view entry_id);
  // Those that are named, each once.
  absl::StatusOr<std::vector<StoredEntry>> GetEntries(
      absl::string_view list_id, absl::Span<const std::string> entry_ids);
  // ALREADY_EXISTS unless what is stored equals `entry` and the clip's frames,
  // of which any detail is a consequence.
  absl::Status CheckSame(const StoredEntry& known, const StoredEntry& entry,
                         const Clip& clip);
  absl::StatusOr<uint64_t> TakeClipId();
  // Writes the list's next version and what changed in it.
  absl::Status PutChange(ListInfo* list, ListChange* change, absl::Time now);
  // `change` says why and who.
  absl::StatusOr<Withdrawn> Remove(ListInfo list,
                                   std::vector<StoredEntry> entries,
                                   ListChange change, absl::Time now);

  ClipStore& store_;
  rocksdb::WriteBatchWithIndex batch_;
};

// The change of these entries, of which it names the first.
ListChange ChangeOf(ListChange::Kind kind,
                    const std::vector<StoredEntry>& entries,
                    absl::string_view reason, absl::string_view actor);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_STORE_TRANSACTION_H_
