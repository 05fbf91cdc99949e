#include "models/cue_footage.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "models/cell_means.h"

namespace lenscap {
namespace {

// What a sample of limited range is in full range.
using RangeTable = std::array<uint8_t, 256>;
const RangeTable& FullRange() {
  static const RangeTable table = [] {
    RangeTable values;
    for (int i = 0; i < 256; ++i) {
      const double luma = (i - 16) * 255. / (235 - 16);
      values[i] =
          static_cast<uint8_t>(std::lround(std::clamp(luma, 0.0, 255.0)));
    }
    return values;
  }();
  return table;
}

// Writes width * height samples in full range.
void Average(const Plane& luma, LumaRange range, int width, int height,
             uint8_t* result) {
  CellMeans(luma, width, height, result);
  if (range == LumaRange::kFull) return;
  const RangeTable& full = FullRange();
  std::transform(result, result + size_t{1} * width * height, result,
                 [&full](uint8_t mean) { return full[mean]; });
}

// Makes room for one more of at most `max` (an even number) that were kept
// with `stride`, by keeping every other one. The next to be kept is then one
// that the new stride keeps too.
template <typename Kept>
void Thin(size_t max, int64_t* stride, std::vector<Kept>* kept) {
  if (kept->size() < max) return;
  for (size_t i = 1; 2 * i < max; ++i) (*kept)[i] = std::move((*kept)[2 * i]);
  kept->resize(max / 2);
  *stride *= 2;
}

// A still of the size that `sides` have where the longer is `longest` at most.
CueStill StillOf(const Plane& sides, int longest, absl::Duration time) {
  const double scale = std::min(
      1.0, static_cast<double>(longest) / std::max(sides.width, sides.height));
  const auto side = [scale](int length) {
    return std::max(static_cast<int>(std::lround(length * scale)),
                    CueStill::kShortestSide);
  };
  return {.time = time,
          .width = side(sides.width),
          .height = side(sides.height),
          .luma = {}};
}

void Fill(const Plane& luma, LumaRange range, CueStill& still) {
  still.luma.resize(size_t{1} * still.width * still.height);
  Average(luma, range, still.width, still.height, still.luma.data());
}

}  // namespace

void CueSampler::Add(const Frame& frame) {
  const int64_t number = seen_++;
  if (number % frame_stride_ == 0) {
    Thin(kMaxFrames, &frame_stride_, &footage_.frames);
    CueFrame& kept = footage_.frames.emplace_back();
    kept.time = frame.time;
    kept.colour = frame.colour;
    Average(frame.luma, frame.range, CueFrame::kSide, CueFrame::kSide,
            kept.luma.data());
  }
  if (number % still_stride_ == 0) {
    Thin(kMaxStills, &still_stride_, &footage_.stills);
    CueStill still = StillOf(frame.luma, CueStill::kLongestSide, frame.time);
    if (!footage_.stills.empty()) {
      still.width = footage_.stills[0].width;
      still.height = footage_.stills[0].height;
    }
    Fill(frame.luma, frame.range, still);
    footage_.stills.push_back(std::move(still));
  }
}

CueStill MakeStill(const Frame& frame, int longest) {
  CueStill still = StillOf(frame.luma, longest, frame.time);
  Fill(frame.luma, frame.range, still);
  return still;
}

CueStill Shrink(const CueStill& still, int longest) {
  const Plane luma = {still.luma.data(), still.width, still.height,
                      still.width};
  CueStill small = StillOf(luma, longest, still.time);
  Fill(luma, LumaRange::kFull, small);
  return small;
}

std::vector<const CueStill*> SomeOf(absl::Span<const CueStill> stills,
                                    size_t count) {
  std::vector<const CueStill*> some;
  count = std::min(count, stills.size());
  for (size_t i = 0; i < count; ++i) {
    some.push_back(&stills[(2 * i + 1) * stills.size() / (2 * count)]);
  }
  return some;
}

}  // namespace lenscap
