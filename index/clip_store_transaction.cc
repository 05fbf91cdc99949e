#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store.h"
#include "index/clip_store_keys.h"
#include "rocksdb/utilities/write_batch_with_index.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNamedEntries = 100;

absl::Status NoSuchEntry(absl::string_view list_id,
                         absl::string_view entry_id) {
  return absl::NotFoundError(absl::StrCat("entry_ids: there is no entry \"",
                                          entry_id, "\" in the list \"",
                                          list_id, "\""));
}

// The entry as it would be stored, apart from what the store itself gives it.
StoredEntry EntryOf(const Clip& clip) {
  StoredEntry entry;
  entry.info.entry_id = clip.entry_id;
  entry.info.severity = clip.severity;
  entry.info.duration = clip.duration;
  entry.info.frames = clip.frames.size();
  entry.sha256 = clip.sha256;
  entry.md5 = clip.md5;
  entry.detailed = !clip.detail.empty();
  return entry;
}
}  // namespace

class ClipStore::TransactionImpl final : public Transaction {
 public:
  explicit TransactionImpl(const ClipStore& store)
      : store_(store), batch_(rocksdb::BytewiseComparator(), 0, true) {}

  absl::StatusOr<ListInfo> CreateList(absl::string_view list_id,
                                      absl::string_view issuer,
                                      absl::Time now) override {
    auto list = GetList(list_id);
    if (list.ok() && list->issuer != issuer) {
      return absl::AlreadyExistsError(
          absl::StrCat("issuer: the list \"", list_id, "\" is issued by \"",
                       absl::CHexEscape(list->issuer), "\", not by \"",
                       absl::CHexEscape(issuer), "\""));
    }
    if (!absl::IsNotFound(list.status())) return list;
    ListInfo made{.list_id = std::string(list_id),
                  .issuer = std::string(issuer),
                  .changed = absl::FromUnixMicros(absl::ToUnixMicros(now))};
    RETURN_IF_ERROR(Put(ListKey(list_id), EncodeList(made)));
    return made;
  }

  absl::StatusOr<Published> Publish(const Clip& clip, absl::Time now) override {
    ASSIGN_OR_RETURN(ListInfo list, GetList(clip.list_id));
    StoredEntry entry = EntryOf(clip);
    auto known = GetEntry(clip.list_id, clip.entry_id);
    if (known.ok()) {
      entry.info.clip_id = known->info.clip_id;
      entry.info.added_in_version = known->info.added_in_version;
      RETURN_IF_ERROR(CheckSame(*known, entry, clip));
      return Published{std::move(list), std::move(known->info), false};
    }
    if (!absl::IsNotFound(known.status())) return known.status();

    ASSIGN_OR_RETURN(entry.info.clip_id, TakeClipId());
    ListChange change;
    change.kind = ListChange::Kind::kPublished;
    change.entry_ids = {clip.entry_id};
    change.entries = 1;
    ++list.entries;
    list.frames += entry.info.frames;
    RETURN_IF_ERROR(PutChange(&list, &change, now));
    entry.info.added_in_version = list.version;
    RETURN_IF_ERROR(
        Put(EntryKey(clip.list_id, clip.entry_id), EncodeEntry(entry)));
    for (size_t b = 0; b < FrameBlocks(entry.info.frames); ++b) {
      RETURN_IF_ERROR(
          Put(FramesKey(entry.info.clip_id, b), EncodeFrameBlock(clip, b)));
    }
    if (entry.detailed) {
      RETURN_IF_ERROR(
          Put(DetailKey(entry.info.clip_id), EncodeDetail(clip.detail)));
    }
    return Published{std::move(list), std::move(entry.info), true};
  }

  absl::StatusOr<Withdrawn> Withdraw(absl::string_view list_id,
                                     absl::Span<const std::string> entry_ids,
                                     absl::string_view reason,
                                     absl::Time now) override {
    ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
    std::set<absl::string_view> seen;
    std::vector<EntryInfo> entries;
    for (const std::string& entry_id : entry_ids) {
      if (!seen.insert(entry_id).second) continue;
      auto entry = GetEntry(list_id, entry_id);
      if (!entry.ok()) return entry.status();
      entries.push_back(std::move(entry->info));
    }
    return Remove(std::move(list), std::move(entries), reason, now);
  }

  absl::StatusOr<Withdrawn> WithdrawAll(absl::string_view list_id,
                                        absl::string_view reason,
                                        absl::Time now) override {
    ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
    std::vector<EntryInfo> entries;
    const std::string prefix = EntriesOf(list_id);
    const std::unique_ptr<rocksdb::Iterator> record(batch_.NewIteratorWithBase(
        store_.db_->NewIterator(rocksdb::ReadOptions())));
    for (record->Seek(prefix);
         record->Valid() && record->key().starts_with(prefix); record->Next()) {
      absl::string_view entry_id = ToView(record->key());
      entry_id.remove_prefix(prefix.size());
      auto entry = DecodeEntry(entry_id, ToView(record->value()));
      if (!entry.ok()) {
        return store_.At(ToView(record->key()), entry.status());
      }
      entries.push_back(std::move(entry->info));
    }
    RETURN_IF_ERROR(ToStatus(record->status(), store_.directory_));
    return Remove(std::move(list), std::move(entries), reason, now);
  }

