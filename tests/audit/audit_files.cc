#include "tests/audit/audit_files.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace lenscap {

std::unique_ptr<AuditLog> MustOpen(const std::string& directory,
                                   const Clock& clock, uint64_t segment_bytes) {
  auto log = AuditLog::Open({.directory = directory,
                             .clock = &clock,
                             .segment_bytes = segment_bytes});
  if (log.ok()) return *std::move(log);
  ADD_FAILURE() << log.status();
  return nullptr;
}

void AppendEntries(AuditLog& log, FakeClock& clock, int count) {
  for (int i = 0; i < count; ++i) {
    clock.Advance(absl::Seconds(1));
    const auto appended =
        log.Append({.actor = "reviewer:ann",
                    .action = "case.decide",
                    .subject = absl::StrCat("case/", i + 1),
                    .reason = absl::StrCat("entry ", i + 1, " \"\\\n\xc3\xa9"),
                    .details = {{"outcome", "remove"}, {"sha256", "ab"}}});
    EXPECT_TRUE(appended.ok()) << appended.status();
  }
}

std::vector<std::string> RecordFiles(const std::string& directory) {
  std::vector<std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(directory)) {
    const std::string name = entry.path().filename();
    if (absl::StartsWith(name, "audit-")) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string ReadFile(const std::string& path) {
  std::stringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

void WriteFile(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc) << bytes;
}

std::vector<std::string> LinesOf(const std::string& bytes) {
  std::vector<std::string> lines;
  for (size_t start = 0; start < bytes.size();) {
    const size_t end = std::min(bytes.find('\n', start), bytes.size() - 1) + 1;
    lines.push_back(bytes.substr(start, end - start));
    start = end;
  }
  return lines;
}

Ed25519PrivateKey TestKey() {
  std::array<uint8_t, 32> seed = {};
  seed.fill(7);
  return Ed25519PrivateKey(seed);
}

}  // namespace lenscap
