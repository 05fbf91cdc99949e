#include "services/data_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/status/status.h"

namespace lenscap {

namespace fs = std::filesystem;

absl::StatusOr<std::unique_ptr<DataDirectory>> DataDirectory::Open(
    const std::string& path) {
  if (path.empty()) {
    return absl::InvalidArgumentError("data directory: expected a path");
  }
  std::error_code error;
  if (fs::create_directories(path, error)) {
    fs::permissions(path, fs::perms::owner_all, error);
  }
  if (error) {
    return absl::ErrnoToStatus(error.value(),
                               absl::StrCat("data directory ", path));
  }
  const std::string lock_file = absl::StrCat(path, "/LOCK");
  const int lock = open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return absl::ErrnoToStatus(errno, lock_file);
  if (flock(lock, LOCK_EX | LOCK_NB) != 0) {
    const int reason = errno;
    close(lock);
    if (reason != EWOULDBLOCK) return absl::ErrnoToStatus(reason, lock_file);
    return absl::FailedPreconditionError(absl::StrCat(
        "data directory ", path,
        " is in use by another process: stop it, or name another directory"));
  }
  return std::unique_ptr<DataDirectory>(new DataDirectory(path, lock));
}

absl::StatusOr<std::string> DataDirectory::MakeBelow(
    absl::string_view name) const {
  std::string path = Below(name);
  if (mkdir(path.c_str(), S_IRWXU) == 0 || errno == EEXIST) return path;
  return absl::ErrnoToStatus(errno, path);
}

DataDirectory::~DataDirectory() { close(lock_); }

}  // namespace lenscap
