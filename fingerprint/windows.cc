#include "fingerprint/windows.h"

namespace lenscap {
namespace {

constexpr double kSide = 0.5;
constexpr double kStep = 0.25;
constexpr double kMargin = 0.03;

}  // namespace

Region WindowRegion(int window) {
  const double left = window % kWindowsPerSide * kStep;
  const double top = window / kWindowsPerSide * kStep;
  return {left, top, left + kSide, top + kSide};
}

WindowSet WindowsInside(const PictureMap& map, PictureSize from,
                        PictureSize to) {
  WindowSet inside = 0;
  for (int w = 0; w < kWindows; ++w) {
    const Region region = WindowRegion(w);
    bool holds = true;
    for (const double x : {region.left, region.right}) {
      for (const double y : {region.top, region.bottom}) {
        holds =
            holds && to.Holds(map({x * from.width, y * from.height}), kMargin);
      }
    }
    if (holds) inside |= 1 << w;
  }
  return inside;
}

WindowHashes HashWindows(const Thumbnail& shown, const PictureMap& map,
                         PictureSize from, WindowSet windows) {
  WindowHashes hashes;
  for (int w = 0; w < kWindows; ++w) {
    if ((windows >> w & 1) == 0) continue;
    const Region region = WindowRegion(w);
    const Thumbnail window = shown.Rectified(
        map, {region.left * from.width, region.top * from.height},
        {region.width() * from.width, region.height() * from.height});
    hashes[w] = ComputePdq(window.plane(), LumaRange::kLimited);
  }
  return hashes;
}

}  // namespace lenscap
