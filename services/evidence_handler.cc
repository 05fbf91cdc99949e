#include "services/evidence_handler.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "base/status_macros.h"
#include "services/proto_time.h"
#include "services/still_image.h"
#include "services/validate.h"
#include "takedown/decided.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;

// An upload of a case, whose stills are asked for.
struct Asked {
  v1::CaseUpload upload;
  bool golden = false;
};

absl::StatusOr<Asked> AskedUpload(const EvidenceRooms& rooms,
                                  const v1::Case& of,
                                  const std::string& content_id) {
  RETURN_IF_ERROR(CheckLength("content_id", content_id, 0, kMaxNameBytes));
  const std::string& id = content_id.empty() ? of.content_id() : content_id;
  if (rooms.golden_content != nullptr && id == of.content_id()) {
    ASSIGN_OR_RETURN(const std::string shown, rooms.golden_content(of));
    if (!shown.empty()) {
      ASSIGN_OR_RETURN(v1::CaseUpload upload, rooms.cases->Upload(shown));
      return Asked{std::move(upload), /*golden=*/true};
    }
  }
  absl::StatusOr<v1::CaseUpload> upload = rooms.cases->Upload(id);
  if (upload.ok() && upload->case_id() == of.case_id()) {
    return Asked{*std::move(upload)};
  }
  if (!upload.ok() && !absl::IsNotFound(upload.status())) {
    return upload.status();
  }
  return absl::NotFoundError(
      absl::StrCat("content_id: the case has no such upload"));
}

// Why nothing was ever sealed of it.
std::string WhyNone(const v1::CaseUpload& upload) {
  if (upload.report().retrospective()) {
    return "it was found in what was kept of an earlier scan, and footage is "
           "not kept";
  }
  if (upload.inherited()) {
    return "its footage had been decided on when it came";
  }
  return "none were kept when it was scanned; the server's log says why";
}

absl::StatusOr<v1::Still> Blurred(v1::Still still) {
  ASSIGN_OR_RETURN(const CueStill picture, DecodeStill(still.jpeg()));
  ASSIGN_OR_RETURN(*still.mutable_jpeg(), EncodeStill(Blur(picture)));
  still.set_blurred(true);
  return still;
}

// The claim's case; only while it is claimed, by this caller. The machine's own
// user has claimed under whatever name, and the token is proof enough.
absl::StatusOr<v1::Case> HeldCase(const TakedownQueue& cases,
                                  const Caller& caller,
                                  const std::string& token) {
  RETURN_IF_ERROR(CheckLength("lease_token", token, 1, 128));
  ASSIGN_OR_RETURN(v1::Case held, cases.Claimed(token));
  if (held.state() != v1::Case::STATE_LEASED) {
    return absl::FailedPreconditionError(absl::StrCat(
        held.case_id(), " was decided on; its footage is not shown again"));
  }
  if (caller.local || held.reviewer() == caller.name) return held;
  return absl::PermissionDeniedError(absl::StrCat(
      "lease_token: ", ActorOf(caller), " does not hold this lease"));
}

std::string FootageOf(const v1::CaseUpload& upload) {
  return upload.report().sha256().empty()
             ? absl::StrCat("content:", upload.content_id())
             : absl::StrCat("sha256:",
                            absl::BytesToHexString(upload.report().sha256()));
}

absl::StatusOr<std::vector<v1::Still>> Chosen(
    std::vector<v1::Still> stills, const v1::RevealRequest& request) {
  std::vector<v1::Still> chosen;
  for (int i = 0; i < request.still_ids_size(); ++i) {
    const int id = request.still_ids(i);
    const auto found =
        std::find_if(stills.begin(), stills.end(),
                     [id](const v1::Still& s) { return s.still_id() == id; });
    if (found == stills.end()) {
      return absl::NotFoundError(
          absl::StrCat("still_ids[", i, "]: the upload has no still ", id));
    }
    chosen.push_back(*found);
  }
  return chosen;
}

v1::Exposure ExposureOf(const ExposureLimits& limits, absl::Duration revealed) {
  v1::Exposure exposure;
  *exposure.mutable_revealed() = ToProto(revealed);
  *exposure.mutable_budget() = ToProto(limits.budget);
  exposure.set_near_budget(revealed >= limits.budget * limits.notice);
  return exposure;
}

