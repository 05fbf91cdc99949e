#include "services/retro_match.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "models/cue.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/convert.h"
#include "services/log.h"
#include "services/open_case.h"
#include "services/screen_video.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

// How far a crash sets it back.
constexpr int kPage = 100;

// The scan's report, as it is from now on.
v1::ScanReport ReportOf(const KeptUpload& upload, const FileDigests& digests,
                        absl::Span<const ClipMatch> matches,
                        const v1::Verdict& verdict) {
  v1::ScanReport report;
  if (!report.ParseFromString(upload.report)) report.Clear();
  report.set_content_id(upload.content_id);
  report.set_sha256(ToBytes(digests.sha256));
  report.clear_matches();
  for (const ClipMatch& match : matches) *report.add_matches() = ToProto(match);
  *report.mutable_verdict() = verdict;
  report.set_retrospective(true);
  return report;
}

v1::UploadHeader HeaderOf(const KeptUpload& upload) {
  v1::UploadHeader header;
  header.set_content_id(upload.content_id);
  header.set_account(upload.account);
  header.set_group(upload.group);
  header.set_tenant(upload.tenant);
  header.set_platform_class(upload.platform_class);
  return header;
}

}  // namespace

absl::Status RetroMatch::CatchUp() {
  bool done = false;
  while (!done) {
    const absl::Status status = CatchUpOnce(&done);
    if (absl::IsCancelled(status)) return absl::OkStatus();
    if (!absl::IsAborted(status)) RETURN_IF_ERROR(status);
  }
  return absl::OkStatus();
}

absl::Status RetroMatch::CatchUpOnce(bool* done) {
  ASSIGN_OR_RETURN(RetroCursor cursor, LoadCursor());
  RETURN_IF_ERROR(MatchLateUploads(&cursor));
  const uint64_t end = options_.clips->NextClipId();
  *done = end <= cursor.clips;
  return *done ? absl::OkStatus() : MatchNewClips(end, &cursor);
}

absl::StatusOr<RetroCursor> RetroMatch::LoadCursor() {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const RetroCursor stored, options_.uploads->Cursor());
  RetroCursor cursor = stored;
  const uint64_t next = options_.clips->NextClipId();
  // Ids that are given once more, after the clips were put back to an earlier
  // state, are of other clips.
  const bool went_back = next < cursor.clips || next < cursor.pass_clips;
  if (stored == RetroCursor() || went_back) {
    cursor = {.clips = next, .uploads = cursor.uploads};
    RETURN_IF_ERROR(options_.uploads->SetCursor(cursor));
  }
  return cursor;
}

absl::Status RetroMatch::Advance(const RetroCursor& to, RetroCursor* cursor) {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const RetroCursor stored, options_.uploads->Cursor());
  if (stored != *cursor) return absl::AbortedError("the cursor was moved");
  if (to == *cursor) return absl::OkStatus();
  RETURN_IF_ERROR(options_.uploads->SetCursor(to));
  *cursor = to;
  return absl::OkStatus();
}

absl::Status RetroMatch::MatchAgainFrom(uint64_t clip_id) {
  std::lock_guard lock(mutex_);
  ASSIGN_OR_RETURN(const RetroCursor cursor, options_.uploads->Cursor());
  if (cursor == RetroCursor())
    return absl::OkStatus();  // All is still to come.
  return options_.uploads->SetCursor(
      {.clips = std::min(cursor.clips, clip_id), .uploads = cursor.uploads});
}

absl::Status RetroMatch::MatchListAgain(absl::string_view list_id) {
  constexpr int kEntries = 10'000;  // At a time.
  uint64_t first = options_.clips->NextClipId();
  std::string after;
  while (true) {
    ASSIGN_OR_RETURN(const std::vector<EntryInfo> entries,
                     options_.clips->Entries(list_id, after, kEntries));
    for (const EntryInfo& entry : entries) {
      first = std::min(first, entry.clip_id);
    }
    if (entries.size() < kEntries) return MatchAgainFrom(first);
    after = entries.back().entry_id;
  }
}

absl::Status RetroMatch::MatchLateUploads(RetroCursor* cursor) {
  const uint64_t end = options_.uploads->NextSequence();
  while (cursor->uploads < end) {
    ASSIGN_OR_RETURN(const std::vector<KeptUpload> page,
                     options_.uploads->List(cursor->uploads, end, kPage));
    for (const KeptUpload& upload : page) {
      if (upload.clips_below >= cursor->clips) continue;
      RETURN_IF_ERROR(Match(upload, nullptr));
    }
    RetroCursor to = *cursor;
    to.uploads = page.size() < kPage ? end : page.back().sequence + 1;
    RETURN_IF_ERROR(Advance(to, cursor));
  }
  return absl::OkStatus();
}

