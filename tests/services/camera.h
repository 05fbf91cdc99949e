#ifndef LENSCAP_TESTS_SERVICES_CAMERA_H_
#define LENSCAP_TESTS_SERVICES_CAMERA_H_

#include <cstdint>
#include <vector>

#include "absl/time/time.h"
#include "fingerprint/region.h"
#include "index/clip.h"
#include "index/clip_sighter.h"
#include "media/frame.h"

namespace lenscap {

// A camera that stands still in a room, `scene`, in which people walk about,
// other ones for each `people`.
struct Camera {
  uint32_t scene = 1;
  uint32_t people = 1;
};

// What it sees in `region` of its picture (480 by 360), `every` so often, from
// `start` until `end`. Times count from 0.
std::vector<Frame> Film(const Camera& camera, absl::Duration start,
                        absl::Duration end, absl::Duration every,
                        const Region& region = Region());

// The frames as they would be published, and as an upload would be searched.
Clip ClipOf(const std::vector<Frame>& frames);
UploadFingerprint UploadOf(const std::vector<Frame>& frames,
                           const ClipSighter& clips);

}  // namespace lenscap

#endif  // LENSCAP_TESTS_SERVICES_CAMERA_H_
