#include "media/video_reader.h"

#include <utility>

#include "absl/algorithm/container.h"
#include "base/status_macros.h"
#include "media/decoder.h"
#include "media/demuxer.h"
#include "media/stream_reader.h"

namespace lenscap {
namespace {

// Whether a picture that is called a keyframe needs no other. In animated
// images each is drawn over the one before.
bool HasKeyframes(const AVStream& stream) {
  switch (stream.codecpar->codec_id) {
    case AV_CODEC_ID_APNG:
    case AV_CODEC_ID_GIF:
    case AV_CODEC_ID_WEBP:
      return false;
    default:
      return true;
  }
}

}  // namespace

bool IsWithin(absl::Span<const TimeSpan> spans, absl::Duration time) {
  return absl::c_any_of(spans, [time](const TimeSpan& span) {
    return span.start <= time && time < span.end;
  });
}

absl::Duration MediaFacts::duration() const {
  if (frames_decoded > 0) return decoded_duration;
  return declared_duration.value_or(absl::ZeroDuration());
}

absl::StatusOr<std::unique_ptr<VideoReader>> VideoReader::Open(
    std::unique_ptr<ByteSource> source, ReaderOptions options) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<Demuxer> demuxer,
      Demuxer::Open(std::move(source), options.limits, options.cancelled));
  ASSIGN_OR_RETURN(std::unique_ptr<Decoder> decoder,
                   Decoder::Open(demuxer->stream(), options.limits.max_pixels));
  const bool sparse = options.sampling != Sampling::kDense &&
                      options.sample_interval > absl::ZeroDuration() &&
                      HasKeyframes(demuxer->stream());
  return sparse
             ? MakeSparseReader(std::move(demuxer), std::move(decoder), options)
             : MakeDenseReader(std::move(demuxer), std::move(decoder), options);
}

}  // namespace lenscap
