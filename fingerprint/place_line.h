#ifndef LENSCAP_FINGERPRINT_PLACE_LINE_H_
#define LENSCAP_FINGERPRINT_PLACE_LINE_H_

#include "absl/types/span.h"
#include "fingerprint/step_map.h"
#include "media/frame.h"

namespace lenscap {

// Which way a line runs.
enum class Direction { kUpright, kLevel };

// Where the line that stands near `position` along the samples `along` stands
// exactly, in samples: one that the picture's scaling set within a sample
// shares it between the pictures on its sides. Within 2.5 of `position`, which
// is given back at the ends of the picture.
double PlaceLine(absl::Span<const Plane> planes, Direction direction,
                 int position, Extent along);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_PLACE_LINE_H_
