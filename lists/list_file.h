#ifndef LENSCAP_LISTS_LIST_FILE_H_
#define LENSCAP_LISTS_LIST_FILE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "base/digest.h"
#include "index/clip.h"
#include "index/list_update.h"

namespace lenscap {

// What the first line of a list file says; the entries are EntryChanges
// (index/list_update.h). lists/LISTS.md documents the file.
struct ListEnvelope {
  // Values are frozen: in list files.
  enum class Kind { kSnapshot = 1, kDelta = 2 };

  std::string list_id;
  std::string issuer;
  ListTerms terms;
  int64_t version = 0;  // From 1, growing by one.
  // Of the exact bytes of the file of the version before; none for version 1.
  std::optional<Sha256> previous_sha256;
  absl::Time issued;
  Kind kind = Kind::kSnapshot;
  int64_t entries = 0;       // Lines that follow.
  ListContent content = {};  // Once they are applied.
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_LIST_FILE_H_
