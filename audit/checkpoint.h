#ifndef LENSCAP_AUDIT_CHECKPOINT_H_
#define LENSCAP_AUDIT_CHECKPOINT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "audit/audit_log.h"
#include "base/digest.h"
#include "base/ed25519.h"

namespace lenscap {

// How far a log went at a time. Signed and kept elsewhere, it proves later that
// nothing up to there was changed or taken away. audit/FORMAT.md documents it.
struct Checkpoint {
  Sha256 log = {};  // AuditLog::id().
  uint64_t sequence = 0;
  Sha256 sha256 = {};    // Of the record with that sequence.
  absl::Time time = {};  // When it was signed; whole microseconds.
  friend bool operator==(const Checkpoint&, const Checkpoint&) = default;
};

Checkpoint CheckpointOf(const AuditLog& log, absl::Time now);

// One line, without its end.
std::string SignCheckpoint(const Checkpoint& checkpoint,
                           const Ed25519PrivateKey& key);
// INVALID_ARGUMENT, saying what is wrong with it, for what the key has not
// signed.
absl::StatusOr<Checkpoint> OpenCheckpoint(absl::string_view line,
                                          const Ed25519PublicKey& key);

// The file in the log's directory that checkpoints are added to.
std::string CheckpointsPath(const std::string& directory);
// On disk when it returns.
absl::Status AddCheckpointLine(const std::string& directory,
                               absl::string_view line);
// The last one that was added. NOT_FOUND where there is none.
absl::StatusOr<Checkpoint> LastCheckpoint(const std::string& directory,
                                          const Ed25519PublicKey& key);
// Every line of a file, opened. DATA_LOSS, naming the line, where one is not
// signed by the key, but for a last one that has no end: a crash cut it short.
absl::StatusOr<std::vector<Checkpoint>> ReadCheckpoints(
    const std::string& path, const Ed25519PublicKey& key);

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_CHECKPOINT_H_
