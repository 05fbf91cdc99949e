#include "base/byte_reader.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/status/status.h"

namespace lenscap {
namespace {

class FileReader final : public ByteReader {
 public:
  FileReader(std::string path, int file)
      : path_(std::move(path)), file_(file) {}
  ~FileReader() override { close(file_); }

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    while (true) {
      const ssize_t count = read(file_, buffer.data(), buffer.size());
      if (count >= 0) return static_cast<size_t>(count);
      if (errno != EINTR) return absl::ErrnoToStatus(errno, path_);
    }
  }

 private:
  const std::string path_;
  const int file_;
};

class MemoryReader final : public ByteReader {
 public:
  explicit MemoryReader(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<size_t> Read(absl::Span<char> buffer) override {
    const size_t count = bytes_.copy(buffer.data(), buffer.size(), at_);
    at_ += count;
    return count;
  }

 private:
  const std::string bytes_;
  size_t at_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ByteReader>> OpenByteReader(
    const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  return std::make_unique<FileReader>(path, file);
}

std::unique_ptr<ByteReader> MakeByteReader(std::string bytes) {
  return std::make_unique<MemoryReader>(std::move(bytes));
}

}  // namespace lenscap
