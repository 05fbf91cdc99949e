#include "services/reported_footage.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "index/clip_record.h"
#include "services/convert.h"
#include "services/fingerprint_video.h"
#include "services/proto_time.h"
#include "services/reported_clip.pb.h"
#include "verdict/verdict.h"

namespace lenscap {
namespace {

constexpr size_t kMaxReportedMatches = 100;

template <size_t n>
absl::StatusOr<std::array<uint8_t, n>> DigestFrom(const std::string& bytes) {
  std::array<uint8_t, n> digest;
  if (bytes.size() != n) {
    return absl::DataLossError(
        absl::StrCat("a digest of ", bytes.size(), " bytes, not of ", n));
  }
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

v1::ScanReport ScanOf(const VideoFingerprint& video,
                      const FootageReading& reading) {
  std::vector<ClipMatch> matches = reading.clips->Match(video.upload);
  matches.resize(std::min(matches.size(), kMaxReportedMatches));
  v1::ScanReport scan;
  scan.set_sha256(ToBytes(video.upload.digests.sha256));
  *scan.mutable_media() = ToProto(video.facts);
  for (const ClipMatch& match : matches) *scan.add_matches() = ToProto(match);
  *scan.mutable_verdict() = Decide(matches, CueReport(), reading.policy);
  return scan;
}

}  // namespace

absl::StatusOr<ReportedFootage> ReadReportedFootage(
    ByteSource& source, const FileDigests& digests,
    const FootageReading& reading, const Cancellation& cancellation) {
  FingerprintOptions options = {
      .reader = {.sample_interval = kReferenceInterval,
                 .limits = reading.limits,
                 .cancelled = cancellation.flag()},
      .open = reading.open_video};
  ReportedFootage footage;
  footage.clip.sha256 = digests.sha256;
  footage.clip.md5 = digests.md5;
  VideoFingerprint searched;
  searched.upload.digests = digests;
  const auto reference =
      FingerprintReference(MakeBorrowedSource(&source), digests, options);
  RETURN_IF_ERROR(cancellation.status());
  if (reference.ok()) {
    footage.clip = ClipFromVideo(*reference, "", "", Severity::kConfirmed);
    options.reader.sample_interval = kUploadInterval;
    options.reader.sampling = Sampling::kSparse;
    auto upload = FingerprintUpload(MakeBorrowedSource(&source), digests,
                                    options, *reading.clips);
    RETURN_IF_ERROR(cancellation.status());
    if (upload.ok()) searched = *std::move(upload);
  } else if (IsUnreadable(reference.status())) {
    footage.unreadable = std::string(reference.status().message());
  } else {
    return reference.status();
  }
  footage.scan = ScanOf(searched, reading);
  return footage;
}

std::string EncodeReportedClip(const Clip& clip) {
  services::ReportedClip record;
  *record.mutable_duration() = ToProto(clip.duration);
  for (size_t at = 0; at < clip.frames.size(); at += kFramesPerBlock) {
    record.add_frames(EncodeFrames(
        absl::MakeConstSpan(clip.frames).subspan(at, kFramesPerBlock)));
  }
  if (!clip.detail.empty()) record.set_detail(EncodeDetail(clip.detail));
  if (clip.sha256) record.set_sha256(ToBytes(*clip.sha256));
  if (clip.md5) record.set_md5(ToBytes(*clip.md5));
  return record.SerializeAsString();
}

absl::StatusOr<Clip> DecodeReportedClip(absl::string_view bytes) {
  services::ReportedClip record;
  if (!record.ParseFromString(std::string(bytes))) {
    return absl::DataLossError("what is kept of footage is damaged");
  }
  Clip clip;
  clip.duration = FromProto(record.duration());
  for (const std::string& block : record.frames()) {
    RETURN_IF_ERROR(DecodeFrames(block, &clip.frames));
  }
  if (!record.detail().empty()) {
    ASSIGN_OR_RETURN(clip.detail, DecodeDetail(record.detail()));
  }
  ASSIGN_OR_RETURN(clip.sha256, DigestFrom<32>(record.sha256()));
  ASSIGN_OR_RETURN(clip.md5, DigestFrom<16>(record.md5()));
  return clip;
}

}  // namespace lenscap
