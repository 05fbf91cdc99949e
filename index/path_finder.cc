#include "index/path_finder.h"

#include <algorithm>
#include <limits>
#include <map>

namespace lenscap {
namespace {

// Windows of so many query frames, half overlapping. From each come the best
// few paths, at most one per kApart; then the best of all windows.
constexpr size_t kWindow = 32;
constexpr size_t kStride = kWindow / 2;
constexpr size_t kPathsPerWindow = 4;
constexpr int64_t kApart = 500'000;
constexpr int64_t kSamePath = 250'000;
constexpr size_t kMaxPaths = 64;

// Of offsets that differ only by jitter, one is tried.
constexpr int64_t kJitter = 62'500;
// Offsets that are tried where hits do not say which.
constexpr int64_t kMinGridStep = 125'000;
constexpr int64_t kMaxGridStep = 500'000;
constexpr int64_t kMaxOffsets = 500'000;

class PathFinder {
 public:
  PathFinder(const Track& query, const Track& reference,
             const PathEvidence& evidence, bool still)
      : query_(query),
        reference_(reference),
        evidence_(evidence),
        still_(still) {}

  std::vector<Path> Find() const;

 private:
  struct ScoredOffset {
    int64_t offset = 0;
    int64_t score = 0;
  };
  struct Window {
    size_t first;
    size_t last;  // Not included.
  };

  std::vector<int64_t> OffsetsOfHits(Window window) const;
  std::vector<int64_t> AllOffsets(Window window) const;
  int64_t WindowsBetweenGrids(int64_t windows) const;
  std::vector<ScoredOffset> BestOffsets(const std::vector<int64_t>& offsets,
                                        Window window) const;
  int64_t Closeness(int64_t offset, Window window) const;
  static void KeepBest(size_t count, std::vector<ScoredOffset>* all);

  const Track& query_;
  const Track& reference_;
  const PathEvidence& evidence_;
  const bool still_;
};

std::vector<Path> PathFinder::Find() const {
  std::map<int64_t, ScoredOffset> found;
  const int64_t windows = (query_.size() + kStride - 1) / kStride;
  const int64_t every = WindowsBetweenGrids(windows);
  for (int64_t w = 0; w < windows; ++w) {
    const size_t first = w * kStride;
    const Window window = {first, std::min(first + kWindow, query_.size())};
    std::vector<int64_t> offsets = OffsetsOfHits(window);
    if (offsets.empty()) continue;
    if (!evidence_.complete && w % every == 0) offsets = AllOffsets(window);
    for (const ScoredOffset& path : BestOffsets(offsets, window)) {
      ScoredOffset& same = found[path.offset / kSamePath];
      if (path.score > same.score) same = path;
    }
  }
  std::vector<ScoredOffset> best;
  for (const auto& [place, path] : found) best.push_back(path);
  KeepBest(kMaxPaths, &best);
  std::vector<Path> paths;
  for (const ScoredOffset& path : best) paths.push_back({still_, path.offset});
  return paths;
}

// All offsets are tried in every so-manieth window.
int64_t PathFinder::WindowsBetweenGrids(int64_t windows) const {
  if (evidence_.complete) return 1;
  const int64_t comparisons =  // With two frames each.
      AllOffsets({0, std::min(kWindow, query_.size())}).size() * kWindow * 2;
  const int64_t affordable = std::max<int64_t>(
      1, evidence_.max_comparisons / std::max<int64_t>(1, comparisons));
  return (windows + affordable - 1) / affordable;
}

std::vector<int64_t> PathFinder::OffsetsOfHits(Window window) const {
  const auto before = [](const FrameHit& hit, size_t frame) {
    return hit.query < frame;
  };
  const auto& hits = evidence_.hits;
  const auto begin =
      std::lower_bound(hits.begin(), hits.end(), window.first, before);
  const auto end = std::lower_bound(begin, hits.end(), window.last, before);
  std::vector<int64_t> offsets;
  for (auto hit = begin; hit != end; ++hit) {
    if (evidence_.taken[hit->query]) continue;
    const int64_t time =
        still_ ? reference_.times[hit->reference]  // The same picture.
               : hit->ReferenceTime(reference_);
    offsets.push_back(still_ ? time : time - query_.times[hit->query]);
  }
  std::sort(offsets.begin(), offsets.end());
  const int64_t apart = still_ ? 1 : kJitter;
  size_t kept = 0;
  for (const int64_t offset : offsets) {
    if (kept > 0 && offset - offsets[kept - 1] < apart) continue;
    offsets[kept++] = offset;
  }
  offsets.resize(kept);
  return offsets;
}

std::vector<int64_t> PathFinder::AllOffsets(Window window) const {
  if (still_) return {reference_.times.begin(), reference_.times.end()};
  const int64_t begin = reference_.begin_time() - query_.times[window.last - 1];
  const int64_t end = reference_.end_time() - query_.times[window.first];
  const int64_t step =
      std::max(std::clamp(reference_.step, kMinGridStep, kMaxGridStep),
               (end - begin) / kMaxOffsets);
  std::vector<int64_t> offsets;
  for (int64_t offset = begin; offset <= end; offset += step) {
    offsets.push_back(offset);
  }
  return offsets;
}

// `offsets` ascending.
std::vector<PathFinder::ScoredOffset> PathFinder::BestOffsets(
    const std::vector<int64_t>& offsets, Window window) const {
  std::vector<ScoredOffset> best;  // Of each stretch of kApart.
  int64_t stretch = std::numeric_limits<int64_t>::min();
  for (const int64_t offset : offsets) {
    const int64_t score = Closeness(offset, window);
    if (score == 0) continue;
    if (offset / kApart != stretch) {
      stretch = offset / kApart;
      best.push_back({offset, score});
    } else if (score > best.back().score) {
      best.back() = {offset, score};
    }
  }
  KeepBest(kPathsPerWindow, &best);
  return best;
}

void PathFinder::KeepBest(size_t count, std::vector<ScoredOffset>* all) {
  count = std::min(count, all->size());
  std::partial_sort(all->begin(), all->begin() + count, all->end(),
                    [](const ScoredOffset& a, const ScoredOffset& b) {
                      return a.score > b.score;
                    });
  all->resize(count);
}

// What the agreeing frames earn.
int64_t PathFinder::Closeness(int64_t offset, Window window) const {
  Fit fits[kWindow];
  FillFits(query_, reference_, {still_, offset}, window.first, window.last,
           fits);
  int64_t sum = 0;
  for (size_t i = window.first; i < window.last; ++i) {
    if (evidence_.taken[i]) continue;
    const int distance = fits[i - window.first].distance;
    sum += std::max(0, GainOf(distance, evidence_.max_distance));
  }
  return sum;
}

}  // namespace

bool AddHits(size_t query_frame, size_t reference_frame, const Track& reference,
             int64_t most, std::vector<FrameHit>* hits) {
  const int64_t moments = reference.MomentsOf(reference_frame);
  const int64_t added = std::clamp<int64_t>(most, 0, moments);
  for (int64_t i = 0; i < added; ++i) {
    hits->push_back({.query = static_cast<uint32_t>(query_frame),
                     .reference = static_cast<uint32_t>(reference_frame),
                     .moment = static_cast<uint32_t>(i * moments / added)});
  }
  return added == moments;
}

std::vector<Path> FindPaths(const Track& query, const Track& reference,
                            const PathEvidence& evidence, bool still) {
  return PathFinder(query, reference, evidence, still).Find();
}

}  // namespace lenscap
