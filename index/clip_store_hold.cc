#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store_keys.h"
#include "index/clip_store_transaction.h"

namespace lenscap {
namespace {

constexpr char kExpired[] = "expired";

}  // namespace

absl::StatusOr<ClipStore::Withdrawn> ClipStore::TransactionImpl::SetHold(
    absl::string_view list_id, absl::Span<const std::string> entry_ids, Hold to,
    absl::string_view reason, absl::Time now, absl::string_view actor) {
  ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
  ASSIGN_OR_RETURN(const auto named, GetEntries(list_id, entry_ids));
  const bool holds = to != Hold::kNone;
  std::vector<StoredEntry> entries;
  for (const StoredEntry& entry : named) {
    if (entry.info.hold == Hold::kSaysNothing && !holds) {
      return absl::FailedPreconditionError(absl::StrCat(
          "entry_ids: \"", entry.info.entry_id,
          "\" cannot be released, for nothing of it can be searched: ",
          entry.info.hold_reason));
    }
    if ((entry.info.hold != Hold::kNone) != holds) entries.push_back(entry);
  }
  Withdrawn changed;
  if (!entries.empty()) {
    ListChange change =
        ChangeOf(holds ? ListChange::Kind::kHeld : ListChange::Kind::kReleased,
                 entries, reason, actor);
    const int64_t count = entries.size();
    list.held += holds ? count : -count;
    RETURN_IF_ERROR(PutChange(&list, &change, now));
  }
  for (StoredEntry& entry : entries) {
    entry.info.hold = to;
    entry.info.hold_reason = holds ? std::string(reason) : "";
    RETURN_IF_ERROR(
        Put(EntryKey(list_id, entry.info.entry_id), EncodeEntry(entry)));
    changed.entries.push_back(std::move(entry.info));
  }
  changed.list = std::move(list);
  return changed;
}

absl::StatusOr<ListInfo> ClipStore::TransactionImpl::SetMode(
    absl::string_view list_id, ListMode mode, absl::string_view reason,
    absl::Time now, absl::string_view actor) {
  ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
  ListChange change = ChangeOf(ListChange::Kind::kModeSet, {}, reason, actor);
  list.mode = mode;
  list.mode_reason = mode == ListMode::kShadow ? std::string(reason) : "";
  RETURN_IF_ERROR(PutChange(&list, &change, now));
  return list;
}

absl::StatusOr<ClipStore::Withdrawn> ClipStore::TransactionImpl::Expire(
    absl::string_view list_id, absl::Span<const std::string> entry_ids,
    absl::Time now) {
  ASSIGN_OR_RETURN(ListInfo list, GetList(list_id));
  std::vector<StoredEntry> entries;
  for (const std::string& entry_id : entry_ids) {
    auto entry = GetEntry(list_id, entry_id);
    if (absl::IsNotFound(entry.status())) continue;
    if (!entry.ok()) return entry.status();
    if (entry->info.terms.expires > now) continue;
    entries.push_back(*std::move(entry));
  }
  // Its issuer still counts it.
  if (list.signed_version > 0) {
    for (const StoredEntry& entry : entries) {
      RETURN_IF_ERROR(Put(ExpiredKey(list_id, entry.info.entry_id),
                          EncodeExpired({.clip_id = entry.info.clip_id,
                                         .digest = entry.digest})));
    }
    list.expired += entries.size();
  }
  ListChange change =
      ChangeOf(ListChange::Kind::kExpired, entries, kExpired, "");
  return Remove(std::move(list), std::move(entries), std::move(change), now);
}

}  // namespace lenscap
