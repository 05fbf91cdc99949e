#ifndef LENSCAP_BASE_PREFIXED_FILE_H_
#define LENSCAP_BASE_PREFIXED_FILE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// A few bytes and behind them a whole file, as one run of bytes without reading
// the file into memory: Ed25519 is computed over what lies in one piece. The
// prefix stands at the end of its own pages, and the file is mapped read-only
// at the page after. Nobody may shorten the file meanwhile (SIGBUS), so map
// only what nobody else writes. Move-only; thread-safe.
class PrefixedFile {
 public:
  // Errors name the file.
  static absl::StatusOr<PrefixedFile> Map(absl::string_view prefix,
                                          const std::string& path);
  PrefixedFile(PrefixedFile&& other) noexcept;
  PrefixedFile& operator=(PrefixedFile&&) = delete;
  ~PrefixedFile();

  absl::string_view bytes() const { return bytes_; }

 private:
  PrefixedFile(char* pages, size_t page_bytes)
      : pages_(pages), page_bytes_(page_bytes) {}

  char* pages_ = nullptr;
  size_t page_bytes_ = 0;
  absl::string_view bytes_;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_PREFIXED_FILE_H_
