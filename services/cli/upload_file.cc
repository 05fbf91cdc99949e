#include "services/cli/upload_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap::cli {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  ~Descriptor() {
    // Standard input belongs to the process.
    if (number_ > STDIN_FILENO) close(number_);
  }
  int number() const { return number_; }

 private:
  int number_;
};

class File final : public UploadFile {
 public:
  File(std::string path, Descriptor descriptor, bool regular)
      : path_(std::move(path)),
        descriptor_(std::move(descriptor)),
        regular_(regular) {}

  absl::Status Start() {
    if (regular_) RETURN_IF_ERROR(Digest());
    return ReadAhead();
  }

  int64_t bytes() const override { return bytes_; }
  const std::optional<Sha256>& sha256() const override { return sha256_; }
  absl::string_view head() const override { return ahead_; }

  absl::StatusOr<bool> Next(v1::Chunk& chunk) override {
    if (ahead_.empty()) return false;
    chunk.set_offset(offset_);
    chunk.set_crc32(Crc32(ahead_));
    offset_ += static_cast<int64_t>(ahead_.size());
    chunk.set_data(std::exchange(ahead_, {}));
    RETURN_IF_ERROR(ReadAhead());
    return true;
  }

 private:
  absl::Status Error(int error) const {
    return absl::ErrnoToStatus(error, path_);
  }

  absl::Status Digest() {
    Digester digester;
    std::string buffer(kChunkBytes, '\0');
    while (true) {
      const ssize_t n =
          pread(descriptor_.number(), buffer.data(), buffer.size(), bytes_);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Error(errno);
      if (n == 0) break;
      digester.Update({buffer.data(), static_cast<size_t>(n)});
      bytes_ += n;
    }
    sha256_ = digester.Finish().sha256;
    return absl::OkStatus();
  }

  // Fills `ahead_` as far as the file goes: pipes give less than asked for.
  absl::Status ReadAhead() {
    size_t wanted = kChunkBytes;
    if (regular_) {
      // What was appended since the digest was taken is not sent.
      wanted =
          static_cast<size_t>(std::min<int64_t>(kChunkBytes, bytes_ - offset_));
    }
    ahead_.resize(wanted);
    size_t filled = 0;
    while (filled < wanted) {
      const ssize_t n =
          read(descriptor_.number(), ahead_.data() + filled, wanted - filled);
      if (n < 0 && errno == EINTR) continue;
      if (n < 0) return Error(errno);
      if (n == 0) break;
      filled += static_cast<size_t>(n);
    }
    ahead_.resize(filled);
    if (regular_ && filled < wanted) {
      return absl::DataLossError(
          absl::StrCat(path_, ": became shorter while it was read"));
    }
    return absl::OkStatus();
  }

  const std::string path_;
  const Descriptor descriptor_;
  const bool regular_;
  int64_t bytes_ = 0;
  std::optional<Sha256> sha256_;
  int64_t offset_ = 0;  // Of `ahead_` in the file.
  std::string ahead_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<UploadFile>> UploadFile::Open(
    const std::string& path) {
  Descriptor descriptor(path == "-" ? STDIN_FILENO
                                    : open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.number() < 0) return absl::ErrnoToStatus(errno, path);
  struct stat status;
  if (fstat(descriptor.number(), &status) != 0) {
    return absl::ErrnoToStatus(errno, path);
  }
  if (S_ISDIR(status.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": is a directory"));
  }
  // Standard input may stand in the middle of a file: it is read as a pipe.
  const bool regular = path != "-" && S_ISREG(status.st_mode);
  auto file = std::make_unique<File>(path, std::move(descriptor), regular);
  RETURN_IF_ERROR(file->Start());
  return file;
}

}  // namespace lenscap::cli
