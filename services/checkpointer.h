#ifndef LENSCAP_SERVICES_CHECKPOINTER_H_
#define LENSCAP_SERVICES_CHECKPOINTER_H_

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "audit/audit_log.h"
#include "base/clock.h"
#include "base/ed25519.h"
#include "proto/lenscap/v1/report.pb.h"

namespace lenscap {

// Signs how far the audit log goes, with the server's own key: on request, and
// once an hour while something is recorded. Thread-safe.
class Checkpointer {
 public:
  // The key is in `directory` as key.pem, made at the first start; beside it
  // stands public.pem. `log` and `clock` must outlive it.
  static absl::StatusOr<std::unique_ptr<Checkpointer>> Open(
      const std::string& directory, const AuditLog* log, const Clock* clock);

  // Also kept in the directory, on disk when it returns.
  absl::StatusOr<v1::AuditCheckpoint> Make();
  // Makes one where the last is an hour old and the log went on since.
  absl::Status MakeIfDue();
  // Makes one where the log went on since the last.
  absl::Status MakeIfNew();

 private:
  Checkpointer(std::string directory, Ed25519PrivateKey key,
               const AuditLog* log, const Clock* clock);

  absl::StatusOr<v1::AuditCheckpoint> MakeLocked();

  const std::string directory_;
  const Ed25519PrivateKey key_;
  const AuditLog* const log_;
  const Clock* const clock_;
  std::mutex mutex_;
  uint64_t last_sequence_ = 0;                   // Guarded by mutex_.
  absl::Time last_time_ = absl::InfinitePast();  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CHECKPOINTER_H_
