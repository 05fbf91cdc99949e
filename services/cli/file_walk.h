#ifndef LENSCAP_SERVICES_CLI_FILE_WALK_H_
#define LENSCAP_SERVICES_CLI_FILE_WALK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"

namespace lenscap::cli {

// One file to be scanned. "-" is standard input; what is no regular file has
// no known size (-1).
struct InputFile {
  std::string path;
  int64_t bytes = -1;
  absl::Status status;  // Why it cannot be looked at; begins with the path.
};

struct FileWalk {
  std::vector<InputFile> files;
  // Files below the directories that are no video or image by their content,
  // and were left out.
  int64_t skipped = 0;
};

// The files that the command line names, in its order: files as they are, and
// for a directory every video and image below it (with `all`, every file),
// each directory in byte order of its names. Below a directory, links to
// directories are not followed.
FileWalk WalkFiles(const std::vector<std::string>& paths, bool all);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_FILE_WALK_H_
