#ifndef LENSCAP_TAKEDOWN_BASIS_H_
#define LENSCAP_TAKEDOWN_BASIS_H_

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// Whether the match says that the upload shows the clip itself, and the list
// was not merely tried out: what a decision to remove can rest on.
bool IsBasis(const v1::ClipMatch& match);

// Why an entry of a list is no longer in force: withdrawn, expired, held,
// rolled back. Nothing where it is in force.
struct Withdrawal {
  std::string reason;
};
using WithdrawalOf = std::function<absl::StatusOr<std::optional<Withdrawal>>(
    absl::string_view list_id, absl::string_view entry_id)>;

enum class BasisChange {
  kNone,
  kMarked,    // The case's marks changed.
  kReopened,  // So much so that its decision has to be made again.
};

using ListEntry = std::pair<std::string, std::string>;  // List and entry id.

// Adds the entries that the report cites, of whatever kind their matches are.
void AddCited(const v1::ScanReport& report, std::set<ListEntry>& cited);

// Brings the case's withdrawn_basis up to date with what is in force of the
// entries that its uploads cite, with `now` for new marks. Where nothing was
// withdrawn since, nothing is added: however often it is asked, a decision that
// was made in the light of a mark is not questioned again.
struct MarkChange {
  bool changed = false;
  bool added = false;  // A mark that was not there.
};
absl::StatusOr<MarkChange> UpdateMarks(const WithdrawalOf& withdrawal_of,
                                       const std::set<ListEntry>& cited,
                                       absl::Time now, v1::Case& opened);

// Whether something bore a decision to remove, and all of it is marked.
bool HasLostBasis(const v1::ScanReport& report, const v1::Case& opened);

// Why the decision has to be made again, by the case's marks.
std::string LostBasisStatement(const v1::Case& opened);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_BASIS_H_
