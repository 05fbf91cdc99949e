#include "services/cli/input.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap::cli {
namespace {

class CountingReader final : public ByteReader {
 public:
  CountingReader(std::string name, int descriptor,
                 std::shared_ptr<std::atomic<int64_t>> count)
      : name_(std::move(name)),
        descriptor_(descriptor),
        count_(std::move(count)) {}
  ~CountingReader() override {
    // Standard input belongs to the process.
    if (descriptor_ != STDIN_FILENO) close(descriptor_);
  }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    while (true) {
      const ssize_t got = read(descriptor_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return absl::ErrnoToStatus(errno, name_);
      *count_ += got;
      return static_cast<size_t>(got);
    }
  }

 private:
  const std::string name_;
  const int descriptor_;
  const std::shared_ptr<std::atomic<int64_t>> count_;
};

}  // namespace

absl::StatusOr<Input> OpenInput(const std::string& path) {
  const bool standard = path == "-";
  const std::string name = standard ? "standard input" : path;
  const int descriptor =
      standard ? STDIN_FILENO : open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return absl::ErrnoToStatus(errno, name);
  Input input;
  const auto count = std::make_shared<std::atomic<int64_t>>(0);
  input.read = count;
  input.reader = std::make_unique<CountingReader>(name, descriptor, count);
  struct stat facts;
  if (fstat(descriptor, &facts) != 0) return absl::ErrnoToStatus(errno, name);
  if (S_ISDIR(facts.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(name, ": is a directory"));
  }
  if (S_ISREG(facts.st_mode)) input.bytes = facts.st_size;
  return input;
}

absl::StatusOr<std::string> ReadInput(const std::string& path,
                                      size_t max_bytes) {
  ASSIGN_OR_RETURN(const Input input, OpenInput(path));
  std::string text;
  while (text.size() <= max_bytes) {
    const size_t had = text.size();
    text.resize(had + (size_t{1} << 16));
    const auto count = input.reader->Read({&text[had], text.size() - had});
    text.resize(had + count.value_or(0));
    if (!count.ok()) return count.status();
    if (*count == 0) return text;
  }
  return absl::InvalidArgumentError(
      absl::StrCat(path == "-" ? "standard input" : path, ": it has more than ",
                   max_bytes, " bytes"));
}

}  // namespace lenscap::cli
