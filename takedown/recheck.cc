#include "takedown/recheck.h"

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "base/status_macros.h"

namespace lenscap {

absl::StatusOr<Rechecked> RecheckCases(TakedownQueue& cases,
                                       const WithdrawalOf& withdrawal_of) {
  std::map<std::pair<std::string, std::string>, std::optional<Withdrawal>>
      known;
  const WithdrawalOf once = [&](absl::string_view list_id,
                                absl::string_view entry_id)
      -> absl::StatusOr<std::optional<Withdrawal>> {
    const std::pair key{std::string(list_id), std::string(entry_id)};
    const auto it = known.find(key);
    if (it != known.end()) return it->second;
    ASSIGN_OR_RETURN(auto withdrawal, withdrawal_of(list_id, entry_id));
    known[key] = withdrawal;
    return withdrawal;
  };
  Rechecked counts;
  RETURN_IF_ERROR(cases.ForEach([&](const v1::Case& opened) -> absl::Status {
    ++counts.cases;
    v1::Case tried = opened;
    ASSIGN_OR_RETURN(const BasisChange expected,
                     UpdateBasis(once, absl::UnixEpoch(), tried));
    if (expected == BasisChange::kNone) return absl::OkStatus();
    const auto done = cases.Recheck(opened.case_id(), once);
    if (absl::IsNotFound(done.status())) return absl::OkStatus();  // Purged.
    RETURN_IF_ERROR(done.status());
    counts.marked += *done == BasisChange::kMarked ? 1 : 0;
    counts.reopened += *done == BasisChange::kReopened ? 1 : 0;
    return absl::OkStatus();
  }));
  return counts;
}

}  // namespace lenscap
