#ifndef LENSCAP_INDEX_MATCHER_H_
#define LENSCAP_INDEX_MATCHER_H_

#include <vector>

#include "index/clip.h"
#include "index/clip_match.h"
#include "index/search_state.h"

namespace lenscap {

struct MatchOptions {
  int max_distance = 31;  // Of frames that agree; 0 to 31.
  int min_quality = 50;   // Of frames that are compared.
};

// The clips of `state` that are in the upload, best first: whole files, then by
// score, then by how many frames agree and how closely. Every frame is searched
// as it is, mirrored and turned. Each stretch is judged (index/agreement.h):
// the same footage, or the same scene at another time, of which stretches that
// follow one another are one match. Footage that other clips share as an intro
// or an end card (index/common_stretch.h) scores at most 0.2.
// Frames like those that are never to match (index/never_match.h) are left out,
// as those of low quality are; so is a whole file of such a list. Pure.
//
// Bounded for any input: a frame gives at most 4,096 hits, and 32 a clip, after
// which the clip's frames are compared directly; at most 1,000 clips (the
// gravest, then those with the most hits) are looked at, within some 10^9
// comparisons in all; at most 32 places a clip and orientation and 256 in all
// are reported, of which each gives at most 16 searches more.
std::vector<ClipMatch> FindMatches(const SearchState& state,
                                   const UploadFingerprint& upload,
                                   const MatchOptions& options);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_MATCHER_H_
