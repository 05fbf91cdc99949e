#ifndef LENSCAP_SERVICES_EVIDENCE_HANDLER_H_
#define LENSCAP_SERVICES_EVIDENCE_HANDLER_H_

#include <functional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "audit/audit_record.h"
#include "proto/lenscap/v1/evidence.pb.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/caller.h"
#include "takedown/evidence_store.h"
#include "takedown/exposure_ledger.h"
#include "takedown/queue.h"

namespace lenscap {

// How much a reviewer is shown a day.
struct ExposureLimits {
  absl::Duration budget = absl::Minutes(30);
  double notice = 0.8;  // Share of the budget from which they are told.
};

// What the evidence service works with; all must outlive it.
struct EvidenceRooms {
  const EvidenceStore* evidence = nullptr;
  ExposureLedger* exposure = nullptr;
  const TakedownQueue* cases = nullptr;
  ExposureLimits limits;
  // Puts a reveal on record, before it is answered.
  std::function<absl::Status(const AuditEntry&)> record;
  // Of a case with a known answer, which repeats another one: the content id of
  // the upload that it shows, which may be revealed although it was decided on.
  // "" for any other case; null where there are no such cases.
  std::function<absl::StatusOr<std::string>(const v1::Case&)> golden_content =
      nullptr;
};

// The calls of the evidence service, one by one; evidence.proto says what each
// promises. A caller with tenants finds the cases of those alone. Each blocks
// on the disk. Thread-safe.
absl::StatusOr<v1::ListStillsReply> ListStills(
    const EvidenceRooms& rooms, const Caller& caller,
    const v1::ListStillsRequest& request);
absl::StatusOr<v1::RevealReply> Reveal(const EvidenceRooms& rooms,
                                       const Caller& caller,
                                       const v1::RevealRequest& request);
absl::StatusOr<v1::Exposure> GetExposure(const EvidenceRooms& rooms,
                                         const Caller& caller,
                                         const v1::GetExposureRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_EVIDENCE_HANDLER_H_
