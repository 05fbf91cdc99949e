#include "services/auditor.h"

#include <algorithm>
#include <limits>
#include <vector>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/audit_entries.h"

namespace lenscap {
namespace {

// Recorded with one sync; what has to be recorded may be much.
constexpr int kBatch = 500;

}  // namespace

absl::Status Auditor::Record(const AuditEntry& entry) {
  return log_->Append(entry).status();
}

absl::Status Auditor::CatchUpCases() {
  std::lock_guard lock(catching_up_);
  while (true) {
    ASSIGN_OR_RETURN(
        const auto events,
        cases_->Events(log_->LastOf("cases"), kBatch, absl::ZeroDuration()));
    if (events.empty()) return absl::OkStatus();
    std::vector<AuditEntry> entries;
    for (const v1::CaseEvent& event : events) {
      const auto subject = cases_->Get(event.case_id());
      if (!absl::IsNotFound(subject.status())) {
        RETURN_IF_ERROR(subject.status());
      }
      entries.push_back(
          AuditEntryOf(event, subject.ok() ? &*subject : nullptr));
    }
    RETURN_IF_ERROR(log_->AppendAll(entries).status());
  }
}

absl::Status Auditor::CatchUpList(absl::string_view list_id) {
  std::lock_guard lock(catching_up_);
  ASSIGN_OR_RETURN(const ListInfo list, lists_->GetList(list_id));
  const auto last =
      static_cast<int64_t>(log_->LastOf(absl::StrCat("list:", list_id)));
  if (list.version <= last) return absl::OkStatus();
  const int64_t missing =
      std::min<int64_t>(list.version - last, std::numeric_limits<int>::max());
  ASSIGN_OR_RETURN(const std::vector<ListChange> changes,
                   lists_->History(list_id, static_cast<int>(missing)));
  std::vector<AuditEntry> entries;
  for (auto it = changes.rbegin(); it != changes.rend(); ++it) {
    // There may be newer ones by now.
    if (it->version <= last) continue;
    entries.push_back(AuditEntryOf(list_id, *it));
    if (entries.size() < kBatch && std::next(it) != changes.rend()) continue;
    RETURN_IF_ERROR(log_->AppendAll(entries).status());
    entries.clear();
  }
  return absl::OkStatus();
}

absl::Status Auditor::CatchUp() {
  RETURN_IF_ERROR(CatchUpCases());
  for (const ListInfo& list : lists_->Lists()) {
    RETURN_IF_ERROR(CatchUpList(list.list_id));
  }
  return absl::OkStatus();
}

}  // namespace lenscap
