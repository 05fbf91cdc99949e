#include "services/media_roots.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "absl/cleanup/cleanup.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::string> PathOf(absl::string_view uri) {
  absl::string_view path = uri;
  if (!absl::ConsumePrefix(&path, "file:") ||
      (absl::ConsumePrefix(&path, "//") && !absl::StartsWith(path, "/")) ||
      !absl::StartsWith(path, "/") || absl::StrContains(path, '\0')) {
    return absl::InvalidArgumentError(
        "header.uri: expected \"file:\" and an absolute path");
  }
  return std::string(path);
}

// Where the open file really is; "" if it has no name any more.
std::string PlaceOf(int descriptor) {
  std::error_code error;
  return fs::read_symlink(absl::StrCat("/proc/self/fd/", descriptor), error);
}

bool IsBelow(absl::string_view path, absl::string_view root) {
  return absl::ConsumePrefix(&path, root) &&
         (absl::StartsWith(path, "/") || root == "/");
}

bool IsBelowAny(absl::string_view path, const std::vector<std::string>& roots) {
  return std::any_of(roots.begin(), roots.end(), [&](const std::string& root) {
    return IsBelow(path, root);
  });
}

absl::Status Outside(const std::string& path) {
  return absl::PermissionDeniedError(absl::StrCat(
      "header.uri: ", path, " is not below a directory of --media_root"));
}

}  // namespace

absl::StatusOr<MediaRoots> MediaRoots::Open(
    const std::vector<std::string>& paths) {
  MediaRoots roots;
  for (const std::string& path : paths) {
    std::error_code error;
    const fs::path canonical = fs::canonical(path, error);
    if (!fs::path(path).is_absolute() || error ||
        !fs::is_directory(canonical, error)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "media root \"", path, "\": expected an absolute path to a directory",
          error ? ": " + error.message() : ""));
    }
    roots.roots_.push_back(canonical);
    roots.names_.push_back(fs::path(path).lexically_normal());
  }
  return roots;
}

absl::StatusOr<std::unique_ptr<ByteSource>> MediaRoots::OpenUri(
    absl::string_view uri, int64_t max_bytes) const {
  ASSIGN_OR_RETURN(const std::string path, PathOf(uri));
  if (roots_.empty()) {
    return absl::PermissionDeniedError(
        "header.uri: this server reads no files by name; start it with "
        "--media_root, or upload the file");
  }
  // What lies outside is not even looked at.
  const std::string normal = fs::path(path).lexically_normal();
  if (!IsBelowAny(normal, roots_) && !IsBelowAny(normal, names_)) {
    return Outside(path);
  }
  // Without O_NONBLOCK the open of a pipe would wait for its writer.
  const int descriptor =
      open(normal.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
  if (descriptor < 0) {
    return absl::ErrnoToStatus(errno, absl::StrCat("header.uri: ", path));
  }
  auto close_it = absl::MakeCleanup([descriptor] { close(descriptor); });
  if (!IsBelowAny(PlaceOf(descriptor), roots_)) return Outside(path);
  struct stat facts;
  if (fstat(descriptor, &facts) != 0 || !S_ISREG(facts.st_mode)) {
    return absl::InvalidArgumentError(
        absl::StrCat("header.uri: ", path, " is not a regular file"));
  }
  std::move(close_it).Cancel();
  return OpenDescriptorSource(descriptor, max_bytes);
}

}  // namespace lenscap
