#ifndef LENSCAP_TAKEDOWN_BASIS_H_
#define LENSCAP_TAKEDOWN_BASIS_H_

#include <functional>
#include <optional>
#include <string>

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

// Brings the case's withdrawn_basis up to date, with `now` for new marks.
// kReopened, and the reason in `appeal`, where a decision to remove stands and
// the last of what it rested on has gone. Cases that were kept stay as they
// are. Where nothing was withdrawn since, kNone: however often it is asked, a
// decision that was made in the light of a mark is not questioned again.
absl::StatusOr<BasisChange> UpdateBasis(const WithdrawalOf& withdrawal_of,
                                        absl::Time now, v1::Case& opened);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_BASIS_H_
