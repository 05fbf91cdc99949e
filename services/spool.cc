#include "services/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/scan_id.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

absl::Status ErrnoStatus(int error, absl::string_view what) {
  const std::string message =
      absl::StrCat(what, ": ", std::generic_category().message(error));
  if (error == ENOSPC || error == EDQUOT || error == EFBIG) {
    return absl::ResourceExhaustedError(
        absl::StrCat(message, "; free some space on its disk"));
  }
  return absl::ErrnoToStatus(error, what);
}

absl::Status SyncDirectory(const std::string& path) {
  const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return ErrnoStatus(errno, path);
  const int result = fsync(descriptor);
  const int error = errno;
  close(descriptor);
  return result == 0 ? absl::OkStatus() : ErrnoStatus(error, path);
}

}  // namespace

SpoolFile::SpoolFile(std::string directory, std::string name, int descriptor)
    : directory_(std::move(directory)),
      name_(std::move(name)),
      descriptor_(descriptor) {}

SpoolFile::SpoolFile(SpoolFile&& other) noexcept
    : directory_(std::move(other.directory_)),
      name_(std::move(other.name_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      kept_(other.kept_) {}

SpoolFile& SpoolFile::operator=(SpoolFile&& other) noexcept {
  if (this != &other) {
    Discard();
    directory_ = std::move(other.directory_);
    name_ = std::move(other.name_);
    descriptor_ = std::exchange(other.descriptor_, -1);
    kept_ = other.kept_;
  }
  return *this;
}

SpoolFile::~SpoolFile() { Discard(); }

void SpoolFile::Discard() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  if (!kept_) unlink(path().c_str());
  descriptor_ = -1;
}

std::string SpoolFile::path() const {
  return absl::StrCat(directory_, "/", name_);
}

absl::Status SpoolFile::Append(absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return ErrnoStatus(errno, path());
    bytes.remove_prefix(written);
  }
  return absl::OkStatus();
}

absl::Status SpoolFile::Sync() {
  if (fsync(descriptor_) != 0) return ErrnoStatus(errno, path());
  return SyncDirectory(directory_);
}

absl::StatusOr<Spool> Spool::Open(std::string directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  if (!error) fs::permissions(directory, fs::perms::owner_all, error);
  if (error) return ErrnoStatus(error.value(), directory);
  return Spool(std::move(directory));
}

absl::StatusOr<SpoolFile> Spool::Create() const {
  const std::string name = NewScanId();
  const std::string path = PathOf(name);
  const int descriptor =
      open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (descriptor < 0) return ErrnoStatus(errno, path);
  return SpoolFile(directory_, name, descriptor);
}

std::string Spool::PathOf(absl::string_view name) const {
  return absl::StrCat(directory_, "/", name);
}

absl::Status Spool::Remove(absl::string_view name) const {
  const std::string path = PathOf(name);
  if (unlink(path.c_str()) == 0 || errno == ENOENT) return absl::OkStatus();
  return ErrnoStatus(errno, path);
}

absl::Status Spool::RemoveAllBut(const std::set<std::string>& names) const {
  std::error_code error;
  for (fs::directory_iterator it(directory_, error), end; !error && it != end;
       it.increment(error)) {
    const std::string name = it->path().filename();
    if (!names.contains(name)) RETURN_IF_ERROR(Remove(name));
  }
  return error ? ErrnoStatus(error.value(), directory_) : absl::OkStatus();
}

}  // namespace lenscap
