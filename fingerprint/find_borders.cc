#include "fingerprint/find_borders.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace lenscap {
namespace {

// How far a border's samples may be off its colour, and a still picture's
// samples from one frame to another.
constexpr int kFlat = 5;
constexpr int kStill = 6;
// The share of a line's samples that belong to the border: of a plain line,
// of one that has a subtitle in it, and next to the content.
constexpr double kPlainLine = 0.97;
constexpr double kWrittenLine = 0.2;
// A border takes at most so much of a side.
constexpr double kWidest = 0.45;
// What a blurred enlargement of the picture around it has: how many times
// sharper the lines next to it are, of how many it is asked, how many are mixed
// of both, what is as smooth as can be, and the step between.
constexpr double kSharper = 2;
constexpr int kSharpLines = 4;
constexpr int kMixed = 2;
constexpr double kSmooth = 0.2;
constexpr double kBlurredEdge = 0.3;
constexpr int kLeastBlurred = 64;  // Positions of the whole.

// The lines at the one or the other end of an axis.
class Side {
 public:
  Side(const AxisMap& map, Extent across, Extent along, bool at_start)
      : map_(map), across_(across), along_(along), at_start_(at_start) {}

  // How many lines the border has.
  int CountLines(Border border) const {
    const int most = border == Border::kColour
                         ? across_.size()
                         : static_cast<int>(across_.size() * kWidest);
    const int colour = Colour();
    int lines = 0;
    int written = 0;  // Lines since the last plain one.
    for (int i = 0; i < most; ++i) {
      const double share =
          border == Border::kStill ? StillShare(i) : ColourShare(i, colour);
      if (share >= kPlainLine) {
        lines = i + 1;
        written = 0;
      } else if (border != Border::kColourAndText || share < kWrittenLine ||
                 ++written > across_.size() * 0.2) {
        break;
      }
    }
    return lines;
  }

 private:
  const uint8_t* Line(const std::vector<uint8_t>& samples, int i) const {
    const int position = at_start_ ? across_.from + i : across_.to - 1 - i;
    return &samples[map_.index(position, 0)];
  }

  // The middle one of the outermost line.
  int Colour() const {
    const uint8_t* low = Line(map_.low, 0);
    const uint8_t* high = Line(map_.high, 0);
    std::vector<int> colours;
    colours.reserve(along_.size());
    for (int q = along_.from; q < along_.to; ++q) {
      colours.push_back((low[q] + high[q]) / 2);
    }
    std::nth_element(colours.begin(), colours.begin() + colours.size() / 2,
                     colours.end());
    return colours[colours.size() / 2];
  }

  double ColourShare(int i, int colour) const {
    const uint8_t* low = Line(map_.low, i);
    const uint8_t* high = Line(map_.high, i);
    int count = 0;
    for (int q = along_.from; q < along_.to; ++q) {
      count += (low[q] >= colour - kFlat) & (high[q] <= colour + kFlat);
    }
    return static_cast<double>(count) / along_.size();
  }

  double StillShare(int i) const {
    const uint8_t* low = Line(map_.low, i);
    const uint8_t* high = Line(map_.high, i);
    int count = 0;
    for (int q = along_.from; q < along_.to; ++q) {
      count += high[q] - low[q] <= kStill;
    }
    return static_cast<double>(count) / along_.size();
  }

