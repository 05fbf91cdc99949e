#ifndef LENSCAP_INDEX_FIT_PICTURE_H_
#define LENSCAP_INDEX_FIT_PICTURE_H_

#include <optional>

#include "absl/types/span.h"
#include "fingerprint/keypoints.h"
#include "fingerprint/picture_map.h"

namespace lenscap {

// Keypoints of two pictures that look alike.
struct KeypointPair {
  const Keypoint* query = nullptr;
  const Keypoint* reference = nullptr;
};

// Where the query shows the reference.
struct PictureFit {
  PictureMap map;  // From the reference to the query.
  int pairs = 0;   // That agree with it, no keypoint counted twice.
};

// The map on which most pairs agree. Chance makes alike what is not the same;
// a fit takes at least 8 pairs that agree, spread over the reference's picture,
// so that a logo alone is none. Looks at the first 512 pairs, some 2,000 maps
// of two pairs each; the same pairs give the same fit. Pure.
std::optional<PictureFit> FitPicture(absl::Span<const KeypointPair> pairs);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_FIT_PICTURE_H_
