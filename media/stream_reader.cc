#include "media/stream_reader.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {

StreamReader::StreamReader(std::unique_ptr<Demuxer> demuxer,
                           std::unique_ptr<Decoder> decoder,
                           const ReaderOptions& options)
    : options_(options),
      demuxer_(std::move(demuxer)),
      decoder_(std::move(decoder)),
      clock_(*demuxer_),
      sampler_(options.sample_interval),
      converter_(demuxer_->stream(), options.limits.max_pixels) {
  facts_.container = demuxer_->container();
  facts_.codec = avcodec_get_name(demuxer_->stream().codecpar->codec_id);
  facts_.declared_duration = demuxer_->declared_duration();
  facts_.bytes = demuxer_->bytes();
  const PixelSize size = converter_.declared_size();
  facts_.width = size.width;
  facts_.height = size.height;
}

absl::StatusOr<std::optional<Frame>> StreamReader::Next() {
  if (!failure_.ok()) return failure_;
  absl::StatusOr<std::optional<Frame>> frame = NextSample();
  failure_ = frame.status();
  facts_.bytes = demuxer_->bytes();
  return frame;
}

absl::Status StreamReader::GoOn() {
  if (options_.alive) options_.alive();
  return demuxer_->status();
}

absl::StatusOr<Frame> StreamReader::Give(FrameHandle picture,
                                         absl::Duration time) {
  ASSIGN_OR_RETURN(Frame frame, converter_.Convert(std::move(picture), time));
  facts_.width = frame.luma.width;
  facts_.height = frame.luma.height;
  ++facts_.frames_sampled;
  return frame;
}

absl::Status StreamReader::CheckDuration(absl::Duration time) const {
  if (time <= options_.limits.max_duration) return absl::OkStatus();
  return absl::ResourceExhaustedError(
      absl::StrCat("the media lasts longer than max_duration, ",
                   absl::FormatDuration(options_.limits.max_duration)));
}

absl::Status StreamReader::End() {
  facts_.truncated = demuxer_->ended_early() || decoder_->last_damaged();
  if (facts_.frames_decoded > 0) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("not one picture in the ", facts_.codec, " video stream"));
}

}  // namespace lenscap
