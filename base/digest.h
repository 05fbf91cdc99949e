#ifndef LENSCAP_BASE_DIGEST_H_
#define LENSCAP_BASE_DIGEST_H_

#include <array>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/string_view.h"

namespace lenscap {

using Sha256 = std::array<uint8_t, 32>;
using Sha1 = std::array<uint8_t, 20>;
using Md5 = std::array<uint8_t, 16>;

// The digests that identify a file exactly.
struct FileDigests {
  Sha256 sha256;
  Md5 md5;
  Sha1 sha1 = {};
  friend bool operator==(const FileDigests&, const FileDigests&) = default;
};

// Computes all digests of bytes that arrive piece by piece (OpenSSL's EVP).
// Movable; not thread-safe.
class Digester {
 public:
  Digester();
  ~Digester();
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;

  void Update(absl::string_view bytes);
  // Of everything so far. More may follow.
  FileDigests Finish() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

Sha256 Sha256Of(absl::string_view bytes);

// CRC-32 as gzip, PNG and every standard library have it (RFC 1952).
uint32_t Crc32(absl::string_view bytes);

// Any array of bytes as the string that protos and databases keep.
template <size_t n>
std::string ToBytes(const std::array<uint8_t, n>& bytes) {
  return std::string(bytes.begin(), bytes.end());
}

// Lower-case hexadecimal digits.
template <size_t n>
std::string ToHex(const std::array<uint8_t, n>& bytes) {
  return absl::BytesToHexString(ToBytes(bytes));
}

}  // namespace lenscap

#endif  // LENSCAP_BASE_DIGEST_H_
