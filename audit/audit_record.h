#ifndef LENSCAP_AUDIT_AUDIT_RECORD_H_
#define LENSCAP_AUDIT_AUDIT_RECORD_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/digest.h"

namespace lenscap {

// Of one line of the log, without its end.
inline constexpr size_t kMaxAuditLineBytes = size_t{1} << 20;
inline constexpr size_t kMaxAuditDetails = 1000;  // Of one record.
inline constexpr size_t kMaxAuditSourceBytes = 128;

// Who did what to what, when and why. Bytes that are no UTF-8 are replaced when
// it is recorded.
struct AuditEntry {
  std::string actor = {};  // Who: "role:name"; "system" for the server itself.
  std::string action =
      {};  // What: "list.publish", "case.decide", "token.create".
  std::string subject = {};  // To what: "list/hotline-eu", "case/case-0123...".
  std::string reason = {};   // Why; may be empty.
  // Facts worth proving later, by name: versions, digests, outcomes. Each name
  // once.
  std::vector<std::pair<std::string, std::string>> details = {};
  // Where another store keeps what was done, its place there, so that after a
  // crash what is missing here is told from what is not: a source's name and a
  // number that grows. 0 where there is none.
  std::string source = {};
  uint64_t source_sequence = 0;
};

struct AuditRecord {
  uint64_t sequence = 0;  // From 1, growing by one.
  absl::Time time;        // Whole microseconds; never before the record before.
  AuditEntry entry;
  Sha256 previous = {};  // Of the record before; zero for the first.
  Sha256 sha256 = {};    // Of this one, over all of the above.
};

// The record as a line of the log (audit/FORMAT.md), without its end; sets the
// record's sha256.
std::string EncodeAuditLine(AuditRecord& record);
// INVALID_ARGUMENT, saying what is wrong with it: also where the line's own
// hash does not hold.
absl::StatusOr<AuditRecord> DecodeAuditLine(absl::string_view line);

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_AUDIT_RECORD_H_
