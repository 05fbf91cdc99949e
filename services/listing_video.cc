#include "services/listing_video.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "media/byte_source.h"
#include "models/cue.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/listing_request.h"
#include "services/proto_time.h"
#include "services/scan_id.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

absl::Status NoSuchUpload() {
  return absl::NotFoundError(
      "video.content_id: nothing is kept of such an upload; send the file");
}

v1::UploadHeader HeaderOf(const v1::ReviewListingRequest& request) {
  v1::UploadHeader header;
  header.set_content_id(VideoContentId(request));
  header.set_account(request.seller());
  header.set_group(request.group());
  header.set_tenant(request.tenant());
  header.set_platform_class(request.platform_class());
  header.set_language(request.locale());
  if (request.has_reported()) *header.mutable_reported() = request.reported();
  return header;
}

// The roots speak of an upload's header.
absl::Status OfVideo(const absl::Status& status) {
  return absl::Status(
      status.code(),
      absl::StrReplaceAll(status.message(), {{"header.uri", "video.uri"}}));
}

absl::StatusOr<v1::ScanReport> Screen(const VideoReading& reading,
                                      const v1::ReviewListingRequest& request,
                                      const Cancellation& cancellation) {
  ScreenInput input;
  input.scan_id = NewScanId();
  input.header = HeaderOf(request);
  if (request.video().has_uri()) {
    auto file =
        reading.roots->OpenUri(request.video().uri(), reading.max_bytes);
    if (!file.ok()) return OfVideo(file.status());
    input.source = *std::move(file);
  } else {
    input.source = MakeMemorySource(request.video().content());
  }
  ASSIGN_OR_RETURN(input.digests, DigestsOf(*input.source, reading.max_bytes,
                                            cancellation.flag()));
  return reading.screener->Screen(
      std::move(input), [](const v1::Progress&) {}, cancellation);
}

// Of an upload in a case.
absl::StatusOr<std::optional<v1::ScanReport>> InCase(
    const TakedownQueue& cases, const v1::ReviewListingRequest& request) {
  absl::StatusOr<v1::CaseUpload> upload =
      cases.Upload(request.video().content_id());
  if (absl::IsNotFound(upload.status())) return std::nullopt;
  RETURN_IF_ERROR(upload.status());
  if (upload->tenant() != request.tenant() ||
      upload->kind() == v1::Case::KIND_LISTING) {
    return NoSuchUpload();
  }
  v1::ScanReport report = upload->report();
  report.set_content_id(upload->content_id());
  report.set_case_id(upload->case_id());
  return report;
}

// Of one in which nothing was found when it was scanned; lists may have grown
// since.
absl::StatusOr<v1::ScanReport> FromKept(
    const VideoReading& reading, const v1::ReviewListingRequest& request) {
  if (reading.uploads == nullptr) return NoSuchUpload();
  const absl::StatusOr<KeptUpload> kept =
      reading.uploads->Find(request.video().content_id());
  if (absl::IsNotFound(kept.status())) return NoSuchUpload();
  RETURN_IF_ERROR(kept.status());
  if (kept->tenant != request.tenant()) return NoSuchUpload();
  v1::ScanReport report;
  if (!report.ParseFromString(kept->report)) report.Clear();
  report.set_content_id(kept->content_id);
  const absl::StatusOr<UploadFingerprint> fingerprint =
      reading.uploads->Fingerprint(kept->sequence);
  if (absl::IsNotFound(fingerprint.status())) return NoSuchUpload();
  RETURN_IF_ERROR(fingerprint.status());
  std::vector<ClipMatch> matches = reading.clips->Match(*fingerprint);
  matches.resize(std::min<size_t>(matches.size(), VideoScreener::kMaxMatches));
  report.clear_matches();
  for (const ClipMatch& match : matches) *report.add_matches() = ToProto(match);
  // The cues that led to a verdict then are in a case, or led to none.
  *report.mutable_verdict() = Decide(matches, CueReport(), reading.policy);
  return report;
}

}  // namespace

absl::StatusOr<std::optional<v1::ScanReport>> ReviewVideo(
    const VideoReading& reading, const TakedownQueue& cases,
    const v1::ReviewListingRequest& request, const Cancellation& cancellation) {
  if (!request.has_video()) return std::nullopt;
  if (!request.video().has_content_id()) {
    return Screen(reading, request, cancellation);
  }
  ASSIGN_OR_RETURN(std::optional<v1::ScanReport> known, InCase(cases, request));
  if (known) return known;
  return FromKept(reading, request);
}

absl::Duration DecodingOf(const v1::ReviewListingRequest& request,
                          const std::optional<v1::ScanReport>& video) {
  if (!video || request.video().has_content_id()) return absl::ZeroDuration();
  return FromProto(video->timings().decode());
}

}  // namespace lenscap
