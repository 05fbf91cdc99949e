#ifndef LENSCAP_INDEX_PATH_FINDER_H_
#define LENSCAP_INDEX_PATH_FINDER_H_

#include <cstdint>
#include <vector>

#include "absl/types/span.h"
#include "index/path_fit.h"

namespace lenscap {

// Frames that are within the distance of each other, by number in their track,
// and which of the reference frame's moments is meant.
struct FrameHit {
  uint32_t query = 0;
  uint32_t reference = 0;
  uint32_t moment = 0;

  int64_t ReferenceTime(const Track& track) const {
    return track.MomentTime(reference, moment);
  }
};

// Adds a hit for each moment of the reference's frame, or `most` of them,
// spread evenly; returns whether these are all.
bool AddHits(size_t query_frame, size_t reference_frame, const Track& reference,
             int64_t most, std::vector<FrameHit>* hits);

// What is known of two tracks.
struct PathEvidence {
  absl::Span<const FrameHit> hits;  // In order of `query`.
  bool complete = true;             // Whether these are all the hits.
  absl::Span<const char> taken;     // By query frame: leave it out.
  int max_distance = 31;
  int64_t max_comparisons = 0;  // About.
};

// The paths on which stretches of the query may lie, the best first, at most
// 64: in windows of 16 seconds or so, those on which the frames are closest in
// all. Where hits are not complete, every place of the reference is tried, in
// as many windows as the comparisons allow; otherwise those of the hits.
std::vector<Path> FindPaths(const Track& query, const Track& reference,
                            const PathEvidence& evidence, bool still);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_PATH_FINDER_H_