  absl::Status Commit() override {
    if (batch_.GetWriteBatch()->Count() == 0) return absl::OkStatus();
    return ToStatus(store_.db_->Write(Synced(), batch_.GetWriteBatch()),
                    absl::StrCat("writing to ", store_.directory_));
  }

 private:
  absl::Status Put(const std::string& key, const std::string& value) {
    return ToStatus(batch_.Put(key, value), store_.directory_);
  }
  absl::Status Delete(const std::string& key) {
    return ToStatus(batch_.Delete(key), store_.directory_);
  }
  absl::StatusOr<std::string> Get(const std::string& key) {
    std::string value;
    RETURN_IF_ERROR(
        ToStatus(batch_.GetFromBatchAndDB(store_.db_.get(),
                                          rocksdb::ReadOptions(), key, &value),
                 absl::StrCat("reading ", store_.directory_)));
    return value;
  }

  // DATA_LOSS where there is none.
  absl::StatusOr<std::string> GetKnown(const std::string& key) {
    auto value = Get(key);
    return absl::IsNotFound(value.status()) ? store_.Missing(key) : value;
  }

  absl::StatusOr<ListInfo> GetList(absl::string_view list_id) {
    return store_.ParseList(list_id, Get(ListKey(list_id)));
  }

  absl::StatusOr<StoredEntry> GetEntry(absl::string_view list_id,
                                       absl::string_view entry_id) {
    const std::string key = EntryKey(list_id, entry_id);
    auto value = Get(key);
    if (absl::IsNotFound(value.status())) return NoSuchEntry(list_id, entry_id);
    if (!value.ok()) return value.status();
    auto entry = DecodeEntry(entry_id, *value);
    return entry.ok() ? entry : store_.At(key, entry.status());
  }

  // ALREADY_EXISTS unless what is stored equals `entry` and the clip's frames,
  // of which any detail is a consequence.
  absl::Status CheckSame(const StoredEntry& known, const StoredEntry& entry,
                         const Clip& clip) {
    bool same = EncodeEntry(known) == EncodeEntry(entry);
    for (size_t b = 0; same && b < FrameBlocks(entry.info.frames); ++b) {
      ASSIGN_OR_RETURN(const std::string block,
                       GetKnown(FramesKey(entry.info.clip_id, b)));
      same = block == EncodeFrameBlock(clip, b);
    }
    if (same) return absl::OkStatus();
    return absl::AlreadyExistsError(
        absl::StrCat("entry_id: \"", clip.entry_id, "\" is in the list \"",
                     clip.list_id, "\" with other content; withdraw it first"));
  }

  absl::StatusOr<uint64_t> TakeClipId() {
    ASSIGN_OR_RETURN(const std::string value, GetKnown(kNextClipKey));
    const uint64_t clip_id = DecodeUint64(value);
    if (clip_id > kMaxClipId) {
      return absl::ResourceExhaustedError(absl::StrCat(
          store_.directory_, " has had its ", kMaxClipId,
          " clips; publish the lists again into a new data directory"));
    }
    RETURN_IF_ERROR(Put(kNextClipKey, EncodeUint64(clip_id + 1)));
    return clip_id;
  }

  // Writes the list's next version and what changed in it.
  absl::Status PutChange(ListInfo* list, ListChange* change, absl::Time now) {
    list->changed = absl::FromUnixMicros(absl::ToUnixMicros(now));
    change->time = list->changed;
    change->version = ++list->version;
    RETURN_IF_ERROR(Put(ListKey(list->list_id), EncodeList(*list)));
    return Put(ChangeKey(list->list_id, list->version), EncodeChange(*change));
  }

  absl::StatusOr<Withdrawn> Remove(ListInfo list,
                                   std::vector<EntryInfo> entries,
                                   absl::string_view reason, absl::Time now) {
    if (entries.empty()) return Withdrawn{std::move(list), {}};
    ListChange change;
    change.kind = ListChange::Kind::kWithdrawn;
    change.entries = entries.size();
    change.reason = std::string(reason);
    for (const EntryInfo& entry : entries) {
      --list.entries;
      list.frames -= entry.frames;
      if (change.entry_ids.size() < kMaxNamedEntries) {
        change.entry_ids.push_back(entry.entry_id);
      }
    }
    RETURN_IF_ERROR(PutChange(&list, &change, now));
    for (const EntryInfo& entry : entries) {
      RETURN_IF_ERROR(Delete(EntryKey(list.list_id, entry.entry_id)));
      for (size_t b = 0; b < FrameBlocks(entry.frames); ++b) {
        RETURN_IF_ERROR(Delete(FramesKey(entry.clip_id, b)));
      }
      RETURN_IF_ERROR(Delete(DetailKey(entry.clip_id)));
      RETURN_IF_ERROR(
          Put(TombstoneKey(entry.clip_id),
              EncodeTombstone({.list_id = list.list_id,
                               .entry_id = entry.entry_id,
                               .added_in_version = entry.added_in_version,
                               .withdrawn_in_version = list.version})));
    }
    return Withdrawn{std::move(list), std::move(entries)};
  }

  const ClipStore& store_;
  rocksdb::WriteBatchWithIndex batch_;
};

std::unique_ptr<ClipStore::Transaction> ClipStore::Begin() {
  return std::make_unique<TransactionImpl>(*this);
}

}  // namespace lenscap
