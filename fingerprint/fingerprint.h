#ifndef LENSCAP_FINGERPRINT_FINGERPRINT_H_
#define LENSCAP_FINGERPRINT_FINGERPRINT_H_

#include "absl/time/time.h"
#include "fingerprint/pdq.h"
#include "media/frame.h"

namespace lenscap {

// What is kept of one sampled frame.
struct FrameFingerprint {
  absl::Duration time;  // From the start of the media.
  DihedralPdq pdq;

  const Hash256& hash() const { return pdq.hashes[0]; }
  int quality() const { return pdq.quality; }
};

FrameFingerprint Fingerprint(const Frame& frame);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_FINGERPRINT_H_
