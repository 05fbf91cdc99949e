#include "media/video_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "media/decoder.h"
#include "media/demuxer.h"
#include "media/ffmpeg_handles.h"
#include "media/frame_converter.h"
#include "media/sampler.h"
#include "media/timeline.h"

namespace lenscap {
namespace {

// How long a frame may be shown before the next. Joined recordings leap by
// hours; elsewhere, a still scene may well last minutes.
constexpr absl::Duration kMaxGap = absl::Hours(1);
constexpr absl::Duration kMaxGapWhereTimesLeap = absl::Seconds(10);

// For frames that nothing states a duration of.
constexpr absl::Duration kUsualFrame = absl::Milliseconds(40);

absl::Duration MaxGap(const Demuxer& demuxer) {
  return demuxer.timestamps_may_leap() ? kMaxGapWhereTimesLeap : kMaxGap;
}

class FfmpegVideoReader final : public VideoReader {
 public:
  FfmpegVideoReader(std::unique_ptr<Demuxer> demuxer,
                    std::unique_ptr<Decoder> decoder,
                    const ReaderOptions& options)
      : options_(options),
        demuxer_(std::move(demuxer)),
        decoder_(std::move(decoder)),
        converter_(demuxer_->stream(), options.limits.max_pixels),
        timeline_(demuxer_->stream().time_base.num,
                  demuxer_->stream().time_base.den, MaxGap(*demuxer_)),
        sampler_(options.sample_interval),
        plan_(options.sample_interval) {
    facts_.container = demuxer_->container();
    facts_.codec = avcodec_get_name(demuxer_->stream().codecpar->codec_id);
    facts_.declared_duration = demuxer_->declared_duration();
    facts_.bytes = demuxer_->bytes();
    const PictureSize size = converter_.declared_size();
    facts_.width = size.width;
    facts_.height = size.height;
  }

  absl::StatusOr<std::optional<Frame>> Next() override {
    if (!failure_.ok()) return failure_;
    absl::StatusOr<std::optional<Frame>> frame = NextSample();
    failure_ = frame.status();
    facts_.bytes = demuxer_->bytes();
    return frame;
  }

  const MediaFacts& facts() const override { return facts_; }

 private:
  absl::StatusOr<std::optional<Frame>> NextSample() {
    while (true) {
      ASSIGN_OR_RETURN(FrameHandle picture, NextPicture());
      if (picture == nullptr) return std::nullopt;
      const absl::Duration time = Place(*picture);
      if (time > options_.limits.max_duration) {
        return absl::ResourceExhaustedError(
            absl::StrCat("the media lasts longer than max_duration, ",
                         absl::FormatDuration(options_.limits.max_duration)));
      }
      if (!sampler_.Take(time)) continue;
      ASSIGN_OR_RETURN(Frame frame,
                       converter_.Convert(std::move(picture), time));
      facts_.width = frame.luma.width;
      facts_.height = frame.luma.height;
      ++facts_.frames_sampled;
      return frame;
    }
  }

  // The next decoded picture; null at the end.
  absl::StatusOr<FrameHandle> NextPicture() {
    while (!ended_) {
      RETURN_IF_ERROR(demuxer_->status());
      ASSIGN_OR_RETURN(FrameHandle picture, decoder_->Receive());
      if (picture != nullptr) return picture;
      if (draining_) {
        RETURN_IF_ERROR(End());
      } else {
        RETURN_IF_ERROR(SendPacket());
      }
    }
    return nullptr;
  }

  absl::Status SendPacket() {
    ASSIGN_OR_RETURN(const AVPacket* packet, demuxer_->ReadPacket());
    draining_ = packet == nullptr;
    return !draining_ && IsSpare(*packet) ? decoder_->SendSpare(*packet)
                                          : decoder_->Send(packet);
  }

  // Whether the packet's picture will surely not be sampled. In a damaged
  // stream nothing is sure: the one that was to be sampled may be lost.
  bool IsSpare(const AVPacket& packet) {
    if (packet.pts == AV_NOPTS_VALUE) return false;
    pts_differ_from_dts_ |= packet.pts != packet.dts;
    // Some files keep times of decoding and call them times of showing.
    const bool is_true = pts_differ_from_dts_ || !decoder_->reorders();
    if (!is_true || decoder_->damaged()) return false;
    const std::optional<absl::Duration> time = timeline_.Foresee(packet.pts);
    if (!time || !plan_.IsSpare(*time)) return false;
    const absl::Duration end = *time + ShownFor(packet.duration);
    facts_.decoded_duration = std::max(facts_.decoded_duration, end);
    return true;
  }

  absl::Status End() {
    ended_ = true;
    facts_.truncated = demuxer_->ended_early() || decoder_->last_damaged();
    if (facts_.frames_decoded > 0) return absl::OkStatus();
    return absl::InvalidArgumentError(
        absl::StrCat("not one picture in the ", facts_.codec, " video stream"));
  }

  absl::Duration Place(const AVFrame& picture) {
    const absl::Duration time =
        timeline_.Place(TimestampOf(picture), ShownFor(picture.pkt_duration));
    facts_.decoded_duration =
        std::max(facts_.decoded_duration, timeline_.end());
    ++facts_.frames_decoded;
    return time;
  }

  std::optional<int64_t> TimestampOf(const AVFrame& picture) {
    const int64_t timestamp = picture.best_effort_timestamp;
    if (timestamp == AV_NOPTS_VALUE) return std::nullopt;
    // Without a timestamp of its own it got the time of decoding, which may
    // be long before that of showing.
    const bool is_guess = picture.pts == AV_NOPTS_VALUE;
    if (is_guess && timestamp <= latest_timestamp_) return std::nullopt;
    latest_timestamp_ = timestamp;
    return timestamp;
  }

  absl::Duration ShownFor(int64_t ticks) const {
    AVStream& stream = demuxer_->stream();
    double seconds = static_cast<double>(ticks) * av_q2d(stream.time_base);
    if (seconds <= 0) {
      const AVRational rate = av_guess_frame_rate(nullptr, &stream, nullptr);
      if (rate.num > 0 && rate.den > 0) seconds = 1 / av_q2d(rate);
    }
    const absl::Duration duration = absl::Seconds(seconds);
    return absl::ZeroDuration() < duration && duration <= MaxGap(*demuxer_)
               ? duration
               : kUsualFrame;
  }

  const ReaderOptions options_;
  const std::unique_ptr<Demuxer> demuxer_;
  const std::unique_ptr<Decoder> decoder_;
  FrameConverter converter_;
  Timeline timeline_;
  Sampler sampler_;
  SamplePlan plan_;
  MediaFacts facts_;
  std::optional<int64_t> latest_timestamp_;
  bool pts_differ_from_dts_ = false;  // In some packet.
  bool draining_ = false;             // All packets are with the decoder.
  bool ended_ = false;
  absl::Status failure_;
};

}  // namespace

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
  return std::make_unique<FfmpegVideoReader>(std::move(demuxer),
                                             std::move(decoder), options);
}

}  // namespace lenscap
