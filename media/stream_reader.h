#ifndef LENSCAP_MEDIA_STREAM_READER_H_
#define LENSCAP_MEDIA_STREAM_READER_H_

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/decoder.h"
#include "media/demuxer.h"
#include "media/ffmpeg_handles.h"
#include "media/frame_converter.h"
#include "media/sampler.h"
#include "media/stream_clock.h"
#include "media/video_reader.h"

namespace lenscap {

// What the readers in this process share: a stream, its decoder and clock, and
// the facts about them. Not thread-safe.
class StreamReader : public VideoReader {
 public:
  absl::StatusOr<std::optional<Frame>> Next() final;
  const MediaFacts& facts() const final { return facts_; }

 protected:
  StreamReader(std::unique_ptr<Demuxer> demuxer,
               std::unique_ptr<Decoder> decoder, const ReaderOptions& options);

  virtual absl::StatusOr<std::optional<Frame>> NextSample() = 0;

  // To be asked before each packet: whether to go on.
  absl::Status GoOn();
  // Counts a frame that is given.
  absl::StatusOr<Frame> Give(FrameHandle picture, absl::Duration time);
  // RESOURCE_EXHAUSTED where `time` is beyond max_duration.
  absl::Status CheckDuration(absl::Duration time) const;
  // Says how the stream ended. INVALID_ARGUMENT if there was not one picture.
  absl::Status End();

  const ReaderOptions options_;
  const std::unique_ptr<Demuxer> demuxer_;
  const std::unique_ptr<Decoder> decoder_;
  StreamClock clock_;
  Sampler sampler_;
  MediaFacts facts_;

 private:
  FrameConverter converter_;
  absl::Status failure_;
};

// Gives the frames that a Sampler takes of a full decode.
std::unique_ptr<VideoReader> MakeDenseReader(std::unique_ptr<Demuxer> demuxer,
                                             std::unique_ptr<Decoder> decoder,
                                             const ReaderOptions& options);

// Gives fewer, by Sampling::kSparse or kKeyframes.
std::unique_ptr<VideoReader> MakeSparseReader(std::unique_ptr<Demuxer> demuxer,
                                              std::unique_ptr<Decoder> decoder,
                                              const ReaderOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_STREAM_READER_H_
