#include "audit/segments.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/strip.h"
#include "audit/audit_record.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

constexpr size_t kDigits = 20;

std::optional<uint64_t> FirstOf(const std::string& name) {
  absl::string_view rest = name;
  uint64_t first = 0;
  if (!absl::ConsumePrefix(&rest, "audit-") ||
      !absl::ConsumeSuffix(&rest, ".ndjson") || rest.size() != kDigits ||
      !std::all_of(rest.begin(), rest.end(),
                   [](char c) { return c >= '0' && c <= '9'; }) ||
      !absl::SimpleAtoi(rest, &first)) {
    return std::nullopt;
  }
  return first;
}

}  // namespace

std::string SegmentPath(const std::string& directory, uint64_t first) {
  return absl::StrFormat("%s/audit-%020d.ndjson", directory, first);
}

absl::StatusOr<std::vector<Segment>> ListSegments(
    const std::string& directory) {
  std::error_code error;
  std::vector<Segment> segments;
  for (fs::directory_iterator it(directory, error), end; !error && it != end;
       it.increment(error)) {
    const std::optional<uint64_t> first =
        FirstOf(it->path().filename().string());
    if (first) segments.push_back({it->path().string(), *first});
  }
  if (error) return absl::ErrnoToStatus(error.value(), directory);
  std::sort(
      segments.begin(), segments.end(),
      [](const Segment& a, const Segment& b) { return a.first < b.first; });
  return segments;
}

absl::StatusOr<AuditLineReader> AuditLineReader::Open(const std::string& path) {
  File file(std::fopen(path.c_str(), "rbe"), &std::fclose);
  if (file == nullptr) return absl::ErrnoToStatus(errno, path);
  return AuditLineReader(path, std::move(file));
}

absl::StatusOr<std::optional<AuditLineReader::Line>> AuditLineReader::Next() {
  Line line;
  line.number = ++number_;
  line.start = position_;
  int byte = 0;
  while ((byte = getc_unlocked(file_.get())) != EOF) {
    ++position_;
    line.whole = byte == '\n';
    if (line.whole) return line;
    // One byte too many says that it is too long.
    if (line.text.size() <= kMaxAuditLineBytes) {
      line.text.push_back(static_cast<char>(byte));
    }
  }
  if (std::ferror(file_.get()) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("reading ", path_));
  }
  if (line.start == position_) return std::nullopt;
  return line;
}

}  // namespace lenscap
