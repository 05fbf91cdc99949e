#include "index/clip_store_transaction.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store_keys.h"

namespace lenscap {
namespace {

absl::Status NoSuchEntry(absl::string_view list_id,
                         absl::string_view entry_id) {
  return absl::NotFoundError(absl::StrCat("entry_ids: there is no entry \"",
                                          entry_id, "\" in the list \"",
                                          list_id, "\""));
}

}  // namespace

ListChange ChangeOf(ListChange::Kind kind,
                    const std::vector<StoredEntry>& entries,
                    absl::string_view reason, absl::string_view actor) {
  ListChange change;
  change.kind = kind;
  change.entries = entries.size();
  change.reason = std::string(reason);
  change.actor = std::string(actor);
  for (const StoredEntry& entry : entries) {
    if (change.entry_ids.size() == kMaxNamedEntries) break;
    change.entry_ids.push_back(entry.info.entry_id);
  }
  return change;
}

ClipStore::TransactionImpl::TransactionImpl(ClipStore& store)
    : store_(store), batch_(rocksdb::BytewiseComparator(), 0, true) {}

absl::StatusOr<ListInfo> ClipStore::TransactionImpl::CreateList(
    absl::string_view list_id, absl::string_view issuer, absl::Time now) {
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
                .changed = ToMicros(now)};
  RETURN_IF_ERROR(Put(ListKey(list_id), EncodeList(made)));
  return made;
}

absl::StatusOr<ClipStore::Published> ClipStore::TransactionImpl::Publish(
    const Clip& clip, absl::Time now, absl::string_view actor) {
  ASSIGN_OR_RETURN(ListInfo list, GetUnsignedList(clip.list_id));
  StoredEntry entry = EntryOf(clip);
  auto known = GetEntry(clip.list_id, clip.entry_id);
  if (known.ok()) {
    entry.info.clip_id = known->info.clip_id;
    entry.info.added_in_version = known->info.added_in_version;
    entry.info.hold = known->info.hold;
    entry.info.hold_reason = known->info.hold_reason;
    RETURN_IF_ERROR(CheckSame(*known, entry, clip));
    return Published{std::move(list), std::move(known->info), false};
  }
  if (!absl::IsNotFound(known.status())) return known.status();

  ASSIGN_OR_RETURN(entry.info.clip_id, TakeClipId());
  ListChange change =
      ChangeOf(ListChange::Kind::kPublished, {entry}, "", actor);
  ++list.entries;
  list.frames += entry.info.frames;
  RETURN_IF_ERROR(PutChange(&list, &change, now));
  entry.info.added_in_version = list.version;
  RETURN_IF_ERROR(ForEachRecordOf(
      entry, clip,
      [&](std::string key, std::string value) { return Put(key, value); }));
  return Published{std::move(list), std::move(entry.info), true};
}

absl::StatusOr<ClipStore::Withdrawn> ClipStore::TransactionImpl::Withdraw(
    absl::string_view list_id, absl::Span<const std::string> entry_ids,
    absl::string_view reason, absl::Time now, absl::string_view actor) {
  ASSIGN_OR_RETURN(ListInfo list, GetUnsignedList(list_id));
  ASSIGN_OR_RETURN(auto entries, GetEntries(list_id, entry_ids));
  ListChange change =
      ChangeOf(ListChange::Kind::kWithdrawn, entries, reason, actor);
  return Remove(std::move(list), std::move(entries), std::move(change), now);
}

absl::StatusOr<ClipStore::Withdrawn> ClipStore::TransactionImpl::WithdrawAll(
    absl::string_view list_id, absl::string_view reason, absl::Time now,
    absl::string_view actor) {
  ASSIGN_OR_RETURN(ListInfo list, GetUnsignedList(list_id));
  std::vector<StoredEntry> entries;
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
    entries.push_back(*std::move(entry));
  }
  RETURN_IF_ERROR(ToStatus(record->status(), store_.directory_));
  ListChange change =
      ChangeOf(ListChange::Kind::kWithdrawn, entries, reason, actor);
  return Remove(std::move(list), std::move(entries), std::move(change), now);
}

absl::Status ClipStore::TransactionImpl::Commit() {
  if (batch_.GetWriteBatch()->Count() == 0) return absl::OkStatus();
  return ToStatus(store_.db_->Write(Synced(), batch_.GetWriteBatch()),
                  absl::StrCat("writing to ", store_.directory_));
}

absl::Status ClipStore::TransactionImpl::Put(const std::string& key,
                                             const std::string& value) {
  return ToStatus(batch_.Put(key, value), store_.directory_);
}

absl::Status ClipStore::TransactionImpl::Delete(const std::string& key) {
  return ToStatus(batch_.Delete(key), store_.directory_);
}

