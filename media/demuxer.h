#ifndef LENSCAP_MEDIA_DEMUXER_H_
#define LENSCAP_MEDIA_DEMUXER_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "media/byte_source.h"
#include "media/ffmpeg_handles.h"
#include "media/media_limits.h"
#include "media/source_io.h"

namespace lenscap {

// Opens an untrusted container and gives the packets of its main video stream.
// While it is opened no decoder runs. Not thread-safe.
class Demuxer {
 public:
  // Errors as VideoReader::Open. `cancelled` may be null and must outlive this.
  static absl::StatusOr<std::unique_ptr<Demuxer>> Open(
      std::unique_ptr<ByteSource> source, const MediaLimits& limits,
      const std::atomic<bool>* cancelled);

  // The next packet, valid until the next call; null at the end. Damage is
  // skipped; an error is the source's.
  absl::StatusOr<const AVPacket*> ReadPacket();

  // The main video stream.
  AVStream& stream() const { return *stream_; }
  std::string container() const { return format_->iformat->name; }
  // As the container states it, or as its timestamps tell.
  std::optional<absl::Duration> declared_duration() const;
  int64_t bytes() const { return io_.bytes(); }

  // Whether a leap of the timestamps is no pause in this container: parts of
  // recordings are joined in it as they are.
  bool timestamps_may_leap() const {
    return (format_->iformat->flags & AVFMT_TS_DISCONT) != 0;
  }

  // To be asked at the end: whether packets that the container promises, or
  // parts of the last one, are missing.
  bool ended_early() const;

  // The source's error, or CANCELLED.
  absl::Status status() { return io_.status(); }

 private:
  Demuxer(std::unique_ptr<ByteSource> source, const MediaLimits& limits,
          const std::atomic<bool>* cancelled);

  absl::Status OpenContainer();
  absl::Status FindStreams();
  absl::Status ChooseStream();
  // Why a call of FFmpeg failed: a limit, the source, or else the input.
  absl::Status Explain(int error, const char* what);
  void Note(const AVPacket& packet);
  bool promises_more_bytes() const;
  bool promises_more_time() const;
  bool ends_within_cell() const;

  const MediaLimits limits_;
  SourceIo io_;
  FormatHandle format_;  // Goes before `io_`, which it reads.
  AVStream* stream_ = nullptr;
  PacketHandle packet_;
  absl::Duration seen_ = -absl::InfiniteDuration();  // End of all packets.
  int errors_ = 0;                                   // Of reading, in a row.
  std::vector<bool> last_damaged_;  // By stream: its last packet.
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_DEMUXER_H_
