#ifndef LENSCAP_FINGERPRINT_REGION_H_
#define LENSCAP_FINGERPRINT_REGION_H_

#include "media/frame.h"

namespace lenscap {

// A part of a picture in shares of its width and height, 0 to 1, half-open:
// [left, right) x [top, bottom).
struct Region {
  double left = 0, top = 0, right = 1, bottom = 1;

  double width() const { return right - left; }
  double height() const { return bottom - top; }
};

// What of the one lies in the other too, over what lies in either: 1 for equal
// regions, 0 for disjoint ones.
double Overlap(const Region& a, const Region& b);

// A view of the samples of `plane` in `region`, whose edges are rounded to
// whole samples and kept within the plane: at least one sample, whatever the
// region says. A plane without samples is given back as it is.
Plane SubPlane(const Plane& plane, const Region& region);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_REGION_H_
