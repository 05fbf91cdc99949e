#include "takedown/basis.h"

#include <algorithm>
#include <set>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "takedown/case_record.h"

namespace lenscap {
namespace {

using Entry = std::pair<std::string, std::string>;  // List and entry id.

// Of the entries that a reopening names.
constexpr size_t kMaxStatementBytes = 3000;

bool StandsRemoved(const v1::Case& opened) {
  return opened.state() == v1::Case::STATE_DECIDED &&
         !opened.decisions().empty() &&
         opened.decisions().rbegin()->outcome() == v1::Decision::OUTCOME_REMOVE;
}

const v1::WithdrawnBasis* FindMark(const v1::Case& opened, const Entry& entry) {
  const auto& marks = opened.withdrawn_basis();
  const auto it = std::find_if(
      marks.begin(), marks.end(), [&](const v1::WithdrawnBasis& mark) {
        return mark.list_id() == entry.first && mark.entry_id() == entry.second;
      });
  return it == marks.end() ? nullptr : &*it;
}

std::string Statement(const v1::Case& opened) {
  std::string statement = "no longer in force, which the decision rested on:";
  for (const v1::WithdrawnBasis& mark : opened.withdrawn_basis()) {
    if (statement.size() > kMaxStatementBytes) return statement + " ...";
    absl::StrAppend(&statement, " ", mark.list_id(), "/", mark.entry_id());
    if (!mark.reason().empty()) {
      absl::StrAppend(&statement, " (", mark.reason().substr(0, 256), ")");
    }
  }
  return statement;
}

// Whether something bore a decision to remove, and none of it is in force.
bool HasLostBasis(const v1::Case& opened) {
  bool had = false;
  for (const v1::ClipMatch& match : opened.report().matches()) {
    if (!IsBasis(match)) continue;
    had = true;
    if (FindMark(opened, {match.list_id(), match.entry_id()}) == nullptr) {
      return false;
    }
  }
  return had;
}

}  // namespace

bool IsBasis(const v1::ClipMatch& match) {
  return !match.shadow() && (match.kind() == v1::ClipMatch::KIND_EXACT_FILE ||
                             match.kind() == v1::ClipMatch::KIND_FRAMES);
}

absl::StatusOr<BasisChange> UpdateBasis(const WithdrawalOf& withdrawal_of,
                                        absl::Time now, v1::Case& opened) {
  const bool removed = StandsRemoved(opened);
  if (opened.state() == v1::Case::STATE_DECIDED && !removed) {
    return BasisChange::kNone;
  }
  v1::Case marked;
  bool added = false;
  std::set<Entry> seen;
  for (const v1::ClipMatch& match : opened.report().matches()) {
    const Entry entry(match.list_id(), match.entry_id());
    if (!seen.insert(entry).second) continue;
    ASSIGN_OR_RETURN(const std::optional<Withdrawal> withdrawal,
                     withdrawal_of(entry.first, entry.second));
    if (!withdrawal) continue;
    v1::WithdrawnBasis& mark = *marked.add_withdrawn_basis();
    if (const auto* known = FindMark(opened, entry); known != nullptr) {
      mark = *known;
      continue;
    }
    added = true;
    mark.set_list_id(entry.first);
    mark.set_entry_id(entry.second);
    mark.set_reason(withdrawal->reason);
    *mark.mutable_time() = ToTimestamp(now);
  }
  if (!added &&
      marked.withdrawn_basis_size() == opened.withdrawn_basis_size()) {
    return BasisChange::kNone;
  }
  *opened.mutable_withdrawn_basis() = marked.withdrawn_basis();
  if (!removed || !added || !HasLostBasis(opened)) return BasisChange::kMarked;
  opened.set_appeal(Statement(opened));
  return BasisChange::kReopened;
}

}  // namespace lenscap
