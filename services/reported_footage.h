#ifndef LENSCAP_SERVICES_REPORTED_FOOTAGE_H_
#define LENSCAP_SERVICES_REPORTED_FOOTAGE_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "index/clip.h"
#include "index/known_clips.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "proto/lenscap/v1/policy.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/cancellation.h"

namespace lenscap {

// What is kept of footage that somebody has sent with a report.
struct ReportedFootage {
  Clip clip;               // Without list, entry and severity.
  v1::ScanReport scan;     // The known clips that it shows.
  std::string unreadable;  // Why there are no frames; empty where there are.
};

// What the footage is read with.
struct FootageReading {
  const KnownClips* clips = nullptr;
  OpenVideo open_video = VideoReader::Open;
  MediaLimits limits;
  v1::Policy policy;
};

// Fingerprints the file as a clip is published and looks for known clips in it.
// What cannot be decoded keeps its digests, which find the same file. Fails
// where the file cannot be read, or with the reason of `cancellation`. Blocks
// on the decoder.
absl::StatusOr<ReportedFootage> ReadReportedFootage(
    ByteSource& source, const FileDigests& digests,
    const FootageReading& reading, const Cancellation& cancellation);

// As bytes and back; DATA_LOSS for what was not encoded so.
std::string EncodeReportedClip(const Clip& clip);
absl::StatusOr<Clip> DecodeReportedClip(absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REPORTED_FOOTAGE_H_
