#ifndef LENSCAP_SERVICES_CLI_UPLOAD_FILE_H_
#define LENSCAP_SERVICES_CLI_UPLOAD_FILE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "proto/lenscap/v1/common.pb.h"

namespace lenscap::cli {

// A file on its way to the server, chunk by chunk. Not thread-safe.
class UploadFile {
 public:
  static constexpr size_t kChunkBytes = 256 << 10;

  // "-" is standard input. NOT_FOUND, PERMISSION_DENIED or INVALID_ARGUMENT
  // (a directory), beginning with the path. A regular file is read through
  // once, for its digest.
  static absl::StatusOr<std::unique_ptr<UploadFile>> Open(
      const std::string& path);
  virtual ~UploadFile() = default;

  // Of a regular file; a pipe has neither: 0 and nullopt.
  virtual int64_t bytes() const = 0;
  virtual const std::optional<Sha256>& sha256() const = 0;

  // The first bytes: those of the first chunk.
  virtual absl::string_view head() const = 0;

  // Fills in the next chunk, with offset and checksum; false at the end. A
  // regular file that was cut short meanwhile is DATA_LOSS.
  virtual absl::StatusOr<bool> Next(v1::Chunk& chunk) = 0;
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_UPLOAD_FILE_H_
