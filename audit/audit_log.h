#ifndef LENSCAP_AUDIT_AUDIT_LOG_H_
#define LENSCAP_AUDIT_AUDIT_LOG_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "audit/audit_record.h"
#include "base/clock.h"
#include "base/digest.h"

namespace lenscap {

// The record of what was done: append-only, each record holding the hash of
// the one before, in files of a directory. audit/FORMAT.md documents them.
// Thread-safe; one process at a time.
class AuditLog {
 public:
  struct Options {
    std::string directory = {};          // Made if absent.
    const Clock* clock = Clock::Real();  // Must outlive this.
    // A file that has grown so large is followed by another one.
    uint64_t segment_bytes = uint64_t{64} << 20;
  };
  // Verifies the last file and that it follows on the one before. A last line
  // that a crash cut short, and so was never acknowledged, is dropped; other
  // damage is DATA_LOSS, naming file, line and record.
  static absl::StatusOr<std::unique_ptr<AuditLog>> Open(Options options);
  virtual ~AuditLog() = default;

  // On disk when it returns; callers at the same time share a sync. A call that
  // fails recorded nothing: RESOURCE_EXHAUSTED where the disk is full,
  // INVALID_ARGUMENT for an entry of more than kMaxAuditLineBytes,
  // kMaxAuditDetails or kMaxAuditSourceBytes.
  absl::StatusOr<AuditRecord> Append(const AuditEntry& entry);
  // All of them, one after the other, or none.
  virtual absl::StatusOr<std::vector<AuditRecord>> AppendAll(
      absl::Span<const AuditEntry> entries) = 0;

  // The greatest source_sequence recorded of a source; 0 for none.
  virtual uint64_t LastOf(absl::string_view source) const = 0;

  // Records after `after`, and the lines that they are, oldest first and as far
  // as the log went at the call, until `visit` returns an error, which is
  // passed on.
  using Visit =
      std::function<absl::Status(const AuditRecord&, absl::string_view line)>;
  virtual absl::Status ForEach(uint64_t after, const Visit& visit) const = 0;

  struct Head {
    uint64_t sequence = 0;
    Sha256 sha256 = {};
    absl::Time time = absl::InfinitePast();
  };
  virtual Head head() const = 0;

  // Names the log: the hash of its first record.
  virtual Sha256 id() const = 0;
  // Whether Open dropped a line that was cut short.
  virtual bool dropped_cut_line() const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_AUDIT_LOG_H_
