#include "models/cue.h"

#include <algorithm>
#include <cmath>

namespace lenscap {
namespace {

constexpr int kSide = CueFrame::kSide;

// Which samples of an axis of `length` make up cell i: [start, end), at least
// one, so that a frame smaller than the cells has some of its samples twice.
struct Cell {
  int start;
  int end;
};
Cell CellOf(int i, int length) {
  const int start = static_cast<int>(int64_t{i} * length / kSide);
  const int end = static_cast<int>(int64_t{i + 1} * length / kSide);
  return {start, std::max(end, start + 1)};
}

uint8_t FullRange(double luma, LumaRange range) {
  if (range == LumaRange::kLimited) luma = (luma - 16) * 255 / (235 - 16);
  return static_cast<uint8_t>(std::lround(std::clamp(luma, 0.0, 255.0)));
}

void Average(const Plane& luma, LumaRange range, CueFrame& result) {
  std::vector<uint32_t> sums(luma.width);
  for (int i = 0; i < kSide; ++i) {
    const Cell rows = CellOf(i, luma.height);
    std::fill(sums.begin(), sums.end(), 0);
    for (int y = rows.start; y < rows.end; ++y) {
      const uint8_t* const row = luma.data + y * luma.stride;
      for (int x = 0; x < luma.width; ++x) sums[x] += row[x];
    }
    for (int j = 0; j < kSide; ++j) {
      const Cell columns = CellOf(j, luma.width);
      uint64_t sum = 0;
      for (int x = columns.start; x < columns.end; ++x) sum += sums[x];
      const double samples = static_cast<double>(rows.end - rows.start) *
                             (columns.end - columns.start);
      result.luma[i * kSide + j] = FullRange(sum / samples, range);
    }
  }
}

}  // namespace

void CueFrameSampler::Add(const Frame& frame) {
  if (seen_++ % stride_ != 0) return;
  if (frames_.size() == kMaxFrames) {
    for (size_t i = 0; 2 * i < frames_.size(); ++i) frames_[i] = frames_[2 * i];
    frames_.resize(kMaxFrames / 2);
    stride_ *= 2;
    // kMaxFrames is even, so this frame is one that the new stride keeps too.
  }
  CueFrame& kept = frames_.emplace_back();
  kept.time = frame.time;
  kept.saturation = frame.saturation;
  Average(frame.luma, frame.range, kept);
}

}  // namespace lenscap
