#include "fingerprint/find_grid.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace lenscap {
namespace {

// How far the samples of a gap may be off its colour.
constexpr int kFlat = 6;
// The widest gap, as a share of the picture's longer side.
constexpr double kWidestGap = 0.021;
constexpr int kSmallestCell = 8;
// Colours of a gap that is too thin to show its own.
constexpr double kBlack = 16;
constexpr double kWhite = 235;
// A gap whose colour is so near to that of the pictures cannot be measured.
constexpr double kFaint = 50;

// What stands at each position across an axis, within the bounds.
struct Profile {
  std::vector<double> steps;  // Share of frames and samples with a step, of
                              // those samples where there is anything.
  std::vector<bool> plain;    // Whether all samples have one colour.
  std::vector<double> light;  // Mean of all samples.
};

double MeanLight(const AxisMap& map, int position, Extent along) {
  const uint8_t* low = &map.low[map.index(position, 0)];
  const uint8_t* high = &map.high[map.index(position, 0)];
  int sum = 0;
  for (int q = along.from; q < along.to; ++q) sum += low[q] + high[q];
  return sum / (2.0 * along.size());
}

bool IsPlain(const AxisMap& map, int position, Extent along) {
  const uint8_t* low = &map.low[map.index(position, 0)];
  const uint8_t* high = &map.high[map.index(position, 0)];
  const int colour = static_cast<int>(MeanLight(map, position, along));
  int count = 0;
  for (int q = along.from; q < along.to; ++q) {
    count += (low[q] >= colour - kFlat) & (high[q] <= colour + kFlat);
  }
  return count >= along.size() * 0.97;
}

// Of the samples beside `position` where it is not all one colour around.
double StepShare(const AxisMap& map, int position, Extent along) {
  const int first = std::max(position - 2, 0);
  const int last = std::min(position + 1, map.positions - 1);
  int64_t steps = 0;
  int count = 0;
  for (int q = along.from; q < along.to; ++q) {
    int low = 255, high = 0;
    for (int p = first; p <= last; ++p) {
      low = std::min<int>(low, map.low[map.index(p, q)]);
      high = std::max<int>(high, map.high[map.index(p, q)]);
    }
    if (high - low <= kFlat) continue;
    ++count;
    steps += std::max(map.steps[map.index(position - 1, q)],
                      map.steps[map.index(position, q)]);
  }
  if (count < along.size() / 10) return 0;
  return static_cast<double>(steps) / (static_cast<double>(count) * map.frames);
}

Profile MakeProfile(const AxisMap& map, Extent along) {
  Profile profile;
  profile.steps.resize(map.positions + 1);
  profile.plain.resize(map.positions);
  profile.light.resize(map.positions);
  for (int p = 0; p < map.positions; ++p) {
    profile.plain[p] = IsPlain(map, p, along);
    profile.light[p] = MeanLight(map, p, along);
    if (p > 0) profile.steps[p] = StepShare(map, p, along);
  }
  return profile;
}

// How `count` cells lie along an axis of the picture, in samples.
struct Division {
  int count = 1;
  double gap = 0;
  double score = 0;  // Mean of its lines, 0 to 1.
};

class AxisDivider {
 public:
  AxisDivider(const AxisMap& map, double from, double to, Extent along)
      : profile_(MakeProfile(map, along)),
        from_(from),
        to_(to),
        widest_(std::max(map.positions, map.length) * kWidestGap) {
    std::vector<double> steps(
        profile_.steps.begin() + static_cast<int>(from) + 1,
        profile_.steps.begin() + static_cast<int>(to));
    if (steps.empty()) return;
    std::nth_element(steps.begin(), steps.begin() + steps.size() / 2,
                     steps.end());
    usual_ = steps[steps.size() / 2];
  }

  // The finest division whose lines are all there; of one cell if none is.
  Division Find() const {
    for (int count = kMostGridLines; count > 1; --count) {
      if (to_ - from_ < count * kSmallestCell) continue;
      const Division division = BestOf(count);
      if (division.count > 1) return division;
    }
    return {};
  }

 private:
  Division BestOf(int count) const {
    Division best;
    for (int gap = 0; gap <= std::ceil(widest_); ++gap) {
      const double score = Score(count, gap);
      if (score > best.score + (gap == 0 ? 0 : 0.03)) {
        best = {
            .count = count, .gap = static_cast<double>(gap), .score = score};
      }
    }
    if (best.count > 1) best.gap = ExactGap(best);
    return best;
  }

  // A gap is as wide as the light that is missing there, or too much, beside
  // what its colour lets through. (A picture's scaling leaves a thin one no
  // sample of its own.)
  double ExactGap(const Division& division) const {
    const double cell =
        (to_ - from_ - (division.count - 1) * division.gap) / division.count;
    double sum = 0;
    double weight = 0;
    for (int k = 1; k < division.count; ++k) {
      const Gap gap = GapAt(
          from_ + k * (cell + division.gap) - division.gap / 2, division.gap);
      sum += gap.width * gap.contrast;
      weight += gap.contrast;
    }
    const double gap = sum / weight;
    return gap < 0.5 ? 0 : gap;
  }

