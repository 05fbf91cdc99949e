#include "takedown/recheck.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/status_macros.h"
#include "takedown/decided.h"

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
  // What would change of a case, as far as that can be told without changing
  // it: its uploads come one after the other.
  v1::Case seen;
  std::set<ListEntry> cited;
  bool rests = false;  // What was kept rests on nothing.
  const auto recheck = [&]() -> absl::Status {
    if (seen.case_id().empty()) return absl::OkStatus();
    ++counts.cases;
    if (!rests) return absl::OkStatus();
    ASSIGN_OR_RETURN(const MarkChange expected,
                     UpdateMarks(once, cited, absl::UnixEpoch(), seen));
    if (!expected.changed) return absl::OkStatus();
    const auto done = cases.Recheck(seen.case_id(), once);
    if (absl::IsNotFound(done.status())) return absl::OkStatus();  // Purged.
    RETURN_IF_ERROR(done.status());
    counts.marked += *done == BasisChange::kMarked ? 1 : 0;
    counts.reopened += *done == BasisChange::kReopened ? 1 : 0;
    return absl::OkStatus();
  };
  RETURN_IF_ERROR(
      cases.ForEachUpload([&](const v1::Case& opened,
                              const v1::CaseUpload& upload) -> absl::Status {
        if (opened.case_id() != seen.case_id()) {
          RETURN_IF_ERROR(recheck());
          seen = opened;
          cited.clear();
          rests = false;
        }
        if (IsKept(opened, upload)) return absl::OkStatus();
        rests = true;
        AddCited(upload.report(), cited);
        return absl::OkStatus();
      }));
  RETURN_IF_ERROR(recheck());
  return counts;
}

}  // namespace lenscap
