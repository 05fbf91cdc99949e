// The changes that one batch of writes holds.

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_check.h"
#include "index/known_clips_impl.h"
#include "index/says_nothing.h"

namespace lenscap {
namespace {

// More than any group may weigh: nothing else is in the same one.
constexpr size_t kAlone = 1'000'000'000;

}  // namespace

absl::Status KnownClipsImpl::Commit(size_t frames,
                                    decltype(Change::apply) apply) {
  Change change{.apply = std::move(apply), .alone = nullptr};
  changes_.Run(&change, frames);
  return change.status;
}

absl::Status KnownClipsImpl::CommitAlone(decltype(Change::alone) alone) {
  Change change{.apply = nullptr, .alone = std::move(alone)};
  changes_.Run(&change, kAlone);
  return change.status;
}

void KnownClipsImpl::CommitGroup(const std::vector<Change*>& group) {
  SearchChange search;
  absl::Status committed;
  if (group.front()->alone != nullptr) {
    committed = group.front()->alone(&search);
  } else {
    const auto transaction = store_->Begin();
    for (Change* change : group) {
      change->status = change->apply(*transaction, &search);
    }
    committed = transaction->Commit();
  }
  if (committed.ok()) {
    search_.Apply(search);
    searched_below_ = store_->NextClipId();
    return;
  }
  for (Change* change : group) change->status.Update(committed);
}

absl::Status KnownClipsImpl::CreateList(absl::string_view list_id,
                                        absl::string_view issuer) {
  RETURN_IF_ERROR(CheckListId(list_id));
  RETURN_IF_ERROR(CheckIssuer(issuer));
  return Commit(0,
                [&](ClipStore::Transaction& transaction,
                    SearchChange* search) -> absl::Status {
                  ASSIGN_OR_RETURN(ListInfo list,
                                   transaction.CreateList(
                                       list_id, issuer, options_.clock->Now()));
                  search->lists.push_back(std::move(list));
                  return absl::OkStatus();
                });
}

absl::StatusOr<KnownClips::PublishResult> KnownClipsImpl::Publish(
    const Clip& clip, absl::string_view actor) {
  RETURN_IF_ERROR(CheckClip(clip, options_.min_quality));
  const std::string nothing = WhyItSaysNothing(clip, options_.min_quality);
  if (!nothing.empty()) {
    return absl::InvalidArgumentError(absl::StrCat("frames: ", nothing));
  }
  PublishResult result;
  for (const ReferenceFrame& frame : clip.frames) {
    ++(SaysSomething(frame, options_.min_quality) ? result.frames
                                                  : result.frames_left_out);
  }
  RETURN_IF_ERROR(
      Commit(clip.frames.size(),
             [&](ClipStore::Transaction& transaction,
                 SearchChange* search) -> absl::Status {
               ASSIGN_OR_RETURN(
                   const auto published,
                   transaction.Publish(clip, options_.clock->Now(), actor));
               result.clip_id = published.entry.clip_id;
               result.list_version = published.list.version;
               result.changed = published.changed;
               if (published.changed) {
                 search->lists.push_back(published.list);
                 search->added.push_back(MakeSearchedClip(
                     clip, result.clip_id, options_.min_quality));
               }
               return absl::OkStatus();
             }));
  if (result.changed) expiries_.Add(clip.list_id, clip.terms.expires);
  return result;
}

absl::StatusOr<KnownClips::WithdrawResult> KnownClipsImpl::Withdraw(
    absl::string_view list_id, const std::vector<std::string>& entry_ids,
    absl::string_view reason, absl::string_view actor) {
  RETURN_IF_ERROR(CheckListId(list_id));
  RETURN_IF_ERROR(CheckEntryIds(entry_ids));
  RETURN_IF_ERROR(CheckReason(reason));
  return CommitWithdrawal([&](ClipStore::Transaction& transaction) {
    return transaction.Withdraw(list_id, entry_ids, reason,
                                options_.clock->Now(), actor);
  });
}

absl::StatusOr<KnownClips::WithdrawResult> KnownClipsImpl::WithdrawAll(
    absl::string_view list_id, absl::string_view reason,
    absl::string_view actor) {
  RETURN_IF_ERROR(CheckListId(list_id));
  RETURN_IF_ERROR(CheckReason(reason));
  return CommitWithdrawal([&](ClipStore::Transaction& transaction) {
    return transaction.WithdrawAll(list_id, reason, options_.clock->Now(),
                                   actor);
  });
}

absl::StatusOr<KnownClips::WithdrawResult> KnownClipsImpl::CommitWithdrawal(
    const std::function<absl::StatusOr<ClipStore::Withdrawn>(
        ClipStore::Transaction&)>& withdraw) {
  WithdrawResult result;
  RETURN_IF_ERROR(Commit(0,
                         [&](ClipStore::Transaction& transaction,
                             SearchChange* search) -> absl::Status {
                           ASSIGN_OR_RETURN(const auto withdrawn,
                                            withdraw(transaction));
                           result.list_version = withdrawn.list.version;
                           result.entries_withdrawn = withdrawn.entries.size();
                           search->lists.push_back(withdrawn.list);
                           for (const EntryInfo& entry : withdrawn.entries) {
                             search->removed.push_back(entry.clip_id);
                           }
                           return absl::OkStatus();
                         }));
  return result;
}

absl::StatusOr<ListInfo> KnownClipsImpl::SetHold(
    absl::string_view list_id, const std::vector<std::string>& entry_ids,
    Hold to, absl::string_view reason, absl::string_view actor) {
  RETURN_IF_ERROR(CheckListId(list_id));
  RETURN_IF_ERROR(CheckEntryIds(entry_ids));
  RETURN_IF_ERROR(CheckReason(reason));
  ListInfo list;
  RETURN_IF_ERROR(Commit(
      0,
      [&](ClipStore::Transaction& transaction,
          SearchChange* search) -> absl::Status {
        ASSIGN_OR_RETURN(auto changed,
                         transaction.SetHold(list_id, entry_ids, to, reason,
                                             options_.clock->Now(), actor));
        for (const EntryInfo& entry : changed.entries) {
          search->holds.emplace_back(entry.clip_id, to != Hold::kNone);
        }
        search->lists.push_back(changed.list);
        list = std::move(changed.list);
        return absl::OkStatus();
      }));
  return list;
}

absl::StatusOr<ListInfo> KnownClipsImpl::HoldEntries(
    absl::string_view list_id, const std::vector<std::string>& entry_ids,
    absl::string_view reason, absl::string_view actor) {
  return SetHold(list_id, entry_ids, Hold::kByHand, reason, actor);
}

absl::StatusOr<ListInfo> KnownClipsImpl::ReleaseEntries(
    absl::string_view list_id, const std::vector<std::string>& entry_ids,
    absl::string_view reason, absl::string_view actor) {
  return SetHold(list_id, entry_ids, Hold::kNone, reason, actor);
}

absl::StatusOr<ListInfo> KnownClipsImpl::SetMode(absl::string_view list_id,
                                                 ListMode mode,
                                                 absl::string_view reason,
                                                 absl::string_view actor) {
  RETURN_IF_ERROR(CheckListId(list_id));
  RETURN_IF_ERROR(CheckReason(reason));
  ListInfo list;
  RETURN_IF_ERROR(Commit(0,
                         [&](ClipStore::Transaction& transaction,
                             SearchChange* search) -> absl::Status {
                           ASSIGN_OR_RETURN(
                               list, transaction.SetMode(list_id, mode, reason,
                                                         options_.clock->Now(),
                                                         actor));
                           search->lists.push_back(list);
                           return absl::OkStatus();
                         }));
  return list;
}

}  // namespace lenscap
