#ifndef LENSCAP_AUDIT_VERIFY_H_
#define LENSCAP_AUDIT_VERIFY_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "audit/checkpoint.h"
#include "base/digest.h"

namespace lenscap {

// Proves a log whole, from its files alone, or names the first broken record.
// Reads everything once, in bounded memory; a second time where records are
// out of order.
//
// The chain of hashes shows what was edited, removed, moved or put in between.
// Whoever makes all hashes anew from some record on, or cuts off the end, is
// found by a checkpoint from before alone.
struct AuditVerification {
  uint64_t first =
      0;  // The first and last sound record; 0 where there is none.
  uint64_t last = 0;
  Sha256 sha256 = {};         // Of the last one.
  int64_t checkpoints = 0;    // That were met, and agreed.
  uint64_t proven_up_to = 0;  // The record of the last one of these.
  // Whether there is a part of a line at the end of a directory's last file: a
  // record that is being written, or that a crash cut short.
  bool cut_line = false;

  struct Fault {
    uint64_t record = 0;  // The first that is broken.
    std::string file = {};
    int64_t line = 0;
    std::string what = {};  // Edited, removed, ..., and what shows it.
  };
  std::optional<Fault> fault;
};

struct VerifyAuditOptions {
  std::string path = {};  // The directory of a log, or a file of its lines.
  std::vector<Checkpoint> checkpoints = {};  // Opened, in any order.
  // Whether it may begin after the first record, as an excerpt does.
  bool excerpt = false;
};

// An error where it could not be read; what is wrong with it is no error.
absl::StatusOr<AuditVerification> VerifyAuditLog(
    const VerifyAuditOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_AUDIT_VERIFY_H_
