#ifndef LENSCAP_FINGERPRINT_LUMA_GRID_H_
#define LENSCAP_FINGERPRINT_LUMA_GRID_H_

#include "fingerprint/box_filter.h"
#include "media/frame.h"

namespace lenscap {

// Shrinks a plane of at least 1x1 to PDQ's grid: twice a box filter along
// either axis, then one sample for each cell. Here it is one sparse product of
// all that, in one pass over the picture, with hardly a rounding. Thread-safe.
LumaGrid ShrinkToGrid(const Plane& luma);

// Whether ShrinkToGrid and ReplayToGrid agree to the bit: where the filter is
// one sample wide.
inline bool QuickGridIsExact(const Plane& luma) {
  return BoxWindow(luma.width).size() == 1 &&
         BoxWindow(luma.height).size() == 1;
}

// The same with the roundings of the reference, which keeps running sums in
// single precision: each addition here is one of its own. Some 10 times
// slower. Thread-safe.
LumaGrid ReplayToGrid(const Plane& luma);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_LUMA_GRID_H_
