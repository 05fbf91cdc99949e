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
#include "lists/list_reader.h"
#include "lists/list_replay.h"
#include "services/convert.h"
#include "services/list_ownership.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxSignatureBytes = 64 << 10;
constexpr size_t kPartBytes = 256 << 10;

// Ends an update that was only to be tried.
constexpr char kDryRun[] = "dry run";

absl::Status Prefixed(absl::string_view what, const absl::Status& status) {
  return absl::Status(status.code(), absl::StrCat(what, status.message()));
}

ListUpdate UpdateOf(const ListEnvelope& envelope, const Sha256& sha256,
                    const Caller& caller) {
  ListUpdate update;
  update.list_id = envelope.list_id;
  update.issuer = envelope.issuer;
  update.terms = envelope.terms;
  update.snapshot = envelope.kind == ListEnvelope::Kind::kSnapshot;
  update.snapshot_reason =
      absl::StrCat("not in signed version ", envelope.version);
  update.kind = ListChange::Kind::kSigned;
  update.signed_version = envelope.version;
  update.signed_sha256 = sha256;
  update.previous_sha256 = envelope.previous_sha256;
  update.content = envelope.content;
  update.actor = ActorOf(caller);
  return update;
}

// Looks at what the new entries would have matched, and lets the list act or
// only count. A list that is in shadow stays there until somebody says
// otherwise.
ListUpdateHooks HooksOf(const SignedListRooms& rooms,
                        const std::optional<ListInfo>& before, bool dry_run,
                        int64_t entries, const SignedProgress& progress,
                        int64_t bytes, v1::FloodReport* flood) {
  ListUpdateHooks hooks;
  hooks.progress = [=](int64_t changes) {
    v1::PublishSignedProgress told;
    told.set_bytes_received(bytes);
    told.set_changes(changes);
    told.set_changes_total(entries);
    progress(told);
  };
  hooks.review = [=, &rooms](const ClipMatcher& added, int64_t clips)
      -> absl::StatusOr<ListUpdateHooks::Review> {
    ListUpdateHooks::Review review;
    if (before && before->mode == ListMode::kShadow) {
      review = {before->mode, before->mode_reason};
    }
    if (clips > 0 && rooms.uploads != nullptr) {
      ASSIGN_OR_RETURN(const FloodCheck check,
                       CheckFlood(added, *rooms.uploads, rooms.flood,
                                  rooms.clock->Now()));
      *flood = check.report;
      if (check.over) {
        review = {ListMode::kShadow, check.reason};
      }
    }
    if (dry_run) return absl::CancelledError(kDryRun);
    return review;
  };
  return hooks;
}

v1::PublishSignedReply ReplyOf(const ListUpdateResult& result) {
  v1::PublishSignedReply reply;
  *reply.mutable_list() = ToProto(result.list);
  reply.set_added(result.added);
  reply.set_updated(result.updated);
  reply.set_withdrawn(result.withdrawn);
  reply.set_unchanged(result.unchanged);
  reply.set_held(result.held);
  reply.set_changed(true);
  return reply;
}

absl::StatusOr<std::optional<ListInfo>> FindList(const KnownClips& clips,
                                                 absl::string_view list_id) {
  absl::StatusOr<ListInfo> list = clips.GetList(list_id);
  if (absl::IsNotFound(list.status())) return std::nullopt;
  RETURN_IF_ERROR(list.status());
  return *std::move(list);
}

absl::StatusOr<OpenedList> OpenKept(const ListArchive& archive,
                                    absl::string_view list_id,
                                    int64_t version) {
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   archive.Get(list_id, version));
  ASSIGN_OR_RETURN(std::unique_ptr<ByteReader> bytes,
                   OpenByteReader(kept.path));
  ASSIGN_OR_RETURN(std::unique_ptr<ListReader> reader,
                   ListReader::Open(std::move(bytes)));
  OpenedList opened;
  opened.envelope = reader->envelope();
  opened.changes = std::move(reader);
  return opened;
}

// The list with its signed head, if the caller may see it and it has one.
absl::StatusOr<ListInfo> FindSigned(const SignedListRooms& rooms,
                                    const Caller& caller,
                                    absl::string_view list_id) {
  ASSIGN_OR_RETURN(ListInfo list,
                   FindOwnList(*rooms.clips, caller, "list_id", list_id));
  if (list.signed_version > 0) return list;
  return absl::FailedPreconditionError(absl::StrCat(
      "list_id: \"", list_id, "\" is no signed list"));
}

