#include "base/small_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

#include "absl/strings/str_cat.h"
#include "absl/types/span.h"
#include "base/byte_reader.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

absl::Status WriteAndSync(int file, absl::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return absl::ErrnoToStatus(errno, "write");
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return fsync(file) == 0 ? absl::OkStatus()
                          : absl::ErrnoToStatus(errno, "fsync");
}

}  // namespace

absl::Status SyncDirectoryOf(const std::string& path) {
  const std::string parent = std::filesystem::path(path).parent_path().string();
  const std::string directory = parent.empty() ? "." : parent;
  const int file = open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, directory);
  const absl::Status status = fsync(file) == 0
                                  ? absl::OkStatus()
                                  : absl::ErrnoToStatus(errno, directory);
  close(file);
  return status;
}

absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t max_bytes) {
  ASSIGN_OR_RETURN(const auto reader, OpenByteReader(path));
  std::string bytes;
  char buffer[1 << 14];
  while (true) {
    ASSIGN_OR_RETURN(const size_t count, reader->Read(absl::MakeSpan(buffer)));
    if (count == 0) return bytes;
    bytes.append(buffer, count);
    if (bytes.size() > max_bytes) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, " is larger than ", max_bytes, " bytes"));
    }
  }
}

absl::Status WriteSmallFile(const std::string& path, absl::string_view bytes,
                            mode_t mode) {
  const std::string unfinished = absl::StrCat(path, kUnfinished);
  // One that a crash left may have another mode.
  std::remove(unfinished.c_str());
  const int file =
      open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  absl::Status status = WriteAndSync(file, bytes);
  close(file);
  if (status.ok()) status = RenameDurably(unfinished, path);
  if (status.ok()) return status;
  std::remove(unfinished.c_str());
  return absl::Status(status.code(),
                      absl::StrCat(path, ": ", status.message()));
}

absl::Status RenameDurably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, to);
  }
  return SyncDirectoryOf(to);
}

}  // namespace lenscap