  const AxisMap& map_;
  Extent across_;
  Extent along_;
  bool at_start_;
};

// `across` without its borders; empty if it is nothing but border.
Extent Trimmed(const AxisMap& map, Extent across, Extent along, Border border) {
  if (across.size() < 1 || along.size() < 1) return {across.from, across.from};
  const int first = Side(map, across, along, true).CountLines(border);
  if (first == across.size()) return {across.from, across.from};
  const int last = Side(map, across, along, false).CountLines(border);
  return {across.from + first, across.to - last};
}

// One way's borders leave less of the other's lines to be plain.
Box Trimmed(const StepMap& map, Box box, Border border) {
  for (int pass = 0; pass < 2; ++pass) {
    box.rows = Trimmed(map.rows, box.rows, box.columns, border);
    box.columns = Trimmed(map.columns, box.columns, box.rows, border);
  }
  return box;
}

bool IsEmpty(const Box& box) {
  return box.columns.size() < 1 || box.rows.size() < 1;
}

// Whether a line stands where the border ends.
bool HasEdge(const AxisMap& map, int position, Extent along, double least) {
  double best = 0;
  for (int p = std::max(position - 1, 1);
       p <= std::min(position + 1, map.positions - 1); ++p) {
    best = std::max(best, map.Support(p, along.from, along.to));
  }
  return best >= least;
}

// Puts back the borders that are too thin or end without an edge.
Extent Checked(const AxisMap& map, Extent whole, Extent part, Extent along,
               double least) {
  const int thinnest = std::max(1, whole.size() / 80);
  Extent checked = part;
  if (part.from - whole.from < thinnest ||
      !HasEdge(map, part.from, along, least)) {
    checked.from = whole.from;
  }
  if (whole.to - part.to < thinnest || !HasEdge(map, part.to, along, least)) {
    checked.to = whole.to;
  }
  return checked;
}

// Whether at least some of what a still border leaves moves.
bool Moves(const AxisMap& map, const Box& box) {
  int count = 0;
  for (int p = box.columns.from; p < box.columns.to; ++p) {
    for (int q = box.rows.from; q < box.rows.to; ++q) {
      count += map.high[map.index(p, q)] - map.low[map.index(p, q)] > kStill;
    }
  }
  return count > 0.4 * box.columns.size() * box.rows.size();
}

// How many lines at the one or the other end are blurred next to the one where
// the picture becomes sharp; 0 if none does. A picture's scaling leaves the
// lines beside that one between the two.
int CountBlurred(const std::vector<double>& sharpness, Extent across,
                 bool at_start) {
  const auto at = [&](int i) {
    return sharpness[at_start ? across.from + i : across.to - 1 - i];
  };
  const int thinnest = across.size() / 20 + kMixed;
  const int most = static_cast<int>(across.size() * kWidest);
  double outside = 0;
  double best = kSharper;
  int lines = 0;
  for (int i = thinnest; i <= most; ++i) {
    for (int k = i == thinnest ? 0 : i - kMixed; k <= i - kMixed; ++k) {
      outside = std::max(outside, at(k));
    }
    double inside = at(i);
    for (int k = 1; k < kSharpLines; ++k) inside = std::min(inside, at(i + k));
    const double ratio = inside / std::max(outside, kSmooth);
    if (ratio > best) {
      best = ratio;
      lines = i;
    }
  }
  return lines;
}

// `across` without its blurred borders, if there are two.
Extent Sharp(const AxisMap& map, Extent across, Extent along) {
  if (across.size() < kLeastBlurred) return across;
  const int first = CountBlurred(map.sharpness, across, true);
  const int last = CountBlurred(map.sharpness, across, false);
  if (first == 0 || last == 0) return across;
  const Extent sharp = {across.from + first, across.to - last};
  return HasEdge(map, sharp.from, along, kBlurredEdge) &&
                 HasEdge(map, sharp.to, along, kBlurredEdge)
             ? sharp
             : across;
}

}  // namespace

Box TakeOffBlurredBorders(const StepMap& map) {
  const Extent columns = {0, map.columns.positions};
  const Extent rows = {0, map.rows.positions};
  return {.columns = Sharp(map.columns, columns, rows),
          .rows = Sharp(map.rows, rows, columns)};
}

std::optional<Box> TakeOffBorders(const StepMap& map, const Box& within,
                                  Border border) {
  const Box trimmed = Trimmed(map, within, border);
  if (IsEmpty(trimmed)) return std::nullopt;
  const bool still = border == Border::kStill;
  const double least = still ? 0.55 : 0.2;  // Of the edge.
  const Box box = {.columns = Checked(map.columns, within.columns,
                                      trimmed.columns, trimmed.rows, least),
                   .rows = Checked(map.rows, within.rows, trimmed.rows,
                                   trimmed.columns, least)};
  // Where too little is left for a picture, text stood out.
  if (box.columns.size() * 10 < within.columns.size() ||
      box.rows.size() * 10 < within.rows.size() ||
      (still && !Moves(map.columns, box))) {
    return within;
  }
  return box;
}

}  // namespace lenscap
