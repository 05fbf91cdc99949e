#ifndef LENSCAP_SERVICES_INTAKE_HANDLER_H_
#define LENSCAP_SERVICES_INTAKE_HANDLER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "audit/audit_record.h"
#include "base/clock.h"
#include "proto/lenscap/v1/intake.pb.h"
#include "services/admission.h"
#include "services/byte_allowance.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/intake_work.h"
#include "services/reported_footage.h"
#include "services/reported_uploads.h"
#include "services/spool.h"
#include "services/tenants.h"
#include "services/upload_parts.h"
#include "takedown/victim_reports.h"

namespace lenscap {

// What the intake service works with; all must outlive it.
struct IntakeRooms {
  VictimReports* reports = nullptr;
  IntakeWork* work = nullptr;
  const ReportedUploads* found = nullptr;
  const Spool* spool = nullptr;
  Admission* admission = nullptr;
  Tenants* tenants = nullptr;
  FootageReading reading;
  // Puts on record what was sent and who looked, before it is answered.
  std::function<absl::Status(const AuditEntry&)> record;
  absl::Duration answer_within = absl::Hours(48);
  const Clock* clock = Clock::Real();
};

// What each call does for a caller who may make it; intake.proto says what each
// promises. A caller with a tenant finds the reports of that one alone; an
// auditor reads them without names, contacts and signatures.

// One SubmitReport call. Blocks on the disk and on the decoder; not
// thread-safe.
class ReportUpload {
 public:
  ReportUpload(const IntakeRooms* rooms, Caller caller)
      : rooms_(rooms), caller_(std::move(caller)) {}

  absl::Status Take(const v1::ReportPart& part);
  // What it takes turns by; "" before the header.
  std::string turn_key() const { return tenant_ ? tenant_->key() : ""; }
  // Once the stream has ended.
  absl::StatusOr<v1::ReportReceipt> Submit(const Cancellation& cancellation);

 private:
  absl::StatusOr<std::optional<Upload>> Begin(v1::ReportHeader& header);
  absl::StatusOr<std::string> ReadFootage(const Cancellation& cancellation,
                                          v1::VictimReport& report);

  const IntakeRooms* const rooms_;
  const Caller caller_;
  Admission::Ticket ticket_;
  std::shared_ptr<Tenant> tenant_;
  Tenant::Place open_place_;
  std::optional<ByteAllowance> allowance_;
  UploadParts<v1::ReportPart> parts_;
};

absl::StatusOr<v1::ReportStatus> GetReportStatus(
    const IntakeRooms& rooms, const v1::GetReportStatusRequest& request);
absl::StatusOr<v1::VictimReport> GetReport(const IntakeRooms& rooms,
                                           const Caller& caller,
                                           const v1::GetReportRequest& request);
absl::StatusOr<v1::ListReportsReply> ListReports(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::ListReportsRequest& request);
absl::StatusOr<v1::VictimReport> AcceptReport(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::AcceptReportRequest& request);
absl::StatusOr<v1::VictimReport> RejectReport(
    const IntakeRooms& rooms, const Caller& caller,
    const v1::RejectReportRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_INTAKE_HANDLER_H_
