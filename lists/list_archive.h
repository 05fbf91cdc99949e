#ifndef LENSCAP_LISTS_LIST_ARCHIVE_H_
#define LENSCAP_LISTS_LIST_ARCHIVE_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Every version of every signed list, byte for byte as it was published, with
// its signatures: what proves what was listed, and what a rollback is made of.
// A directory of its own; below it one for each list, "list=" and its id, with
// the files VERSION.list and VERSION.jws. Thread-safe.
class ListArchive {
 public:
  // Makes the directory if it is absent, for this user alone.
  static absl::StatusOr<ListArchive> Open(std::string directory);

  // Keeps the file at `path` too, which must be on the same file system and is
  // not changed any more. On disk when this returns. What an interrupted
  // publication left of the same version is replaced.
  absl::Status Put(absl::string_view list_id, int64_t version,
                   const std::string& path, absl::string_view signatures) const;

  struct Version {
    std::string path;
    int64_t bytes = 0;
    std::string signatures;
  };
  // NOT_FOUND, naming list and version.
  absl::StatusOr<Version> Get(absl::string_view list_id, int64_t version) const;

 private:
  explicit ListArchive(std::string directory)
      : directory_(std::move(directory)) {}

  std::string DirectoryOf(absl::string_view list_id) const;
  std::string directory_;
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_ARCHIVE_H_
