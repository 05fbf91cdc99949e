#include "media/source_io.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"

namespace lenscap {
namespace {

constexpr int kBufferBytes = 64 << 10;

}  // namespace

SourceIo::SourceIo(std::unique_ptr<ByteSource> source, int64_t max_bytes,
                   const std::atomic<bool>* cancelled)
    : source_(std::move(source)),
      max_bytes_(max_bytes),
      cancelled_(cancelled),
      avio_(avio_alloc_context(
          static_cast<uint8_t*>(av_malloc(kBufferBytes)), kBufferBytes,
          /*write_flag=*/0, this, &SourceIo::Read, nullptr, &SourceIo::Seek)) {}

absl::Status SourceIo::status() {
  if (status_.ok() && cancelled_ != nullptr && *cancelled_) {
    status_ = absl::CancelledError("reading the media was cancelled");
  }
  return status_;
}

int64_t SourceIo::bytes() const {
  return source_->size() >= 0 ? source_->size() : furthest_;
}

int SourceIo::Read(void* self, uint8_t* buffer, int length) {
  return static_cast<SourceIo*>(self)->ReadHere(
      absl::MakeSpan(buffer, std::max(length, 0)));
}

int SourceIo::ReadHere(absl::Span<uint8_t> buffer) {
  if (!status().ok()) return AVERROR_EXIT;
  const absl::StatusOr<size_t> count = source_->ReadAt(position_, buffer);
  if (!count.ok()) {
    status_ = count.status();
    return AVERROR_EXTERNAL;
  }
  if (*count == 0) return AVERROR_EOF;
  position_ += static_cast<int64_t>(*count);
  furthest_ = std::max(furthest_, position_);
  if (furthest_ > max_bytes_) {
    status_ = absl::ResourceExhaustedError(
        absl::StrCat("the media is longer than max_bytes, ", max_bytes_));
    return AVERROR_EXTERNAL;
  }
  return static_cast<int>(*count);
}

int64_t SourceIo::Seek(void* self, int64_t offset, int whence) {
  SourceIo& io = *static_cast<SourceIo*>(self);
  const int64_t size = io.source_->size();
  int64_t base = 0;
  switch (whence & ~AVSEEK_FORCE) {
    case AVSEEK_SIZE:
      return size >= 0 ? size : AVERROR(ENOSYS);
    case SEEK_SET:
      break;
    case SEEK_CUR:
      base = io.position_;
      break;
    case SEEK_END:
      if (size < 0) return AVERROR(ENOSYS);
      base = size;
      break;
    default:
      return AVERROR(EINVAL);
  }
  int64_t target;
  if (__builtin_add_overflow(base, offset, &target) || target < 0) {
    return AVERROR(EINVAL);
  }
  return io.position_ = target;
}

}  // namespace lenscap
