#ifndef LENSCAP_BASE_BYTE_READER_H_
#define LENSCAP_BASE_BYTE_READER_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/types/span.h"

namespace lenscap {

// Bytes that are read once, from the first to the last. Not thread-safe.
class ByteReader {
 public:
  virtual ~ByteReader() = default;

  // Reads 1 to buffer.size() bytes, which is not 0; 0 at the end, and only
  // there.
  virtual absl::StatusOr<size_t> Read(absl::Span<char> buffer) = 0;
};

// A file, or a pipe by its path. Errors name it.
absl::StatusOr<std::unique_ptr<ByteReader>> OpenByteReader(
    const std::string& path);

// Bytes in memory.
std::unique_ptr<ByteReader> MakeByteReader(std::string bytes);

}  // namespace lenscap

#endif  // LENSCAP_BASE_BYTE_READER_H_
