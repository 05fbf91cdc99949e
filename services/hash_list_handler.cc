#include "services/hash_list_handler.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/hash_text.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/validate.h"
#include "services/visible_list.h"

namespace lenscap {
namespace {

constexpr int kMaxWithdrawn = 10'000;
constexpr int kFramesPerMessage = 4096;
// Far more than a million lines of a hash, its number and its time.
constexpr int64_t kMaxTextBytes = 256 << 20;

// Whether the list is there, or may be made. A list of another issuer that a
// regulator must not see still keeps its id.
absl::Status CheckTarget(const KnownClips& clips, const Caller& caller,
                         const v1::PublishHeader& header) {
  if (!header.create_list()) {
    return FindVisibleList(clips, caller, "header.list_id", header.list_id())
        .status();
  }
  const absl::StatusOr<ListInfo> list = clips.GetList(header.list_id());
  if (absl::IsNotFound(list.status())) return absl::OkStatus();
  RETURN_IF_ERROR(list.status());
  if (list->issuer == header.issuer()) return absl::OkStatus();
  return absl::AlreadyExistsError(
      absl::StrCat("header.issuer: the list \"", header.list_id(),
                   "\" is there with another issuer"));
}

absl::Status ValidateHeader(const v1::PublishHeader& header) {
  RETURN_IF_ERROR(CheckListId("header.list_id", header.list_id()));
  if (!header.entry_id().empty()) {
    RETURN_IF_ERROR(CheckEntryId("header.entry_id", header.entry_id()));
  }
  RETURN_IF_ERROR(
      CheckEnum("header.severity", header.severity(), v1::Severity_IsValid));
  RETURN_IF_ERROR(CheckEnum("header.format", header.format(),
                            v1::PublishHeader::Format_IsValid));
  return CheckLength("header.issuer", header.issuer(),
                     header.create_list() ? 1 : 0, kMaxIssuerBytes);
}

// Fills in whose list a regulator makes: its own issuer's, and no other's.
absl::Status TakeIssuer(const Caller& caller, v1::PublishHeader& header) {
  if (caller.role != CallerRole::kRegulator) return absl::OkStatus();
  if (header.issuer().empty()) header.set_issuer(caller.issuer);
  if (header.issuer() == caller.issuer) return absl::OkStatus();
  return absl::PermissionDeniedError(
      absl::StrCat("header.issuer: ", ActorOf(caller), " publishes for \"",
                   caller.issuer, "\" alone"));
}

int64_t MaxBytes(const v1::PublishHeader& header, const MediaLimits& limits) {
  return header.format() == v1::PublishHeader::FORMAT_FOOTAGE
             ? limits.max_bytes
             : std::min(kMaxTextBytes, limits.max_bytes);
}

absl::StatusOr<Clip> ClipFromFootage(const UploadedFile& upload,
                                     const v1::PublishHeader& header,
                                     const ListRooms& rooms,
                                     const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(auto source, OpenFileSource(upload.file.path()));
  const FingerprintOptions options = {
      .reader = {.sample_interval = kReferenceInterval,
                 .limits = rooms.limits,
                 .cancelled = cancellation.flag()},
      .open = rooms.open_video};
  const absl::StatusOr<VideoFingerprint> video =
      FingerprintReference(std::move(source), upload.digests, options);
  RETURN_IF_ERROR(cancellation.status());
  RETURN_IF_ERROR(video.status());
  RETURN_IF_ERROR(video->ended);
  return ClipFromVideo(*video, header.list_id(), header.entry_id(),
                       FromProto(header.severity()));
}

absl::StatusOr<std::string> ReadAll(const UploadedFile& upload) {
  ASSIGN_OR_RETURN(const auto source, OpenFileSource(upload.file.path()));
  std::string text(upload.bytes, '\0');
  for (size_t read = 0; read < text.size();) {
    ASSIGN_OR_RETURN(
        const size_t n,
        source->ReadAt(read, {reinterpret_cast<uint8_t*>(text.data()) + read,
                              text.size() - read}));
    if (n == 0) return absl::DataLossError("the spooled file is cut short");
    read += n;
  }
  return text;
}

absl::StatusOr<Clip> ClipFromText(const UploadedFile& upload,
                                  const v1::PublishHeader& header) {
  ASSIGN_OR_RETURN(const std::string text, ReadAll(upload));
  absl::StatusOr<std::vector<ReferenceFrame>> frames =
      header.format() == v1::PublishHeader::FORMAT_PDQ_TEXT
          ? ParsePdqText(text)
          : ParseVpdqText(text);
  if (!frames.ok()) {
    return absl::Status(
        frames.status().code(),
        absl::StrCat("chunk.data: ", frames.status().message()));
  }
  Clip clip = {
      .list_id = header.list_id(),
      .entry_id = header.entry_id(),
      .severity = FromProto(header.severity()),
      .duration = frames->empty() ? absl::ZeroDuration() : frames->back().time,
      .frames = *std::move(frames),
      .sha256 = std::nullopt,
      .md5 = std::nullopt,
      .detail = {}};
  return clip;
}

// Makes the list, where that was asked for, only once the clip is known to be
// good, so that a bad clip leaves nothing behind.
absl::StatusOr<KnownClips::PublishResult> PublishClip(
    KnownClips& clips, const Caller& caller, const v1::PublishHeader& header,
    const Clip& clip) {
  const std::string actor = ActorOf(caller);
  absl::StatusOr<KnownClips::PublishResult> result = clips.Publish(clip, actor);
  if (!absl::IsNotFound(result.status())) return result;
  if (!header.create_list()) {
    return UnknownList("header.list_id", header.list_id());
  }
  RETURN_IF_ERROR(clips.CreateList(header.list_id(), header.issuer()));
  return clips.Publish(clip, actor);
}

absl::Status PutOnRecord(const ListRooms& rooms, absl::string_view list_id) {
  return rooms.auditor == nullptr ? absl::OkStatus()
                                  : rooms.auditor->CatchUpList(list_id);
}

}  // namespace

absl::Status PublishUpload::Take(const v1::PublishRequest& request) {
  return parts_.Take(
      request, [this](v1::PublishHeader& header) { return Begin(header); });
}

absl::StatusOr<std::optional<Upload>> PublishUpload::Begin(
    v1::PublishHeader& header) {
  RETURN_IF_ERROR(TakeIssuer(caller_, header));
  RETURN_IF_ERROR(ValidateHeader(header));
  const int64_t max_bytes = MaxBytes(header, rooms_->limits);
  ASSIGN_OR_RETURN(ExpectedFile expected,
                   ExpectedFile::From(header, max_bytes));
  RETURN_IF_ERROR(CheckTarget(*rooms_->clips, caller_, header));
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  return Upload::Begin(*rooms_->spool, std::move(expected), max_bytes);
}

absl::StatusOr<v1::PublishReply> PublishUpload::Publish(
    const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(v1::PublishHeader header, parts_.TakeHeader());
  ASSIGN_OR_RETURN(const UploadedFile upload, parts_.TakeFile());
  if (header.entry_id().empty()) {
    header.set_entry_id(DigestName(upload.digests.sha256));
  }
  ASSIGN_OR_RETURN(const Clip clip,
                   header.format() == v1::PublishHeader::FORMAT_FOOTAGE
                       ? ClipFromFootage(upload, header, *rooms_, cancellation)
                       : ClipFromText(upload, header));
  // A caller that went away in the middle looks like one that has finished.
  RETURN_IF_ERROR(cancellation.status());
  ASSIGN_OR_RETURN(const KnownClips::PublishResult result,
                   PublishClip(*rooms_->clips, caller_, header, clip));
  RETURN_IF_ERROR(PutOnRecord(*rooms_, clip.list_id));
  v1::PublishReply reply;
  reply.set_list_id(clip.list_id);
  reply.set_list_version(result.list_version);
  reply.set_entry_id(clip.entry_id);
  reply.set_clip_id(result.clip_id);
  reply.set_frames(result.frames);
  reply.set_frames_left_out(result.frames_left_out);
  *reply.mutable_duration() = ToProto(clip.duration);
  reply.set_changed(result.changed);
  return reply;
}

absl::StatusOr<v1::WithdrawReply> Withdraw(const ListRooms& rooms,
                                           const Caller& caller,
                                           const v1::WithdrawRequest& request) {
  RETURN_IF_ERROR(CheckLength("reason", request.reason(), 1, kMaxReasonBytes));
  if (request.all_entries() == (request.entry_ids_size() > 0)) {
    return absl::InvalidArgumentError(
        "entry_ids: expected 1 to 10000 of them, or all_entries instead");
  }
  RETURN_IF_ERROR(
      CheckRange("entry_ids", request.entry_ids_size(), 0, kMaxWithdrawn));
  for (int i = 0; i < request.entry_ids_size(); ++i) {
    RETURN_IF_ERROR(
        CheckEntryId(absl::StrCat("entry_ids[", i, "]"), request.entry_ids(i)));
  }
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  ASSIGN_OR_RETURN(
      const KnownClips::WithdrawResult result,
      request.all_entries()
          ? rooms.clips->WithdrawAll(request.list_id(), request.reason(),
                                     ActorOf(caller))
          : rooms.clips->Withdraw(
                request.list_id(),
                {request.entry_ids().begin(), request.entry_ids().end()},
                request.reason(), ActorOf(caller)));
  RETURN_IF_ERROR(PutOnRecord(rooms, request.list_id()));
  v1::WithdrawReply reply;
  reply.set_list_version(result.list_version);
  reply.set_entries_withdrawn(result.entries_withdrawn);
  return reply;
}

absl::StatusOr<v1::ListListsReply> ListLists(const ListRooms& rooms,
                                             const Caller& caller) {
  v1::ListListsReply reply;
  for (const ListInfo& list : rooms.clips->Lists()) {
    if (SeesListsOf(caller, list.issuer)) *reply.add_lists() = ToProto(list);
  }
  return reply;
}

absl::StatusOr<v1::GetListReply> GetList(const ListRooms& rooms,
                                         const Caller& caller,
                                         const v1::GetListRequest& request) {
  ASSIGN_OR_RETURN(
      const ListInfo list,
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id()));
  ASSIGN_OR_RETURN(const int page_size,
                   CheckPageSize("page_size", request.page_size()));
  if (!request.page_token().empty()) {  // The last entry id of a page.
    RETURN_IF_ERROR(CheckEntryId("page_token", request.page_token()));
  }
  ASSIGN_OR_RETURN(
      std::vector<EntryInfo> entries,
      rooms.clips->Entries(list.list_id, request.page_token(), page_size + 1));
  v1::GetListReply reply;
  *reply.mutable_list() = ToProto(list);
  if (static_cast<int>(entries.size()) > page_size) {
    entries.resize(page_size);
    reply.set_next_page_token(entries.back().entry_id);
  }
  for (const EntryInfo& entry : entries) {
    *reply.add_entries() = ToProto(entry);
  }
  return reply;
}

