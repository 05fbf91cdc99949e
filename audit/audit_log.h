#ifndef LENSCAP_AUDIT_AUDIT_LOG_H_
#define LENSCAP_AUDIT_AUDIT_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/digest.h"

namespace lenscap {

// Who did what to what, when and why.
struct AuditEntry {
  std::string actor;    // Who: "role:name"; "system" for the server itself.
  std::string action;   // What: "list.publish", "case.decide", "token.create".
  std::string subject;  // To what: "list/hotline-eu", "case/case-0123...".
  std::string reason;   // Why; may be empty.
  // Facts worth proving later, by name: versions, digests, outcomes.
  std::vector<std::pair<std::string, std::string>> details;
  // Where another store keeps what was done, its place there, so that after a
  // crash what is missing here is told from what is not: a source's name and a
  // number that grows. 0 where there is none.
  std::string source;
  uint64_t source_sequence = 0;
};

struct AuditRecord {
  uint64_t sequence = 0;  // From 1, growing by one.
  absl::Time time;        // Never before the record before.
  AuditEntry entry;
  Sha256 previous = {};  // Of the record before; zero for the first.
  Sha256 sha256 = {};    // Of this one, over all of the above.
};

// The record of what was done: append-only, each record holding the hash of
// the one before, in files of a directory. audit/FORMAT.md documents them.
// Thread-safe; one process at a time.
class AuditLog {
 public:
  struct Options {
    std::string directory;
    const Clock* clock = Clock::Real();  // Must outlive this.
  };
  // Verifies the end of the log. A last record that a crash cut short, and so
  // was never acknowledged, is dropped; other damage is DATA_LOSS.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(Options options);
  virtual ~AuditLog() = default;

  // On disk when it returns; callers at the same time share a sync.
  virtual absl::StatusOr<AuditRecord> Append(const AuditEntry& entry) = 0;

  // The greatest source_sequence recorded of a source; 0 for none.
  virtual uint64_t LastOf(absl::string_view source) const = 0;

  // Records after `after`, oldest first, until `visit` returns an error, which
  // is passed on.
  virtual absl::Status ForEach(
      uint64_t after,
      const std::function<absl::Status(const AuditRecord&)>& visit) const = 0;

  struct Head {
    uint64_t sequence = 0;
    Sha256 sha256 = {};
    absl::Time time;
  };
  virtual Head head() const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_AUDIT_LOG_H_
