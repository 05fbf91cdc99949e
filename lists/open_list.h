#ifndef LENSCAP_LISTS_OPEN_LIST_H_
#define LENSCAP_LISTS_OPEN_LIST_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "base/digest.h"
#include "index/list_update.h"
#include "lists/list_archive.h"
#include "lists/list_file.h"
#include "lists/list_replay.h"

namespace lenscap {

// Files of lists, opened to be read from their start. Errors are those of
// lists/list_reader.h and of the archive.

absl::StatusOr<OpenedList> OpenList(const std::string& path);
absl::StatusOr<OpenedList> OpenKept(const ListArchive& archive,
                                    absl::string_view list_id, int64_t version);
absl::StatusOr<ListEnvelope> ReadEnvelope(const std::string& path);
absl::StatusOr<Sha256> Sha256OfFile(const std::string& path);

// What applying a version takes, but for the digest of its file and who sent
// it.
ListUpdate UpdateOf(const ListEnvelope& envelope);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_OPEN_LIST_H_