  struct Gap {
    double width = 0;
    double contrast = 0;  // To what is beside it; 1 if it cannot be measured.
  };

  Gap GapAt(double middle, double about) const {
    const int run = PlainRun(static_cast<int>(middle));
    const bool plain = run >= 2 && run <= widest_ + 1;
    if (plain) about = run;
    const Gap unsure = {.width = about, .contrast = 1};
    const int first = static_cast<int>(std::floor(middle - about / 2 - 2));
    const int last = static_cast<int>(std::floor(middle + about / 2 + 2));
    if (first < 2 || last + 2 >= static_cast<int>(profile_.light.size())) {
      return unsure;
    }
    const double outside =
        (profile_.light[first - 1] + profile_.light[first - 2] +
         profile_.light[last + 1] + profile_.light[last + 2]) /
        4;
    double missing = 0;
    int extreme = first;
    for (int p = first; p <= last; ++p) {
      const double off = outside - profile_.light[p];
      missing += off;
      if (std::abs(off) > std::abs(outside - profile_.light[extreme])) {
        extreme = p;
      }
    }
    const double colour = profile_.plain[extreme] ? profile_.light[extreme]
                          : missing > 0           ? kBlack
                                                  : kWhite;
    const double contrast = std::abs(outside - colour);
    if (contrast < kFaint) return unsure;
    return {.width = std::clamp(missing / (outside - colour), plain ? run : 0.0,
                                about + 2),
            .contrast = contrast};
  }

  // 0 if a line is missing.
  double Score(int count, double gap) const {
    const double cell = (to_ - from_ - (count - 1) * gap) / count;
    double sum = 0;
    int weak = 0;
    for (int k = 1; k < count; ++k) {
      const double left = from_ + k * cell + (k - 1) * gap;
      const double score = LineScore(left, left + gap);
      if (score < 0.45) ++weak;
      if (score < 0.3) return 0;
      sum += score;
    }
    const double mean = sum / (count - 1);
    return weak > (count - 1) / 3 || mean < 0.5 ? 0 : mean;
  }

  double LineScore(double left, double right) const {
    const double before = EdgeScore(left), after = EdgeScore(right);
    const double edges =
        std::min(before, after) < 0.25 ? 0 : (before + after) / 2;
    const int middle = static_cast<int>((left + right) / 2);
    if (!profile_.plain[middle]) return edges;
    return IsGap(middle) ? 0.75 + edges / 4 : 0.75;
  }

  // The plain samples in a row of which `middle` is one, if it is.
  int PlainRun(int middle) const {
    if (!profile_.plain[middle]) return 0;
    int first = middle, last = middle;
    while (first > from_ && profile_.plain[first - 1]) --first;
    while (last + 1 < to_ && profile_.plain[last + 1]) ++last;
    return last - first + 1;
  }

  // Whether they are no more than a gap has; cells may have borders.
  bool IsGap(int middle) const { return PlainRun(middle) <= widest_ + 1; }

  // How far a line at `position` stands out.
  double EdgeScore(double position) const {
    const int center = static_cast<int>(std::lround(position));
    double score = 0;
    for (int p = center - 1; p <= center + 1; ++p) {
      score = std::max(score, profile_.steps[p] * (p == center ? 1 : 0.93));
    }
    return score >= usual_ + 0.2 ? score : 0;
  }

  Profile profile_;
  double from_;
  double to_;
  double widest_;     // Gap, in samples.
  double usual_ = 0;  // Of the steps at any place.
};

Extent WholeSamples(double from, double to) {
  return {static_cast<int>(std::ceil(from - 0.01)),
          static_cast<int>(std::floor(to + 0.01))};
}

}  // namespace

Region Grid::Cell(int row, int column) const {
  const double width = (bounds.width() - (columns - 1) * column_gap) / columns;
  const double height = (bounds.height() - (rows - 1) * row_gap) / rows;
  const double left = bounds.left + column * (width + column_gap);
  const double top = bounds.top + row * (height + row_gap);
  return {
      .left = left, .top = top, .right = left + width, .bottom = top + height};
}

std::optional<Grid> FindGrid(const StepMap& map, const Region& bounds) {
  const int width = map.columns.positions;
  const int height = map.rows.positions;
  const double left = bounds.left * width, right = bounds.right * width;
  const double top = bounds.top * height, bottom = bounds.bottom * height;
  const Extent columns = WholeSamples(left, right);
  const Extent rows = WholeSamples(top, bottom);
  if (columns.size() < 2 * kSmallestCell || rows.size() < 2 * kSmallestCell) {
    return std::nullopt;
  }
  const Division across = AxisDivider(map.columns, left, right, rows).Find();
  const Division down = AxisDivider(map.rows, top, bottom, columns).Find();
  if (across.count * down.count < 2) return std::nullopt;
  if (across.count * down.count == 2 &&
      std::max(across.score, down.score) < 0.65) {
    return std::nullopt;
  }
  return Grid{.bounds = bounds,
              .rows = down.count,
              .columns = across.count,
              .row_gap = down.gap / height,
              .column_gap = across.gap / width};
}

}  // namespace lenscap
