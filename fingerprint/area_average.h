#ifndef LENSCAP_FINGERPRINT_AREA_AVERAGE_H_
#define LENSCAP_FINGERPRINT_AREA_AVERAGE_H_

#include <cstdint>

#include "media/frame.h"

namespace lenscap {

// Writes width * height samples, row by row: each the rounded mean of the area
// that it covers of the plane, of which samples at the border count by the
// share that is inside. Where the height shrinks by a ratio of small numbers,
// as with the usual sizes of video, means are within 0.5; else rows' shares are
// in 1/256 and means within 1.5. Neither side may be larger than the plane's.
// Thread-safe.
void AverageAreas(const Plane& luma, int width, int height, uint8_t* means);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_AREA_AVERAGE_H_
