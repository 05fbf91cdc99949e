#include "services/cli/listing_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "base/status_macros.h"

namespace lenscap::cli {
namespace {

// What was read already, and then the rest of the file.
class ResumedReader final : public ByteReader {
 public:
  ResumedReader(std::string head, std::unique_ptr<ByteReader> rest)
      : head_(std::move(head)), rest_(std::move(rest)) {}

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    if (at_ == head_.size()) return rest_->Read(buffer);
    const size_t count = head_.copy(buffer.data(), buffer.size(), at_);
    at_ += count;
    return count;
  }

 private:
  const std::string head_;
  const std::unique_ptr<ByteReader> rest_;
  size_t at_ = 0;
};

bool EndsWithAny(const std::string& path,
                 std::initializer_list<absl::string_view> ends) {
  return std::any_of(ends.begin(), ends.end(), [&](absl::string_view end) {
    return absl::EndsWithIgnoreCase(path, end);
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<ListingReader>> ReadListings(
    const std::string& path, std::unique_ptr<ByteReader> file) {
  if (EndsWithAny(path, {".csv"})) return ReadCsvListings(std::move(file));
  if (EndsWithAny(path, {".ndjson", ".jsonl", ".json"})) {
    return ReadNdjsonListings(std::move(file));
  }
  // White space and a byte order mark may stand before what tells.
  constexpr absl::string_view kSkipped = " \t\r\n\xef\xbb\xbf";
  constexpr size_t kMaxHead = 4096;
  std::string head;
  while (head.size() < kMaxHead &&
         head.find_first_not_of(kSkipped.data(), 0, kSkipped.size()) ==
             std::string::npos) {
    char piece[512];
    ASSIGN_OR_RETURN(const size_t count, file->Read(absl::MakeSpan(piece)));
    if (count == 0) break;
    head.append(piece, count);
  }
  const size_t first =
      head.find_first_not_of(kSkipped.data(), 0, kSkipped.size());
  const bool is_json = first != std::string::npos && head[first] == '{';
  auto whole =
      std::make_unique<ResumedReader>(std::move(head), std::move(file));
  if (is_json) return ReadNdjsonListings(std::move(whole));
  return ReadCsvListings(std::move(whole));
}

}  // namespace lenscap::cli
