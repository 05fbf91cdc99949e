#ifndef LENSCAP_MEDIA_STREAM_CLOCK_H_
#define LENSCAP_MEDIA_STREAM_CLOCK_H_

#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "media/demuxer.h"
#include "media/ffmpeg_handles.h"
#include "media/timeline.h"

namespace lenscap {

// When the pictures of a demuxer's stream are shown, from the start of the
// media. Not thread-safe.
class StreamClock {
 public:
  // `demuxer` must outlive this.
  explicit StreamClock(const Demuxer& demuxer);

  // The time of the next decoded picture, in order of presentation.
  absl::Duration Place(const AVFrame& picture);
  // The time of the next picture, which has the presentation timestamp of
  // `packet` and need not be decoded.
  absl::Duration PlaceUndecoded(const AVPacket& packet);
  // The time of a picture that is yet to come, if what was placed tells.
  std::optional<absl::Duration> Foresee(const AVPacket& packet) const;

  // How long a picture is shown that lasts `ticks` of the stream's clock, or
  // as its frame rate says where these tell nothing.
  absl::Duration ShownFor(int64_t ticks) const;
  // A difference of timestamps.
  absl::Duration ToDuration(int64_t ticks) const;

  // The end of the last picture that was placed.
  absl::Duration end() const { return timeline_.end(); }

 private:
  std::optional<int64_t> TimestampOf(const AVFrame& picture);

  AVStream& stream_;
  const absl::Duration max_gap_;
  Timeline timeline_;
  std::optional<int64_t> latest_timestamp_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_STREAM_CLOCK_H_