absl::StatusOr<std::string> ClipStore::TransactionImpl::Get(
    const std::string& key) {
  std::string value;
  RETURN_IF_ERROR(
      ToStatus(batch_.GetFromBatchAndDB(store_.db_.get(),
                                        rocksdb::ReadOptions(), key, &value),
               absl::StrCat("reading ", store_.directory_)));
  return value;
}

absl::StatusOr<std::string> ClipStore::TransactionImpl::GetKnown(
    const std::string& key) {
  auto value = Get(key);
  return absl::IsNotFound(value.status()) ? store_.Missing(key) : value;
}

absl::StatusOr<ListInfo> ClipStore::TransactionImpl::GetList(
    absl::string_view list_id) {
  return store_.ParseList(list_id, Get(ListKey(list_id)));
}

absl::StatusOr<ListInfo> ClipStore::TransactionImpl::GetUnsignedList(
    absl::string_view list_id) {
  ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
  if (list.signed_version == 0) return list;
  return absl::FailedPreconditionError(
      absl::StrCat("list_id: the list \"", list_id,
                   "\" is signed: only signed versions change it"));
}

absl::StatusOr<StoredEntry> ClipStore::TransactionImpl::GetEntry(
    absl::string_view list_id, absl::string_view entry_id) {
  const std::string key = EntryKey(list_id, entry_id);
  auto value = Get(key);
  if (absl::IsNotFound(value.status())) return NoSuchEntry(list_id, entry_id);
  if (!value.ok()) return value.status();
  auto entry = DecodeEntry(entry_id, *value);
  return entry.ok() ? entry : store_.At(key, entry.status());
}

absl::StatusOr<std::vector<StoredEntry>> ClipStore::TransactionImpl::GetEntries(
    absl::string_view list_id, absl::Span<const std::string> entry_ids) {
  std::set<absl::string_view> seen;
  std::vector<StoredEntry> entries;
  for (const std::string& entry_id : entry_ids) {
    if (!seen.insert(entry_id).second) continue;
    ASSIGN_OR_RETURN(StoredEntry entry, GetEntry(list_id, entry_id));
    entries.push_back(std::move(entry));
  }
  return entries;
}

absl::Status ClipStore::TransactionImpl::CheckSame(const StoredEntry& known,
                                                   const StoredEntry& entry,
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

absl::StatusOr<uint64_t> ClipStore::TransactionImpl::TakeClipId() {
  ASSIGN_OR_RETURN(const std::string value, GetKnown(kNextClipKey));
  const uint64_t clip_id = DecodeUint64(value);
  if (clip_id > kMaxClipId) return store_.NoMoreClips();
  if (clip_id >= store_.reserved_ids_) {
    return absl::UnavailableError(
        "a large list is being applied, and more clips came meanwhile than "
        "there was room for: try again in a minute");
  }
  RETURN_IF_ERROR(Put(kNextClipKey, EncodeUint64(clip_id + 1)));
  return clip_id;
}

absl::Status ClipStore::TransactionImpl::PutChange(ListInfo* list,
                                                   ListChange* change,
                                                   absl::Time now) {
  list->changed = ToMicros(now);
  change->time = list->changed;
  change->version = ++list->version;
  RETURN_IF_ERROR(Put(ListKey(list->list_id), EncodeList(*list)));
  return Put(ChangeKey(list->list_id, list->version), EncodeChange(*change));
}

absl::StatusOr<ClipStore::Withdrawn> ClipStore::TransactionImpl::Remove(
    ListInfo list, std::vector<StoredEntry> entries, ListChange change,
    absl::Time now) {
  Withdrawn withdrawn;
  if (entries.empty()) {
    withdrawn.list = std::move(list);
    return withdrawn;
  }
  for (const StoredEntry& entry : entries) {
    --list.entries;
    list.frames -= entry.info.frames;
    list.held -= entry.info.hold != Hold::kNone;
  }
  RETURN_IF_ERROR(PutChange(&list, &change, now));
  for (StoredEntry& entry : entries) {
    RETURN_IF_ERROR(Delete(EntryKey(list.list_id, entry.info.entry_id)));
    for (const std::string& key : ClipKeys(entry)) RETURN_IF_ERROR(Delete(key));
    RETURN_IF_ERROR(Put(TombstoneKey(entry.info.clip_id),
                        EncodeTombstone(TombstoneOf(
                            list, entry.info, change.reason, change.time))));
    withdrawn.entries.push_back(std::move(entry.info));
  }
  withdrawn.list = std::move(list);
  return withdrawn;
}

std::unique_ptr<ClipStore::Transaction> ClipStore::Begin() {
  return std::make_unique<TransactionImpl>(*this);
}

}  // namespace lenscap
