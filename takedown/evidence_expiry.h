#ifndef LENSCAP_TAKEDOWN_EVIDENCE_EXPIRY_H_
#define LENSCAP_TAKEDOWN_EVIDENCE_EXPIRY_H_

#include <cstdint>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "takedown/evidence_store.h"
#include "takedown/queue.h"

namespace lenscap {

// How long stills are kept.
struct EvidenceTimes {
  absl::Duration after_decision = absl::Hours(24 * 30);
  absl::Duration at_most = absl::Hours(24 * 180);
  // Cases that are decided and still shown, as golden ones.
  std::set<std::string> in_use = {};
};

// What one look at all that is kept did, in uploads.
struct EvidenceExpired {
  int64_t destroyed = 0;  // Their stills; that there were some is remembered.
  int64_t forgotten = 0;  // They are in no case any more.
};

// Destroys the stills of uploads that were decided so long ago and whose case
// is not open again, and of those that were sealed so long ago whatever
// happened; forgets those that are in no case. Reads each upload that is kept.
// Fails with the store's or the queue's error; calling it again goes on.
absl::StatusOr<EvidenceExpired> ExpireEvidence(EvidenceStore& evidence,
                                               const TakedownQueue& cases,
                                               const EvidenceTimes& times,
                                               absl::Time now);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_EVIDENCE_EXPIRY_H_
