#include "index/common_stretch.h"

#include <algorithm>
#include <cstdlib>

namespace lenscap {
namespace {

constexpr int64_t kMaxLength = 15'000'000;
// How near a clip's end is at it.
constexpr int64_t kAtEnd = 1'000'000;

// Where the clips are compared beyond the stretch.
constexpr int64_t kBeyondFrom = 1'000'000;
constexpr int64_t kBeyondTo = 10'000'000;
constexpr int64_t kBeyondStep = 500'000;
constexpr int kComparisonsNeeded = 4;
constexpr int kAlike = 48;  // Bits.

int64_t BeginOf(const Track& clip) { return clip.begin_time(); }
int64_t EndOf(const Track& clip) { return clip.end_time() + clip.step; }

bool IsShort(const Stretch& s) {
  const int64_t shown = std::abs(s.path.At(s.end) - s.path.At(s.start));
  return !s.path.still && s.path.speed > 0 && s.end - s.start <= kMaxLength &&
         2 * shown <= EndOf(s.clip) - BeginOf(s.clip);
}

bool ClipBegins(const Stretch& s) {
  return s.path.At(s.start) <= BeginOf(s.clip) + kAtEnd;
}

bool ClipEnds(const Stretch& s) {
  return s.path.At(s.end) >= EndOf(s.clip) - kAtEnd;
}

bool AreTheSame(const Stretch& a, const Stretch& b) {
  const int64_t shared = std::min(a.end, b.end) - std::max(a.start, b.start);
  const int64_t longer = std::max(a.end - a.start, b.end - b.start);
  return 5 * shared >= 4 * longer;
}

// Beyond the end, or before the start, if `direction` is -1.
bool DifferBeyond(const Stretch& a, const Stretch& b, int direction) {
  const int64_t from =
      direction > 0 ? std::max(a.end, b.end) : std::min(a.start, b.start);
  int compared = 0, alike = 0;
  for (int64_t by = kBeyondFrom; by <= kBeyondTo; by += kBeyondStep) {
    const int64_t in_a = a.path.At(from + direction * by);
    const int64_t in_b = b.path.At(from + direction * by);
    const size_t frame_a = NearestFrame(a.clip, in_a);
    const size_t frame_b = NearestFrame(b.clip, in_b);
    if (a.clip.AwayFrom(frame_a, in_a) > kMaxSkew ||
        b.clip.AwayFrom(frame_b, in_b) > kMaxSkew) {
      continue;
    }
    ++compared;
    alike += FrameDistance(a.clip, frame_a, b.clip, frame_b) <= kAlike;
  }
  return compared >= kComparisonsNeeded && 4 * alike <= compared;
}

}  // namespace

bool MayBeCommon(const Stretch& stretch) {
  return IsShort(stretch) && (ClipBegins(stretch) || ClipEnds(stretch));
}

bool ShowCommon(const Stretch& a, const Stretch& b) {
  if (a.clip_id == b.clip_id || !IsShort(a) || !IsShort(b)) return false;
  if (!AreTheSame(a, b)) return false;
  return (ClipBegins(a) && ClipBegins(b) && DifferBeyond(a, b, 1)) ||
         (ClipEnds(a) && ClipEnds(b) && DifferBeyond(a, b, -1));
}

}  // namespace lenscap
