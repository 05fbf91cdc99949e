#ifndef LENSCAP_FINGERPRINT_KEYPOINTS_H_
#define LENSCAP_FINGERPRINT_KEYPOINTS_H_

#include <vector>

#include "fingerprint/hash256.h"
#include "fingerprint/picture_map.h"
#include "fingerprint/thumbnail.h"

namespace lenscap {

// A detail of a picture that is found again after the picture was cropped,
// scaled, turned by any angle or filmed off a screen.
struct Keypoint {
  Hash256 descriptor;
  PicturePoint at;
  float size = 0;   // Of what it describes, in the picture's unit.
  float angle = 0;  // Radians, 0 to 2 pi, from the x axis towards y.
};

// ORB (Rublee et al., "ORB: an efficient alternative to SIFT or SURF", 2011) by
// OpenCV. At most `max_count`, the strongest of each neighbourhood, so that a
// caption or a logo cannot have them all; none in a picture of less than 16
// samples a side. The same picture has the same keypoints. Thread-safe.
std::vector<Keypoint> FindKeypoints(const Thumbnail& picture, int max_count);

}  // namespace lenscap

#endif  // LENSCAP_FINGERPRINT_KEYPOINTS_H_
