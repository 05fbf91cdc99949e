#ifndef LENSCAP_INDEX_CLIP_SIGHTER_H_
#define LENSCAP_INDEX_CLIP_SIGHTER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/keypoints.h"
#include "fingerprint/pdq.h"
#include "index/clip.h"

namespace lenscap {

// A clip of which a frame looks like a picture, turned as `orientation` says.
struct Lookalike {
  uint64_t clip_id = 0;
  PictureSize size;  // Of the clip's picture.
  Orientation orientation = Orientation::kUpright;
};

// Says which known clips a picture may show. Thread-safe; never fails.
class ClipSighter {
 public:
  virtual ~ClipSighter() = default;

  // Whether any clip has details; otherwise none need be looked for.
  virtual bool KnowsDetails() const = 0;

  // The clips whose details are in the picture, in the right places relative to
  // each other, the surest first; at most 8. `mirrored` are the keypoints of
  // the picture mirrored, which is `width` wide.
  virtual std::vector<PictureSighting> FindSightings(
      absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
      double width) const = 0;

  // Whether any clip, published from footage or as hashes, has a frame like the
  // whole picture, however turned, or like its negative.
  virtual bool HasFrameLike(const DihedralPdq& picture) const = 0;

  // The clips published from footage that have a frame like the whole picture;
  // at most 16.
  virtual std::vector<Lookalike> FindLookalikes(
      const DihedralPdq& picture) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_SIGHTER_H_
