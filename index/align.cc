#include "index/align.h"

#include <algorithm>
#include <limits>
#include <set>
#include <utility>

#include "index/agreement.h"
#include "index/path_refine.h"
#include "index/speed_finder.h"

namespace lenscap {
namespace {

// A place does not go on over a longer pause without frames to compare.
constexpr int64_t kMaxPause = 4'000'000;
constexpr size_t kFramesNeeded = 3;
constexpr size_t kMaxAlignments = 32;
constexpr size_t kMaxGrown = 16;

// What a frame earns less on a path at another speed than 1, and how many
// frames more such a path costs.
constexpr int kSpeedHandicap = 1;
constexpr int64_t kFramesForSpeed = 2;

class Aligner {
 public:
  Aligner(const Track& query, const Track& reference,
          absl::Span<const FrameHit> hits, bool complete,
          const AlignOptions& options)
      : query_(query),
        reference_(reference),
        hits_(hits),
        complete_(complete),
        options_(options),
        reference_moments_(reference.moments()),
        taken_(query.size()) {}

  std::vector<Alignment> Run() {
    const bool may_move = query_.size() > 1 && reference_moments_ > 1;
    if (may_move) {
      std::vector<Path> paths = FindPathsLeft(false);
      AddPathsOf(FindSpeedsLeft(taken_, false), &paths);
      const std::vector<Path> stills = FindPathsLeft(true);
      paths.insert(paths.end(), stills.begin(), stills.end());
      FindPlaces(std::move(paths));
    }
    TakeAll(FollowPaths(FindPathsLeft(true), 0));
    KeepBest();
    for (Alignment& alignment : found_) Extend(&alignment);
    std::sort(found_.begin(), found_.end(),
              [](const Alignment& a, const Alignment& b) {
                return a.first < b.first;
              });
    return std::move(found_);
  }

 private:
  PathEvidence Evidence(const std::vector<char>& taken) const;
  std::vector<Path> FindPathsLeft(bool still) const;
  std::vector<Place> FindSpeedsLeft(const std::vector<char>& taken,
                                    bool everywhere) const;
  static void AddPathsOf(const std::vector<Place>& places,
                         std::vector<Path>* paths);
  void FindPlaces(std::vector<Path> paths);
  std::vector<Place> Drifting(const std::vector<Place>& places) const;
  std::vector<Place> AtOtherSpeeds(const std::vector<Place>& places) const;
  void TakeAll(std::vector<Place> places);
  std::vector<Place> FollowPaths(std::vector<Path> paths,
                                 int still_handicap) const;
  std::vector<int8_t> GainsOn(Path path, int still_handicap) const;
  int64_t CostOf(Path path) const;
  size_t FramesNeeded(Path path) const;
  bool Continues(size_t frame) const;
  void Refine(Place* place) const;
  int64_t Earned(const Place& place) const;
  void Take(const Place& place);
  void KeepBest();
  void Extend(Alignment* alignment);
  bool TakeIfNear(size_t frame, Path path);

