#ifndef LENSCAP_SERVICES_INTAKE_WORK_H_
#define LENSCAP_SERVICES_INTAKE_WORK_H_

#include <functional>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "audit/audit_record.h"
#include "index/known_clips.h"
#include "index/upload_store.h"
#include "proto/lenscap/v1/intake.pb.h"
#include "services/notifier.h"
#include "takedown/queue.h"
#include "takedown/victim_reports.h"

namespace lenscap {

// The installation's own list of what people have reported, and who issues it.
inline constexpr char kReportsList[] = "victim-reports";
inline constexpr char kReportsIssuer[] = "this installation";

// What follows from reports once they are on disk: cases of the uploads that
// they name, entries of kReportsList, and the audit log. Each step may be done
// again, so that what a crash or a full disk has left is done later.
// Thread-safe; what the options point to must outlive it.
class IntakeWork {
 public:
  struct Options {
    VictimReports* reports = nullptr;
    KnownClips* clips = nullptr;
    TakedownQueue* cases = nullptr;
    const UploadStore* uploads = nullptr;  // Null where none are kept.
    Notifier* news = nullptr;              // Told of each case.
    std::function<absl::Status(const AuditEntry&)> record;
    // Brings the changes of a list, and of cases, into the audit log.
    std::function<absl::Status(absl::string_view)> record_list;
    std::function<absl::Status()> record_cases;
  };
  explicit IntakeWork(Options options) : options_(std::move(options)) {}

  // What is left to be done of one report; it as it is then.
  absl::StatusOr<v1::VictimReport> Finish(absl::string_view report_id);
  // Of all; one that fails does not keep the others waiting. The first error.
  absl::Status FinishAll();

 private:
  absl::StatusOr<v1::VictimReport> FinishOne(
      const VictimReports::Pending& pending);
  absl::StatusOr<std::string> CaseOf(const v1::VictimReport& report,
                                     const std::string& content_id);
  absl::StatusOr<std::string> OpenCaseOf(const v1::VictimReport& report,
                                         const std::string& content_id);
  absl::StatusOr<v1::VictimReport> FinishSubmission(
      const v1::VictimReport& report);
  // The entry, or "" where there is nothing that could be found.
  absl::StatusOr<std::string> Publish(const v1::VictimReport& report);
  absl::StatusOr<v1::VictimReport> FinishAnswer(const v1::VictimReport& report);

  const Options options_;
  std::mutex working_;  // One at a time, so that nothing is done twice at once.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_INTAKE_WORK_H_
