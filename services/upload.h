#ifndef LENSCAP_SERVICES_UPLOAD_H_
#define LENSCAP_SERVICES_UPLOAD_H_

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/common.pb.h"
#include "services/spool.h"

namespace lenscap {

inline constexpr int64_t kMaxChunkBytes = 1 << 20;

// What is known of a file before it arrives; 0 and "" where nothing is.
struct ExpectedFile {
  int64_t total_bytes = 0;
  std::string sha256;

  // INVALID_ARGUMENT, naming the field of `header`, which has both.
  template <typename Header>
  static absl::StatusOr<ExpectedFile> From(const Header& header,
                                           int64_t max_bytes) {
    ExpectedFile expected = {header.total_bytes(), header.sha256()};
    RETURN_IF_ERROR(expected.Validate(max_bytes));
    return expected;
  }
  absl::Status Validate(int64_t max_bytes) const;
  // Whether a whole file is what was promised; the message names the field.
  absl::Status Check(int64_t bytes, const Sha256& sha256_of_file) const;
};

// A file that has arrived whole.
struct UploadedFile {
  SpoolFile file;
  FileDigests digests;
  int64_t bytes = 0;
};

// Puts a file together from chunks, and digests it on the way. Every error
// names the field at fault; after one the upload is good for nothing, and its
// file goes with it. Not thread-safe.
class Upload {
 public:
  static absl::StatusOr<Upload> Begin(const Spool& spool, ExpectedFile expected,
                                      int64_t max_bytes);

  // INVALID_ARGUMENT for a chunk out of bounds or out of order, DATA_LOSS for
  // a wrong checksum, RESOURCE_EXHAUSTED beyond max_bytes or on a full disk.
  absl::Status Append(const v1::Chunk& chunk);
  // Checks the whole. INVALID_ARGUMENT for another length than was promised,
  // DATA_LOSS for another digest.
  absl::StatusOr<UploadedFile> Finish() &&;

  int64_t bytes() const { return bytes_; }

 private:
  Upload(SpoolFile file, ExpectedFile expected, int64_t max_bytes)
      : file_(std::move(file)),
        expected_(std::move(expected)),
        max_bytes_(max_bytes) {}

  SpoolFile file_;
  ExpectedFile expected_;
  int64_t max_bytes_;
  Digester digester_;
  int64_t bytes_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_UPLOAD_H_
