#include "media/stream_clock.h"

namespace lenscap {
namespace {

// How long a frame may be shown before the next. Joined recordings leap by
// hours; elsewhere, a still scene may well last minutes.
constexpr absl::Duration kMaxGap = absl::Hours(1);
constexpr absl::Duration kMaxGapWhereTimesLeap = absl::Seconds(10);

// For frames that nothing states a duration of.
constexpr absl::Duration kUsualFrame = absl::Milliseconds(40);

}  // namespace

StreamClock::StreamClock(const Demuxer& demuxer)
    : stream_(demuxer.stream()),
      max_gap_(demuxer.timestamps_may_leap() ? kMaxGapWhereTimesLeap : kMaxGap),
      timeline_(stream_.time_base.num, stream_.time_base.den, max_gap_) {}

absl::Duration StreamClock::Place(const AVFrame& picture) {
  return timeline_.Place(TimestampOf(picture), ShownFor(picture.pkt_duration));
}

absl::Duration StreamClock::PlaceUndecoded(const AVPacket& packet) {
  latest_timestamp_ = packet.pts;
  return timeline_.Place(packet.pts, ShownFor(packet.duration));
}

std::optional<absl::Duration> StreamClock::Foresee(
    const AVPacket& packet) const {
  if (packet.pts == AV_NOPTS_VALUE) return std::nullopt;
  return timeline_.Foresee(packet.pts);
}

std::optional<int64_t> StreamClock::TimestampOf(const AVFrame& picture) {
  const int64_t timestamp = picture.best_effort_timestamp;
  if (timestamp == AV_NOPTS_VALUE) return std::nullopt;
  // Without a timestamp of its own it got the time of decoding, which may be
  // long before that of showing.
  const bool is_guess = picture.pts == AV_NOPTS_VALUE;
  if (is_guess && timestamp <= latest_timestamp_) return std::nullopt;
  latest_timestamp_ = timestamp;
  return timestamp;
}

absl::Duration StreamClock::ShownFor(int64_t ticks) const {
  double seconds = static_cast<double>(ticks) * av_q2d(stream_.time_base);
  if (seconds <= 0) {
    const AVRational rate = av_guess_frame_rate(nullptr, &stream_, nullptr);
    if (rate.num > 0 && rate.den > 0) seconds = 1 / av_q2d(rate);
  }
  const absl::Duration duration = absl::Seconds(seconds);
  return absl::ZeroDuration() < duration && duration <= max_gap_ ? duration
                                                                 : kUsualFrame;
}

absl::Duration StreamClock::ToDuration(int64_t ticks) const {
  return absl::Seconds(static_cast<double>(ticks) * av_q2d(stream_.time_base));
}

}  // namespace lenscap
