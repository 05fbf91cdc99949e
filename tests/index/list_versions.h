#ifndef LENSCAP_TESTS_INDEX_LIST_VERSIONS_H_
#define LENSCAP_TESTS_INDEX_LIST_VERSIONS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "index/known_clips.h"
#include "index/list_update.h"

namespace lenscap {

// Versions of signed lists for tests, where signatures do not matter.

// What the content of an entry's canonical form would give.
Sha256 EntryDigest(const Clip& clip);

EntryChange AddOf(const Clip& clip);
EntryChange UpdateOf(const Clip& clip);
EntryChange WithdrawalOf(const std::string& entry_id,
                         const std::string& reason = "withdrawn");

// The XOR of the digests of these.
ListContent ContentOf(const std::vector<Clip>& clips);

// Gives changes that are there already, then an error if it is one.
class ChangeVector final : public EntryChangeSource {
 public:
  explicit ChangeVector(std::vector<EntryChange> changes,
                        absl::Status end = absl::OkStatus())
      : changes_(std::move(changes)), end_(std::move(end)) {}
  absl::StatusOr<std::optional<EntryChange>> Next() override;

 private:
  const std::vector<EntryChange> changes_;
  const absl::Status end_;
  size_t next_ = 0;
};

// The SHA-256 of the file of a list's version.
Sha256 FileOf(const std::string& list_id, int64_t version);

// The next version of the list, as far as its head says.
ListUpdate NextVersion(const KnownClips& clips, const std::string& list_id,
                       bool snapshot);
// Back to an earlier one.
ListUpdate RollbackTo(const std::string& list_id, int64_t version);

absl::StatusOr<ListUpdateResult> Apply(KnownClips& clips,
                                       const ListUpdate& update,
                                       std::vector<EntryChange> changes,
                                       const ListUpdateHooks& hooks = {});

}  // namespace lenscap

#endif  // LENSCAP_TESTS_INDEX_LIST_VERSIONS_H_
