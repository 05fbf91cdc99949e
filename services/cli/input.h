#ifndef LENSCAP_SERVICES_CLI_INPUT_H_
#define LENSCAP_SERVICES_CLI_INPUT_H_

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "base/byte_reader.h"

namespace lenscap::cli {

// A file to be read from first to last, and how far that is.
struct Input {
  std::unique_ptr<ByteReader> reader;
  int64_t bytes = -1;  // Of a regular file.
  // Read so far; outlives the reader. Any thread may look.
  std::shared_ptr<const std::atomic<int64_t>> read;
};

// "-" is standard input, which stays open. Errors begin with the path; a
// directory is INVALID_ARGUMENT.
absl::StatusOr<Input> OpenInput(const std::string& path);

// All of it. INVALID_ARGUMENT for more than `max_bytes`.
absl::StatusOr<std::string> ReadInput(const std::string& path,
                                      size_t max_bytes);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_INPUT_H_
