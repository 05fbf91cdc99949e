#include "fingerprint/fingerprint.h"

namespace lenscap {

FrameFingerprint Fingerprint(const Frame& frame) {
  return {.time = frame.time,
          .pdq = ComputeDihedralPdq(frame.luma, frame.range)};
}

}  // namespace lenscap