absl::StatusOr<v1::HistoryReply> History(const ListRooms& rooms,
                                         const Caller& caller,
                                         const v1::HistoryRequest& request) {
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  ASSIGN_OR_RETURN(const int limit, CheckPageSize("limit", request.limit()));
  ASSIGN_OR_RETURN(const std::vector<ListChange> changes,
                   rooms.clips->History(request.list_id(), limit));
  v1::HistoryReply reply;
  for (const ListChange& change : changes) {
    *reply.add_changes() = ToProto(change);
  }
  return reply;
}

absl::Status Export(
    const ListRooms& rooms, const Caller& caller,
    const v1::ExportRequest& request,
    const std::function<absl::Status(const v1::ExportedEntry&)>& send) {
  RETURN_IF_ERROR(
      FindVisibleList(*rooms.clips, caller, "list_id", request.list_id())
          .status());
  return rooms.clips->ForEachClip(
      request.list_id(),
      [&send](const EntryInfo& entry, const Clip& clip) -> absl::Status {
        size_t sent = 0;
        do {  // Once even where there are no frames.
          v1::ExportedEntry message;
          *message.mutable_entry() = ToProto(entry);
          if (clip.sha256) message.set_sha256(ToBytes(*clip.sha256));
          if (clip.md5) message.set_md5(ToBytes(*clip.md5));
          const size_t end =
              std::min(sent + kFramesPerMessage, clip.frames.size());
          for (; sent < end; ++sent) {
            *message.add_frames() = ToProto(clip.frames[sent]);
          }
          RETURN_IF_ERROR(send(message));
        } while (sent < clip.frames.size());
        return absl::OkStatus();
      });
}

}  // namespace lenscap
