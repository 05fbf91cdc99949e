#ifndef LENSCAP_FINGERPRINT_REGION_PDQ_H_
#define LENSCAP_FINGERPRINT_REGION_PDQ_H_

#include "fingerprint/pdq.h"
#include "fingerprint/region.h"
#include "media/frame.h"

namespace lenscap {

// The hashes of the picture that stands in `region` of a plane, close to those
// of the picture by itself: the edges are taken where they are, between samples
// too, and few samples are enough. What is cut at whole samples instead differs
// by some 20 bits where it is 64 samples wide. The region is kept within the
// plane, which must be at least 1x1. Pure; thread-safe.
DihedralPdq ComputeRegionPdq(const Plane& luma, const Region& region,
                             LumaRange range);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_REGION_PDQ_H_
