// Listings as lines of JSON.

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"
#include "google/protobuf/util/json_util.h"
#include "nlohmann/json.hpp"
#include "services/cli/listing_reader.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

using nlohmann::json;

constexpr size_t kReadBytes = size_t{1} << 16;
constexpr char kPhotoFiles[] = "photo_files";
// Deeper and larger than any listing, and little enough to be kept as a tree.
constexpr int kMaxDepth = 16;
constexpr int kMaxValues = 20'000;

absl::Status ToRequest(absl::string_view text,
                       v1::ReviewListingRequest& request) {
  const auto read = google::protobuf::util::JsonStringToMessage(
      google::protobuf::StringPiece(text.data(), text.size()), &request);
  if (read.ok()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::string_view(read.message().data(), read.message().size()));
}

absl::StatusOr<json> ParseTree(absl::string_view text) {
  int values = 0;
  bool too_much = false;
  const auto bounded = [&](int depth, json::parse_event_t, json&) {
    too_much |= depth > kMaxDepth || ++values > kMaxValues;
    return !too_much;
  };
  json tree = json::parse(text.begin(), text.end(), bounded,
                          /*allow_exceptions=*/false);
  if (too_much) {
    return absl::InvalidArgumentError(
        absl::StrCat("it nests deeper than ", kMaxDepth, " or has more than ",
                     kMaxValues, " values"));
  }
  if (!tree.is_object()) return absl::InvalidArgumentError("it is no JSON");
  return tree;
}

// Takes the names of files out of the tree.
absl::Status TakePhotoFiles(json& tree, std::vector<std::string>& files) {
  const auto member = tree.find(kPhotoFiles);
  if (member == tree.end()) return absl::OkStatus();
  if (!member->is_array()) {
    return absl::InvalidArgumentError(
        absl::StrCat(kPhotoFiles, ": expected an array of names"));
  }
  for (const json& file : *member) {
    if (!file.is_string()) {
      return absl::InvalidArgumentError(
          absl::StrCat(kPhotoFiles, "[", files.size(), "]: expected a name"));
    }
    files.push_back(file.get<std::string>());
  }
  tree.erase(member);
  return absl::OkStatus();
}

absl::Status Parse(absl::string_view text, ListingLine& line) {
  if (!IsUtf8(text)) return absl::InvalidArgumentError("it is no UTF-8");
  // Only where there are photos is the line parsed twice.
  if (!absl::StrContains(text, kPhotoFiles)) {
    return ToRequest(text, line.request);
  }
  ASSIGN_OR_RETURN(json tree, ParseTree(text));
  RETURN_IF_ERROR(TakePhotoFiles(tree, line.photo_files));
  return ToRequest(tree.dump(), line.request);
}

class NdjsonListings final : public ListingReader {
 public:
  explicit NdjsonListings(std::unique_ptr<ByteReader> file)
      : file_(std::move(file)) {}

  absl::StatusOr<std::optional<ListingLine>> Next() override {
    while (true) {
      ASSIGN_OR_RETURN(const bool more, ReadLine());
      if (!more) return std::nullopt;
      absl::string_view text = line_;
      if (number_ == 1) absl::ConsumePrefix(&text, "\xef\xbb\xbf");
      ListingLine line;
      line.number = number_;
      if (too_long_) {
        line.status = absl::InvalidArgumentError(
            absl::StrCat("it is longer than ", kMaxRecordBytes, " bytes"));
        return line;
      }
      if (absl::StripAsciiWhitespace(text).empty()) continue;
      line.status = Parse(text, line);
      if (!line.status.ok()) line.request.Clear();
      return line;
    }
  }

 private:
  // The next line into line_, as much of it as is allowed; false at the end.
  absl::StatusOr<bool> ReadLine() {
    line_.clear();
    too_long_ = false;
    bool any = false;
    while (true) {
      if (at_ == chunk_.size()) {
        RETURN_IF_ERROR(ReadChunk());
        if (chunk_.empty()) {
          number_ += any ? 1 : 0;
          return any;
        }
      }
      any = true;
      const size_t feed = chunk_.find('\n', at_);
      const size_t end = feed == std::string::npos ? chunk_.size() : feed;
      const size_t room = kMaxRecordBytes - line_.size();
      too_long_ |= end - at_ > room;
      line_.append(chunk_, at_, std::min(end - at_, room));
      at_ = end;
      if (feed == std::string::npos) continue;
      ++at_;
      ++number_;
      return true;
    }
  }

  absl::Status ReadChunk() {
    chunk_.resize(kReadBytes);
    at_ = 0;
    const auto count = file_->Read({chunk_.data(), chunk_.size()});
    chunk_.resize(count.value_or(0));
    return count.status();
  }

  const std::unique_ptr<ByteReader> file_;
  std::string chunk_;
  size_t at_ = 0;  // What lies before was taken.
  std::string line_;
  bool too_long_ = false;
  int64_t number_ = 0;
};

}  // namespace

std::unique_ptr<ListingReader> ReadNdjsonListings(
    std::unique_ptr<ByteReader> file) {
  return std::make_unique<NdjsonListings>(std::move(file));
}

}  // namespace lenscap::cli
