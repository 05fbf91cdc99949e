#include "tests/models/footage.h"

#include <cmath>
#include <utility>

namespace lenscap {
namespace {

// 0 to 1, well mixed.
double Mix(int x, int y, int seed) {
  uint32_t h = static_cast<uint32_t>(x) * 0x9e3779b1u ^
               static_cast<uint32_t>(y) * 0x85ebca77u ^
               static_cast<uint32_t>(seed) * 0xc2b2ae35u;
  h = (h ^ (h >> 15)) * 0x2c1b3c6du;
  h = (h ^ (h >> 12)) * 0x297a2d39u;
  return (h ^ (h >> 15)) / 4294967296.0;
}

int FloorDivide(int a, int b) { return a / b - (a % b < 0 ? 1 : 0); }

// A flat tone for each cell of a checkered plane.
double Tone(int x, int y, int side, int seed) {
  return Mix(FloorDivide(x, side), FloorDivide(y, side), seed);
}

}  // namespace

uint8_t SceneAt(int x, int y) {
  const double tone = 0.5 * Tone(x, y, 23, 1) +
                      0.3 * Tone(x + 5, y + 3, 11, 2) +
                      0.2 * Tone(x + 2, y + 1, 5, 3);
  return static_cast<uint8_t>(20 + 200 * tone);
}

std::vector<CueFrame> MakeFootage(
    int count, float saturation,
    const std::function<uint8_t(int x, int y, int frame)>& sample) {
  std::vector<CueFrame> frames(count);
  for (int i = 0; i < count; ++i) {
    frames[i].time = absl::Milliseconds(500 * i);
    frames[i].colour = {saturation, saturation};
    for (int y = 0; y < CueFrame::kSide; ++y) {
      for (int x = 0; x < CueFrame::kSide; ++x) {
        frames[i].luma[y * CueFrame::kSide + x] = sample(x, y, i);
      }
    }
  }
  return frames;
}

std::vector<CueFrame> FixedCamera(int count, float saturation) {
  return MakeFootage(count, saturation, [](int x, int y, int frame) {
    const int left = 20 + 7 * frame % 90, top = 40 + 3 * frame % 50;
    const bool box = x >= left && x < left + 18 && y >= top && y < top + 30;
    return box ? uint8_t{230} : SceneAt(x, y);
  });
}

std::vector<CueFrame> PanningCamera(int count, int step) {
  return MakeFootage(count, 20, [step](int x, int y, int frame) {
    return SceneAt(x + step * frame, y);
  });
}

std::vector<CueFrame> ZoomingCamera(int count, double growth) {
  return MakeFootage(count, 20, [growth](int x, int y, int frame) {
    const double zoom = std::pow(growth, frame);
    return SceneAt(static_cast<int>(std::lround((x - 64) / zoom)),
                   static_cast<int>(std::lround((y - 64) / zoom)));
  });
}

std::vector<CueFrame> ShakingCamera(int count) {
  return MakeFootage(count, 20, [](int x, int y, int frame) {
    const int dx = static_cast<int>(13 * Mix(frame, 0, 7)) - 6;
    const int dy = static_cast<int>(13 * Mix(0, frame, 8)) - 6;
    return SceneAt(x + dx, y + dy);
  });
}

CueFootage WithStills(std::vector<CueFrame> frames) {
  CueFootage footage;
  for (size_t i = 0; i < frames.size() && footage.stills.size() < 8; i += 2) {
    footage.stills.push_back(
        {.time = frames[i].time,
         .width = CueFrame::kSide,
         .height = CueFrame::kSide,
         .luma = {frames[i].luma.begin(), frames[i].luma.end()}});
  }
  footage.frames = std::move(frames);
  return footage;
}

}  // namespace lenscap
