#include "index/path_fit.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "index/cpu_dispatch.h"

namespace lenscap {

int64_t Track::moments() const {
  if (untils.empty()) return std::ssize(times);
  int64_t sum = 0;
  for (size_t i = 0; i < size(); ++i) sum += MomentsOf(i);
  return sum;
}

int64_t TypicalStep(absl::Span<const int64_t> times,
                    absl::Span<const int64_t> untils) {
  if (times.size() < 2) return 0;
  if (untils.empty()) untils = times;
  std::vector<int64_t> steps;
  steps.reserve(times.size() - 1);
  for (size_t i = 1; i < times.size(); ++i) {
    steps.push_back(times[i] - untils[i - 1]);
  }
  const auto middle = steps.begin() + (steps.size() - 1) / 2;
  std::nth_element(steps.begin(), middle, steps.end());
  return *middle;
}

DISPATCH_BY_CPU(void, FillFitsFor,
                (const Track& query, const Track& reference, Path path,
                 size_t first, size_t last, Fit* fits),
                (query, reference, path, first, last, fits)) {
  const auto& times = reference.times;
  const auto& untils = reference.untils.empty() ? times : reference.untils;
  // The last reference frame that is not after the path's time; or the first.
  size_t at = std::upper_bound(times.begin(), times.end(),
                               path.At(query.times[first])) -
              times.begin();
  if (at > 0) --at;
  for (size_t i = first; i < last; ++i) {
    const int64_t time = path.At(query.times[i]);
    while (at + 1 < times.size() && times[at + 1] <= time) ++at;
    while (at > 0 && times[at] > time) --at;  // Backwards.
    const int64_t since = std::max(times[at] - time, time - untils[at]);
    Fit fit;
    const bool stays = times[at] <= time && time < untils[at];
    if (since <= kMaxSkew) {
      fit.distance = FrameDistance(query, i, reference, at);
      fit.between = fit.distance;
    }
    if (!path.still && !stays && at + 1 < times.size() &&
        times[at + 1] - time <= kMaxSkew) {
      const int64_t until = times[at + 1] - time;
      const int after = FrameDistance(query, i, reference, at + 1);
      if (fit.distance < 0) {
        fit.distance = fit.between = after;
      } else {
        fit.between = (fit.distance * until + after * since) /
                      std::max<int64_t>(1, since + until);
        fit.distance = std::min<int>(fit.distance, after);
      }
    }
    fits[i - first] = fit;
  }
}

void FillFits(const Track& query, const Track& reference, Path path,
              size_t first, size_t last, Fit* fits) {
  if (first < last) FillFitsFor(query, reference, path, first, last, fits);
}

size_t NearestFrame(const Track& track, int64_t time) {
  const auto& times = track.times;
  const size_t after =
      std::lower_bound(times.begin(), times.end(), time) - times.begin();
  if (after == 0) return 0;
  if (after == times.size()) return after - 1;
  return times[after] - time <= time - track.UntilOf(after - 1) ? after
                                                                : after - 1;
}

int64_t NearestMoment(const Track& track, int64_t time) {
  const size_t frame = NearestFrame(track, time);
  const int64_t since = std::max<int64_t>(0, time - track.times[frame]);
  return track.MomentTime(frame,
                          std::min(since / std::max<int64_t>(1, track.step),
                                   track.MomentsOf(frame) - 1));
}

}  // namespace lenscap
