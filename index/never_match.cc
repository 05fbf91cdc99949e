#include "index/never_match.h"

#include <algorithm>

namespace lenscap {

bool IsNeverMatched(const SearchState& state, const DihedralPdq& picture,
                    int max_distance) {
  constexpr size_t kMaxHits = 256;
  if (state.never.empty()) return false;
  std::vector<HammingHit> hits;
  const auto counts = [&](const HammingHit& hit) {
    const auto& clip = state.clips[hit.ref.clip];
    return clip != nullptr && !clip->held &&
           hit.distance <= clip->DistanceWithin(max_distance);
  };
  return std::any_of(picture.hashes.begin(), picture.hashes.end(),
                     [&](const Hash256& hash) {
                       state.never.Search(hash, max_distance, kMaxHits, &hits);
                       return std::any_of(hits.begin(), hits.end(), counts);
                     });
}

bool IsExplainedByNever(const SearchState& state,
                        const std::vector<FrameFingerprint>& frames,
                        const TimeSpan& span, int max_distance,
                        int min_quality) {
  if (state.never.empty()) return false;
  int all = 0;
  int explained = 0;
  for (const FrameFingerprint& frame : frames) {
    if (frame.time < span.start || frame.time > span.end ||
        frame.quality() < min_quality) {
      continue;
    }
    ++all;
    explained += IsNeverMatched(state, frame.pdq, max_distance);
  }
  return all > 0 && 2 * explained >= all;
}

}  // namespace lenscap
