#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store.h"
#include "index/clip_store_keys.h"
#include "rocksdb/snapshot.h"

namespace lenscap {
namespace {

Clip ClipOf(absl::string_view list_id, const StoredEntry& entry,
            std::vector<ReferenceFrame> frames) {
  Clip clip;
  clip.list_id = std::string(list_id);
  clip.entry_id = entry.info.entry_id;
  clip.severity = entry.info.severity;
  clip.duration = entry.info.duration;
  clip.sha256 = entry.sha256;
  clip.md5 = entry.md5;
  clip.sha1 = entry.sha1;
  clip.terms = entry.info.terms;
  clip.frames = std::move(frames);
  return clip;
}

absl::Status CheckFrameCount(const EntryInfo& info, const Clip& clip) {
  if (static_cast<int64_t>(clip.frames.size()) == info.frames) {
    return absl::OkStatus();
  }
  return absl::DataLossError(absl::StrCat("it has ", info.frames, " frames, ",
                                          clip.frames.size(), " are stored"));
}

}  // namespace

absl::StatusOr<ClipStore::EntriesByClip> ClipStore::AllEntries(
    const rocksdb::Snapshot* snapshot) const {
  struct Counts {
    int64_t entries = 0;
    int64_t frames = 0;
    int64_t held = 0;
  };
  std::map<std::string, Counts, std::less<>> lists;
  EntriesByClip entries;
  RETURN_IF_ERROR(ForEachRecord(
      kEntryPrefix, kEntryPrefix, snapshot,
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        const absl::string_view ids = key.substr(1);
        const size_t end = std::min(ids.find('\0'), ids.size() - 1);
        std::string list_id(ids.substr(0, end));
        auto entry = DecodeEntry(ids.substr(end + 1), value);
        if (!entry.ok()) return At(key, entry.status());
        Counts& counts = lists[list_id];
        ++counts.entries;
        counts.frames += entry->info.frames;
        counts.held += entry->info.hold != Hold::kNone;
        const uint64_t clip_id = entry->info.clip_id;
        if (!entries.try_emplace(clip_id, std::move(list_id), *std::move(entry))
                 .second) {
          return At(key, absl::DataLossError(absl::StrCat(
                             "clip id ", clip_id, " is another entry's too")));
        }
        return true;
      }));

  ASSIGN_OR_RETURN(const std::vector<ListInfo> infos, Lists());
  for (const ListInfo& info : infos) {
    const Counts counts = lists[info.list_id];
    if (counts.entries != info.entries || counts.frames != info.frames) {
      return At(ListKey(info.list_id),
                absl::DataLossError(
                    absl::StrCat("it has ", info.entries, " entries with ",
                                 info.frames, " frames, but ", counts.entries,
                                 " with ", counts.frames, " are stored")));
    }
    if (counts.held != info.held) {
      return At(ListKey(info.list_id),
                absl::DataLossError(absl::StrCat("of its entries ", info.held,
                                                 " are held, but ", counts.held,
                                                 " are stored so")));
    }
  }
  if (lists.size() != infos.size()) {
    return absl::DataLossError(absl::StrCat(
        directory_, ": there are entries of ", lists.size() - infos.size(),
        " lists that are not stored"));
  }
  const auto next_clip = Get(kNextClipKey, snapshot);
  if (absl::IsNotFound(next_clip.status())) return Missing(kNextClipKey);
  if (!next_clip.ok()) return next_clip.status();
  if (!entries.empty() && entries.rbegin()->first >= DecodeUint64(*next_clip)) {
    return At(kNextClipKey,
              absl::DataLossError(absl::StrCat(
                  "it is ", DecodeUint64(*next_clip), ", but clip id ",
                  entries.rbegin()->first, " is in use")));
  }
  return entries;
}

// Entries come in order of list and entry, frames in order of clip: one scan
// over each is far quicker than a look-up for each clip.
absl::Status ClipStore::ForEachClip(const ClipVisitor& visit) const {
  rocksdb::ManagedSnapshot snapshot(db_.get());
  ASSIGN_OR_RETURN(const EntriesByClip entries,
                   AllEntries(snapshot.snapshot()));
  auto next = entries.begin();
  std::vector<ReferenceFrame> frames;  // Of `next`.
  const auto finish = [&]() -> absl::Status {
    const auto& [list_id, entry] = next->second;
    Clip clip = ClipOf(list_id, entry, std::exchange(frames, {}));
    if (absl::Status status = CheckFrameCount(entry.info, clip); !status.ok()) {
      return At(EntryKey(list_id, entry.info.entry_id), status);
    }
    ASSIGN_OR_RETURN(clip.detail, ReadDetail(entry, snapshot.snapshot()));
    ++next;
    return visit(entry.info, std::move(clip));
  };
  RETURN_IF_ERROR(ForEachRecord(
      kFramesPrefix, kFramesPrefix, snapshot.snapshot(),
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        const uint64_t clip_id = DecodeUint64(key.substr(1));
        while (next != entries.end() && next->first < clip_id) {
          RETURN_IF_ERROR(finish());
        }
        if (next == entries.end() || next->first != clip_id) {
          return At(key, absl::DataLossError("no entry has these frames"));
        }
        if (absl::Status status = DecodeFrames(value, &frames); !status.ok()) {
          return At(key, status);
        }
        return true;
      }));
  while (next != entries.end()) RETURN_IF_ERROR(finish());
  return absl::OkStatus();
}

