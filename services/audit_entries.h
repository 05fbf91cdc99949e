#ifndef LENSCAP_SERVICES_AUDIT_ENTRIES_H_
#define LENSCAP_SERVICES_AUDIT_ENTRIES_H_

#include "absl/strings/string_view.h"
#include "audit/audit_record.h"
#include "index/clip.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// What the audit log says of what another store keeps. Actions and names of
// details are frozen. Pure functions.

// `subject` is the case as it is now; null where it was purged since.
AuditEntry AuditEntryOf(const v1::CaseEvent& event, const v1::Case* subject);
AuditEntry AuditEntryOf(absl::string_view list_id, const ListChange& change);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_AUDIT_ENTRIES_H_
