#ifndef LENSCAP_LISTS_ENTRY_LINE_H_
#define LENSCAP_LISTS_ENTRY_LINE_H_

#include <cstddef>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "index/list_update.h"

namespace lenscap {

// One entry of a list file, without its line feed (lists/LISTS.md).

inline constexpr size_t kMaxEntryBytes = 64 << 20;

// INVALID_ARGUMENT: "field: problem". `list_id` becomes the clip's.
absl::StatusOr<EntryChange> ParseEntry(absl::string_view line,
                                       const std::string& list_id);

struct EntryLine {
  std::string text;
  Sha256 digest;  // As of an EntryChange.
};

// In canonical form; what EntryChange::digest says is not looked at. Times are
// cut to the microsecond. The same errors for what could not be read back, such
// as a clip whose frames make more than kMaxEntryBytes.
absl::StatusOr<EntryLine> FormatEntry(const EntryChange& change);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_ENTRY_LINE_H_
