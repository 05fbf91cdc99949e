#include "index/clip_store_update.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_record.h"
#include "index/says_nothing.h"

namespace lenscap {
namespace {

// Room for clips of other lists while a large update is being read: ids below
// those of the update, so that ids ascend in the order of commits. Small ones
// get theirs at the end, and leave no gap.
constexpr uint64_t kIdsForOthers = 65'536;
constexpr size_t kMaxWithdrawnIds = 1'000'000;
constexpr char kReplaced[] = "updated";

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

template <typename... What>
absl::Status DoesNotFollow(const What&... what) {
  return absl::FailedPreconditionError(absl::StrCat(what...));
}

// What a waiting clip takes, roughly.
size_t BytesOf(const Clip& clip) {
  return sizeof(StoredEntry) + sizeof(Clip) +
         clip.frames.size() * sizeof(ReferenceFrame) +
         clip.detail.windows.size() * sizeof(WindowFrame) +
         clip.detail.keypoints.size() * sizeof(Keypoint);
}

}  // namespace

ClipStore::Update::Update(ClipStore& store, const ListUpdate& update,
                          Options options)
    : store_(store),
      update_(update),
      options_(options),
      snapshot_(store.db_.get()),
      bulk_(store.db_.get(), store.UpdateDirectory(), options.run_bytes) {}

ClipStore::Update::~Update() {
  store_.reserved_ids_ = std::numeric_limits<uint64_t>::max();
}

absl::StatusOr<std::unique_ptr<ClipStore::Update>> ClipStore::Update::Begin(
    ClipStore& store, const ListUpdate& update, Options options) {
  auto made = std::unique_ptr<Update>(new Update(store, update, options));
  auto list = store.GetList(update.list_id, made->snapshot_.snapshot());
  if (list.ok()) {
    made->before_ = *list;
    made->list() = *std::move(list);
    ASSIGN_OR_RETURN(const std::string next,
                     store.Get(kNextClipKey, made->snapshot_.snapshot()));
    made->named_clips_.resize(DecodeUint64(next));
  } else if (absl::IsNotFound(list.status())) {
    made->list().list_id = update.list_id;
    made->list().issuer = update.issuer;
  } else {
    return list.status();
  }
  RETURN_IF_ERROR(made->CheckHead());
  ++made->list().version;
  made->list().changed = ToMicros(options.now);
  return made;
}

absl::Status ClipStore::Update::CheckHead() const {
  const ListInfo head = before_.value_or(ListInfo());
  const std::string list = absl::StrCat("the list \"", update_.list_id, "\"");
  if (before_ && head.signed_version == 0) {
    return DoesNotFollow("list_id: ", list, " is not a signed one");
  }
  if (before_ && head.issuer != update_.issuer) {
    return DoesNotFollow("issuer: ", list, " is issued by \"",
                         absl::CHexEscape(head.issuer), "\", not by \"",
                         absl::CHexEscape(update_.issuer), "\"");
  }
  if (before_ && head.terms.purpose != update_.terms.purpose) {
    return DoesNotFollow("purpose: that of ", list, " cannot change");
  }
  if (update_.kind == ListChange::Kind::kRolledBack) {
    if (update_.signed_version < 1 ||
        update_.signed_version > head.signed_version) {
      return DoesNotFollow("version: expected 1 to ", head.signed_version,
                           ", the last one of ", list, ", got ",
                           update_.signed_version);
    }
    return absl::OkStatus();
  }
  if (update_.signed_version != head.signed_version + 1) {
    return DoesNotFollow("version: expected ", head.signed_version + 1,
                         ", the next one of ", list, ", got ",
                         update_.signed_version);
  }
  const std::optional<Sha256> previous =
      before_ ? std::optional(head.signed_sha256) : std::nullopt;
  if (update_.previous_sha256 != previous) {
    return DoesNotFollow(
        "previous: expected ", previous ? ToHex(*previous) : "none", ", the ",
        "last version of ", list, ", got ",
        update_.previous_sha256 ? ToHex(*update_.previous_sha256) : "none");
  }
  if (!update_.snapshot && head.version_in_force != head.signed_version) {
    return DoesNotFollow("version: ", list, " was rolled back to version ",
                         head.version_in_force,
                         ", on which only a snapshot can follow");
  }
  return absl::OkStatus();
}

absl::StatusOr<ClipStore::Update::Known> ClipStore::Update::Find(
    const std::string& entry_id) {
  Known known;
  if (!before_) return known;
  const std::string key = EntryKey(update_.list_id, entry_id);
  auto value = store_.Get(key, snapshot_.snapshot());
  if (value.ok()) {
    auto entry = DecodeEntry(entry_id, *value);
    if (!entry.ok()) return store_.At(key, entry.status());
    known.entry = *std::move(entry);
    return known;
  }
  if (!absl::IsNotFound(value.status())) return value.status();
  if (before_->expired == 0) return known;
  const std::string expired_key = ExpiredKey(update_.list_id, entry_id);
  value = store_.Get(expired_key, snapshot_.snapshot());
  if (absl::IsNotFound(value.status())) return known;
  if (!value.ok()) return value.status();
  auto expired = DecodeExpired(*value);
  if (!expired.ok()) return store_.At(expired_key, expired.status());
  known.expired = *std::move(expired);
  return known;
}

absl::Status ClipStore::Update::CheckNamedOnce(const std::string& entry_id,
                                               const Known& known) {
  bool is_first = true;
  if (known.entry) {
    std::vector<bool>::reference named =
        named_clips_[known.entry->info.clip_id];
    is_first = !named;
    named = true;
  } else {
    Name name;
    std::copy_n(Sha256Of(entry_id).begin(), name.size(), name.begin());
    is_first = named_new_.insert(name).second;
  }
  return is_first ? absl::OkStatus() : Invalid("it is named twice");
}

absl::StatusOr<ClipStore::Update::Applied> ClipStore::Update::Apply(
    const EntryChange& change) {
  auto applied = TryApply(change);
  if (applied.ok()) return applied;
  return absl::Status(
      applied.status().code(),
      absl::StrCat("entry \"", absl::CHexEscape(change.clip.entry_id),
                   "\": ", applied.status().message()));
}

absl::StatusOr<ClipStore::Update::Applied> ClipStore::Update::TryApply(
    const EntryChange& change) {
  using Op = EntryChange::Op;
  const std::string& entry_id = change.clip.entry_id;
  RETURN_IF_ERROR(CheckEntryId(entry_id));
  if (update_.snapshot && change.op != Op::kAdd) {
    return Invalid("op: a snapshot has only additions");
  }
  ASSIGN_OR_RETURN(const Known known, Find(entry_id));
  RETURN_IF_ERROR(CheckNamedOnce(entry_id, known));
  if (change.op == Op::kAdd && !update_.snapshot && known.any()) {
    return Invalid("op: it cannot be added, for it is in the list");
  }
  if (change.op != Op::kAdd && !known.any()) {
    return Invalid(
        "op: it cannot be updated or withdrawn, for it is not in "
        "the list");
  }
  if (change.op != Op::kWithdraw) return Put(change, known);

  if (change.reason.size() > size_t{kMaxReasonBytes}) {
    return Invalid("reason: expected at most ", kMaxReasonBytes, " bytes, got ",
                   change.reason.size());
  }
  RETURN_IF_ERROR(TakeOut(known, entry_id, change.reason));
  ++result_.withdrawn;
  Applied applied;
  if (known.entry) applied.withdrawn = known.entry->info.clip_id;
  return applied;
}

absl::StatusOr<ClipStore::Update::Applied> ClipStore::Update::Put(
    const EntryChange& change, const Known& known) {
  const Clip& clip = change.clip;
  RETURN_IF_ERROR(CheckClipBounds(clip));
  if (known.any() && known.digest() == change.digest) {
    ++result_.unchanged;
    return Applied();
  }
  if (known.any()) {
    RETURN_IF_ERROR(TakeOut(known, clip.entry_id, kReplaced));
    ++result_.updated;
  } else {
    ++result_.added;
  }
  if (!known.entry && changed_ids_.size() < kMaxNamedEntries) {
    changed_ids_.push_back(clip.entry_id);
  }
  AddContent(change.digest);
  Applied applied;
  if (clip.terms.expires <= options_.now) {
    ++list().expired;
    RETURN_IF_ERROR(
        bulk_.Put(ExpiredKey(update_.list_id, clip.entry_id),
                  EncodeExpired({.clip_id = 0, .digest = change.digest})));
  } else {
    ASSIGN_OR_RETURN(applied, PutNew(change));
  }
  if (known.entry) applied.withdrawn = known.entry->info.clip_id;
  return applied;
}

absl::StatusOr<ClipStore::Update::Applied> ClipStore::Update::PutNew(
    const EntryChange& change) {
  StoredEntry entry = EntryOf(change.clip);
  entry.digest = change.digest;
  entry.info.added_in_version = list().version;
  entry.info.hold_reason = WhyItSaysNothing(change.clip, options_.min_quality);
  if (!entry.info.hold_reason.empty()) {
    entry.info.hold = Hold::kSaysNothing;
    ++list().held;
    ++result_.held;
  }
  ++list().entries;
  list().frames += entry.info.frames;
  const Applied applied{.ordinal = ++stored_, .hold = entry.info.hold};
  RETURN_IF_ERROR(Store(std::move(entry), change.clip));
  return applied;
}

absl::Status ClipStore::Update::TakeOut(const Known& known,
                                        const std::string& entry_id,
                                        absl::string_view reason) {
  AddContent(known.digest());
  if (known.expired) {
    --list().expired;
    return bulk_.Delete(ExpiredKey(update_.list_id, entry_id));
  }
  const EntryInfo& info = known.entry->info;
  --list().entries;
  list().frames -= info.frames;
  list().held -= info.hold != Hold::kNone;
  CountWithdrawn(entry_id);
  // Where another takes its place, that record comes later, and counts.
  RETURN_IF_ERROR(bulk_.Delete(EntryKey(update_.list_id, entry_id)));
  for (std::string& key : ClipKeys(*known.entry)) {
    RETURN_IF_ERROR(bulk_.Delete(std::move(key)));
  }
  return bulk_.Put(
      TombstoneKey(info.clip_id),
      EncodeTombstone(TombstoneOf(list(), info, reason, list().changed)));
}

void ClipStore::Update::CountWithdrawn(const std::string& entry_id) {
  if (result_.withdrawn_ids.size() < kMaxWithdrawnIds) {
    result_.withdrawn_ids.push_back(entry_id);
  }
  if (changed_ids_.size() < kMaxNamedEntries) changed_ids_.push_back(entry_id);
}

absl::Status ClipStore::Update::Store(StoredEntry entry, const Clip& clip) {
  if (first_clip_id_ > 0) {
    entry.info.clip_id = first_clip_id_ + stored_ - 1;
    return WriteEntry(std::move(entry), clip);
  }
  pending_bytes_ += BytesOf(clip);
  pending_.push_back({std::move(entry), clip});
  if (pending_bytes_ < options_.run_bytes) return absl::OkStatus();
  ASSIGN_OR_RETURN(const std::string next, store_.Get(kNextClipKey, nullptr));
  first_clip_id_ = DecodeUint64(next) + kIdsForOthers;
  store_.reserved_ids_ = first_clip_id_;
  return WritePending();
}

absl::Status ClipStore::Update::WritePending() {
  uint64_t clip_id = first_clip_id_;
  for (Pending& pending : std::exchange(pending_, {})) {
    pending.entry.info.clip_id = clip_id++;
    RETURN_IF_ERROR(WriteEntry(std::move(pending.entry), pending.clip));
  }
  return absl::OkStatus();
}

absl::Status ClipStore::Update::WriteEntry(StoredEntry entry,
                                           const Clip& clip) {
  if (entry.info.clip_id > kMaxClipId) return store_.NoMoreClips();
  return ForEachRecordOf(entry, clip, [&](std::string key, std::string value) {
    return bulk_.Put(std::move(key), std::move(value));
  });
}

void ClipStore::Update::AddContent(const Sha256& digest) {
  for (size_t i = 0; i < digest.size(); ++i) list().content[i] ^= digest[i];
}

absl::Status ClipStore::Update::Finish(
    const std::function<void(uint64_t)>& withdrawn) {
  if (before_ && update_.snapshot) RETURN_IF_ERROR(WithdrawUnnamed(withdrawn));
  if (!update_.content || *update_.content == list().content) {
    return absl::OkStatus();
  }
  return absl::DataLossError(
      absl::StrCat("content: expected ", ToHex(*update_.content),
                   " once all is applied, got ", ToHex(list().content),
                   ": this copy of the list and its issuer's have come apart"));
}

absl::Status ClipStore::Update::WithdrawUnnamed(
    const std::function<void(uint64_t)>& withdrawn) {
  const std::string prefix = EntriesOf(update_.list_id);
  RETURN_IF_ERROR(store_.ForEachRecord(
      prefix, prefix, snapshot_.snapshot(),
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        Known known;
        auto entry = DecodeEntry(key.substr(prefix.size()), value);
        if (!entry.ok()) return store_.At(key, entry.status());
        const uint64_t clip_id = entry->info.clip_id;
        if (named_clips_[clip_id]) return true;
        const std::string entry_id = entry->info.entry_id;
        known.entry = *std::move(entry);
        RETURN_IF_ERROR(TakeOut(known, entry_id, update_.snapshot_reason));
        ++result_.withdrawn;
        withdrawn(clip_id);
        return true;
      }));
  if (before_->expired == 0) return absl::OkStatus();
  const std::string expired_prefix = ExpiredOf(update_.list_id);
  return store_.ForEachRecord(
      expired_prefix, expired_prefix, snapshot_.snapshot(),
      [&](absl::string_view key,
          absl::string_view value) -> absl::StatusOr<bool> {
        Known known;
        auto expired = DecodeExpired(value);
        if (!expired.ok()) return store_.At(key, expired.status());
        known.expired = *std::move(expired);
        const std::string entry_id(key.substr(expired_prefix.size()));
        if (!CheckNamedOnce(entry_id, known).ok()) return true;
        RETURN_IF_ERROR(TakeOut(known, entry_id, ""));
        ++result_.withdrawn;
        return true;
      });
}

