#include "services/cli/file_walk.h"

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "services/cli/media_sniff.h"

namespace lenscap::cli {
namespace {

namespace fs = std::filesystem;

void AddError(const fs::path& path, const std::error_code& error,
              FileWalk& walk) {
  walk.files.push_back(
      {path.string(), -1, absl::ErrnoToStatus(error.value(), path.string())});
}

absl::StatusOr<bool> IsMediaFile(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return absl::ErrnoToStatus(errno, path.string());
  std::string head(kSniffBytes, '\0');
  file.read(head.data(), static_cast<std::streamsize>(head.size()));
  if (file.bad()) return absl::ErrnoToStatus(errno, path.string());
  head.resize(static_cast<size_t>(file.gcount()));
  return SniffContent(head) == Content::kMedia;
}

void AddFile(const fs::path& path, bool all, FileWalk& walk) {
  if (!all) {
    const absl::StatusOr<bool> media = IsMediaFile(path);
    if (!media.ok()) {
      walk.files.push_back({path.string(), -1, media.status()});
      return;
    }
    if (!*media) {
      ++walk.skipped;
      return;
    }
  }
  std::error_code error;
  const auto bytes = static_cast<int64_t>(fs::file_size(path, error));
  if (error) {
    AddError(path, error, walk);
    return;
  }
  walk.files.push_back({path.string(), bytes, absl::OkStatus()});
}

// Subdirectories are listed one by one, so that one that cannot be read costs
// no other.
void WalkDirectory(const fs::path& directory, bool all, FileWalk& walk) {
  std::error_code error;
  fs::directory_iterator entries(directory, error);
  std::vector<fs::path> paths;
  for (; !error && entries != fs::directory_iterator();
       entries.increment(error)) {
    paths.push_back(entries->path());
  }
  if (error) AddError(directory, error, walk);
  std::sort(paths.begin(), paths.end(), [](const auto& a, const auto& b) {
    return a.native() < b.native();
  });
  for (const fs::path& path : paths) {
    const fs::file_status link = fs::symlink_status(path, error);
    if (fs::is_directory(link)) {
      WalkDirectory(path, all, walk);
    } else if (fs::is_regular_file(fs::status(path, error))) {
      AddFile(path, all, walk);
    } else if (error) {
      AddError(path, error, walk);
    }
  }
}

}  // namespace

FileWalk WalkFiles(const std::vector<std::string>& paths, bool all) {
  FileWalk walk;
  for (const std::string& path : paths) {
    if (path == "-") {
      walk.files.push_back({path, -1, absl::OkStatus()});
      continue;
    }
    std::error_code error;
    const fs::file_status status = fs::status(path, error);
    if (!fs::exists(status)) {
      AddError(path, error, walk);
    } else if (fs::is_directory(status)) {
      WalkDirectory(path, all, walk);
    } else if (fs::is_regular_file(status)) {
      AddFile(path, /*all=*/true, walk);
    } else {
      // A pipe by name, such as the shell's <(command).
      walk.files.push_back({path, -1, absl::OkStatus()});
    }
  }
  return walk;
}

}  // namespace lenscap::cli
