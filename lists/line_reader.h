#ifndef LENSCAP_LISTS_LINE_READER_H_
#define LENSCAP_LISTS_LINE_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/byte_reader.h"

namespace lenscap {

// Lines of bounded length, one by one; every one of them ends in a line feed.
// Errors begin with "line N: ". Not thread-safe.
class LineReader {
 public:
  explicit LineReader(std::unique_ptr<ByteReader> file);

  // Without its line feed, valid until the next call; nothing at the end.
  // INVALID_ARGUMENT for one of more than `max_bytes`, found out before more
  // than that was kept.
  absl::StatusOr<std::optional<absl::string_view>> Next(size_t max_bytes);

  // Of the line that Next gave last, or failed at: from 1.
  int64_t number() const { return number_; }

 private:
  absl::Status Invalid(absl::string_view what) const;

  const std::unique_ptr<ByteReader> file_;
  std::string buffer_;
  size_t line_at_ = 0;  // Where the next line begins in the buffer.
  size_t end_ = 0;      // Of what was read into it.
  int64_t number_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LINE_READER_H_