absl::Status ClipStore::Update::CheckUnchanged() const {
  const auto now = store_.GetList(update_.list_id, nullptr);
  if (!now.ok() && !absl::IsNotFound(now.status())) return now.status();
  const bool same = before_ ? now.ok() && now->version == before_->version
                            : absl::IsNotFound(now.status());
  if (same) return absl::OkStatus();
  return absl::AbortedError(
      absl::StrCat("the list \"", update_.list_id,
                   "\" was changed while this version was being applied: try "
                   "again"));
}

void ClipStore::Update::SetHead() {
  if (update_.kind == ListChange::Kind::kSigned) {
    list().signed_version = update_.signed_version;
    list().signed_sha256 = update_.signed_sha256;
  }
  list().version_in_force = update_.signed_version;
  list().sha256_in_force = update_.signed_sha256;
  list().terms = update_.terms;
}

ListChange ClipStore::Update::Change() const {
  return {.version = result_.list.version,
          .time = result_.list.changed,
          .kind = update_.kind,
          .entry_ids = changed_ids_,
          .entries = result_.added + result_.updated + result_.withdrawn,
          .reason = update_.reason,
          .actor = update_.actor,
          .signed_version = update_.signed_version,
          .signed_sha256 = update_.signed_sha256};
}

absl::Status ClipStore::Update::Commit(ListMode mode,
                                       const std::string& mode_reason) {
  RETURN_IF_ERROR(CheckUnchanged());
  ASSIGN_OR_RETURN(const std::string value, store_.Get(kNextClipKey, nullptr));
  uint64_t next = DecodeUint64(value);
  if (first_clip_id_ == 0) {
    first_clip_id_ = next;
    RETURN_IF_ERROR(WritePending());
  }
  if (stored_ > 0) next = first_clip_id_ + stored_;
  SetHead();
  list().mode = mode;
  list().mode_reason = mode == ListMode::kShadow ? mode_reason : "";
  // The next clip id is always written, for the database numbers its writes
  // only where they meet what it has (ClipStore::Sequence).
  RETURN_IF_ERROR(bulk_.Put(kNextClipKey, EncodeUint64(next)));
  RETURN_IF_ERROR(bulk_.Put(ListKey(update_.list_id), EncodeList(list())));
  RETURN_IF_ERROR(bulk_.Put(ChangeKey(update_.list_id, list().version),
                            EncodeChange(Change())));
  return bulk_.Commit();
}

}  // namespace lenscap
