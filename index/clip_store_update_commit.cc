// How an update follows on what is there, and gets there.

#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/rocksdb.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "index/clip_store_update.h"

namespace lenscap {
namespace {

// Room for clips of other lists while a large update is being read: ids below
// those of the update, so that ids ascend in the order of commits. Small ones
// get theirs at the end, and leave no gap.
constexpr uint64_t kIdsForOthers = 65'536;

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
  // What is rolled back to may have expired long ago; its list has not.
  if (update_.kind == ListChange::Kind::kRolledBack) {
    list().terms.expires = before_->terms.expires;
  }
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
