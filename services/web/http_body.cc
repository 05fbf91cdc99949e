#include "services/web/http_body.h"

#include <algorithm>

#include "absl/strings/ascii.h"

namespace lenscap {
namespace {

constexpr int kMaxSizeDigits = 15;  // Hexadecimal, so that no sum overflows.
constexpr int kMaxExtensionBytes = 256;

int DigitOf(char c) {
  return absl::ascii_isdigit(c) ? c - '0' : absl::ascii_tolower(c) - 'a' + 10;
}

}  // namespace

bool HttpBody::ReadByte(char& byte, absl::Time deadline) {
  return wire_->Read(&byte, 1, deadline) == 1;
}

bool HttpBody::ReadLineEnd(absl::Time deadline) {
  char byte = 0;
  return ReadByte(byte, deadline) && byte == '\r' && ReadByte(byte, deadline) &&
         byte == '\n';
}

// The line before the bytes of a chunk; after the last chunk, the end.
bool HttpBody::BeginChunk(absl::Time deadline) {
  if (in_chunk_ && !ReadLineEnd(deadline)) return false;
  int64_t size = 0;
  int digits = 0;
  char byte = 0;
  while (ReadByte(byte, deadline) && absl::ascii_isxdigit(byte)) {
    if (++digits > kMaxSizeDigits) return false;
    size = size * 16 + DigitOf(byte);
  }
  if (digits == 0) return false;
  if (byte == ';') {
    int skipped = 0;
    while (ReadByte(byte, deadline) && byte != '\r') {
      if (byte == '\n' || ++skipped > kMaxExtensionBytes) return false;
    }
  }
  if (byte != '\r' || !ReadByte(byte, deadline) || byte != '\n') return false;
  left_ = size;
  in_chunk_ = true;
  if (size > 0) return true;
  ended_ = ReadLineEnd(deadline);
  return ended_;
}

ssize_t HttpBody::Read(char* bytes, size_t size, absl::Time deadline) {
  if (ended_) return 0;
  if (left_ == 0 && !failed_) failed_ = !BeginChunk(deadline);
  if (failed_) return -1;
  if (ended_) return 0;
  const ssize_t received = wire_->Read(
      bytes, static_cast<size_t>(std::min<uint64_t>(size, left_)), deadline);
  failed_ = received <= 0;
  if (failed_) return -1;
  left_ -= received;
  ended_ = !chunked_ && left_ == 0;
  return received;
}

}  // namespace lenscap
