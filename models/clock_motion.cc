#include "models/clock_motion.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <vector>

namespace lenscap {
namespace {

// How far the times of stills and the ticks of a clock are from exact, seconds.
constexpr double kJitter = 0.05;
// A clock that is off by less still runs in step with the video.
constexpr double kInStep = 0.005;

// To at most half a day around 0.
double ToNearestDay(double seconds) {
  return seconds - ClockTrack::kDay * std::round(seconds / ClockTrack::kDay);
}

// How long before `at` the clock began to show `value`, in its own seconds;
// from 0 to its unit if it shows it.
double Age(const ClockTrack& track, double at, double value) {
  const double middle = track.ExactAt(at) - track.unit / 2;
  return ToNearestDay(middle - value) + track.unit / 2;
}

// The track of this rate that most samples fit, such that those of them that
// differ most do so by at most `width` seconds.
ClockTrack FitRate(absl::Span<const ClockSample> samples, double rate,
                   double unit, double width) {
  std::vector<double> offsets;
  offsets.reserve(2 * samples.size());
  for (const ClockSample& sample : samples) {
    offsets.push_back(SecondsOfDay(sample.value - rate * sample.at));
  }
  std::sort(offsets.begin(), offsets.end());
  const int size = static_cast<int>(samples.size());
  for (int i = 0; i < size; ++i) {
    offsets.push_back(offsets[i] + ClockTrack::kDay);
  }
  ClockTrack best{.rate = rate, .unit = unit};
  double best_spread = 0;
  int last = 0;
  for (int first = 0; first < size; ++first) {
    last = std::max(last, first);
    while (last + 1 < first + size &&
           offsets[last + 1] - offsets[first] <= width) {
      ++last;
    }
    const int count = last - first + 1;
    const double spread = offsets[last] - offsets[first];
    if (count < best.count || (count == best.count && spread >= best_spread)) {
      continue;
    }
    best_spread = spread;
    best.count = count;
    best.start = SecondsOfDay((offsets[first] + offsets[last] + unit) / 2);
  }
  return best;
}

// How far apart the readings of a clock may be at one rate: a unit, as they
// are rounded down, and what the times of the stills are off.
double WidthOf(double rate, double unit) {
  return unit + kJitter * (1 + std::abs(rate));
}

ClockTrack FitRate(absl::Span<const ClockSample> samples, double rate,
                   double unit) {
  return FitRate(samples, rate, unit, rate == 0 ? 0 : WidthOf(rate, unit));
}

// The rate by least squares of those samples that fit a rough track.
double RefinedRate(absl::Span<const ClockSample> samples,
                   const ClockTrack& rough, double tolerance) {
  double count = 0, sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
  for (const ClockSample& sample : samples) {
    if (!rough.Shows(sample, tolerance)) continue;
    const double x = sample.at - samples.front().at;
    const double y = Age(rough, sample.at, sample.value);
    count += 1;
    sum_x += x;
    sum_y += y;
    sum_xx += x * x;
    sum_xy += x * y;
  }
  const double spread = count * sum_xx - sum_x * sum_x;
  if (spread <= 0) return rough.rate;
  // As the clock runs faster than the track, what it shows gets younger.
  return rough.rate - (count * sum_xy - sum_x * sum_y) / spread;
}

// The track at any rate that most samples fit.
ClockTrack FitAnyRate(absl::Span<const ClockSample> samples, double unit) {
  const double width = 3 * unit;
  ClockTrack rough;
  for (size_t i = 0; i < samples.size(); ++i) {
    for (size_t j = i + 1; j < samples.size(); ++j) {
      const double passed = samples[j].at - samples[i].at;
      if (passed < ClockTrack::kTolerance / 2) continue;
      const double rate =
          ToNearestDay(samples[j].value - samples[i].value) / passed;
      const ClockTrack track = FitRate(samples, rate, unit, width);
      if (track.count > rough.count) rough = track;
    }
  }
  return FitRate(samples, RefinedRate(samples, rough, unit), unit);
}

// The samples that a track shows: how many values, over how many seconds.
struct Extent {
  size_t values = 0;
  double seconds = 0;
};
Extent ExtentOf(absl::Span<const ClockSample> samples,
                const ClockTrack& track) {
  std::set<double> values;
  double first = 0, last = 0;
  for (const ClockSample& sample : samples) {
    if (!track.Shows(sample, kJitter * (1 + std::abs(track.rate)))) continue;
    if (values.empty()) first = sample.at;
    values.insert(sample.value);
    last = sample.at;
  }
  return {values.size(), last - first};
}

// Whether a track at another rate says more than a clock that ticks or stands.
// Any two samples are on such a track, so four are asked for, and some more
// than fit the others.
bool IsOtherRate(absl::Span<const ClockSample> samples, const ClockTrack& track,
                 int others) {
  const int size = static_cast<int>(samples.size());
  return track.count >= others + std::max(2, size / 5) && track.count >= 4 &&
         track.count * 2 >= size && ExtentOf(samples, track).values >= 3;
}

}  // namespace

bool ClockTrack::Shows(const ClockSample& sample, double tolerance) const {
  const double age = Age(*this, sample.at, sample.value);
  return age >= -tolerance && age <= unit + tolerance;
}

bool ClockTrack::StartsAtZero() const {
  return std::abs(ToNearestDay(start)) <= 1.5;
}

ClockTiming FindMotion(absl::Span<const ClockSample> samples, double unit) {
  const int size = static_cast<int>(samples.size());
  const ClockTrack ticking = FitRate(samples, 1, unit);
  const ClockTrack frozen = FitRate(samples, 0, unit);
  const int fitting = std::max(ticking.count, frozen.count);
  if (fitting + std::max(2, size / 5) <= size) {
    const ClockTrack any = FitAnyRate(samples, unit);
    if (IsOtherRate(samples, any, fitting)) {
      const bool in_step = std::abs(any.rate - 1) <= kInStep;
      return {in_step ? ClockMotion::kTicks : ClockMotion::kOtherRate, any};
    }
  }
  const Extent ticks = ExtentOf(samples, ticking);
  const Extent stands = ExtentOf(samples, frozen);
  if (ticking.count * 2 >= size && ticking.count >= frozen.count &&
      ticks.values >= 2 && (unit == 1 || ticks.seconds > 90)) {
    return {ClockMotion::kTicks, ticking};
  }
  if (frozen.count * 2 >= size && stands.seconds >= unit + 1) {
    return {ClockMotion::kFrozen, frozen};
  }
  if (ticking.count * 2 >= size) return {ClockMotion::kUnknown, ticking};
  // As the first still has it.
  return {ClockMotion::kUnknown, FitRate({samples.front()}, 1, unit)};
}

bool RunsAsStopwatch(absl::Span<const ClockSample> samples) {
  for (const double rate : {1, -1}) {
    const ClockTrack track = FitRate(samples, rate, 1);
    if (track.count * 2 < static_cast<int>(samples.size())) continue;
    if (ExtentOf(samples, track).values >= 2) return true;
    if (rate == 1 && track.StartsAtZero()) return true;
  }
  return false;
}

bool CountsDown(absl::Span<const ClockSample> samples,
                const ClockTrack& track) {
  if (track.rate < 0) return true;
  const ClockTrack backwards = FitRate(samples, -1, track.unit);
  return backwards.count > track.count &&
         ExtentOf(samples, backwards).values >= 2;
}

double SecondsOfDay(double seconds) {
  return seconds - ClockTrack::kDay * std::floor(seconds / ClockTrack::kDay);
}

}  // namespace lenscap