absl::Status RetroMatch::MatchNewClips(uint64_t end, RetroCursor* cursor) {
  // A pass that a crash has cut short goes on with the same clips.
  if (cursor->pass_clips > cursor->clips) end = cursor->pass_clips;
  ASSIGN_OR_RETURN(const std::vector<KeptUpload> left,
                   options_.uploads->List(cursor->pass_uploads, cursor->uploads,
                                          /*limit=*/1));
  KnownClips::ClipRange batch = {.clips = nullptr, .end = end};
  if (!left.empty()) {
    batch = options_.clips->ActiveClips(cursor->clips, end,
                                        options_.frames_at_once);
  }
  if (batch.clips != nullptr) RETURN_IF_ERROR(MatchBatch(batch, cursor));
  return Advance({.clips = batch.end, .uploads = cursor->uploads}, cursor);
}

absl::Status RetroMatch::MatchBatch(const KnownClips::ClipRange& batch,
                                    RetroCursor* cursor) {
  RetroCursor to = *cursor;
  if (batch.end != cursor->pass_clips) to.pass_uploads = 0;
  to.pass_clips = batch.end;
  RETURN_IF_ERROR(Advance(to, cursor));
  options_.metrics->CountRetroPass();
  while (true) {
    ASSIGN_OR_RETURN(
        const std::vector<KeptUpload> page,
        options_.uploads->List(cursor->pass_uploads, cursor->uploads, kPage));
    for (const KeptUpload& upload : page) {
      RETURN_IF_ERROR(Match(upload, batch.clips.get()));
    }
    if (page.size() < kPage) return absl::OkStatus();
    to.pass_uploads = page.back().sequence + 1;
    RETURN_IF_ERROR(Advance(to, cursor));
  }
}

absl::Status RetroMatch::Match(const KeptUpload& upload,
                               const ClipMatcher* clips) {
  if (stopped_) return absl::CancelledError("stopped");
  if (!upload.case_id.empty()) return absl::OkStatus();
  const auto fingerprint = options_.uploads->Fingerprint(upload.sequence);
  // It may have been forgotten meanwhile.
  if (absl::IsNotFound(fingerprint.status())) return absl::OkStatus();
  if (absl::IsDataLoss(fingerprint.status())) {
    Log(LogSeverity::kError, "kept_upload_damaged",
        {{"content_id", upload.content_id},
         {"error", fingerprint.status().ToString()}});
    return absl::OkStatus();
  }
  RETURN_IF_ERROR(fingerprint.status());
  options_.metrics->CountRetroCompared(1);
  if (clips != nullptr && clips->Match(*fingerprint).empty()) {
    return absl::OkStatus();
  }
  return Judge(upload, *fingerprint);
}

absl::Status RetroMatch::Judge(const KeptUpload& upload,
                               const UploadFingerprint& fingerprint) {
  std::vector<ClipMatch> matches = options_.clips->Match(fingerprint);
  matches.resize(std::min<size_t>(matches.size(), VideoScreener::kMaxMatches));
  // The cues led to no case when it was scanned.
  v1::Verdict verdict = Decide(matches, CueReport(), options_.policy);
  if (!NeedsCase(verdict)) return absl::OkStatus();
  const auto known = options_.cases->Upload(upload.content_id);
  if (!known.ok() && !absl::IsNotFound(known.status())) return known.status();
  std::string case_id = known.ok() ? known->case_id() : "";
  if (!known.ok()) {
    verdict.add_reasons(
        "It was scanned before what it matches was published; found in what "
        "was kept of it.");
    v1::ScanReport report =
        ReportOf(upload, fingerprint.digests, matches, verdict);
    RETURN_IF_ERROR(OpenCase(*options_.cases, HeaderOf(upload),
                             CasePriority(verdict, matches), report));
    case_id = report.case_id();
    options_.metrics->CountRetroHit();
    options_.news->Notify(kCaseNews);
    Log(LogSeverity::kInfo, "found_retrospectively",
        {{"content_id", upload.content_id}, {"case_id", case_id}});
  }
  return options_.uploads->SetCase(upload.sequence, verdict.action(), case_id);
}

}  // namespace lenscap
