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

// Of the entries that a reopening names.
constexpr size_t kMaxStatementBytes = 3000;

const v1::WithdrawnBasis* FindMark(const v1::Case& opened,
                                   const ListEntry& entry) {
  const auto& marks = opened.withdrawn_basis();
  const auto it = std::find_if(
      marks.begin(), marks.end(), [&](const v1::WithdrawnBasis& mark) {
        return mark.list_id() == entry.first && mark.entry_id() == entry.second;
      });
  return it == marks.end() ? nullptr : &*it;
}

}  // namespace

bool IsBasis(const v1::ClipMatch& match) {
  return !match.shadow() && (match.kind() == v1::ClipMatch::KIND_EXACT_FILE ||
                             match.kind() == v1::ClipMatch::KIND_FRAMES);
}

void AddCited(const v1::ScanReport& report, std::set<ListEntry>& cited) {
  for (const v1::ClipMatch& match : report.matches()) {
    cited.emplace(match.list_id(), match.entry_id());
  }
}

absl::StatusOr<MarkChange> UpdateMarks(const WithdrawalOf& withdrawal_of,
                                       const std::set<ListEntry>& cited,
                                       absl::Time now, v1::Case& opened) {
  v1::Case marked;
  MarkChange change;
  for (const ListEntry& entry : cited) {
    ASSIGN_OR_RETURN(const std::optional<Withdrawal> withdrawal,
                     withdrawal_of(entry.first, entry.second));
    if (!withdrawal) continue;
    v1::WithdrawnBasis& mark = *marked.add_withdrawn_basis();
    if (const auto* known = FindMark(opened, entry); known != nullptr) {
      mark = *known;
      continue;
    }
    change.added = true;
    mark.set_list_id(entry.first);
    mark.set_entry_id(entry.second);
    mark.set_reason(withdrawal->reason);
    *mark.mutable_time() = ToTimestamp(now);
  }
  change.changed = change.added || marked.withdrawn_basis_size() !=
                                       opened.withdrawn_basis_size();
  *opened.mutable_withdrawn_basis() = marked.withdrawn_basis();
  return change;
}

std::string LostBasisStatement(const v1::Case& opened) {
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

bool HasLostBasis(const v1::ScanReport& report, const v1::Case& opened) {
  bool had = false;
  for (const v1::ClipMatch& match : report.matches()) {
    if (!IsBasis(match)) continue;
    had = true;
    if (FindMark(opened, {match.list_id(), match.entry_id()}) == nullptr) {
      return false;
    }
  }
  return had;
}

}  // namespace lenscap
