#include "services/case_evidence.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/log.h"
#include "services/match_stills.h"
#include "services/proto_time.h"
#include "services/still_image.h"
#include "takedown/decided.h"

namespace lenscap {
namespace {

absl::StatusOr<std::vector<v1::Still>> StillsOfMatch(
    const v1::ClipMatch& match, const OpenVideo& open,
    std::unique_ptr<ByteSource> source, const ReaderOptions& options) {
  const TimeSpan span = {.start = FromProto(match.query().start()),
                         .end = FromProto(match.query().end())};
  ASSIGN_OR_RETURN(const std::vector<CueStill> pictures,
                   ReadMatchStills(open, std::move(source), options, span));
  std::vector<v1::Still> stills;
  for (const CueStill& picture : pictures) {
    ASSIGN_OR_RETURN(std::string jpeg, EncodeStill(picture));
    v1::Still& still = stills.emplace_back();
    still.set_kind(v1::Still::KIND_MATCH);
    *still.mutable_time() = ToProto(picture.time);
    still.set_jpeg(std::move(jpeg));
    still.set_width(picture.width);
    still.set_height(picture.height);
  }
  return stills;
}

absl::StatusOr<v1::Still> StillOfCue(const v1::CueStill& cue) {
  ASSIGN_OR_RETURN(const CueStill picture, DecodeStill(cue.jpeg()));
  v1::Still still;
  still.set_kind(v1::Still::KIND_CUE);
  *still.mutable_time() = cue.time();
  still.set_jpeg(cue.jpeg());
  still.set_width(picture.width);
  still.set_height(picture.height);
  return still;
}

// What the reviewer is told; empty where there are stills.
absl::Status Seal(EvidenceStore& evidence, absl::string_view case_id,
                  absl::string_view content_id, CaseStills stills) {
  if (!stills.stills.empty()) {
    return evidence.Seal(case_id, content_id, std::move(stills.stills));
  }
  const std::string why = stills.missing.ok()
                              ? "not one picture of it was decoded"
                              : absl::StrCat("no picture of it was decoded: ",
                                             stills.missing.message());
  return evidence.SetUnavailable(case_id, content_id, why);
}

absl::StatusOr<bool> IsDecidedOn(const TakedownQueue& cases,
                                 const absl::StatusOr<v1::CaseUpload>& upload) {
  RETURN_IF_ERROR(upload.status());
  ASSIGN_OR_RETURN(const v1::Case of, cases.Get(upload->case_id()));
  return IsDecided(of, AsRecorded(*upload));
}

}  // namespace

CaseStills CollectStills(const v1::ScanReport& report,
                         absl::Span<const v1::CueStill> cues,
                         const OpenVideo& open,
                         std::unique_ptr<ByteSource> source,
                         const ReaderOptions& options) {
  CaseStills collected;
  const auto match =
      std::find_if(report.matches().begin(), report.matches().end(),
                   [](const v1::ClipMatch& m) { return m.has_query(); });
  if (source == nullptr) {
    collected.missing = absl::AbortedError("the decoder died of the file");
  } else if (match != report.matches().end()) {
    auto stills = StillsOfMatch(*match, open, std::move(source), options);
    collected.missing = stills.status();
    if (stills.ok()) collected.stills = *std::move(stills);
  }
  for (const v1::CueStill& cue : cues) {
    auto still = StillOfCue(cue);
    if (still.ok()) collected.stills.push_back(*std::move(still));
  }
  std::stable_sort(collected.stills.begin(), collected.stills.end(),
                   [](const v1::Still& a, const v1::Still& b) {
                     return FromProto(a.time()) < FromProto(b.time());
                   });
  return collected;
}

void KeepEvidence(EvidenceStore& evidence, const TakedownQueue& cases,
                  absl::string_view content_id, CaseStills stills) {
  const absl::StatusOr<v1::CaseUpload> upload = cases.Upload(content_id);
  const absl::StatusOr<bool> decided = IsDecidedOn(cases, upload);
  absl::Status kept = decided.status();
  if (decided.ok()) {
    if (*decided) return;
    kept = Seal(evidence, upload->case_id(), content_id, std::move(stills));
  }
  if (kept.ok()) return;
  Log(LogSeverity::kError, "evidence_not_kept",
      {{"content_id", std::string(content_id)}, {"error", kept.ToString()}});
  if (!upload.ok()) return;
  // Where this fails as well, who asks hears that nothing is known.
  evidence
      .SetUnavailable(
          upload->case_id(), content_id,
          absl::StrCat("they could not be sealed: ", kept.message()))
      .IgnoreError();
}

}  // namespace lenscap
