#include "lists/list_archive.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "lists/list_signature.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

std::string ListFile(const std::string& directory, int64_t version) {
  return absl::StrFormat("%s/%010d.list", directory, version);
}
std::string SignatureFile(const std::string& directory, int64_t version) {
  return absl::StrFormat("%s/%010d.jws", directory, version);
}

absl::Status MakeDirectory(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) fs::permissions(path, fs::perms::owner_all, error);
  if (error) return absl::ErrnoToStatus(error.value(), path);
  return absl::OkStatus();
}

absl::Status SyncFile(const std::string& path) {
  const int file = open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return absl::ErrnoToStatus(errno, path);
  const absl::Cleanup close_it = [file] { close(file); };
  if (fsync(file) != 0) return absl::ErrnoToStatus(errno, path);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ListArchive> ListArchive::Open(std::string directory) {
  RETURN_IF_ERROR(MakeDirectory(directory));
  return ListArchive(std::move(directory));
}

// "list=" keeps the ids "." and ".." from leading anywhere else.
std::string ListArchive::DirectoryOf(absl::string_view list_id) const {
  return absl::StrCat(directory_, "/list=", list_id);
}

absl::Status ListArchive::Put(absl::string_view list_id, int64_t version,
                              const std::string& path,
                              absl::string_view signatures) const {
  const std::string directory = DirectoryOf(list_id);
  RETURN_IF_ERROR(MakeDirectory(directory));
  RETURN_IF_ERROR(SyncDirectoryOf(directory));
  RETURN_IF_ERROR(SyncFile(path));
  const std::string kept = ListFile(directory, version);
  const std::string unfinished = absl::StrCat(kept, kUnfinished);
  unlink(unfinished.c_str());
  if (link(path.c_str(), unfinished.c_str()) != 0) {
    return absl::ErrnoToStatus(errno, kept);
  }
  RETURN_IF_ERROR(RenameDurably(unfinished, kept));
  return WriteSmallFile(SignatureFile(directory, version), signatures, 0600);
}

absl::StatusOr<ListArchive::Version> ListArchive::Get(absl::string_view list_id,
                                                      int64_t version) const {
  const std::string directory = DirectoryOf(list_id);
  Version found;
  found.path = ListFile(directory, version);
  std::error_code error;
  found.bytes = static_cast<int64_t>(fs::file_size(found.path, error));
  if (error == std::errc::no_such_file_or_directory) {
    return absl::NotFoundError(absl::StrCat("signed_version: version ", version,
                                            " of \"", list_id,
                                            "\" is not kept here"));
  }
  if (error) return absl::ErrnoToStatus(error.value(), found.path);
  ASSIGN_OR_RETURN(
      found.signatures,
      ReadSmallFile(SignatureFile(directory, version), kMaxSignatureBytes));
  return found;
}

}  // namespace lenscap
