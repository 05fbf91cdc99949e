#include "services/signed_list_handler.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/byte_reader.h"
#include "base/status_macros.h"
#include "lists/chain.h"
#include "lists/issuer_keys.h"
#include "lists/list_replay.h"
#include "lists/list_signature.h"
#include "lists/open_list.h"
#include "lists/signed_payload.h"
#include "services/convert.h"
#include "services/validate.h"
#include "services/visible_list.h"

namespace lenscap {
namespace {

constexpr int kMaxTries = 5;

// Ends an update that was only to be tried.
constexpr char kDryRun[] = "dry run";

std::string FloodReason(const v1::FloodReport& report) {
  return absl::StrCat("its entries would match ", report.uploads_matched(),
                      " of the latest ", report.uploads_checked(),
                      " innocent uploads");
}

// What was found before a version is committed.
struct Reviewed {
  v1::FloodReport flood;
  ListUpdateHooks::Review review;
  ListUpdateResult result;
};

// Looks at what the new entries would have matched, and lets the list act or
// only count. A list that is in shadow stays there until somebody says
// otherwise.
absl::Status Review(const SignedListRooms& rooms,
                    const std::optional<ListInfo>& before,
                    const ClipMatcher& added, Reviewed& reviewed) {
  reviewed.review = {};
  if (before && before->mode == ListMode::kShadow) {
    reviewed.review = {before->mode, before->mode_reason};
  }
  if (reviewed.result.added + reviewed.result.updated == 0 ||
      rooms.uploads == nullptr) {
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(
      const FloodResult checked,
      CheckFlood(added, *rooms.uploads, rooms.clock->Now(), rooms.flood));
  reviewed.flood = checked.report;
  if (checked.flood) {
    reviewed.review = {ListMode::kShadow, FloodReason(reviewed.flood)};
  }
  return absl::OkStatus();
}

v1::PublishSignedReply ReplyOf(const ListUpdateResult& result) {
  v1::PublishSignedReply reply;
  *reply.mutable_list() = ToProto(result.list);
  reply.set_added(result.added);
  reply.set_updated(result.updated);
  reply.set_withdrawn(result.withdrawn);
  reply.set_unchanged(result.unchanged);
  reply.set_held(result.held);
  return reply;
}

// The version in the file at `path`, to be applied to the list as it is.
struct NextVersion {
  ListUpdate update;
  std::unique_ptr<EntryChangeSource> changes;
};
absl::StatusOr<NextVersion> OpenNext(const SignedListRooms& rooms,
                                     const std::optional<ListInfo>& list,
                                     const std::string& path) {
  ASSIGN_OR_RETURN(OpenedList opened, OpenList(path));
  const ListEnvelope& envelope = opened.envelope;
  NextVersion next;
  next.update = UpdateOf(envelope);
  next.changes = std::move(opened.changes);
  if (!list || list->version_in_force == list->signed_version ||
      next.update.snapshot) {
    return next;
  }
  // A delta changes the version before it, which was rolled back.
  const auto open = [&rooms, path, list_id = envelope.list_id,
                     last = envelope.version](int64_t version) {
    return version == last ? OpenList(path)
                           : OpenKept(*rooms.archive, list_id, version);
  };
  ASSIGN_OR_RETURN(ReplayedList replayed, ReplayList(envelope.version, open));
  next.update.snapshot = true;
  next.changes = std::move(replayed.entries);
  return next;
}

// Where the chain stands. When its head was issued is in the head itself.
absl::StatusOr<ListHead> HeadOf(const SignedListRooms& rooms,
                                const ListEnvelope& envelope,
                                const std::optional<ListInfo>& list) {
  ListHead head;
  head.list_id = envelope.list_id;
  head.issuer = list ? list->issuer : envelope.issuer;
  if (!list || list->signed_version == 0) return head;
  head.version = list->signed_version;
  head.sha256 = list->signed_sha256;
  const absl::StatusOr<OpenedList> kept =
      OpenKept(*rooms.archive, list->list_id, list->signed_version);
  if (absl::IsNotFound(kept.status())) return head;
  RETURN_IF_ERROR(kept.status());
  head.issued = kept->envelope.issued;
  return head;
}

absl::StatusOr<std::optional<ListInfo>> FindList(const KnownClips& clips,
                                                 absl::string_view list_id) {
  absl::StatusOr<ListInfo> list = clips.GetList(list_id);
  if (absl::IsNotFound(list.status())) return std::nullopt;
  RETURN_IF_ERROR(list.status());
  return *std::move(list);
}

// Of what is not signed by whom it should be nothing but the envelope is looked
// at, to know who that is.
absl::Status CheckIssuer(const SignedListRooms& rooms, const Caller& caller,
                         const ListEnvelope& envelope,
                         absl::string_view signatures,
                         const std::string& path) {
  if (!SeesListsOf(caller, envelope.issuer)) {
    return absl::PermissionDeniedError(absl::StrCat("issuer: ", ActorOf(caller),
                                                    " publishes for \"",
                                                    caller.issuer, "\" alone"));
  }
  const absl::StatusOr<IssuerKeys> keys = rooms.issuers->Get(envelope.issuer);
  if (absl::IsNotFound(keys.status())) {
    return absl::PermissionDeniedError(absl::StrCat(
        "issuer: no keys of \"", envelope.issuer,
        "\" are trusted here; an administrator installs the first ones"));
  }
  RETURN_IF_ERROR(keys.status());
  return CheckSignatures(*keys, signatures, SignedPayload::File(path),
                         rooms.clock->Now());
}

}  // namespace

absl::Status SignedListUpload::Take(const v1::PublishSignedRequest& request) {
  return parts_.Take(request, [this](const v1::PublishSignedHeader& header) {
    return Begin(header);
  });
}

absl::StatusOr<std::optional<Upload>> SignedListUpload::Begin(
    const v1::PublishSignedHeader& header) {
  RETURN_IF_ERROR(CheckLength("header.signatures", header.signatures(), 1,
                              kMaxSignatureBytes));
  ASSIGN_OR_RETURN(ExpectedFile expected,
                   ExpectedFile::From(header, rooms_->max_bytes));
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  return Upload::Begin(*rooms_->spool, std::move(expected), rooms_->max_bytes);
}

absl::StatusOr<v1::PublishSignedReply> SignedListUpload::Publish(
    const SignedProgress& progress, const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(const v1::PublishSignedHeader header, parts_.TakeHeader());
  ASSIGN_OR_RETURN(const UploadedFile upload, parts_.TakeFile());
  const std::string path = upload.file.path();

  ASSIGN_OR_RETURN(const ListEnvelope envelope, ReadEnvelope(path));
  RETURN_IF_ERROR(
      CheckIssuer(*rooms_, caller_, envelope, header.signatures(), path));

  std::lock_guard lock(*rooms_->applying);
  ASSIGN_OR_RETURN(std::optional<ListInfo> list,
                   FindList(*rooms_->clips, envelope.list_id));
  ASSIGN_OR_RETURN(const ListHead head, HeadOf(*rooms_, envelope, list));
  ASSIGN_OR_RETURN(
      const ChainStep step,
      CheckChain(envelope, upload.digests.sha256, head, rooms_->clock->Now()));
  v1::PublishSignedReply reply;
  if (step == ChainStep::kAlreadyThere) {
    RETURN_IF_ERROR(rooms_->auditor->CatchUpList(envelope.list_id));
    *reply.mutable_list() = ToProto(*list);
    return reply;
  }
  if (!header.dry_run()) {
    RETURN_IF_ERROR(rooms_->archive->Put(envelope.list_id, envelope.version,
                                         path, header.signatures()));
  }
  Reviewed reviewed;
  ListUpdateHooks hooks;
  hooks.progress = [&](int64_t changes) {
    v1::PublishSignedProgress told;
    told.set_bytes_received(upload.bytes);
    told.set_changes(changes);
    told.set_changes_total(envelope.entries);
    progress(told);
  };
  hooks.review = [&](const ClipMatcher& added, const ListUpdateResult& so_far)
      -> absl::StatusOr<ListUpdateHooks::Review> {
    reviewed.result = so_far;
    RETURN_IF_ERROR(Review(*rooms_, list, added, reviewed));
    if (header.dry_run()) return absl::CancelledError(kDryRun);
    return reviewed.review;
  };
  absl::StatusOr<ListUpdateResult> result;
  for (int tries = 1; tries <= kMaxTries; ++tries) {
    // A caller that went away in the middle looks like one that has finished.
    RETURN_IF_ERROR(cancellation.status());
    ASSIGN_OR_RETURN(list, FindList(*rooms_->clips, envelope.list_id));
    ASSIGN_OR_RETURN(NextVersion next, OpenNext(*rooms_, list, path));
    next.update.signed_sha256 = upload.digests.sha256;
    next.update.actor = ActorOf(caller_);
    result = rooms_->clips->Update(next.update, *next.changes, hooks);
    // Something else about the list changed meanwhile.
    if (!absl::IsAborted(result.status())) break;
  }
  if (header.dry_run() && absl::IsCancelled(result.status())) {
    ListInfo& would_be = reviewed.result.list;
    would_be.list_id = envelope.list_id;
    would_be.issuer = envelope.issuer;
    would_be.signed_version = envelope.version;
    would_be.mode = reviewed.review.mode;
    would_be.mode_reason = reviewed.review.reason;
    reply = ReplyOf(reviewed.result);
  } else {
    RETURN_IF_ERROR(result.status());
    const bool acts_again = list && list->mode == ListMode::kShadow &&
                            result->list.mode == ListMode::kActive;
    if (acts_again && rooms_->retro != nullptr) {
      RETURN_IF_ERROR(rooms_->retro->MatchListAgain(envelope.list_id));
    }
    RETURN_IF_ERROR(rooms_->auditor->CatchUpList(envelope.list_id));
    reply = ReplyOf(*result);
    reply.set_changed(true);
  }
  *reply.mutable_flood() = reviewed.flood;
  return reply;
}

}  // namespace lenscap
