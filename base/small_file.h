#ifndef LENSCAP_BASE_SMALL_FILE_H_
#define LENSCAP_BASE_SMALL_FILE_H_

#include <sys/types.h>

#include <cstddef>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Files that are read and written whole: keys, signatures, records. Errors name
// the file.

// INVALID_ARGUMENT for one of more than `max_bytes`.
absl::StatusOr<std::string> ReadSmallFile(const std::string& path,
                                          size_t max_bytes);

// Puts the file there whole or not at all, and durably: written under another
// name (the path with kUnfinished behind it), synced, and renamed; the
// directory is synced too. What was there is replaced.
absl::Status WriteSmallFile(const std::string& path, absl::string_view bytes,
                            mode_t mode = 0644);

inline constexpr char kUnfinished[] = ".unfinished";

// Renames the file, which was synced, and syncs the directory.
absl::Status RenameDurably(const std::string& from, const std::string& to);

// Makes what was made, renamed or removed at `path` last.
absl::Status SyncDirectoryOf(const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_BASE_SMALL_FILE_H_
