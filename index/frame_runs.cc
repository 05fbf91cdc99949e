#include "index/frame_runs.h"

#include <cstdlib>

namespace lenscap {
namespace {

constexpr int kMaxDistance = 2;  // Bits.
constexpr int kMaxQualityChange = 2;

bool AreTheSame(const Hash256& a, int quality_a, const Hash256& b,
                int quality_b) {
  return HammingDistance(a, b) <= kMaxDistance &&
         std::abs(quality_a - quality_b) <= kMaxQualityChange;
}

}  // namespace

bool ShowTheSame(const ReferenceFrame& a, const ReferenceFrame& b) {
  return AreTheSame(a.hash, a.quality, b.hash, b.quality);
}

bool ShowTheSame(const WindowFrame& a, const WindowFrame& b) {
  for (int w = 0; w < kWindows; ++w) {
    if (!AreTheSame(a.windows[w].hash, a.windows[w].quality, b.windows[w].hash,
                    b.windows[w].quality)) {
      return false;
    }
  }
  return true;
}

}  // namespace lenscap
