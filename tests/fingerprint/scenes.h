#ifndef LENSCAP_TESTS_FINGERPRINT_SCENES_H_
#define LENSCAP_TESTS_FINGERPRINT_SCENES_H_

#include <cstdint>

#include "fingerprint/picture_map.h"
#include "tests/fingerprint/pictures.h"

namespace lenscap {

// A picture with things in it: boxes and discs of many sizes and greys, placed
// by `seed`. `view` takes a point of the scene to the picture; both are in
// longer sides of the picture.
Picture DrawScene(uint32_t seed, int width, int height,
                  const PictureMap& view = PictureMap());

// The view that scales by `scale` and turns by `angle` (radians) around the
// middle of a picture of that size, then shifts by `x` and `y`.
PictureMap ViewOf(double scale, double angle, double x, double y,
                  PictureSize size);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FINGERPRINT_SCENES_H_
