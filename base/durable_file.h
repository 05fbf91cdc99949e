#ifndef LENSCAP_BASE_DURABLE_FILE_H_
#define LENSCAP_BASE_DURABLE_FILE_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace lenscap {

// Small files that survive a crash: whole, or as they were before. Every error
// names the path.

// Written under another name, synced and renamed over `path`; the directory is
// synced too. Only this process's user may read it. What fails leaves nothing
// behind.
absl::Status WriteDurably(const std::string& path, absl::string_view bytes);

// NOT_FOUND; RESOURCE_EXHAUSTED beyond `max_bytes`.
absl::StatusOr<std::string> ReadWholeFile(const std::string& path,
                                          int64_t max_bytes);

// Makes what was created, renamed or removed in a directory last.
absl::Status SyncDirectory(const std::string& path);

}  // namespace lenscap

#endif  // LENSCAP_BASE_DURABLE_FILE_H_
