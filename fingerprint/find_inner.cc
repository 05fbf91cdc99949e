#include "fingerprint/find_inner.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace lenscap {
namespace {

// Of the longer side of the whole.
constexpr double kSmallestSide = 0.15;
constexpr int kMostLines = 24;  // Across each axis.
// A line's support, on average over its length and over each side.
constexpr double kClearLine = 0.52;
constexpr double kWeakestSide = 0.48;
// What each further side adds to a rectangle's score.
constexpr double kClosing = 0.4;
// How far a line goes on beyond a corner is looked at so many samples on, and
// not where there are few; what it has there counts against the side.
constexpr int kBeyond = 8;
constexpr int kLeastBeyond = 4;
constexpr double kOpen = 0.4;
// Of two whose sides are no farther apart, in samples, one is given.
constexpr int kSame = 2;
// By number of sides that are not those of the whole: the most given.
constexpr int kMostAlike[] = {0, 2, 2, 2, 3};
// By number of sides that are not those of the whole: the fewer speak for a
// rectangle, the clearer they must be.
constexpr double kClearRectangle[] = {1, 0.85, 0.8, 0.75, 0.69};

// A line at `position` with steps along most of `along`.
struct Line {
  int position = 0;
  Extent along = {};
  double score = 0;
};

// The run of the line at `position` where it has most steps to spare above
// half of the frames.
Line BestRun(const AxisMap& map, int position, Extent along) {
  const int32_t* sums = &map.sums[size_t(position) * (map.length + 1)];
  Line best{.position = position};
  const auto spare = [&](int q) {
    return sums[q] - 0.4 * map.frames * (q - along.from);
  };
  int start = along.from;
  for (int q = along.from + 1; q <= along.to; ++q) {
    const double score = (spare(q) - spare(start)) / map.frames;
    if (score > best.score) {
      best.along = {start, q};
      best.score = score;
    }
    if (spare(q) < spare(start)) start = q;
  }
  return best;
}

std::vector<Line> FindLines(const AxisMap& map, Extent across, Extent along,
                            int shortest) {
  std::vector<Line> runs;
  constexpr int margin = 2;
  for (int p = across.from + margin; p <= across.to - margin; ++p) {
    const Line run = BestRun(map, p, along);
    if (run.along.size() >= shortest &&
        map.Support(p, run.along.from, run.along.to) >= kClearLine) {
      runs.push_back(run);
    }
  }
  std::stable_sort(runs.begin(), runs.end(), [](const Line& a, const Line& b) {
    return a.score > b.score;
  });
  std::vector<Line> lines;
  for (const Line& run : runs) {
    if (lines.size() == kMostLines) break;
    const bool known =
        std::any_of(lines.begin(), lines.end(), [&](const Line& line) {
          return std::abs(line.position - run.position) <= 2;
        });
    if (!known) lines.push_back(run);
  }
  return lines;
}

// The ends of `across` and the lines between, in order.
std::vector<int> Positions(const std::vector<Line>& lines, Extent across) {
  std::vector<int> positions = {across.from, across.to};
  for (const Line& line : lines) positions.push_back(line.position);
  std::sort(positions.begin(), positions.end());
  return positions;
}

struct Candidate {
  Box box;
  int sides = 0;  // That are not those of the whole.
  double score = 0;
};

class RectangleFinder {
 public:
  RectangleFinder(const StepMap& map, const Box& within)
      : map_(map),
        within_(within),
        least_(static_cast<int>(
            std::max(within.columns.size(), within.rows.size()) *
            kSmallestSide)) {}

  std::vector<Candidate> Find() const {
    const std::vector<int> upright = Positions(
        FindLines(map_.columns, within_.columns, within_.rows, least_),
        within_.columns);
    const std::vector<int> level =
        Positions(FindLines(map_.rows, within_.rows, within_.columns, least_),
                  within_.rows);
    std::vector<Candidate> found;
    for (const int left : upright) {
      for (const int right : upright) {
        if (right - left < least_) continue;
        for (const int top : level) {
          for (const int bottom : level) {
            if (bottom - top < least_) continue;
            Consider({{left, right}, {top, bottom}}, found);
          }
        }
      }
    }
    return found;
  }

 private:
  struct Sides {
    int count = 0;
    double length = 0;   // In samples.
    double support = 0;  // Times length.
    double open = 0;     // The same, of what speaks against them.
    double weakest = 1;
  };

  void Consider(const Box& box, std::vector<Candidate>& found) const {
    Sides sides;
    AddSides(map_.columns, within_.columns, box.columns, box.rows, within_.rows,
             sides);
    AddSides(map_.rows, within_.rows, box.rows, box.columns, within_.columns,
             sides);
    if (sides.count == 0 || sides.weakest < kWeakestSide) return;
    const double support = sides.support / sides.length;
    if (support < kClearRectangle[sides.count]) return;
    const double clear = support - sides.open / sides.length;
    found.push_back(
        {box, sides.count,
         (clear + sides.weakest - 0.8) * (1 + kClosing * sides.count) *
             std::sqrt(sides.length)});
  }

  // The sides across one axis that are not those of the whole.
  void AddSides(const AxisMap& map, Extent whole, Extent ends, Extent along,
                Extent whole_along, Sides& sides) const {
    for (const int position : {ends.from, ends.to}) {
      if (position == whole.from || position == whole.to) continue;
      const double support = map.Support(position, along.from, along.to);
      const double beyond =
          std::max(Beyond(map, position, {whole_along.from, along.from}, false),
                   Beyond(map, position, {along.to, whole_along.to}, true));
      ++sides.count;
      sides.length += along.size();
      sides.support += support * along.size();
      sides.open += kOpen * std::max(0.0, beyond - 0.25) * along.size();
      sides.weakest = std::min(sides.weakest, support);
    }
  }

  // How far the line goes on where it should end.
  double Beyond(const AxisMap& map, int position, Extent rest,
                bool after) const {
    const int length = std::min(kBeyond, rest.size());
    if (length < kLeastBeyond) return 0;
    return after ? map.Support(position, rest.from, rest.from + length)
                 : map.Support(position, rest.to - length, rest.to);
  }

  const StepMap& map_;
  const Box& within_;
  const int least_;  // Of a side, in samples.
};

bool Near(Extent a, Extent b) {
  return std::abs(a.from - b.from) <= kSame && std::abs(a.to - b.to) <= kSame;
}

}  // namespace

std::vector<Box> FindInner(const StepMap& map, const Box& within, int most) {
  std::vector<Candidate> candidates = RectangleFinder(map, within).Find();
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) {
                     // The two pictures beside the line between them.
                     if ((a.sides == 1) != (b.sides == 1)) return a.sides == 1;
                     return a.score > b.score;
                   });
  std::vector<Box> found;
  int alike[5] = {};
  for (const Candidate& candidate : candidates) {
    if (static_cast<int>(found.size()) == most) break;
    if (alike[candidate.sides] == kMostAlike[candidate.sides]) continue;
    const Box& box = candidate.box;
    const bool known =
        std::any_of(found.begin(), found.end(), [&](const Box& other) {
          return Near(box.columns, other.columns) && Near(box.rows, other.rows);
        });
    if (known) continue;
    found.push_back(box);
    ++alike[candidate.sides];
  }
  return found;
}

}  // namespace lenscap
