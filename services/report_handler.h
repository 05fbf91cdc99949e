#ifndef LENSCAP_SERVICES_REPORT_HANDLER_H_
#define LENSCAP_SERVICES_REPORT_HANDLER_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "audit/audit_log.h"
#include "base/clock.h"
#include "index/known_clips.h"
#include "proto/lenscap/v1/report.pb.h"
#include "services/caller.h"
#include "services/checkpointer.h"
#include "takedown/queue.h"

namespace lenscap {

// What the report service works with; all must outlive it.
struct ReportRooms {
  const TakedownQueue* cases = nullptr;
  const KnownClips* lists = nullptr;
  const AuditLog* log = nullptr;
  Checkpointer* checkpointer = nullptr;
  const Clock* clock = Clock::Real();
};

// The calls of the report service, one by one, for a caller who may make them.
// Figures and statements read every case. A regulator gets what its own lists
// found, whatever it asks for, and may not ask for one tenant.
absl::StatusOr<v1::CampaignReport> CountCampaign(
    const ReportRooms& rooms, const Caller& caller,
    const v1::CampaignRequest& request);
absl::StatusOr<v1::ComplianceReply> CountCompliance(
    const ReportRooms& rooms, const Caller& caller,
    const v1::ComplianceRequest& request);
absl::StatusOr<std::vector<v1::StatementOfReasons>> ListStatements(
    const ReportRooms& rooms, const Caller& caller,
    const v1::StatementsRequest& request);

// The next records after `after`, some megabytes of them; none at the end.
absl::StatusOr<std::vector<v1::AuditRecord>> ReadAudit(const ReportRooms& rooms,
                                                       uint64_t after);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REPORT_HANDLER_H_
