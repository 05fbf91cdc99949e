#include "services/open_case.h"

#include <string>

#include "base/status_macros.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

bool NeedsCase(const v1::Verdict& verdict) {
  return verdict.action() == v1::ACTION_REVIEW ||
         verdict.action() == v1::ACTION_BLOCK;
}

absl::Status OpenCase(TakedownQueue& cases, const v1::UploadHeader& header,
                      int priority, v1::ScanReport& report) {
  v1::Case opened;
  opened.set_content_id(header.content_id());
  opened.set_account(header.account());
  opened.set_group(header.group());
  opened.set_tenant(header.tenant());
  opened.set_platform_class(header.platform_class());
  opened.set_priority(priority);
  opened.set_language(header.language());
  if (header.has_reported()) *opened.mutable_reported() = header.reported();
  if (!header.camera().empty()) {
    opened.set_grouped_by(v1::Case::GROUPED_BY_CAMERA);
    opened.set_shared(header.camera());
  }
  opened.set_retrospective(report.retrospective());
  *opened.mutable_report() = report;
  ASSIGN_OR_RETURN(const std::string case_id, cases.Submit(opened));
  report.set_case_id(case_id);
  return absl::OkStatus();
}

}  // namespace lenscap
