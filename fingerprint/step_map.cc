#include "fingerprint/step_map.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace lenscap {
namespace {

// How far from a step its surroundings are looked at.
constexpr int kNear = 3;

// The least change that is no noise, full range and limited.
int LeastStep(LumaRange range) { return range == LumaRange::kFull ? 7 : 6; }

// The size of the change around each sample of a row: |after - before|.
void Changes(const uint8_t* before, const uint8_t* after, int width,
             uint8_t* changes) {
  for (int x = 0; x < width; ++x) {
    const uint8_t a = before[x], b = after[x];
    changes[x] = a > b ? a - b : b - a;
  }
}

// Counts the samples whose change is beyond those on either side of it.
void CountSteps(const uint8_t* before, const uint8_t* here,
                const uint8_t* after, int width, int least, uint8_t* steps) {
  for (int x = 0; x < width; ++x) {
    const int change = here[x];
    const int around = before[x] + after[x];
    steps[x] += (change >= least) & (4 * change > 3 * around);
  }
}

// |a - 2b + c| of the samples at one place in three rows.
int Bend(int a, int b, int c) { return std::abs(a - 2 * b + c); }

int SumBends(const uint8_t* row, int width) {
  int sum = 0;
  for (int x = 1; x + 1 < width; ++x) {
    sum += Bend(row[x - 1], row[x], row[x + 1]);
  }
  return sum;
}

void AddBends(const uint8_t* before, const uint8_t* here, const uint8_t* after,
              int width, uint32_t* sums) {
  for (int x = 0; x < width; ++x) sums[x] += Bend(before[x], here[x], after[x]);
}

void TakeExtremes(const uint8_t* row, int width, uint8_t* low, uint8_t* high) {
  for (int x = 0; x < width; ++x) {
    low[x] = std::min(low[x], row[x]);
    high[x] = std::max(high[x], row[x]);
  }
}

std::vector<uint8_t> Transposed(const std::vector<uint8_t>& samples, int width,
                                int height) {
  constexpr int kBlock = 16;
  std::vector<uint8_t> turned(samples.size());
  for (int top = 0; top < height; top += kBlock) {
    const int bottom = std::min(top + kBlock, height);
    for (int x = 0; x < width; ++x) {
      for (int y = top; y < bottom; ++y) {
        turned[size_t(x) * height + y] = samples[size_t(y) * width + x];
      }
    }
  }
  return turned;
}

// Maps frame after frame, row by row.
class Mapper {
 public:
  Mapper(int width, int height, LumaRange range)
      : width_(width),
        height_(height),
        least_(LeastStep(range)),
        low_(size_t(width) * height, 255),
        high_(size_t(width) * height, 0),
        across_(size_t(width) * height, 0),
        down_(size_t(width) * height, 0),
        changes_(size_t(width) * height, 0),
        row_changes_(width, 0),
        column_bends_(width, 0),
        row_bends_(height, 0) {}

  void Add(const Plane& plane) {
    ++frames_;
    for (int y = 0; y < height_; ++y) {
      const uint8_t* row = plane.data + y * plane.stride;
      TakeExtremes(row, width_, &low_[At(y)], &high_[At(y)]);
      AddAcross(row, &across_[At(y)]);
      row_bends_[y] += SumBends(row, width_);
      if (y > 0 && y + 1 < height_) {
        Changes(row - plane.stride, row + plane.stride, width_,
                &changes_[At(y)]);
        AddBends(row - plane.stride, row, row + plane.stride, width_,
                 column_bends_.data());
      }
    }
    for (int y = 1; y + 1 < height_; ++y) {
      // Near the border the one side stands for both.
      const int before = y - kNear > 0 ? y - kNear : y + kNear;
      const int after = y + kNear + 1 < height_ ? y + kNear : y - kNear;
      CountSteps(&changes_[At(before)], &changes_[At(y)], &changes_[At(after)],
                 width_, least_, &down_[At(y)]);
    }
  }

  AxisMap Columns() const {
    return Map(width_, height_, Transposed(low_, width_, height_),
               Transposed(high_, width_, height_),
               Transposed(across_, width_, height_),
               Mean(column_bends_, height_ - 2));
  }
  AxisMap Rows() const {
    return Map(height_, width_, low_, high_, down_,
               Mean(row_bends_, width_ - 2));
  }

 private:
  size_t At(int y) const { return size_t(y) * width_; }

  void AddAcross(const uint8_t* row, uint8_t* steps) {
    uint8_t* changes = row_changes_.data();
    Changes(row, row + 2, width_ - 2, changes + 1);
    const int inner = width_ - 2 * (kNear + 1);
    CountSteps(changes + 1, changes + 1 + kNear, changes + 1 + 2 * kNear, inner,
               least_, steps + 1 + kNear);
    for (int x = 1; x <= kNear; ++x) {
      CountSteps(changes + x + kNear, changes + x, changes + x + kNear, 1,
                 least_, steps + x);
      const int end = width_ - 1 - x;
      CountSteps(changes + end - kNear, changes + end, changes + end - kNear, 1,
                 least_, steps + end);
    }
  }

  AxisMap Map(int positions, int length, std::vector<uint8_t> low,
              std::vector<uint8_t> high, std::vector<uint8_t> steps,
              std::vector<double> sharpness) const {
    AxisMap map{
        .positions = positions,
        .length = length,
        .frames = frames_,
        .low = std::move(low),
        .high = std::move(high),
        .steps = std::move(steps),
        .sums = std::vector<int32_t>(size_t(positions + 1) * (length + 1)),
        .sharpness = std::move(sharpness)};
    for (int p = 1; p < positions; ++p) {
      const uint8_t* before = &map.steps[map.index(p - 1, 0)];
      const uint8_t* after = &map.steps[map.index(p, 0)];
      int32_t* sums = &map.sums[size_t(p) * (length + 1)];
      for (int q = 0; q < length; ++q) {
        sums[q + 1] = sums[q] + std::max(before[q], after[q]);
      }
    }
    return map;
  }

  // Of sums over so many samples in each frame.
  std::vector<double> Mean(const std::vector<uint32_t>& sums,
                           int samples) const {
    std::vector<double> mean;
    for (const uint32_t sum : sums) {
      mean.push_back(static_cast<double>(sum) / (samples * frames_));
    }
    return mean;
  }

  int width_;
  int height_;
  int least_;
  int frames_ = 0;
  std::vector<uint8_t> low_, high_, across_, down_;
  std::vector<uint8_t> changes_;  // Of one frame, down its columns.
  std::vector<uint8_t> row_changes_;
  std::vector<uint32_t> column_bends_, row_bends_;  // Sums, see Bend.
};

}  // namespace

double AxisMap::Support(int position, int from, int to) const {
  if (from >= to) return 0;
  const int32_t* run = &sums[size_t(position) * (length + 1)];
  return static_cast<double>(run[to] - run[from]) / ((to - from) * frames);
}

StepMap MapSteps(absl::Span<const Plane> planes, LumaRange range) {
  Mapper mapper(planes[0].width, planes[0].height, range);
  for (const Plane& plane : planes) mapper.Add(plane);
  return {.columns = mapper.Columns(), .rows = mapper.Rows()};
}

}  // namespace lenscap
