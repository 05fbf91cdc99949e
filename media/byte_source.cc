#include "media/byte_source.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

// An open descriptor, closed at the end. Movable.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept
      : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  int get() const { return number_; }

 private:
  int number_;
};

absl::StatusOr<size_t> Pread(const Descriptor& file, int64_t offset,
                             absl::Span<uint8_t> buffer,
                             const std::string& name) {
  ssize_t count;
  do {
    count = pread(file.get(), buffer.data(), buffer.size(), offset);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot read ", name));
  }
  return static_cast<size_t>(count);
}

absl::Status TooLong(const std::string& name, int64_t max_bytes) {
  return absl::ResourceExhaustedError(
      absl::StrCat(name, " is longer than max_bytes, ", max_bytes));
}

class FileSource final : public ByteSource {
 public:
  FileSource(Descriptor file, int64_t size, std::string name)
      : file_(std::move(file)), size_(size), name_(std::move(name)) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    return Pread(file_, offset, buffer, name_);
  }
  int64_t size() const override { return size_; }
  int descriptor() const override { return file_.get(); }

 private:
  const Descriptor file_;
  const int64_t size_;
  const std::string name_;
};

// What was read of a pipe lies in `spool_`, the rest is still in the pipe.
class PipeSource final : public ByteSource {
 public:
  PipeSource(Descriptor pipe, Descriptor spool, int64_t max_bytes)
      : pipe_(std::move(pipe)),
        spool_(std::move(spool)),
        max_bytes_(max_bytes) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    while (spooled_ <= offset && !ended_) {
      if (failure_.ok()) failure_ = SpoolMore();
      RETURN_IF_ERROR(failure_);
    }
    if (offset >= spooled_) return 0;
    const int64_t here = spooled_ - offset;
    return Pread(spool_, offset,
                 buffer.first(std::min<uint64_t>(buffer.size(), here)),
                 "the spool file");
  }
  int64_t size() const override { return ended_ ? spooled_ : -1; }

 private:
  absl::Status SpoolMore() {
    ssize_t count = read(pipe_.get(), chunk_.data(), chunk_.size());
    if (count < 0 && errno == EINTR) return absl::OkStatus();
    if (count < 0 && errno == EAGAIN) return AwaitInput();
    if (count < 0) return absl::ErrnoToStatus(errno, "cannot read the pipe");
    if (count == 0) {
      ended_ = true;
      return absl::OkStatus();
    }
    if (count > max_bytes_ - spooled_) return TooLong("the pipe", max_bytes_);
    return Append(absl::MakeConstSpan(chunk_).first(count));
  }

  absl::Status AwaitInput() {
    pollfd request = {pipe_.get(), POLLIN, 0};
    if (poll(&request, 1, /*timeout=*/-1) < 0 && errno != EINTR) {
      return absl::ErrnoToStatus(errno, "cannot wait for the pipe");
    }
    return absl::OkStatus();
  }

  absl::Status Append(absl::Span<const uint8_t> bytes) {
    while (!bytes.empty()) {
      const ssize_t count =
          pwrite(spool_.get(), bytes.data(), bytes.size(), spooled_);
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) {
        return absl::ErrnoToStatus(errno, "cannot write the spool file");
      }
      spooled_ += count;
      bytes.remove_prefix(count);
    }
    return absl::OkStatus();
  }

  const Descriptor pipe_;
  const Descriptor spool_;
  const int64_t max_bytes_;
  int64_t spooled_ = 0;
  bool ended_ = false;
  absl::Status failure_;  // Bytes may be lost: nothing after it is true.
  std::vector<uint8_t> chunk_ = std::vector<uint8_t>(64 << 10);
};

class MemorySource final : public ByteSource {
 public:
  explicit MemorySource(std::string bytes) : bytes_(std::move(bytes)) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    if (offset >= size()) return 0;
    const size_t count = std::min<uint64_t>(buffer.size(), size() - offset);
    std::memcpy(buffer.data(), bytes_.data() + offset, count);
    return count;
  }
  int64_t size() const override { return static_cast<int64_t>(bytes_.size()); }

 private:
  const std::string bytes_;
};

class BorrowedSource final : public ByteSource {
 public:
  explicit BorrowedSource(ByteSource* source) : source_(source) {}

  absl::StatusOr<size_t> ReadAt(int64_t offset,
                                absl::Span<uint8_t> buffer) override {
    return source_->ReadAt(offset, buffer);
  }
  int64_t size() const override { return source_->size(); }
  int descriptor() const override { return source_->descriptor(); }

 private:
  ByteSource* const source_;
};

// A new file that has no name and goes when it is closed.
absl::StatusOr<Descriptor> OpenSpool() {
  std::error_code error;
  std::string path =
      std::filesystem::temp_directory_path(error) / "lenscap-spool-XXXXXX";
  if (error) {
    return absl::FailedPreconditionError("TMPDIR names no directory");
  }
  Descriptor file(mkostemp(path.data(), O_CLOEXEC));
  if (file.get() < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot create ", path));
  }
  unlink(path.c_str());
  return file;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ByteSource>> OpenFileSource(
    const std::string& path) {
  // Without O_NONBLOCK a named pipe would hold the caller until it is written.
  Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  struct stat facts;
  if (file.get() < 0 || fstat(file.get(), &facts) != 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("cannot open ", path));
  }
  if (S_ISDIR(facts.st_mode)) {
    return absl::InvalidArgumentError(absl::StrCat(path, " is a directory"));
  }
  if (!S_ISREG(facts.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is not a regular file"));
  }
  return std::make_unique<FileSource>(std::move(file), facts.st_size, path);
}

absl::StatusOr<std::unique_ptr<ByteSource>> OpenDescriptorSource(
    int descriptor, int64_t max_bytes) {
  Descriptor input(descriptor);
  struct stat facts;
  if (fstat(descriptor, &facts) != 0) {
    return absl::ErrnoToStatus(errno, "cannot read the descriptor");
  }
  if (S_ISDIR(facts.st_mode)) {
    return absl::InvalidArgumentError("the descriptor is a directory");
  }
  if (S_ISREG(facts.st_mode)) {
    if (facts.st_size > max_bytes) return TooLong("the file", max_bytes);
    return std::make_unique<FileSource>(std::move(input), facts.st_size,
                                        "the descriptor");
  }
  ASSIGN_OR_RETURN(Descriptor spool, OpenSpool());
  return std::make_unique<PipeSource>(std::move(input), std::move(spool),
                                      max_bytes);
}

std::unique_ptr<ByteSource> MakeFileSource(int descriptor, int64_t size) {
  return std::make_unique<FileSource>(Descriptor(descriptor), size,
                                      "the media");
}

std::unique_ptr<ByteSource> MakeBorrowedSource(ByteSource* source) {
  return std::make_unique<BorrowedSource>(source);
}

std::unique_ptr<ByteSource> MakeMemorySource(std::string bytes) {
  return std::make_unique<MemorySource>(std::move(bytes));
}

}  // namespace lenscap
