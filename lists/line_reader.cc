#include "lists/line_reader.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr size_t kReadBytes = 1 << 17;

}  // namespace

LineReader::LineReader(std::unique_ptr<ByteReader> file)
    : file_(std::move(file)), buffer_(2 * kReadBytes, '\0') {}

absl::StatusOr<std::optional<absl::string_view>> LineReader::Next(
    size_t max_bytes) {
  ++number_;
  size_t searched = line_at_;
  while (true) {
    const void* const feed =
        std::memchr(&buffer_[searched], '\n', end_ - searched);
    const size_t bytes =
        (feed == nullptr ? end_
                         : static_cast<const char*>(feed) - buffer_.data()) -
        line_at_;
    if (bytes > max_bytes) {
      return Invalid(absl::StrCat("it is longer than ", max_bytes, " bytes"));
    }
    if (feed != nullptr) {
      const absl::string_view line(&buffer_[line_at_], bytes);
      line_at_ += bytes + 1;
      return line;
    }
    std::copy(buffer_.begin() + line_at_, buffer_.begin() + end_,
              buffer_.begin());
    end_ -= std::exchange(line_at_, 0);
    searched = end_;
    if (buffer_.size() - end_ < kReadBytes) buffer_.resize(2 * buffer_.size());
    const auto count = file_->Read({&buffer_[end_], kReadBytes});
    if (!count.ok()) {
      return absl::Status(
          count.status().code(),
          absl::StrCat("line ", number_, ": ", count.status().message()));
    }
    end_ += *count;
    if (*count == 0 && end_ == 0) return std::nullopt;
    if (*count == 0) return Invalid("it does not end in a line feed");
  }
}

absl::Status LineReader::Invalid(absl::string_view what) const {
  return absl::InvalidArgumentError(absl::StrCat("line ", number_, ": ", what));
}

}  // namespace lenscap
