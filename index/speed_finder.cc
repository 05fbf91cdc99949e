#include "index/speed_finder.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <utility>

namespace lenscap {
namespace {

// Windows of so many query frames, half overlapping; each gives the best few.
constexpr size_t kWindow = 32;
constexpr size_t kStride = kWindow / 2;
constexpr size_t kPerWindow = 4;
constexpr size_t kMaxPlaces = 32;

// Speeds so far apart differ by a fifth of a second at a window's ends.
constexpr double kRatio = 1.05;
constexpr int kSteps = 18;

// Hits vote for places so far apart, and for the two around them.
constexpr int64_t kVoteStep = 250'000;
constexpr size_t kVotesNeeded = 3;
// Of the places with the most votes at one speed, so many are compared.
constexpr size_t kElected = 4;
// A vote costs about as much as so many comparisons.
constexpr int64_t kVoteCost = 16;
constexpr size_t kMaxHitsOfFrame = 24;

constexpr int64_t kMinGridStep = 250'000;
constexpr int64_t kMaxGridStep = 500'000;
constexpr int64_t kSamePlace = 1'000'000;

// A speed other than 1 must be closer by 1 part in so many.
constexpr int64_t kEvenFavour = 32;

std::vector<double> AllSpeeds() {
  std::vector<double> speeds = {1, -1};
  for (int step = 1; step <= kSteps; ++step) {
    speeds.push_back(std::pow(kRatio, step));
    speeds.push_back(std::pow(kRatio, -step));
  }
  return speeds;
}

struct Window {
  size_t first = 0;
  size_t last = 0;  // Not included.
  int64_t change = 0;
};

struct Candidate {
  Place place;
  int64_t score = 0;
};

class SpeedFinder {
 public:
  SpeedFinder(const Track& query, const Track& reference,
              const PathEvidence& evidence)
      : query_(query),
        reference_(reference),
        evidence_(evidence),
        left_(evidence.max_comparisons) {}

  std::vector<Place> Find(bool everywhere);

 private:
  std::vector<Window> WindowsWithHits() const;
  absl::Span<const FrameHit> HitsIn(const Window& window) const;
  int64_t Middle(const Window& window) const;
  std::vector<Candidate> ByVotes(const Window& window);
  std::vector<Candidate> Everywhere(const Window& window);
  std::vector<FrameHit> TellingHits(const Window& window) const;
  void Elect(double speed, const Window& window,
             absl::Span<const FrameHit> hits,
             std::vector<Candidate>* candidates) const;
  bool Compare(Path path, const Window& window,
               std::vector<Candidate>* candidates) const;
  std::vector<Candidate> Best(std::vector<Candidate> candidates) const;
  bool IsOneOf(const std::vector<Candidate>& grown, const Place& place) const;
  std::vector<Candidate> GrowAll(std::vector<Candidate> candidates);

