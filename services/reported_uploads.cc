#include "services/reported_uploads.h"

#include <set>

#include "base/status_macros.h"
#include "services/intake_work.h"

namespace lenscap {
namespace {

// The entries of the list of reports that the upload matches.
std::set<std::string> EntriesOf(const v1::CaseUpload& upload) {
  std::set<std::string> entries;
  for (const v1::ClipMatch& match : upload.report().matches()) {
    if (match.list_id() == kReportsList) entries.insert(match.entry_id());
  }
  return entries;
}

bool IsRemoved(const v1::CaseUpload& upload) {
  return !upload.decisions().empty() &&
         upload.decisions().rbegin()->outcome() == v1::Decision::OUTCOME_REMOVE;
}

void Add(const v1::CaseUpload& upload, ReportedUploads::Count& count) {
  ++count.found;
  if (IsRemoved(upload)) ++count.removed;
}

}  // namespace

absl::Status ReportedUploads::Recount(absl::Time now) const {
  counts_.clear();
  RETURN_IF_ERROR(cases_->ForEachUpload(
      [this](const v1::Case&, const v1::CaseUpload& upload) {
        for (const std::string& entry : EntriesOf(upload)) {
          Add(upload, counts_[entry]);
        }
        return absl::OkStatus();
      }));
  counted_ = now;
  return absl::OkStatus();
}

absl::StatusOr<ReportedUploads::Count> ReportedUploads::CountOf(
    const v1::VictimReport& report) const {
  Count count;
  {
    const absl::Time now = clock_->Now();
    std::lock_guard lock(mutex_);
    if (now - counted_ >= kHolds) RETURN_IF_ERROR(Recount(now));
    const auto found = counts_.find(report.report_id());
    if (found != counts_.end()) count = found->second;
  }
  const std::set<std::string> named(report.header().content_ids().begin(),
                                    report.header().content_ids().end());
  for (const std::string& content_id : named) {
    const auto upload = cases_->Upload(content_id);
    if (absl::IsNotFound(upload.status())) continue;
    RETURN_IF_ERROR(upload.status());
    const bool counted = EntriesOf(*upload).contains(report.report_id());
    if (!counted && upload->tenant() == report.header().tenant()) {
      Add(*upload, count);
    }
  }
  return count;
}

}  // namespace lenscap
