#ifndef LENSCAP_SERVICES_CLI_CSV_READER_H_
#define LENSCAP_SERVICES_CLI_CSV_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/byte_reader.h"

namespace lenscap::cli {

struct CsvRecord {
  int64_t line = 0;  // Where it begins, from 1.
  // Why it is none, and then it has no fields.
  absl::Status status;
  std::vector<std::string> fields;
};

// Records of a CSV file as in RFC 4180: fields in double quotes may hold
// commas, line ends and doubled quotes; lines end in CR LF or LF, the last one
// perhaps in nothing. A byte order mark and empty lines are skipped. What is
// malformed costs its first line alone: reading goes on behind that. Memory is
// within a few times `max_record_bytes`. Not thread-safe.
class CsvReader {
 public:
  CsvReader(std::unique_ptr<ByteReader> file, size_t max_record_bytes)
      : file_(std::move(file)), max_record_bytes_(max_record_bytes) {}

  // Nothing at the end. An error is of the file: there is no reading on.
  absl::StatusOr<std::optional<CsvRecord>> Next();

 private:
  absl::Status ReadMore();
  // Takes bytes from the buffer, and counts their lines.
  void Drop(size_t bytes);
  // Up to the end of the line, however long it is.
  absl::Status DropLine();
  absl::string_view rest() const {
    return absl::string_view(buffer_).substr(at_);
  }

  const std::unique_ptr<ByteReader> file_;
  const size_t max_record_bytes_;
  std::string buffer_;
  size_t at_ = 0;  // What lies before was taken.
  bool started_ = false;
  bool ended_ = false;  // Nothing more will come into the buffer.
  int64_t line_ = 1;    // Of at_.
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CSV_READER_H_
