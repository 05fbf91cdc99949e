#ifndef LENSCAP_FINGERPRINT_FIND_INNER_H_
#define LENSCAP_FINGERPRINT_FIND_INNER_H_

#include <vector>

#include "fingerprint/step_map.h"

namespace lenscap {

// Rectangles in `within`, a part of the picture, whose sides are lines that
// stay: pictures in the picture, pictures side by side, a picture over its own
// blurred enlargement. Each side is at least 0.15 of the longer one of `within`. At most
// `most`, the clearest first.
std::vector<Box> FindInner(const StepMap& map, const Box& within, int most);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_FIND_INNER_H_