AuditEntry EntryOf(const Caller& caller, const v1::Case& held,
                   const v1::CaseUpload& upload,
                   const v1::RevealRequest& request,
                   const std::vector<int64_t>& seconds) {
  return {.actor = ActorOf(caller),
          .action = "evidence.reveal",
          .subject = absl::StrCat("case/", held.case_id()),
          .details = {{"content_id", upload.content_id()},
                      {"reviewer", held.reviewer()},
                      {"stills", absl::StrJoin(request.still_ids(), ",")},
                      {"seconds", absl::StrJoin(seconds, ",")}}};
}

}  // namespace

absl::StatusOr<v1::ListStillsReply> ListStills(
    const EvidenceRooms& rooms, const Caller& caller,
    const v1::ListStillsRequest& request) {
  RETURN_IF_ERROR(CheckLength("case_id", request.case_id(), 1, 64));
  ASSIGN_OR_RETURN(const v1::Case of, rooms.cases->Get(request.case_id()));
  if (!SeesUploadsOf(caller, of.tenant())) {
    return absl::NotFoundError("case_id: there is no such case");
  }
  ASSIGN_OR_RETURN(const Asked asked,
                   AskedUpload(rooms, of, request.content_id()));
  const v1::CaseUpload& upload = asked.upload;
  v1::ListStillsReply reply;
  const auto kept = rooms.evidence->Find(upload.content_id());
  if (absl::IsNotFound(kept.status())) {
    reply.set_unavailable(WhyNone(upload));
    return reply;
  }
  RETURN_IF_ERROR(kept.status());
  if (kept->destroyed) {
    *reply.mutable_destroyed() = ToProto(*kept->destroyed);
    return reply;
  }
  reply.set_unavailable(kept->unavailable);
  ASSIGN_OR_RETURN(const std::vector<v1::Still> stills,
                   rooms.evidence->Open(upload.content_id()));
  for (const v1::Still& still : stills) {
    ASSIGN_OR_RETURN(*reply.add_stills(), Blurred(still));
  }
  return reply;
}

absl::StatusOr<v1::RevealReply> Reveal(const EvidenceRooms& rooms,
                                       const Caller& caller,
                                       const v1::RevealRequest& request) {
  RETURN_IF_ERROR(CheckRange("still_ids", request.still_ids_size(), 1,
                             EvidenceStore::kMaxStills));
  ASSIGN_OR_RETURN(const v1::Case held,
                   HeldCase(*rooms.cases, caller, request.lease_token()));
  ASSIGN_OR_RETURN(const Asked asked,
                   AskedUpload(rooms, held, request.content_id()));
  const v1::CaseUpload& upload = asked.upload;
  if (!asked.golden && IsDecided(held, AsRecorded(upload))) {
    return absl::FailedPreconditionError(
        "content_id: its footage was decided on, and is not shown again");
  }
  ASSIGN_OR_RETURN(std::vector<v1::Still> stills,
                   rooms.evidence->Open(upload.content_id()));
  ASSIGN_OR_RETURN(stills, Chosen(std::move(stills), request));
  std::vector<int64_t> seconds;
  for (const v1::Still& still : stills) {
    seconds.push_back(absl::ToInt64Seconds(FromProto(still.time())));
  }
  ASSIGN_OR_RETURN(const absl::Duration revealed,
                   rooms.exposure->Charge(held.reviewer(), FootageOf(upload),
                                          seconds, rooms.limits.budget));
  RETURN_IF_ERROR(
      rooms.record(EntryOf(caller, held, upload, request, seconds)));
  v1::RevealReply reply;
  reply.mutable_stills()->Assign(stills.begin(), stills.end());
  *reply.mutable_exposure() = ExposureOf(rooms.limits, revealed);
  return reply;
}

absl::StatusOr<v1::Exposure> GetExposure(
    const EvidenceRooms& rooms, const Caller& caller,
    const v1::GetExposureRequest& request) {
  const std::string& reviewer =
      request.reviewer().empty() ? caller.name : request.reviewer();
  RETURN_IF_ERROR(CheckLength("reviewer", reviewer, 1, kMaxNameBytes));
  if (!caller.local && reviewer != caller.name) {
    return absl::PermissionDeniedError(absl::StrCat(
        "reviewer: ", ActorOf(caller), " has its own exposure alone"));
  }
  ASSIGN_OR_RETURN(const absl::Duration revealed,
                   rooms.exposure->Today(reviewer));
  return ExposureOf(rooms.limits, revealed);
}

}  // namespace lenscap
