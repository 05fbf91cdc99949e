#include "services/checkpointer.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "audit/checkpoint.h"
#include "base/status_macros.h"

namespace lenscap {
namespace {

constexpr absl::Duration kInterval = absl::Hours(1);

absl::StatusOr<Ed25519PrivateKey> OpenKey(const std::string& directory) {
  const std::string path = directory + "/key.pem";
  std::error_code error;
  if (std::filesystem::exists(path, error)) return ReadPrivateKey(path);
  Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  RETURN_IF_ERROR(WritePrivateKey(path, key));
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Checkpointer>> Checkpointer::Open(
    const std::string& directory, const AuditLog* log, const Clock* clock) {
  ASSIGN_OR_RETURN(Ed25519PrivateKey key, OpenKey(directory));
  RETURN_IF_ERROR(WritePublicKey(directory + "/public.pem", key.public_key()));
  return std::unique_ptr<Checkpointer>(
      new Checkpointer(directory, std::move(key), log, clock));
}

Checkpointer::Checkpointer(std::string directory, Ed25519PrivateKey key,
                           const AuditLog* log, const Clock* clock)
    : directory_(std::move(directory)),
      key_(std::move(key)),
      log_(log),
      clock_(clock) {
  // Without it, one is made too many.
  if (const auto last = LastCheckpoint(directory_, key_.public_key());
      last.ok()) {
    last_sequence_ = last->sequence;
    last_time_ = last->time;
  }
}

absl::StatusOr<v1::AuditCheckpoint> Checkpointer::Make() {
  std::lock_guard lock(mutex_);
  return MakeLocked();
}

absl::StatusOr<v1::AuditCheckpoint> Checkpointer::MakeLocked() {
  const Checkpoint checkpoint = CheckpointOf(*log_, clock_->Now());
  v1::AuditCheckpoint made;
  made.set_line(SignCheckpoint(checkpoint, key_));
  made.set_public_key_pem(ToPem(key_.public_key()));
  RETURN_IF_ERROR(AddCheckpointLine(directory_, made.line()));
  last_sequence_ = checkpoint.sequence;
  last_time_ = checkpoint.time;
  return made;
}

absl::Status Checkpointer::MakeIfDue() {
  {
    std::lock_guard lock(mutex_);
    if (clock_->Now() < last_time_ + kInterval) return absl::OkStatus();
  }
  return MakeIfNew();
}

absl::Status Checkpointer::MakeIfNew() {
  std::lock_guard lock(mutex_);
  if (log_->head().sequence == last_sequence_) return absl::OkStatus();
  return MakeLocked().status();
}

}  // namespace lenscap
