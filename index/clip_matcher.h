#ifndef LENSCAP_INDEX_CLIP_MATCHER_H_
#define LENSCAP_INDEX_CLIP_MATCHER_H_

#include <vector>

#include "index/clip.h"
#include "index/clip_match.h"
#include "index/clip_sighter.h"

namespace lenscap {

// Finds known clips in uploads: all of an installation's (known_clips.h), or a
// few (clip_set.h). Thread-safe.
class ClipMatcher : public ClipSighter {
 public:
  // The clips found in the upload, best first; never fails.
  virtual std::vector<ClipMatch> Match(
      const UploadFingerprint& upload) const = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_MATCHER_H_
