#include "index/sighting.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "index/fit_picture.h"

namespace lenscap {
namespace {

// Farther apart, details that look alike are mostly not the same.
constexpr int kMaxDistance = 31;
constexpr size_t kMaxHitsPerKeypoint = 256;
constexpr int kMaxHitsPerKeypointAndClip = 4;
constexpr size_t kMaxPairs = 512;  // Of one clip.
constexpr size_t kMinPairs = 8;
constexpr size_t kMaxClips = 16;
constexpr size_t kMaxSightings = 8;
constexpr size_t kMaxLookalikes = 16;

struct Candidate {
  const SearchedClip* clip = nullptr;
  std::vector<KeypointPair> pairs;
  // The last keypoint with a pair here, and how many it has.
  const Keypoint* last = nullptr;
  int of_last = 0;
};

std::vector<Candidate> FindCandidates(const SearchState& state,
                                      absl::Span<const Keypoint> keypoints) {
  absl::flat_hash_map<uint32_t, Candidate> by_clip;
  std::vector<HammingHit> hits;
  for (const Keypoint& keypoint : keypoints) {
    state.keypoints.Search(keypoint.descriptor, kMaxDistance,
                           kMaxHitsPerKeypoint, &hits);
    std::sort(
        hits.begin(), hits.end(), [](const HammingHit& a, const HammingHit& b) {
          return std::pair(a.distance, a.ref) < std::pair(b.distance, b.ref);
        });
    for (const HammingHit& hit : hits) {
      const SearchedClip* const clip = state.Findable(hit.ref.clip);
      if (clip == nullptr) continue;
      Candidate& candidate = by_clip[hit.ref.clip];
      candidate.clip = clip;
      if (candidate.last != &keypoint) candidate.of_last = 0;
      candidate.last = &keypoint;
      if (candidate.of_last++ >= kMaxHitsPerKeypointAndClip ||
          candidate.pairs.size() >= kMaxPairs) {
        continue;
      }
      candidate.pairs.push_back({&keypoint, &clip->keypoints[hit.ref.frame]});
    }
  }
  std::vector<Candidate> candidates;
  for (auto& [clip_id, candidate] : by_clip) {
    if (candidate.pairs.size() >= kMinPairs) {
      candidates.push_back(std::move(candidate));
    }
  }
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) {
              return std::pair(b.pairs.size(), a.clip->clip_id) <
                     std::pair(a.pairs.size(), b.clip->clip_id);
            });
  if (candidates.size() > kMaxClips) candidates.resize(kMaxClips);
  return candidates;
}

// The map to the picture, from that to the picture mirrored.
PictureMap MirroredBack(PictureMap map, double width) {
  map.xx = width * map.zx - map.xx;
  map.xy = width * map.zy - map.xy;
  map.x0 = width - map.x0;
  return map;
}

}  // namespace

std::vector<PictureSighting> FindSightings(const SearchState& state,
                                           absl::Span<const Keypoint> keypoints,
                                           absl::Span<const Keypoint> mirrored,
                                           double width) {
  std::vector<PictureSighting> sightings;
  for (const bool is_mirrored : {false, true}) {
    for (const Candidate& candidate :
         FindCandidates(state, is_mirrored ? mirrored : keypoints)) {
      const std::optional<PictureFit> fit = FitPicture(candidate.pairs);
      if (!fit) continue;
      sightings.push_back(
          {.clip_id = candidate.clip->clip_id,
           .size = candidate.clip->size,
           .map = is_mirrored ? MirroredBack(fit->map, width) : fit->map,
           .pairs = fit->pairs,
           .mirrored = is_mirrored});
    }
  }
  std::stable_sort(sightings.begin(), sightings.end(),
                   [](const PictureSighting& a, const PictureSighting& b) {
                     return a.pairs > b.pairs;
                   });
  if (sightings.size() > kMaxSightings) sightings.resize(kMaxSightings);
  return sightings;
}

bool HasFrameLike(const SearchState& state, const DihedralPdq& picture,
                  int max_distance) {
  std::vector<HammingHit> hits;
  const auto is_known = [&](const Hash256& hash) {
    state.index.Search(hash, max_distance, 1, &hits);
    return !hits.empty();
  };
  Hash256 negative = picture.hashes[0];
  for (uint64_t& word : negative.words) word = ~word;
  return std::any_of(picture.hashes.begin(), picture.hashes.end(), is_known) ||
         is_known(negative);
}

std::vector<Lookalike> FindLookalikes(const SearchState& state,
                                      const DihedralPdq& picture,
                                      int max_distance) {
  std::vector<Lookalike> found;
  std::vector<HammingHit> hits;
  for (int o = 0; o < kOrientations; ++o) {
    state.index.Search(picture.hashes[o], max_distance, kMaxHitsPerKeypoint,
                       &hits);
    for (const HammingHit& hit : hits) {
      const SearchedClip* const clip = state.Findable(hit.ref.clip);
      if (clip == nullptr || clip->window_times.empty()) continue;
      const bool known =
          std::any_of(found.begin(), found.end(), [&](const Lookalike& before) {
            return before.clip_id == hit.ref.clip &&
                   before.orientation == static_cast<Orientation>(o);
          });
      if (known) continue;
      if (found.size() >= kMaxLookalikes) return found;
      found.push_back({.clip_id = hit.ref.clip,
                       .size = clip->size,
                       .orientation = static_cast<Orientation>(o)});
    }
  }
  return found;
}

}  // namespace lenscap
