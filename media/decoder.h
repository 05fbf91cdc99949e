#ifndef LENSCAP_MEDIA_DECODER_H_
#define LENSCAP_MEDIA_DECODER_H_

#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "media/ffmpeg_handles.h"

namespace lenscap {

// The decoder of media/formats.h for `codec`, or null.
const AVCodec* FindDecoder(AVCodecID codec);

// Decodes one video stream in the calling thread. Packets that cannot be
// decoded are skipped. Not thread-safe.
class Decoder {
 public:
  // INVALID_ARGUMENT if the stream's header is damaged. RESOURCE_EXHAUSTED, now
  // or from the calls below, for a picture of more than `max_pixels`.
  static absl::StatusOr<std::unique_ptr<Decoder>> Open(const AVStream& stream,
                                                       int64_t max_pixels);

  // Takes the next packet; null says that there are no more. To be called when
  // Receive has nothing left.
  absl::Status Send(const AVPacket* packet);

  // As above, but the packet's picture itself is not wanted: it is decoded only
  // if others need it, and then may be given or not.
  absl::Status SendSpare(const AVPacket& packet);

  // From the next packet on: leaves the loop filter out where the codec lets
  // it, which shows in the picture and is cheaper.
  void SetLoopFilter(bool on);
  // Decodes the packet of a keyframe alone; null where that gives no whole
  // picture. Forgets what was sent before and after.
  absl::StatusOr<FrameHandle> DecodeAlone(const AVPacket& key);
  // Forgets what was sent: the next packet is to be a keyframe's.
  void Flush();

  // The next picture in order of presentation; null when there is none until
  // the next packet, or, after the last packet, none any more.
  absl::StatusOr<FrameHandle> Receive();

  // Whether the stream, as far as is known, shows pictures in another order
  // than it codes them.
  bool reorders() const { return context_->has_b_frames > 0; }

  // Whether the last packet or picture was damaged, and whether any was.
  bool last_damaged() const { return last_damaged_; }
  bool damaged() const { return damaged_; }

 private:
  Decoder(CodecHandle context, int64_t max_pixels)
      : context_(std::move(context)), max_pixels_(max_pixels) {}

  // Takes note of a failed call: OK where it was mere damage.
  absl::Status Judge(int error);
  absl::Status CheckPixels(int64_t pixels) const;

  const CodecHandle context_;
  const int64_t max_pixels_;
  bool last_damaged_ = false;
  bool damaged_ = false;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DECODER_H_