  const Track& query_;
  const Track& reference_;
  const PathEvidence& evidence_;
  const std::vector<double> speeds_ = AllSpeeds();
  int64_t left_;  // Of the comparisons.
};

std::vector<Place> SpeedFinder::Find(bool everywhere) {
  std::vector<Window> windows = WindowsWithHits();
  if (everywhere) {
    std::stable_sort(
        windows.begin(), windows.end(),
        [](const Window& a, const Window& b) { return a.change > b.change; });
  }
  std::vector<Candidate> candidates;
  for (const Window& window : windows) {
    if (left_ < 0) break;
    for (Candidate& candidate :
         Best(everywhere ? Everywhere(window) : ByVotes(window))) {
      candidates.push_back(std::move(candidate));
    }
  }
  std::vector<Place> places;
  for (const Candidate& candidate : GrowAll(std::move(candidates))) {
    places.push_back(candidate.place);
  }
  return places;
}

std::vector<Window> SpeedFinder::WindowsWithHits() const {
  std::vector<Window> windows;
  for (size_t first = 0; first < query_.size(); first += kStride) {
    Window window = {first, std::min(first + kWindow, query_.size())};
    size_t frames = 0;
    size_t before = query_.size();
    for (const FrameHit& hit : HitsIn(window)) {
      frames += hit.query != before && !evidence_.taken[hit.query];
      before = hit.query;
    }
    if (frames < std::min(kVotesNeeded, query_.size())) continue;
    constexpr size_t kApart = 4;
    for (size_t i = first; i + kApart < window.last; ++i) {
      window.change += FrameDistance(query_, i, query_, i + kApart);
    }
    windows.push_back(window);
    if (window.last == query_.size()) break;
  }
  return windows;
}

absl::Span<const FrameHit> SpeedFinder::HitsIn(const Window& window) const {
  const auto before = [](const FrameHit& hit, size_t frame) {
    return hit.query < frame;
  };
  const auto& hits = evidence_.hits;
  const auto begin =
      std::lower_bound(hits.begin(), hits.end(), window.first, before);
  const auto end = std::lower_bound(begin, hits.end(), window.last, before);
  return hits.subspan(begin - hits.begin(), end - begin);
}

int64_t SpeedFinder::Middle(const Window& window) const {
  return (query_.times[window.first] + query_.times[window.last - 1]) / 2;
}

std::vector<Candidate> SpeedFinder::ByVotes(const Window& window) {
  const std::vector<FrameHit> hits = TellingHits(window);
  std::vector<Candidate> candidates;
  if (hits.empty()) return candidates;
  for (const double speed : speeds_) Elect(speed, window, hits, &candidates);
  left_ -= speeds_.size() * (kVoteCost * hits.size() + 2 * kElected * kWindow);
  return candidates;
}

// Those of frames that do not fit nearly everywhere.
std::vector<FrameHit> SpeedFinder::TellingHits(const Window& window) const {
  const absl::Span<const FrameHit> hits = HitsIn(window);
  std::vector<FrameHit> telling;
  for (size_t i = 0, end = 0; i < hits.size(); i = end) {
    while (end < hits.size() && hits[end].query == hits[i].query) ++end;
    if (evidence_.taken[hits[i].query] || end - i > kMaxHitsOfFrame) continue;
    telling.insert(telling.end(), hits.begin() + i, hits.begin() + end);
  }
  return telling;
}

// Compares the places that most frames of the window have hits for.
void SpeedFinder::Elect(double speed, const Window& window,
                        absl::Span<const FrameHit> hits,
                        std::vector<Candidate>* candidates) const {
  const int64_t middle = Middle(window);
  std::vector<std::pair<int64_t, uint32_t>> votes;  // Place, query frame.
  for (const FrameHit& hit : hits) {
    const int64_t at_middle =
        hit.ReferenceTime(reference_) -
        static_cast<int64_t>(speed * (query_.times[hit.query] - middle));
    // Rounded down, below 0 too.
    const int64_t place =
        at_middle / kVoteStep - (at_middle % kVoteStep < 0 ? 1 : 0);
    votes.emplace_back(place, hit.query);
    votes.emplace_back(place + 1, hit.query);
  }
  std::sort(votes.begin(), votes.end());
  votes.erase(std::unique(votes.begin(), votes.end()), votes.end());
  std::vector<std::pair<size_t, int64_t>> places;  // Votes, place.
  for (size_t i = 0; i < votes.size();) {
    size_t end = i;
    while (end < votes.size() && votes[end].first == votes[i].first) ++end;
    if (end - i >= std::min(kVotesNeeded, query_.size())) {
      places.emplace_back(end - i, votes[i].first);
    }
    i = end;
  }
  const size_t elected = std::min(kElected, places.size());
  std::partial_sort(places.begin(), places.begin() + elected, places.end(),
                    std::greater<>());
  for (size_t i = 0; i < elected; ++i) {
    Compare(Path::Through(speed, middle, places[i].second * kVoteStep), window,
            candidates);
  }
}

std::vector<Candidate> SpeedFinder::Everywhere(const Window& window) {
  const int64_t middle = Middle(window);
  const int64_t half = query_.times[window.last - 1] - middle;
  const int64_t step = std::clamp(reference_.step, kMinGridStep, kMaxGridStep);
  const int64_t length = reference_.end_time() - reference_.begin_time();
  const int64_t comparisons = 2 * (window.last - window.first) *
                              speeds_.size() * ((length + 2 * half) / step + 1);
  if (comparisons > left_) return {};
  left_ -= comparisons;
  std::vector<Candidate> candidates;
  for (const double speed : speeds_) {
    const int64_t beyond = static_cast<int64_t>(std::abs(speed) * half);
    const size_t first_of_speed = candidates.size();
    for (int64_t at = reference_.begin_time() - beyond;
         at <= reference_.end_time() + beyond; at += step) {
      const size_t before = candidates.size();
      if (!Compare(Path::Through(speed, middle, at), window, &candidates)) {
        continue;
      }
      // Of neighbours the better one.
      if (before == first_of_speed) continue;
      Candidate& last = candidates[before - 1];
      if (at - last.place.path.At(middle) >= kSamePlace) continue;
      if (candidates.back().score > last.score) last = candidates.back();
      candidates.pop_back();
    }
  }
  return candidates;
}

// Adds the path if any frame agrees.
bool SpeedFinder::Compare(Path path, const Window& window,
                          std::vector<Candidate>* candidates) const {
  Fit fits[kWindow];
  FillFits(query_, reference_, path, window.first, window.last, fits);
  int64_t sum = 0;
  for (size_t i = window.first; i < window.last; ++i) {
    if (evidence_.taken[i]) continue;
    const int distance = fits[i - window.first].distance;
    sum += std::max(0, GainOf(distance, evidence_.max_distance));
  }
  if (sum == 0) return false;
  if (path.speed == 1) sum += sum / kEvenFavour;
  candidates->push_back({{path, window.first, window.last - 1}, sum});
  return true;
}

// The best few that are not nearly the same; none at speed 1, and none that is
// beaten by one.
std::vector<Candidate> SpeedFinder::Best(
    std::vector<Candidate> candidates) const {
  std::stable_sort(
      candidates.begin(), candidates.end(),
      [](const Candidate& a, const Candidate& b) { return a.score > b.score; });
  std::vector<Candidate> best;
  for (Candidate& candidate : candidates) {
    if (best.size() == kPerWindow) break;
    if (candidate.place.path.speed == 1) break;
    if (!IsOneOf(best, candidate.place)) best.push_back(std::move(candidate));
  }
  return best;
}

bool SpeedFinder::IsOneOf(const std::vector<Candidate>& others,
                          const Place& place) const {
  const int64_t begin = query_.times[place.first];
  const int64_t end = query_.times[place.last];
  return std::any_of(others.begin(), others.end(), [&](const Candidate& other) {
    const Path& path = other.place.path;
    const int64_t away =
        std::max(std::abs(path.At(begin) - place.path.At(begin)),
                 std::abs(path.At(end) - place.path.At(end)));
    return other.place.first <= place.first && place.last <= other.place.last &&
           away < 2 * kSamePlace;
  });
}

std::vector<Candidate> SpeedFinder::GrowAll(std::vector<Candidate> candidates) {
  const auto better = [](const Candidate& a, const Candidate& b) {
    return a.score > b.score;
  };
  std::stable_sort(candidates.begin(), candidates.end(), better);
  std::vector<Candidate> grown;
  for (Candidate& candidate : candidates) {
    if (grown.size() == kMaxPlaces) break;
    if (IsOneOf(grown, candidate.place)) continue;
    candidate.score = Grow(query_, reference_, evidence_.taken,
                           evidence_.max_distance, &candidate.place);
    if (candidate.score > 0) grown.push_back(std::move(candidate));
  }
  std::stable_sort(grown.begin(), grown.end(), better);
  std::erase_if(grown, [&](const Candidate& candidate) {
    return IsEven(query_, candidate.place);
  });
  return grown;
}

}  // namespace

std::vector<Place> FindSpeeds(const Track& query, const Track& reference,
                              const PathEvidence& evidence, bool everywhere) {
  return SpeedFinder(query, reference, evidence).Find(everywhere);
}

}  // namespace lenscap
