#include "index/clip_store_update.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_record.h"
#include "index/says_nothing.h"

namespace lenscap {
namespace {

constexpr size_t kMaxWithdrawnIds = 1'000'000;
constexpr char kReplaced[] = "updated";

template <typename... What>
absl::Status Invalid(const What&... what) {
  return absl::InvalidArgumentError(absl::StrCat(what...));
}

}  // namespace

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

}  // namespace lenscap
