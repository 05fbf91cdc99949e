#ifndef LENSCAP_AUDIT_SEGMENTS_H_
#define LENSCAP_AUDIT_SEGMENTS_H_

#include <cstdint>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// One file of the log: "audit-" and the sequence of its first record in 20
// digits, ".ndjson".
struct Segment {
  std::string path;
  uint64_t first = 0;
};

std::string SegmentPath(const std::string& directory, uint64_t first);
// In order of their records. NOT_FOUND where there is no such directory.
absl::StatusOr<std::vector<Segment>> ListSegments(const std::string& directory);

// Reads a file line by line, in bounded memory: a line of more than
// kMaxAuditLineBytes comes as its first bytes. Not thread-safe.
class AuditLineReader {
 public:
  static absl::StatusOr<AuditLineReader> Open(const std::string& path);

  struct Line {
    std::string text;    // Without its end.
    int64_t number = 0;  // From 1.
    uint64_t start = 0;  // In the file.
    bool whole = false;  // Whether it has an end.
  };
  // Nothing after the last one.
  absl::StatusOr<std::optional<Line>> Next();
  const std::string& path() const { return path_; }

 private:
  using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
  AuditLineReader(std::string path, File file)
      : path_(std::move(path)), file_(std::move(file)) {}

  std::string path_;
  File file_;
  int64_t number_ = 0;
  uint64_t position_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_SEGMENTS_H_
