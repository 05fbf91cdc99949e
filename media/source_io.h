#ifndef LENSCAP_MEDIA_SOURCE_IO_H_
#define LENSCAP_MEDIA_SOURCE_IO_H_

#include <atomic>
#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "media/byte_source.h"
#include "media/ffmpeg_handles.h"

namespace lenscap {

// FFmpeg's view of a ByteSource: all that it can read. FFmpeg takes any failure
// of a read for the end of the file, so the failure is kept here: ask status()
// after each call that may read. Not thread-safe.
class SourceIo {
 public:
  // `cancelled` may be null; it must outlive this.
  SourceIo(std::unique_ptr<ByteSource> source, int64_t max_bytes,
           const std::atomic<bool>* cancelled);
  SourceIo(const SourceIo&) = delete;
  SourceIo& operator=(const SourceIo&) = delete;

  AVIOContext* avio() { return avio_.get(); }

  // The first failure: the source's own, RESOURCE_EXHAUSTED beyond max_bytes,
  // or CANCELLED, as soon as it has been cancelled.
  absl::Status status();

  // The source's length, or what was read of it where that is unknown.
  int64_t bytes() const;
  // The source's length, or -1.
  int64_t size() const { return source_->size(); }

 private:
  static int Read(void* self, uint8_t* buffer, int length);
  static int64_t Seek(void* self, int64_t offset, int whence);

  int ReadHere(absl::Span<uint8_t> buffer);

  const std::unique_ptr<ByteSource> source_;
  const int64_t max_bytes_;
  const std::atomic<bool>* const cancelled_;
  int64_t position_ = 0;
  int64_t furthest_ = 0;  // The end of what was read.
  absl::Status status_;
  AvioHandle avio_;
};

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_SOURCE_IO_H_
