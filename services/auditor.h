#ifndef LENSCAP_SERVICES_AUDITOR_H_
#define LENSCAP_SERVICES_AUDITOR_H_

#include <cstdint>
#include <mutex>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "audit/audit_log.h"
#include "index/known_clips.h"
#include "takedown/queue.h"

namespace lenscap {

// Brings what is done to cases and lists into the audit log. Queue and lists
// keep what was done under numbers of their own, so each is recorded exactly
// once: whoever changes one catches up before it answers, and a start catches
// up on what a crash left out. What has no store of its own is recorded
// directly. Thread-safe; all must outlive it.
class Auditor {
 public:
  Auditor(AuditLog* log, const TakedownQueue* cases, const KnownClips* lists)
      : log_(log), cases_(cases), lists_(lists) {}

  absl::Status Record(const AuditEntry& entry);

  // Source "cases": what was opened, decided, reopened and given up, with the
  // lists that it rests on. Cases that were purged meanwhile lack what only
  // they knew.
  absl::Status CatchUpCases();
  // Source "list:ID": every change of the list, by its version.
  absl::Status CatchUpList(absl::string_view list_id);
  // All of them.
  absl::Status CatchUp();

 private:
  AuditLog* const log_;
  const TakedownQueue* const cases_;
  const KnownClips* const lists_;
  std::mutex catching_up_;  // One at a time, so that nothing is recorded twice.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_AUDITOR_H_
