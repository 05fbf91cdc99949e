#ifndef LENSCAP_INDEX_LIST_UPDATE_H_
#define LENSCAP_INDEX_LIST_UPDATE_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/digest.h"
#include "index/clip.h"
#include "index/clip_matcher.h"

namespace lenscap {

// One line of a list: what becomes of one entry.
struct EntryChange {
  // Values are frozen: in list files.
  enum class Op { kAdd = 1, kUpdate = 2, kWithdraw = 3 };
  Op op = Op::kAdd;
  Clip clip;           // Of a withdrawal: the ids alone.
  std::string reason;  // Of a withdrawal.
  // SHA-256 of the entry in its canonical form (lists/LISTS.md); zero for a
  // withdrawal. Two entries with the same digest are the same.
  Sha256 digest = {};
};

// Gives the changes one by one, so that a list need not fit into memory.
class EntryChangeSource {
 public:
  virtual ~EntryChangeSource() = default;
  // Nothing after the last one. An error refuses the whole update.
  virtual absl::StatusOr<std::optional<EntryChange>> Next() = 0;
};

// The XOR of the digests of all entries in force: 32 zero bytes for none. Tells
// two copies of a list that have come apart; it is the signature, not this,
// that tells forgery.
using ListContent = Sha256;

// What to make of a list.
struct ListUpdate {
  std::string list_id;
  std::string issuer;  // Of a list that is there, the same.
  ListTerms terms;     // Rolled back to, the list keeps when it expires.
  // Whether entries that are not named are withdrawn. In a snapshot every
  // change is kAdd; what is there already with the same digest stays as it is.
  // In a delta kAdd of an entry that is there, and kUpdate or kWithdraw of one
  // that is not, are errors. So is an entry that is named twice.
  bool snapshot = false;
  std::string snapshot_reason;  // Why entries that are not named are withdrawn.
  ListChange::Kind kind = ListChange::Kind::kSigned;  // Or kRolledBack.
  // The version whose content this makes. kSigned: becomes the list's
  // signed_version, and must be its signed_version + 1 (1 for a new list), and
  // `previous_sha256` its signed_sha256 (nothing for a new list).
  int64_t signed_version = 0;
  Sha256 signed_sha256 = {};
  std::optional<Sha256> previous_sha256;
  std::optional<ListContent> content;  // Checked once all is applied.
  std::string actor;
  std::string reason;
};

struct ListUpdateResult {
  ListInfo list;  // As it is now.
  int64_t added = 0;
  int64_t updated = 0;
  int64_t withdrawn = 0;
  int64_t unchanged = 0;
  int64_t held = 0;  // Of those added or updated: kSaysNothing.
  // The ids of entries that were withdrawn or updated: what rested on them has
  // to be looked at again. At most 1,000,000.
  std::vector<std::string> withdrawn_ids;
};

struct ListUpdateHooks {
  // How many changes were read so far; called a few times a second.
  std::function<void(int64_t changes)> progress;
  // Called once, before anything is committed, with what would be searched
  // anew and what would come of the update, but for the list itself. Says in
  // which mode the list goes on and why; an error refuses the update. Absent:
  // the list's mode stays. A shadow whose reason is that the list had expired
  // ends with a version that has not.
  struct Review {
    ListMode mode = ListMode::kActive;
    std::string reason;
  };
  std::function<absl::StatusOr<Review>(const ClipMatcher& added,
                                       const ListUpdateResult& result)>
      review;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_LIST_UPDATE_H_
