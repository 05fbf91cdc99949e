#ifndef LENSCAP_MEDIA_BYTE_SOURCE_H_
#define LENSCAP_MEDIA_BYTE_SOURCE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace lenscap {

// The bytes of one media file, wherever they come from. Not thread-safe.
class ByteSource {
 public:
  virtual ~ByteSource() = default;

  // Reads up to buffer.size() bytes at the absolute `offset`; 0 at the end.
  virtual absl::StatusOr<size_t> ReadAt(int64_t offset,
                                        absl::Span<uint8_t> buffer) = 0;

  // The length where it is known without reading on, else -1.
  virtual int64_t size() const = 0;

  // A descriptor of which all can be read at any offset, or -1. This keeps it.
  virtual int descriptor() const { return -1; }
};

// A file. NOT_FOUND, PERMISSION_DENIED, or INVALID_ARGUMENT for a directory.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenFileSource(
    const std::string& path);

// A descriptor of a file of `size` bytes, which this takes over and closes.
std::unique_ptr<ByteSource> MakeFileSource(int descriptor, int64_t size);

// What `source`, which must outlive this, has.
std::unique_ptr<ByteSource> MakeBorrowedSource(ByteSource* source);

// A descriptor that may be a pipe, which this takes over and closes. What was
// read of a pipe is kept in an unlinked temporary file, so that a container
// with its index at the end can still be read. Reading beyond `max_bytes` is
// RESOURCE_EXHAUSTED.
absl::StatusOr<std::unique_ptr<ByteSource>> OpenDescriptorSource(
    int descriptor, int64_t max_bytes);

// Bytes in memory.
std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes);

}  // namespace lenscap

#endif  // LENSCAP_MEDIA_BYTE_SOURCE_H_
