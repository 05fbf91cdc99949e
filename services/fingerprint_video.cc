#include "services/fingerprint_video.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "fingerprint/fingerprint.h"
#include "index/frame_runs.h"
#include "services/clip_detail.h"
#include "services/picture_search.h"
#include "services/stopwatch.h"

namespace lenscap {

namespace {

// Keeps no frames.
absl::StatusOr<VideoFingerprint> ReadFrames(std::unique_ptr<ByteSource> source,
                                            const FileDigests& digests,
                                            const FingerprintOptions& options) {
  VideoFingerprint video;
  video.upload.digests = digests;
  ASSIGN_OR_RETURN(
      const std::unique_ptr<VideoReader> reader, Timed(&video.decode_time, [&] {
        return VideoReader::Open(std::move(source), options.reader);
      }));
  bool any = false;
  while (true) {
    const absl::StatusOr<std::optional<Frame>> frame =
        Timed(&video.decode_time, [&] { return reader->Next(); });
    if (!frame.ok()) video.ended = frame.status();
    if (!frame.ok() || !frame->has_value()) break;
    const Stopwatch stopwatch(&video.fingerprint_time);
    options.on_frame(**frame, Fingerprint(**frame), reader->facts());
    any = true;
  }
  if (absl::IsCancelled(video.ended) || !any) RETURN_IF_ERROR(video.ended);
  video.facts = reader->facts();
  video.upload.duration = video.facts.duration();
  return video;
}

}  // namespace

absl::StatusOr<VideoFingerprint> FingerprintVideo(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options) {
  std::vector<FrameFingerprint> frames;
  FingerprintOptions with_frames = options;
  with_frames.on_frame = [&](const Frame& frame,
                             const FrameFingerprint& fingerprint,
                             const MediaFacts& facts) {
    frames.push_back(fingerprint);
    if (options.on_frame) options.on_frame(frame, fingerprint, facts);
  };
  ASSIGN_OR_RETURN(VideoFingerprint video,
                   ReadFrames(std::move(source), digests, with_frames));
  video.upload.frames = std::move(frames);
  return video;
}

absl::StatusOr<VideoFingerprint> FingerprintUpload(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options, const ClipSighter& clips,
    const PictureSearch::Options& looking) {
  PictureSearch pictures(clips, looking);
  FingerprintOptions with_pictures = options;
  with_pictures.on_frame = [&](const Frame& frame,
                               const FrameFingerprint& fingerprint,
                               const MediaFacts& facts) {
    pictures.Add(frame, fingerprint);
    if (options.on_frame) options.on_frame(frame, fingerprint, facts);
  };
  ASSIGN_OR_RETURN(VideoFingerprint video,
                   FingerprintVideo(std::move(source), digests, with_pictures));
  {
    const Stopwatch stopwatch(&video.fingerprint_time);
    pictures.Finish(&video.upload);
  }
  return video;
}

absl::StatusOr<VideoFingerprint> FingerprintReference(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options) {
  FrameRuns<ReferenceFrame> frames;
  ClipDetailCollector detail;
  FingerprintOptions with_detail = options;
  with_detail.on_frame = [&](const Frame& frame,
                             const FrameFingerprint& fingerprint,
                             const MediaFacts& facts) {
    frames.Add({.hash = fingerprint.hash(),
                .quality = fingerprint.quality(),
                .time = fingerprint.time});
    detail.Add(frame, fingerprint);
    if (options.on_frame) options.on_frame(frame, fingerprint, facts);
  };
  ASSIGN_OR_RETURN(VideoFingerprint video,
                   ReadFrames(std::move(source), digests, with_detail));
  {
    const Stopwatch stopwatch(&video.fingerprint_time);
    video.frames = frames.Finish();
    video.detail = detail.Finish();
  }
  return video;
}

absl::StatusOr<FileDigests> DigestsOf(ByteSource& source, int64_t max_bytes,
                                      const std::atomic<bool>* cancelled) {
  Digester digester;
  std::vector<uint8_t> buffer(1 << 20);
  for (int64_t offset = 0;;) {
    if (cancelled != nullptr && *cancelled) {
      return absl::CancelledError("reading the file was cancelled");
    }
    ASSIGN_OR_RETURN(const size_t read,
                     source.ReadAt(offset, absl::MakeSpan(buffer)));
    if (read == 0) return digester.Finish();
    offset += static_cast<int64_t>(read);
    if (offset > max_bytes) {
      return absl::ResourceExhaustedError(
          absl::StrCat("the file is longer than ", max_bytes, " bytes"));
    }
    digester.Update({reinterpret_cast<const char*>(buffer.data()), read});
  }
}

Clip ClipFromVideo(const VideoFingerprint& video, absl::string_view list_id,
                   absl::string_view entry_id, Severity severity) {
  return {.list_id = std::string(list_id),
          .entry_id = std::string(entry_id),
          .severity = severity,
          .duration = video.upload.duration,
          .frames = video.frames,
          .sha256 = video.upload.digests.sha256,
          .md5 = video.upload.digests.md5,
          .detail = video.detail};
}

}  // namespace lenscap
