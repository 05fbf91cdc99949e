#ifndef LENSCAP_MEDIA_VIDEO_READER_H_
#define LENSCAP_MEDIA_VIDEO_READER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/time_span.h"
#include "media/byte_source.h"
#include "media/frame.h"
#include "media/media_limits.h"

namespace lenscap {

// Which frames are given.
enum class Sampling {
  // The first one at or after each multiple of the interval, as a full decode
  // has them. Costs up to a full decode.
  kDense,
  // Fewer, and not quite as they are: what can be had cheaply, never more than
  // max_gap apart unless the scene demonstrably stands still. What a stream
  // consists of decides, group of pictures by group: keyframes alone where
  // they are close; else what other pictures need, without the loop filter,
  // until the next keyframe is near. Where its timestamps or keyframes tell
  // nothing, or it is damaged, this is kDense.
  kSparse,
  // Keyframes alone, wherever there are any.
  kKeyframes,
};

// Whether any of the spans contains `time`.
bool IsWithin(absl::Span<const TimeSpan> spans, absl::Duration time);

struct ReaderOptions {
  // Zero gives every frame.
  absl::Duration sample_interval = absl::Milliseconds(500);
  Sampling sampling = Sampling::kDense;
  absl::Duration max_gap = absl::Seconds(2);
  MediaLimits limits = {};
  // Set by another thread, it ends the read soon, with CANCELLED. Must outlive
  // the reader; may be null.
  const std::atomic<bool>* cancelled = nullptr;
  // Called again and again while a call goes on, on its thread; may be null.
  std::function<void()> alive = nullptr;
};

// What the file says of itself and what has been decoded of it so far.
struct MediaFacts {
  std::string container;  // FFmpeg's short name, such as "matroska,webm".
  std::string codec;      // FFmpeg's short name, such as "h264".
  // Of the latest frame, upright, with square pixels. Before the first, as the
  // container declares it, or 0.
  int width = 0;
  int height = 0;
  std::optional<absl::Duration> declared_duration;
  absl::Duration decoded_duration;  // End of the last frame read.
  // Frames that no other depends on are decoded only where they are sampled.
  int64_t frames_decoded = 0;
  int64_t frames_sampled = 0;  // Given, by whichever call.
  int64_t bytes = 0;           // Length of the file, or what was read of it.
  // At the end: the file ended or broke early; what came before is good. A
  // quarter of a second that is missing at the very end may go unnoticed.
  bool truncated = false;
  // The compressed pictures that ReadAgain can still read.
  int64_t kept_bytes = 0;

  // As decoded, or as declared where nothing is decoded yet.
  absl::Duration duration() const;
};

// Decodes the main video stream of an untrusted file (or the one picture of an
// image) into frames at their presentation times. The stream is the one FFmpeg
// calls best, never an attached picture unless there is nothing else.
// FFmpeg gets no protocol, only the demuxers and decoders of media/formats.h,
// and may open nothing but the bytes it was given. Not thread-safe.
class VideoReader {
 public:
  // INVALID_ARGUMENT for what is no video or image, is empty, or has no video
  // stream; RESOURCE_EXHAUSTED beyond a limit; else the source's error.
  static absl::StatusOr<std::unique_ptr<VideoReader>> Open(
      std::unique_ptr<ByteSource> source, ReaderOptions options);

  virtual ~VideoReader() = default;

  // The next sampled frame, in order of time; nullopt at the end.
  // INVALID_ARGUMENT if the stream turns out to hold not one picture.
  virtual absl::StatusOr<std::optional<Frame>> Next() = 0;

  // Whether Next gives frames by kDense from the next group of pictures on.
  virtual void SetDense(bool dense) = 0;

  // Calls `on_frame`, in order of time, with the frames by kDense of all groups
  // of pictures that were read sparsely and overlap `spans`, as far as they are
  // among the latest 64 MB and were not forgotten. Returns when these groups
  // were shown, in order of time: there, the frames are to be taken instead of
  // those of Next. No group is read again twice.
  virtual absl::StatusOr<std::vector<TimeSpan>> ReadAgain(
      absl::Span<const TimeSpan> spans,
      const std::function<void(const Frame&)>& on_frame) = 0;

  // What was given so far will not be read again.
  virtual void Forget() = 0;

  virtual const MediaFacts& facts() const = 0;
};

// Where frames come from: VideoReader::Open, or what does it elsewhere.
using OpenVideo = std::function<absl::StatusOr<std::unique_ptr<VideoReader>>(
    std::unique_ptr<ByteSource>, ReaderOptions)>;

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_VIDEO_READER_H_
