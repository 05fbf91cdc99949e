#ifndef LENSCAP_MEDIA_DENSE_DECODING_H_
#define LENSCAP_MEDIA_DENSE_DECODING_H_

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/decoder.h"
#include "media/ffmpeg_handles.h"
#include "media/sampler.h"
#include "media/stream_clock.h"

namespace lenscap {

// Decodes a stream packet by packet and gives the pictures that a Sampler
// takes, as a full decode has them. What no other picture needs is decoded only
// where it may be sampled. Not thread-safe; what it points to must outlive it.
class DenseDecoding {
 public:
  DenseDecoding(Decoder* decoder, StreamClock* clock, Sampler* sampler,
                absl::Duration sample_interval)
      : decoder_(decoder),
        clock_(clock),
        sampler_(sampler),
        plan_(sample_interval) {}

  // As Decoder::Send.
  absl::Status Send(const AVPacket* packet);

  struct Picture {
    FrameHandle frame;  // Null when there is none until the next packet.
    absl::Duration time;
    bool sampled = false;
  };
  // The next picture that was decoded, in order of presentation.
  absl::StatusOr<Picture> Receive();

  // The end of the last picture, decoded or left out.
  absl::Duration end() const { return end_; }

 private:
  bool IsSpare(const AVPacket& packet);

  Decoder* const decoder_;
  StreamClock* const clock_;
  Sampler* const sampler_;
  SamplePlan plan_;
  absl::Duration end_;
  bool pts_differ_from_dts_ = false;  // In some packet.
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DENSE_DECODING_H_
