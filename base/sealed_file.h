#ifndef LENSCAP_BASE_SEALED_FILE_H_
#define LENSCAP_BASE_SEALED_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace lenscap {

// Files that are there whole or not at all, and that are read back as they
// were written or refused: a header and a body, each with its XXH3-64. 64 bytes
// of preamble (magic, version, sizes, checksums; little-endian), the header,
// and from the next multiple of 4,096 on the body.

struct FileKind {
  absl::string_view magic;  // 8 bytes.
  uint32_t version = 0;
};

// Written under another name, synced, and renamed; the directory is synced too.
// What fails leaves nothing behind; a full disk is RESOURCE_EXHAUSTED. `body`
// is written piece after piece.
absl::Status WriteSealedFile(const std::string& path, const FileKind& kind,
                             absl::string_view header,
                             absl::Span<const absl::string_view> body);

// Read-only pages of a file, which the system loads when they are touched and
// drops when it wants to. Move-only; thread-safe.
class MappedBytes {
 public:
  MappedBytes() = default;
  MappedBytes(MappedBytes&& other) noexcept;
  MappedBytes& operator=(MappedBytes&& other) noexcept;
  ~MappedBytes();
  absl::string_view bytes() const { return {data_, bytes_}; }

 private:
  friend class SealedFile;
  const char* data_ = nullptr;
  size_t bytes_ = 0;
};

// One that was written, opened to be read. Move-only.
class SealedFile {
 public:
  // Checks the preamble, the header and the size. NOT_FOUND;
  // FAILED_PRECONDITION for another version; DATA_LOSS for anything else that
  // is not as it was written. Each names the file.
  static absl::StatusOr<SealedFile> Open(const std::string& path,
                                         const FileKind& kind);
  SealedFile(SealedFile&& other) noexcept;
  SealedFile& operator=(SealedFile&&) = delete;
  ~SealedFile();

  const std::string& header() const { return header_; }
  uint64_t body_bytes() const { return body_bytes_; }

  // The body, which is checked: into `to`, which has room for it, or mapped.
  absl::Status ReadBody(char* to) const;
  absl::StatusOr<MappedBytes> MapBody() const;

 private:
  SealedFile(std::string path, int file)
      : path_(std::move(path)), file_(file) {}

  absl::Status ReadPreamble(const FileKind& kind);
  absl::Status ReadAt(uint64_t at, char* to, size_t bytes) const;
  absl::Status Damaged(absl::string_view how) const;

  std::string path_;
  int file_ = -1;
  std::string header_;
  uint64_t body_at_ = 0;
  uint64_t body_bytes_ = 0;
  uint64_t body_sum_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_BASE_SEALED_FILE_H_