  const Track query_;
  const Track reference_;
  const absl::Span<const FrameHit> hits_;
  const bool complete_;
  const AlignOptions options_;
  const int64_t reference_moments_;
  std::vector<char> taken_;  // By query frame: in one of the found.
  std::vector<Alignment> found_;
};

PathEvidence Aligner::Evidence(const std::vector<char>& taken) const {
  return {.hits = hits_,
          .complete = complete_,
          .taken = taken,
          .max_distance = options_.max_distance,
          .max_comparisons = options_.max_comparisons / 5};
}

std::vector<Path> Aligner::FindPathsLeft(bool still) const {
  return FindPaths(query_, reference_, Evidence(taken_), still);
}

std::vector<Place> Aligner::FindSpeedsLeft(const std::vector<char>& taken,
                                           bool everywhere) const {
  return FindSpeeds(query_, reference_, Evidence(taken), everywhere);
}

void Aligner::AddPathsOf(const std::vector<Place>& places,
                         std::vector<Path>* paths) {
  for (const Place& place : places) paths->push_back(place.path);
}

// Follows the paths; then again, with those that this shows to be missing.
void Aligner::FindPlaces(std::vector<Path> paths) {
  const int still_handicap = (options_.max_distance + 1) / 2;
  std::vector<Place> places = FollowPaths(paths, still_handicap);
  std::vector<Path> missing;
  AddPathsOf(Drifting(places), &missing);
  if (!complete_) AddPathsOf(AtOtherSpeeds(places), &missing);
  if (!missing.empty()) {
    paths.insert(paths.begin(), missing.begin(), missing.end());
    places = FollowPaths(std::move(paths), still_handicap);
  }
  TakeAll(std::move(places));
}

// What the longest places grow to, where they drift from speed 1.
std::vector<Place> Aligner::Drifting(const std::vector<Place>& places) const {
  std::vector<Place> longest;
  for (const Place& place : places) {
    if (!place.path.still && place.path.speed == 1 &&
        place.last - place.first + 1 >= 2 * kFramesNeeded) {
      longest.push_back(place);
    }
  }
  std::stable_sort(longest.begin(), longest.end(),
                   [](const Place& a, const Place& b) {
                     return a.last - a.first > b.last - b.first;
                   });
  if (longest.size() > kMaxGrown) longest.resize(kMaxGrown);
  std::erase_if(longest, [&](Place& place) {
    Grow(query_, reference_, taken_, options_.max_distance, &place);
    return IsEven(query_, place);
  });
  return longest;
}

// Where the hits say nothing, and what was found is only the scene.
std::vector<Place> Aligner::AtOtherSpeeds(
    const std::vector<Place>& places) const {
  std::vector<char> explained = taken_;
  for (Place place : places) {
    if (!place.path.still) Refine(&place);
    if (!Judge(query_, reference_, place, options_.max_distance).same_footage) {
      continue;
    }
    std::fill(explained.begin() + place.first,
              explained.begin() + place.last + 1, 1);
  }
  return FindSpeedsLeft(explained, true);
}

void Aligner::TakeAll(std::vector<Place> places) {
  for (Place& place : places) {
    if (!place.path.still) Refine(&place);
    Take(place);
  }
}

// Speed 1 is kept, or gone back to, unless another one earns clearly more.
void Aligner::Refine(Place* place) const {
  if (place->path.speed != 1) {
    RefineSpeed(query_, reference_, place);
    if (place->path.speed < 0) return;
    const int64_t middle =
        (query_.times[place->first] + query_.times[place->last]) / 2;
    Place even = *place;
    even.path = Path::Through(1, middle, place->path.At(middle));
    RefineOffset(query_, reference_, &even);
    const int64_t more = Earned(*place) - Earned(even);
    const int64_t frames = place->last - place->first + 1;
    const int64_t n = options_.max_distance + 1;
    if (more > kSpeedHandicap * frames + kFramesForSpeed * n) return;
    *place = even;
    return;
  }
  RefineOffset(query_, reference_, place);
}

int64_t Aligner::Earned(const Place& place) const {
  std::vector<Fit> fits(place.last - place.first + 1);
  FillFits(query_, reference_, place.path, place.first, place.last + 1,
           fits.data());
  int64_t sum = 0;
  for (const Fit& fit : fits)
    sum += GainOf(fit.distance, options_.max_distance);
  return sum;
}

// Of being on the path at all.
int64_t Aligner::CostOf(Path path) const {
  const int64_t frames =
      FramesNeeded(path) + (path.speed == 1 ? 0 : kFramesForSpeed);
  return frames * (options_.max_distance + 1);
}

size_t Aligner::FramesNeeded(Path path) const {
  if (reference_moments_ == 1) return 1;
  const size_t needed = std::min(kFramesNeeded, query_.size());
  return path.still ? needed : std::min<size_t>(needed, reference_moments_);
}

bool Aligner::Continues(size_t frame) const {
  return frame > 0 && query_.times[frame] - query_.times[frame - 1] <=
                          std::max(kMaxPause, 3 * query_.step);
}

std::vector<int8_t> Aligner::GainsOn(Path path, int still_handicap) const {
  std::vector<Fit> fits(query_.size());
  FillFits(query_, reference_, path, 0, query_.size(), fits.data());
  std::vector<int8_t> gains(query_.size());
  const int handicap = path.still        ? still_handicap
                       : path.speed != 1 ? kSpeedHandicap
                                         : 0;
  for (size_t i = 0; i < gains.size(); ++i) {
    gains[i] = GainOf(fits[i].distance, options_.max_distance) - handicap;
  }
  return gains;
}

// The best sequence of paths and nothing in between, frame by frame, by
// dynamic programming (Viterbi).
std::vector<Place> Aligner::FollowPaths(std::vector<Path> paths,
                                        int still_handicap) const {
  const int64_t affordable = options_.max_comparisons / 8 / query_.size();
  paths.resize(
      std::min<size_t>(paths.size(), std::max<int64_t>(4, affordable)));
  constexpr int64_t kNever = std::numeric_limits<int64_t>::min() / 2;
  const size_t frames = query_.size();
  const size_t none = paths.size();  // The state of being on no path.
  struct OnPath {
    std::vector<int8_t> gains;
    int64_t cost;
    int64_t total = kNever;     // Of the best way to be here now.
    std::vector<char> entered;  // By frame: that way comes from elsewhere.
  };
  std::vector<OnPath> on;
  for (const Path& path : paths) {
    on.push_back({.gains = GainsOn(path, still_handicap),
                  .cost = CostOf(path),
                  .entered = std::vector<char>(frames)});
  }
  int64_t best_total = 0;  // Of any state after the frame before.
  size_t best_state = none;
  std::vector<uint16_t> best_before(frames + 1);
  for (size_t i = 0; i < frames; ++i) {
    best_before[i] = best_state;
    const int64_t before = best_total;
    const bool continues = Continues(i);
    best_state = none;  // To leave is free, to be on no path too.
    for (size_t p = 0; p < on.size(); ++p) {
      OnPath& path = on[p];
      const int64_t enter = before - path.cost;
      path.entered[i] = !continues || enter > path.total;
      path.total = (path.entered[i] ? enter : path.total) + path.gains[i];
      if (taken_[i]) path.total = kNever;
      if (path.total > best_total) {
        best_total = path.total;
        best_state = p;
      }
    }
  }
  best_before[frames] = best_state;

  std::vector<Place> places;
  size_t state = best_state;
  for (size_t i = frames; i > 0; --i) {
    if (state != none) {
      const size_t last = i - 1;
      while (!on[state].entered[i - 1]) --i;
      const Place place{paths[state], i - 1, last};
      // Two visits of one path, not far apart, are one place.
      Place* const after = places.empty() ? nullptr : &places.back();
      if (after != nullptr && after->path == place.path &&
          query_.times[after->first] - query_.times[last] <= kMaxPause) {
        after->first = place.first;
      } else {
        places.push_back(place);
      }
    }
    state = best_before[i - 1];
  }
  return places;
}

void Aligner::Take(const Place& place) {
  const size_t needed = FramesNeeded(place.path);
  std::vector<Fit> fits(place.last - place.first + 1);
  FillFits(query_, reference_, place.path, place.first, place.last + 1,
           fits.data());
  Alignment alignment;
  alignment.path = place.path;
  std::set<int64_t> reference_moments;
  for (size_t i = 0; i < fits.size(); ++i) {
    const size_t frame = place.first + i;
    const int distance = fits[i].distance;
    alignment.score += GainOf(distance, options_.max_distance);
    if (distance < 0 || distance > options_.max_distance) continue;
    if (alignment.distances.empty()) alignment.first = frame;
    alignment.last = frame;
    alignment.distances.push_back(distance);
    if (reference_moments.size() < needed) {
      reference_moments.insert(
          NearestMoment(reference_, place.path.At(query_.times[frame])));
    }
  }
  if (alignment.distances.size() < needed) return;
  // Otherwise it is a still.
  if (!place.path.still && reference_moments.size() < needed) return;
  std::fill(taken_.begin() + alignment.first,
            taken_.begin() + alignment.last + 1, 1);
  found_.push_back(std::move(alignment));
}

void Aligner::KeepBest() {
  std::sort(found_.begin(), found_.end(),
            [](const Alignment& a, const Alignment& b) {
              return std::pair(b.score, a.first) < std::pair(a.score, b.first);
            });
  if (found_.size() > kMaxAlignments) found_.resize(kMaxAlignments);
}

void Aligner::Extend(Alignment* alignment) {
  const Path path = alignment->path;
  while (Continues(alignment->first) &&
         TakeIfNear(alignment->first - 1, path)) {
    --alignment->first;
  }
  while (alignment->last + 1 < query_.size() &&
         Continues(alignment->last + 1) &&
         TakeIfNear(alignment->last + 1, path)) {
    ++alignment->last;
  }
}

bool Aligner::TakeIfNear(size_t frame, Path path) {
  if (taken_[frame]) return false;
  Fit fit;
  FillFits(query_, reference_, path, frame, frame + 1, &fit);
  if (fit.distance < 0 || fit.distance > 3 * (options_.max_distance + 1) / 2) {
    return false;
  }
  taken_[frame] = 1;
  return true;
}

}  // namespace

std::vector<Alignment> Align(const Track& query, const Track& reference,
                             absl::Span<const FrameHit> hits, bool complete,
                             const AlignOptions& options) {
  if (query.size() == 0 || reference.size() == 0) return {};
  return Aligner(query, reference, hits, complete, options).Run();
}

}  // namespace lenscap