absl::Status CheckVersion(absl::string_view field, int64_t version,
                          const ListInfo& list) {
  return CheckRange(field, version, 1, list.signed_version);
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
  const std::string& path = upload.file.path();

  // Of what is not signed nothing but the first line is looked at.
  ASSIGN_OR_RETURN(std::unique_ptr<ByteReader> bytes, OpenByteReader(path));
  ASSIGN_OR_RETURN(std::unique_ptr<ListReader> reader,
                   ListReader::Open(std::move(bytes)));
  const ListEnvelope& envelope = reader->envelope();
  RETURN_IF_ERROR(CheckIssuerIsOwn(caller_, envelope.issuer));
  ASSIGN_OR_RETURN(const IssuerKeys keys,
                   rooms_->issuers->Get(envelope.issuer));
  const absl::Time now = rooms_->clock->Now();
  RETURN_IF_ERROR(CheckSignatures(keys, header.signatures(), path, now));

  std::lock_guard lock(*rooms_->applying);
  ASSIGN_OR_RETURN(const std::optional<ListInfo> list,
                   FindList(*rooms_->clips, envelope.list_id));
  ASSIGN_OR_RETURN(const ChainStep step,
                   CheckChain(envelope, upload.digests.sha256, list, now));
  v1::PublishSignedReply reply;
  if (step == ChainStep::kAlreadyThere) {
    *reply.mutable_list() = ToProto(*list);
    return reply;
  }
  if (!header.dry_run()) {
    RETURN_IF_ERROR(rooms_->archive->Put(envelope.list_id, envelope.version,
                                         path, header.signatures()));
  }
  // A caller that went away in the middle looks like one that has finished.
  RETURN_IF_ERROR(cancellation.status());
  v1::FloodReport flood;
  const absl::StatusOr<ListUpdateResult> result = rooms_->clips->Update(
      UpdateOf(envelope, upload.digests.sha256, caller_), *reader,
      HooksOf(*rooms_, list, header.dry_run(), envelope.entries, progress,
              upload.bytes, &flood));
  if (header.dry_run() && absl::IsCancelled(result.status())) {
    return DryRunReply(envelope, list, flood);
  }
  RETURN_IF_ERROR(result.status());
  reply = ReplyOf(*result);
  if (flood.uploads_matched() > 0) *reply.mutable_flood() = flood;
  return reply;
}

absl::StatusOr<v1::RollbackReply> Rollback(const SignedListRooms& rooms,
                                           const Caller& caller,
                                           const v1::RollbackRequest& request) {
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  std::lock_guard lock(*rooms.applying);
  ASSIGN_OR_RETURN(const ListInfo list,
                   FindSigned(rooms, caller, request.list_id()));
  const int64_t version = request.signed_version();
  RETURN_IF_ERROR(CheckVersion("signed_version", version, list));
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   rooms.archive->Get(list.list_id, version));
  ASSIGN_OR_RETURN(const Sha256 sha256, Sha256OfFile(kept.path));
  ASSIGN_OR_RETURN(
      const ReplayedList replayed,
      ReplayList(version, [&](int64_t v) {
        return OpenKept(*rooms.archive, list.list_id, v);
      }));
  ListUpdate update = UpdateOf(replayed.envelope, sha256, caller);
  update.kind = ListChange::Kind::kRolledBack;
  update.snapshot = true;
  update.snapshot_reason = request.reason();
  update.reason = request.reason();
  ASSIGN_OR_RETURN(const ListUpdateResult result,
                   rooms.clips->Update(update, *replayed.entries, {}));
  v1::RollbackReply reply;
  *reply.mutable_list() = ToProto(result.list);
  reply.set_added(result.added);
  reply.set_updated(result.updated);
  reply.set_withdrawn(result.withdrawn);
  return reply;
}

absl::Status Download(
    const SignedListRooms& rooms, const Caller& caller,
    const v1::DownloadRequest& request,
    const std::function<absl::Status(const v1::DownloadPart&)>& send) {
  ASSIGN_OR_RETURN(const ListInfo list,
                   FindSigned(rooms, caller, request.list_id()));
  const int64_t version = request.signed_version() == 0
                              ? list.signed_version
                              : request.signed_version();
  RETURN_IF_ERROR(CheckVersion("signed_version", version, list));
  ASSIGN_OR_RETURN(const ListArchive::Version kept,
                   rooms.archive->Get(list.list_id, version));
  ASSIGN_OR_RETURN(const Sha256 sha256, Sha256OfFile(kept.path));
  v1::DownloadPart part;
  v1::DownloadHeader& header = *part.mutable_header();
  header.set_list_id(list.list_id);
  header.set_signed_version(version);
  header.set_sha256(ToBytes(sha256));
  header.set_total_bytes(kept.bytes);
  header.set_signatures(kept.signatures);
  RETURN_IF_ERROR(send(part));
  ASSIGN_OR_RETURN(const std::unique_ptr<ByteReader> file,
                   OpenByteReader(kept.path));
  std::string buffer(kPartBytes, '\0');
  while (true) {
    ASSIGN_OR_RETURN(const size_t n, file->Read(absl::MakeSpan(buffer)));
    if (n == 0) return absl::OkStatus();
    part.set_data(buffer.data(), n);
    RETURN_IF_ERROR(send(part));
  }
}

}  // namespace lenscap
