#include "index/path_refine.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lenscap {
namespace {

// How far and how finely the best offset is looked for around a path's.
constexpr int64_t kRefineRange = 1'000'000;
constexpr int64_t kRefineStep = 50'000;
constexpr int kUnlike = 64;  // Farther off than this is no farther off.

constexpr int64_t kEvenWithin = 250'000;

// Of a long place, so many stretches of so many frames are looked at.
constexpr size_t kStretches = 64;
constexpr size_t kStretchFrames = 32;

constexpr int kMaxMoves = 12;  // With one width of step.
constexpr int kMaxGrowths = 16;

int64_t ClosenessOf(const Track& query, const Track& reference, Path path,
                    size_t first, size_t last) {
  Fit fits[kStretchFrames];
  int64_t closeness = 0;
  for (size_t i = first; i < last; i += kStretchFrames) {
    const size_t end = std::min(i + kStretchFrames, last);
    FillFits(query, reference, path, i, end, fits);
    for (size_t f = 0; f < end - i; ++f) {
      if (fits[f].distance < 0) continue;
      closeness += std::max(0, kUnlike - fits[f].between);
    }
  }
  return closeness;
}

// Of stretches that are spread evenly over a long place, both ends among them.
int64_t SampledCloseness(const Track& query, const Track& reference, Path path,
                         size_t first, size_t last) {
  if (last - first <= kStretches * kStretchFrames) {
    return ClosenessOf(query, reference, path, first, last);
  }
  int64_t closeness = 0;
  for (size_t s = 0; s < kStretches; ++s) {
    const size_t begin =
        first + s * (last - first - kStretchFrames) / (kStretches - 1);
    closeness +=
        ClosenessOf(query, reference, path, begin, begin + kStretchFrames);
  }
  return closeness;
}

// What the frames from `first` up to `last` earn, one by one.
std::vector<int> GainsOn(const Track& query, const Track& reference, Path path,
                         absl::Span<const char> taken, int max_distance,
                         size_t first, size_t last) {
  std::vector<Fit> fits(last - first);
  FillFits(query, reference, path, first, last, fits.data());
  std::vector<int> gains(last - first);
  for (size_t i = 0; i < gains.size(); ++i) {
    if (taken[first + i]) continue;
    gains[i] = GainOf(fits[i].distance, max_distance);
  }
  return gains;
}

}  // namespace

void RefineOffset(const Track& query, const Track& reference, Place* place) {
  int64_t closest = -1;
  Path best = place->path;
  for (int64_t by = 0; by <= kRefineRange; by += kRefineStep) {
    for (const int64_t shift : {-by, by}) {
      Path path = place->path;
      path.offset += shift;
      const int64_t closeness =
          ClosenessOf(query, reference, path, place->first, place->last + 1);
      if (closeness > closest) {
        closest = closeness;
        best = path;
      }
    }
  }
  place->path = best;
}

// The path is a line from its first point to its last; each of them is moved,
// or both.
void RefineSpeed(const Track& query, const Track& reference, Place* place) {
  const int64_t start = query.times[place->first];
  const int64_t length = query.times[place->last] - start;
  const bool may_turn = place->path.speed > 0 && length > 0;
  int64_t begin = place->path.At(start);
  int64_t end = place->path.At(start + length);
  int64_t closest = SampledCloseness(query, reference, place->path,
                                     place->first, place->last + 1);
  for (int64_t by = 8 * kRefineStep; by >= kRefineStep / 2; by /= 2) {
    bool moved = true;
    for (int move = 0; moved && move < kMaxMoves; ++move) {
      moved = false;
      const int64_t from_begin = begin, from_end = end;
      for (int which = 1; which <= (may_turn ? 3 : 1); ++which) {
        for (const int64_t shift : {-by, by}) {
          const int64_t b = from_begin + (which != 3 ? shift : 0);
          const int64_t e = from_end + (which != 2 ? shift : 0);
          const double speed = may_turn ? static_cast<double>(e - b) / length
                                        : place->path.speed;
          if (may_turn && (speed < kSlowest || speed > kFastest)) continue;
          const Path path = Path::Through(speed, start, b);
          const int64_t closeness = SampledCloseness(
              query, reference, path, place->first, place->last + 1);
          if (closeness <= closest) continue;
          closest = closeness;
          place->path = path;
          begin = b;
          end = e;
          moved = true;
        }
      }
    }
  }
}

int64_t Grow(const Track& query, const Track& reference,
             absl::Span<const char> taken, int max_distance, Place* place) {
  int64_t best = 0;
  for (int growth = 0; growth < kMaxGrowths; ++growth) {
    RefineSpeed(query, reference, place);
    const size_t length = place->last - place->first + 1;
    const size_t begin = place->first - std::min(place->first, length);
    const size_t end = std::min(query.size(), place->last + 1 + length);
    const std::vector<int> gains =
        GainsOn(query, reference, place->path, taken, max_distance, begin, end);
    // The stretch that earns most.
    Place next = *place;
    best = 0;
    int64_t sum = 0;
    size_t from = begin;
    for (size_t i = begin; i < end; ++i) {
      if (sum <= 0) {
        sum = 0;
        from = i;
      }
      sum += gains[i - begin];
      if (sum > best) {
        best = sum;
        next.first = from;
        next.last = i;
      }
    }
    if (best == 0) break;
    if (next.first == place->first && next.last == place->last) break;
    *place = next;
  }
  return best;
}

bool IsEven(const Track& query, const Place& place) {
  const int64_t length = query.times[place.last] - query.times[place.first];
  return std::abs(place.path.speed - 1) * length <= 2 * kEvenWithin;
}

}  // namespace lenscap
