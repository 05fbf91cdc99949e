#include "models/cue_footage.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace lenscap {
namespace {

// Which of `length` samples of an axis make up cell i of `cells`: [start, end),
// at least one, so that an axis that has fewer samples has some twice.
struct Cell {
  int start;
  int end;
};
Cell CellOf(int i, int cells, int length) {
  const int start = static_cast<int>(int64_t{i} * length / cells);
  const int end = static_cast<int>(int64_t{i + 1} * length / cells);
  return {start, std::max(end, start + 1)};
}

// What a sample is in full range, by what it is in `range`.
using RangeTable = std::array<uint8_t, 256>;
RangeTable TableOf(LumaRange range) {
  RangeTable table;
  for (int i = 0; i < 256; ++i) {
    const double luma =
        range == LumaRange::kLimited ? (i - 16) * 255. / (235 - 16) : i;
    table[i] = static_cast<uint8_t>(std::lround(std::clamp(luma, 0.0, 255.0)));
  }
  return table;
}
const RangeTable& FullRange(LumaRange range) {
  static const RangeTable limited = TableOf(LumaRange::kLimited);
  static const RangeTable full = TableOf(LumaRange::kFull);
  return range == LumaRange::kLimited ? limited : full;
}

// Writes width * height samples, each the mean of those that it stands for.
void Average(const Plane& luma, LumaRange range, int width, int height,
             uint8_t* result) {
  const RangeTable& full = FullRange(range);
  std::vector<Cell> columns;
  for (int i = 0; i < width; ++i) {
    columns.push_back(CellOf(i, width, luma.width));
  }
  std::vector<uint32_t> sums(luma.width);
  for (int i = 0; i < height; ++i) {
    const Cell rows = CellOf(i, height, luma.height);
    const uint8_t* row = luma.data + rows.start * luma.stride;
    for (int x = 0; x < luma.width; ++x) sums[x] = row[x];
    for (int y = rows.start + 1; y < rows.end; ++y) {
      row += luma.stride;
      for (int x = 0; x < luma.width; ++x) sums[x] += row[x];
    }
    // Cells differ by at most one column; dividing once for each kind is cheap.
    const int least = std::max(1, luma.width / width);
    const float share[2] = {1.0f / (least * (rows.end - rows.start)),
                            1.0f / ((least + 1) * (rows.end - rows.start))};
    for (const Cell& cell : columns) {
      uint32_t sum = 0;
      for (int x = cell.start; x < cell.end; ++x) sum += sums[x];
      const float mean = sum * share[cell.end - cell.start - least];
      *result++ = full[static_cast<int>(mean + 0.5f)];
    }
  }
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
