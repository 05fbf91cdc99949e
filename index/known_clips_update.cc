// Versions of signed lists, and what expires.

#include <utility>

#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/clip_set.h"
#include "index/known_clips_impl.h"

namespace lenscap {
namespace {

constexpr int64_t kChangesPerProgress = 10'000;
constexpr size_t kExpiredAtOnce = 10'000;
constexpr char kListExpired[] = "the list has expired";

absl::Status CheckUpdate(const ListUpdate& update) {
  RETURN_IF_ERROR(CheckListId(update.list_id));
  RETURN_IF_ERROR(CheckIssuer(update.issuer));
  RETURN_IF_ERROR(CheckListTerms(update.terms));
  for (const std::string& reason : {update.reason, update.snapshot_reason}) {
    if (!reason.empty()) RETURN_IF_ERROR(CheckReason(reason));
  }
  if (update.kind != ListChange::Kind::kSigned &&
      update.kind != ListChange::Kind::kRolledBack) {
    return absl::InvalidArgumentError(
        "kind: expected a signed version, or one to roll back to");
  }
  if (update.kind == ListChange::Kind::kRolledBack && !update.snapshot) {
    return absl::InvalidArgumentError("snapshot: a list is rolled back whole");
  }
  return absl::OkStatus();
}

// Clips that were numbered from 1.
void Renumber(uint64_t first,
              const std::vector<std::shared_ptr<SearchedClip>>& clips) {
  for (const auto& clip : clips) clip->clip_id += first - 1;
}

}  // namespace

absl::StatusOr<KnownClipsImpl::Changes> KnownClipsImpl::ReadChanges(
    const ListUpdate& update, EntryChangeSource& source,
    const ListUpdateHooks& hooks, ClipStore::Update* applied) {
  const bool never = update.terms.purpose == ListPurpose::kNeverMatch;
  Changes changes;
  int64_t read = 0;
  while (true) {
    ASSIGN_OR_RETURN(std::optional<EntryChange> change, source.Next());
    if (!change) break;
    change->clip.list_id = update.list_id;
    ASSIGN_OR_RETURN(const auto made, applied->Apply(*change));
    if (made.withdrawn > 0) changes.removed.push_back(made.withdrawn);
    if (made.ordinal > 0) {
      changes.expires = std::min(changes.expires, change->clip.terms.expires);
    }
    if (made.ordinal > 0 && made.hold == Hold::kNone) {
      changes.added.push_back(MakeSearchedClip(change->clip, made.ordinal,
                                               options_.min_quality,
                                               {.never_match = never}));
    }
    if (++read % kChangesPerProgress == 0 && hooks.progress) {
      hooks.progress(read);
    }
  }
  if (hooks.progress) hooks.progress(read);
  RETURN_IF_ERROR(applied->Finish(
      [&](uint64_t clip_id) { changes.removed.push_back(clip_id); }));
  return changes;
}

absl::StatusOr<ListUpdateHooks::Review> KnownClipsImpl::ReviewOf(
    const ListUpdate& update, const ListUpdateHooks& hooks,
    const std::optional<ListInfo>& before, const Changes& changes,
    const ListUpdateResult& result) const {
  ListUpdateHooks::Review review;
  if (before) review = {before->mode, before->mode_reason};
  if (hooks.review) {
    SearchChange added;
    added.added = {changes.added.begin(), changes.added.end()};
    const ClipSet matcher(
        std::make_shared<const SearchState>(SearchState().With(added)));
    ASSIGN_OR_RETURN(review, hooks.review(matcher, result));
  }
  // A version that has not expired ends the shadow of one that had.
  const bool was_expired =
      review.mode == ListMode::kShadow && review.reason == kListExpired;
  if (was_expired && update.terms.expires > options_.clock->Now()) {
    return ListUpdateHooks::Review();
  }
  return review;
}

absl::StatusOr<ListUpdateResult> KnownClipsImpl::Update(
    const ListUpdate& update, EntryChangeSource& source,
    const ListUpdateHooks& hooks) {
  RETURN_IF_ERROR(CheckUpdate(update));
  std::lock_guard lock(updates_);
  const UpdatedList updated(update.list_id, &updating_);
  ASSIGN_OR_RETURN(
      const auto applied,
      ClipStore::Update::Begin(*store_, update,
                               {.run_bytes = options_.update_run_bytes,
                                .min_quality = options_.min_quality,
                                .now = options_.clock->Now()}));
  ASSIGN_OR_RETURN(const Changes changes,
                   ReadChanges(update, source, hooks, applied.get()));
  ASSIGN_OR_RETURN(const auto review, ReviewOf(update, hooks, applied->before(),
                                               changes, applied->result()));
  RETURN_IF_ERROR(CommitAlone([&](SearchChange* search) -> absl::Status {
    RETURN_IF_ERROR(applied->Commit(review.mode, review.reason));
    Renumber(applied->first_clip_id(), changes.added);
    search->added = {changes.added.begin(), changes.added.end()};
    search->removed = changes.removed;
    search->lists = {applied->result().list};
    return absl::OkStatus();
  }));
  expiries_.Add(update.list_id, changes.expires);
  return applied->result();
}

absl::StatusOr<std::vector<KnownClips::Expired>> KnownClipsImpl::Expire() {
  const absl::Time now = options_.clock->Now();
  std::vector<Expired> all;
  absl::Status first_error;
  for (const ListInfo& list : Lists()) {
    // What is being updated is next time: a change would abort the update.
    if (updating_.Is(list.list_id)) continue;
    if (list.terms.expires <= now && list.mode == ListMode::kActive) {
      first_error.Update(
          SetMode(list.list_id, ListMode::kShadow, kListExpired, "").status());
    }
    const absl::Time next = expiries_.Take(list.list_id);
    Expired expired{.list_id = list.list_id, .entry_ids = {}};
    absl::Status status;
    if (next <= now) status = ExpireEntries(list.list_id, now, &expired);
    if (next > now || !status.ok()) expiries_.Add(list.list_id, next);
    first_error.Update(status);
    if (!expired.entry_ids.empty()) all.push_back(std::move(expired));
  }
  // What failed is tried again next time; what was withdrawn is told once.
  if (all.empty() && !first_error.ok()) return first_error;
  return all;
}

// In parts, so that other changes come in between.
absl::Status KnownClipsImpl::ExpireEntries(const std::string& list_id,
                                           absl::Time now, Expired* expired) {
  while (true) {
    ASSIGN_OR_RETURN(const ClipStore::Expiry expiry,
                     store_->FindExpired(list_id, now, kExpiredAtOnce));
    if (expiry.entry_ids.empty()) {
      expiries_.Add(list_id, expiry.next);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(CommitWithdrawal([&](ClipStore::Transaction& transaction) {
                      return transaction.Expire(list_id, expiry.entry_ids, now);
                    }).status());
    expired->entry_ids.insert(expired->entry_ids.end(),
                              expiry.entry_ids.begin(), expiry.entry_ids.end());
  }
}

}  // namespace lenscap
