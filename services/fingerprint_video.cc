#include "services/fingerprint_video.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/algorithm/container.h"
#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/status_macros.h"
#include "fingerprint/fingerprint.h"
#include "index/frame_runs.h"
#include "services/clip_detail.h"
#include "services/picture_search.h"
#include "services/stopwatch.h"

namespace lenscap {

namespace {

// While dense reading goes on, a picture of a known clip is awaited for so
// long.
constexpr absl::Duration kAttention = absl::Seconds(5);

// What an upload keeps in memory of its compressed pictures, to read them
// again.
constexpr int64_t kMaxKeptBytes = 48 << 20;

// What is made of the frames. Timed as fingerprinting.
class FrameVisitor {
 public:
  virtual ~FrameVisitor() = default;
  virtual absl::Status Visit(const Frame& frame,
                             const FrameFingerprint& fingerprint,
                             VideoReader& reader) = 0;
  // After the last frame.
  virtual absl::Status End(VideoReader& reader) = 0;
};

// Keeps no frames.
absl::StatusOr<VideoFingerprint> ReadFrames(std::unique_ptr<ByteSource> source,
                                            const FileDigests& digests,
                                            const FingerprintOptions& options,
                                            FrameVisitor& visitor) {
  VideoFingerprint video;
  video.upload.digests = digests;
  ASSIGN_OR_RETURN(const std::unique_ptr<VideoReader> reader,
                   Timed(&video.decode_time, [&] {
                     return options.open(std::move(source), options.reader);
                   }));
  bool any = false;
  while (video.ended.ok()) {
    const absl::StatusOr<std::optional<Frame>> frame =
        Timed(&video.decode_time, [&] { return reader->Next(); });
    if (!frame.ok()) video.ended = frame.status();
    if (!frame.ok() || !frame->has_value()) break;
    const Stopwatch stopwatch(&video.fingerprint_time);
    const FrameFingerprint fingerprint = Fingerprint(**frame);
    if (options.on_frame) {
      options.on_frame(**frame, fingerprint, reader->facts());
    }
    video.ended = visitor.Visit(**frame, fingerprint, *reader);
    any = true;
  }
  {
    const Stopwatch stopwatch(&video.fingerprint_time);
    video.ended.Update(visitor.End(*reader));
  }
  if (absl::IsCancelled(video.ended) || !any) RETURN_IF_ERROR(video.ended);
  video.facts = reader->facts();
  video.upload.duration = video.facts.duration();
  return video;
}

// Looks at an upload's frames, and again where they look like a known clip.
class UploadVisitor final : public FrameVisitor {
 public:
  UploadVisitor(const ClipSighter& clips, const PictureSearch::Options& looking)
      : pictures_(clips, looking) {}

  absl::Status Visit(const Frame& frame, const FrameFingerprint& fingerprint,
                     VideoReader& reader) override {
    frames_.push_back(fingerprint);
    if (pictures_.Add(frame, fingerprint)) {
      attentive_until_ = frame.time + kAttention;
    }
    reader.SetDense(frame.time < attentive_until_);
    if (!pictures_.StretchIsFull() &&
        reader.facts().kept_bytes <= kMaxKeptBytes) {
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(LookAgain(reader));
    pictures_.EndStretch();
    reader.Forget();
    return absl::OkStatus();
  }

  absl::Status End(VideoReader& reader) override { return LookAgain(reader); }

  // Adds what was found, and takes the time of reading again for decoding.
  void Finish(VideoFingerprint* video) {
    video->upload.frames = std::move(frames_);
    pictures_.Finish(&video->upload);
    video->fingerprint_time -= read_again_time_;
    video->decode_time += read_again_time_;
  }

 private:
  // Reads again what of the current stretch is worth a look.
  absl::Status LookAgain(VideoReader& reader) {
    const std::vector<TimeSpan> spans = pictures_.WorthALook();
    if (spans.empty()) return absl::OkStatus();
    const Stopwatch stopwatch(&read_again_time_);
    std::vector<FrameFingerprint> frames;
    std::vector<SearchedPicture> pictures;
    ASSIGN_OR_RETURN(const std::vector<TimeSpan> read,
                     reader.ReadAgain(spans, [&](const Frame& frame) {
                       frames.push_back(Fingerprint(frame));
                       pictures.emplace_back(frame, frames.back());
                     }));
    Replace(read, frames);
    pictures_.Replace(read, std::move(pictures));
    return absl::OkStatus();
  }

  // Takes `frames` in place of those within `spans`, which are the latest.
  void Replace(absl::Span<const TimeSpan> spans,
               const std::vector<FrameFingerprint>& frames) {
    if (spans.empty()) return;
    const auto by_time = [](const FrameFingerprint& a,
                            const FrameFingerprint& b) {
      return a.time < b.time;
    };
    FrameFingerprint first;
    first.time = spans.front().start;
    const auto begin = absl::c_lower_bound(frames_, first, by_time);
    const size_t kept = std::distance(frames_.begin(), begin);
    frames_.erase(std::remove_if(begin, frames_.end(),
                                 [&](const FrameFingerprint& frame) {
                                   return IsWithin(spans, frame.time);
                                 }),
                  frames_.end());
    frames_.insert(frames_.end(), frames.begin(), frames.end());
    std::stable_sort(frames_.begin() + kept, frames_.end(), by_time);
  }

  PictureSearch pictures_;
  std::vector<FrameFingerprint> frames_;
  absl::Duration attentive_until_;
  absl::Duration read_again_time_;
};

class ReferenceVisitor final : public FrameVisitor {
 public:
  absl::Status Visit(const Frame& frame, const FrameFingerprint& fingerprint,
                     VideoReader&) override {
    frames_.Add({.hash = fingerprint.hash(),
                 .quality = fingerprint.quality(),
                 .time = fingerprint.time});
    detail_.Add(frame, fingerprint);
    return absl::OkStatus();
  }
  absl::Status End(VideoReader&) override { return absl::OkStatus(); }

  void Finish(VideoFingerprint* video) {
    video->frames = frames_.Finish();
    video->detail = detail_.Finish();
  }

 private:
  FrameRuns<ReferenceFrame> frames_;
  ClipDetailCollector detail_;
};

}  // namespace

bool IsUnreadable(const absl::Status& status) {
  return absl::IsInvalidArgument(status) || absl::IsResourceExhausted(status) ||
         absl::IsDataLoss(status) || absl::IsOutOfRange(status) ||
         absl::IsUnimplemented(status);
}

absl::StatusOr<VideoFingerprint> FingerprintUpload(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options, const ClipSighter& clips,
    const PictureSearch::Options& looking) {
  PictureSearch::Options how = looking;
  how.closely = options.reader.sampling == Sampling::kDense;
  UploadVisitor visitor(clips, how);
  ASSIGN_OR_RETURN(VideoFingerprint video,
                   ReadFrames(std::move(source), digests, options, visitor));
  const Stopwatch stopwatch(&video.fingerprint_time);
  visitor.Finish(&video);
  return video;
}

absl::StatusOr<VideoFingerprint> FingerprintReference(
    std::unique_ptr<ByteSource> source, const FileDigests& digests,
    const FingerprintOptions& options) {
  ReferenceVisitor visitor;
  ASSIGN_OR_RETURN(VideoFingerprint video,
                   ReadFrames(std::move(source), digests, options, visitor));
  const Stopwatch stopwatch(&video.fingerprint_time);
  visitor.Finish(&video);
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
