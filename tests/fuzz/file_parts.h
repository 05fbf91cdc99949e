#ifndef LENSCAP_TESTS_FUZZ_FILE_PARTS_H_
#define LENSCAP_TESTS_FUZZ_FILE_PARTS_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

// What media files are put together from by hand.
namespace lenscap {

std::string BigEndian(uint64_t value, size_t bytes);

// ISO base media and QuickTime: length, name, payload.
std::string Box(absl::string_view name, absl::string_view payload);

// Matroska: id, length in eight bytes, payload.
std::string Element(uint32_t id, absl::string_view payload);
std::string Element(uint32_t id, uint64_t value);

// PNG: length, name, payload, checksum.
std::string PngChunk(absl::string_view name, absl::string_view payload);

// A zlib stream (RFC 1950) that grows into `bytes` zeros.
std::string ZlibZeros(size_t bytes);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_FILE_PARTS_H_
