#include "media/sampler.h"

namespace lenscap {
namespace {

// Frames are decoded at most some tens of frames before they are shown.
constexpr size_t kMaxIntervals = 64;

}  // namespace

bool Sampler::Take(absl::Duration time) {
  if (interval_ <= absl::ZeroDuration()) return true;
  if (time < next_) return false;
  next_ = absl::Floor(time, interval_) + interval_;
  return true;
}

bool SamplePlan::IsSpare(absl::Duration time) {
  if (interval_ <= absl::ZeroDuration()) return false;
  absl::Duration rest;
  const int64_t number = absl::IDivDuration(time, interval_, &rest);
  const auto [entry, is_first] = earliest_.try_emplace(number, time);
  if (is_first && earliest_.size() > kMaxIntervals) {
    earliest_.erase(earliest_.begin());
    return false;
  }
  if (entry->second < time) return true;
  entry->second = time;
  return false;
}

}  // namespace lenscap
