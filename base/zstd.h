#ifndef LENSCAP_BASE_ZSTD_H_
#define LENSCAP_BASE_ZSTD_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/byte_reader.h"

namespace lenscap {

// Zstandard (RFC 8878), one frame a file, with bounds for input from strangers.

struct ZstdLimits {
  int64_t max_bytes = int64_t{16} << 30;  // Of what comes out.
  // At most this many bytes come out for one that goes in, beside the first
  // 16 MiB. Zeros reach 30,000; hash lists stay below 20.
  int64_t max_ratio = 256;
  // Memory for the window: 8 MiB, which `zstd` keeps to up to level 19.
  int window_log = 23;
};

// What `file` holds, decompressed if it begins as Zstandard does, else as it
// is. INVALID_ARGUMENT for damage, for what stands behind the frame, for an end
// before its end, and beyond a limit.
std::unique_ptr<ByteReader> MakeInflatingReader(
    std::unique_ptr<ByteReader> file, const ZstdLimits& limits = {});

// Compresses bytes that arrive piece by piece into one frame with a checksum.
// Move-only; not thread-safe.
class ZstdWriter {
 public:
  ZstdWriter();
  ZstdWriter(ZstdWriter&&) noexcept;
  ~ZstdWriter();

  // What can be written out so far.
  std::string Add(absl::string_view bytes);
  // The rest, once all was added.
  std::string Finish();

 private:
  struct State;
  std::string Push(absl::string_view bytes, bool end);
  std::unique_ptr<State> state_;
};

std::string ZstdCompress(absl::string_view bytes);
// INVALID_ARGUMENT as above, and unless it begins as Zstandard does.
absl::StatusOr<std::string> ZstdDecompress(absl::string_view bytes,
                                           const ZstdLimits& limits);

}  // namespace lenscap

#endif  // LENSCAP_BASE_ZSTD_H_
