#include "tests/fuzz/file_parts.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "base/digest.h"
#include "zlib.h"

namespace lenscap {

std::string BigEndian(uint64_t value, size_t bytes) {
  std::string number(bytes, '\0');
  for (size_t i = bytes; i-- > 0; value >>= 8) {
    number[i] = static_cast<char>(value);
  }
  return number;
}

std::string Box(absl::string_view name, absl::string_view payload) {
  return absl::StrCat(BigEndian(payload.size() + 8, 4), name, payload);
}

std::string Element(uint32_t id, absl::string_view payload) {
  const size_t id_bytes = id > 0xFFFFFF ? 4
                          : id > 0xFFFF ? 3
                          : id > 0xFF   ? 2
                                        : 1;
  return absl::StrCat(BigEndian(id, id_bytes), "\x01",
                      BigEndian(payload.size(), 7), payload);
}

std::string Element(uint32_t id, uint64_t value) {
  return Element(id, BigEndian(value, 8));
}

std::string PngChunk(absl::string_view name, absl::string_view payload) {
  const std::string checked = absl::StrCat(name, payload);
  return absl::StrCat(BigEndian(payload.size(), 4), checked,
                      BigEndian(Crc32(checked), 4));
}

std::string ZlibZeros(size_t bytes) {
  z_stream stream = {};
  deflateInit(&stream, Z_BEST_SPEED);
  std::string zeros(64 << 10, '\0');
  std::string output(64 << 10, '\0');
  std::string compressed;
  int result = Z_OK;
  while (result == Z_OK) {
    const size_t count = std::min(bytes, zeros.size());
    if (stream.avail_in == 0) {
      stream.next_in = reinterpret_cast<Bytef*>(zeros.data());
      stream.avail_in = static_cast<uInt>(count);
      bytes -= count;
    }
    stream.next_out = reinterpret_cast<Bytef*>(output.data());
    stream.avail_out = static_cast<uInt>(output.size());
    result = deflate(&stream, bytes == 0 ? Z_FINISH : Z_NO_FLUSH);
    compressed.append(output, 0, output.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  return compressed;
}

}  // namespace lenscap