absl::StatusOr<ClipDetail> ClipStore::ReadDetail(
    const StoredEntry& entry, const rocksdb::Snapshot* snapshot) const {
  if (!entry.detailed) return ClipDetail();
  const std::string key = DetailKey(entry.info.clip_id);
  auto value = Get(key, snapshot);
  if (absl::IsNotFound(value.status())) return Missing(key);
  if (!value.ok()) return value.status();
  auto detail = DecodeDetail(*value);
  return detail.ok() ? detail : At(key, detail.status());
}

absl::Status ClipStore::ReadBlock(const std::string& key,
                                  const rocksdb::Snapshot* snapshot,
                                  std::vector<ReferenceFrame>* frames) const {
  auto block = Get(key, snapshot);
  if (absl::IsNotFound(block.status())) return Missing(key);
  if (!block.ok()) return block.status();
  absl::Status status = DecodeFrames(*block, frames);
  return status.ok() ? status : At(key, status);
}

absl::StatusOr<Clip> ClipStore::ReadClip(
    absl::string_view list_id, const StoredEntry& entry,
    const rocksdb::Snapshot* snapshot) const {
  std::vector<ReferenceFrame> frames;
  for (size_t b = 0; b < FrameBlocks(entry.info.frames); ++b) {
    RETURN_IF_ERROR(
        ReadBlock(FramesKey(entry.info.clip_id, b), snapshot, &frames));
  }
  Clip clip = ClipOf(list_id, entry, std::move(frames));
  if (absl::Status status = CheckFrameCount(entry.info, clip); !status.ok()) {
    return At(EntryKey(list_id, entry.info.entry_id), status);
  }
  ASSIGN_OR_RETURN(clip.detail, ReadDetail(entry, snapshot));
  return clip;
}

absl::StatusOr<Clip> ClipStore::ReadClip(const Entry& entry) const {
  return ReadClip(entry.list_id, entry.stored, nullptr);
}

absl::StatusOr<std::vector<ClipStore::Entry>> ClipStore::AllEntries() const {
  rocksdb::ManagedSnapshot snapshot(db_.get());
  ASSIGN_OR_RETURN(EntriesByClip by_clip, AllEntries(snapshot.snapshot()));
  std::vector<Entry> entries;
  entries.reserve(by_clip.size());
  for (auto& [clip_id, entry] : by_clip) {
    entries.push_back({std::move(entry.first), std::move(entry.second)});
  }
  return entries;
}

absl::Status ClipStore::ForEachClipOf(absl::string_view list_id,
                                      const ClipVisitor& visit) const {
  rocksdb::ManagedSnapshot snapshot(db_.get());
  RETURN_IF_ERROR(GetList(list_id, snapshot.snapshot()).status());
  const std::string prefix = EntriesOf(list_id);
  return ForEachRecord(
      prefix, prefix, snapshot.snapshot(),
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        auto entry = DecodeEntry(key.substr(prefix.size()), value);
        if (!entry.ok()) return At(key, entry.status());
        ASSIGN_OR_RETURN(Clip clip,
                         ReadClip(list_id, *entry, snapshot.snapshot()));
        RETURN_IF_ERROR(visit(entry->info, std::move(clip)));
        return true;
      });
}

absl::StatusOr<std::vector<EntryInfo>> ClipStore::Entries(
    absl::string_view list_id, absl::string_view after, int limit) const {
  RETURN_IF_ERROR(GetList(list_id, nullptr).status());
  const std::string prefix = EntriesOf(list_id);
  std::vector<EntryInfo> entries;
  RETURN_IF_ERROR(ForEachRecord(
      prefix, EntryKey(list_id, after), nullptr,
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        const absl::string_view entry_id = key.substr(prefix.size());
        if (entry_id == after) return true;
        if (static_cast<int>(entries.size()) >= limit) return false;
        auto entry = DecodeEntry(entry_id, value);
        if (!entry.ok()) return At(key, entry.status());
        entries.push_back(std::move(entry->info));
        return true;
      }));
  return entries;
}

absl::StatusOr<ClipStore::Expiry> ClipStore::FindExpired(
    absl::string_view list_id, absl::Time now, size_t limit) const {
  const std::string prefix = EntriesOf(list_id);
  Expiry expiry;
  RETURN_IF_ERROR(ForEachRecord(
      prefix, prefix, nullptr,
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        auto entry = DecodeEntry(key.substr(prefix.size()), value);
        if (!entry.ok()) return At(key, entry.status());
        const absl::Time expires = entry->info.terms.expires;
        if (expires <= now && expiry.entry_ids.size() < limit) {
          expiry.entry_ids.push_back(entry->info.entry_id);
        } else {
          expiry.next = std::min(expiry.next, expires);
        }
        return true;
      }));
  return expiry;
}

absl::StatusOr<std::vector<ListChange>> ClipStore::History(
    absl::string_view list_id, int limit) const {
  ASSIGN_OR_RETURN(const ListInfo list, GetList(list_id, nullptr));
  std::vector<ListChange> changes;
  for (int64_t version = list.version;
       version > 0 && static_cast<int>(changes.size()) < limit; --version) {
    const std::string key = ChangeKey(list_id, version);
    auto value = Get(key, nullptr);
    if (absl::IsNotFound(value.status())) return Missing(key);
    if (!value.ok()) return value.status();
    auto change = DecodeChange(version, *value);
    if (!change.ok()) return At(key, change.status());
    changes.push_back(*std::move(change));
  }
  return changes;
}

}  // namespace lenscap
