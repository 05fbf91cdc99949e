#ifndef LENSCAP_SERVICES_FINGERPRINT_VIDEO_H_
#define LENSCAP_SERVICES_FINGERPRINT_VIDEO_H_

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "index/clip.h"
#include "index/clip_sighter.h"
#include "media/byte_source.h"
#include "media/frame.h"
#include "media/video_reader.h"
#include "services/picture_search.h"

namespace lenscap {

// How far apart the frames of an upload are compared, and those of a clip that
// is published. The clip is sampled twice as densely, so that every frame of a
// copy lies within an eighth of a second of one of the clip's.
inline constexpr absl::Duration kUploadInterval = absl::Milliseconds(500);
inline constexpr absl::Duration kReferenceInterval = absl::Milliseconds(250);

// A decoded and fingerprinted file, and what it cost.
struct VideoFingerprint {
  UploadFingerprint upload;
  std::vector<ReferenceFrame> frames;  // Of a reference, instead of upload's.
  ClipDetail detail;                   // Of a reference.
  MediaFacts facts;
  // OK, or why the decoder gave up before the end; what came before is here.
  absl::Status ended;
  absl::Duration decode_time;       // Wall clock, as the next one.
  absl::Duration fingerprint_time;  // With `on_frame`.
};

// Whether it is the file's fault that it was not decoded, so that trying again
// is no use.
bool IsUnreadable(const absl::Status& status);

struct FingerprintOptions {
  ReaderOptions reader;
  OpenVideo open = VideoReader::Open;
  // Called with each sampled frame, in order, on the caller's thread.
  std::function<void(const Frame&, const FrameFingerprint&, const MediaFacts&)>
      on_frame = nullptr;
};

// Each decodes the file and fingerprints each sampled frame. `digests` are
// passed through. Fails as VideoReader::Open does, as its Next does where not
// one frame came out, and with CANCELLED.

// With what PictureSearch finds. Where the reader's sampling is kSparse, parts
// that look like a known clip are read again densely; on_frame sees what was
// read first.
absl::StatusOr<VideoFingerprint> FingerprintUpload(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options, const ClipSighter& clips,
    const PictureSearch::Options& looking = {});

// As a clip is published: its frames, those of a still picture once, and its
// detail. Memory grows with what changes, not with the length.
absl::StatusOr<VideoFingerprint> FingerprintReference(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options);

// Of the whole source. RESOURCE_EXHAUSTED beyond `max_bytes`; CANCELLED once
// `cancelled` (which may be null) is set.
absl::StatusOr<FileDigests> DigestsOf(ByteSource& source, int64_t max_bytes,
                                      const std::atomic<bool>* cancelled);

// The clip to publish, from what FingerprintReference made of a file sampled at
// kReferenceInterval.
Clip ClipFromVideo(const VideoFingerprint& video, absl::string_view list_id,
                   absl::string_view entry_id, Severity severity);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_FINGERPRINT_VIDEO_H_
