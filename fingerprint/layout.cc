#include "fingerprint/layout.h"

#include <algorithm>
#include <cmath>

#include "fingerprint/find_borders.h"
#include "fingerprint/find_grid.h"
#include "fingerprint/find_inner.h"
#include "fingerprint/place_line.h"
#include "fingerprint/step_map.h"

namespace lenscap {
namespace {

constexpr int kSmallestSide = 32;
constexpr int kFewestSamples = 4;  // A side of a part.
constexpr int kMostInner = 8;
// Regions that overlap so much are the same.
constexpr double kSame = 0.985;
// Of the picture, the least that a grid takes.
constexpr double kLeastGround = 0.5;
// How far off its place a grid's line may be on average, in samples.
constexpr double kGridOff = 1.7;
// The samples of a gap that looks like a line.
constexpr double kThinGap = 2;

bool AreUsable(absl::Span<const Plane> planes) {
  return !planes.empty() &&
         std::all_of(planes.begin(), planes.end(), [&](const Plane& plane) {
           return plane.data != nullptr && plane.width >= kSmallestSide &&
                  plane.height >= kSmallestSide &&
                  plane.width == planes[0].width &&
                  plane.height == planes[0].height;
         });
}

Box WholeSamples(const Region& region, int width, int height) {
  const auto extent = [](double from, double to, int length) {
    return Extent{static_cast<int>(std::ceil(from * length - 0.01)),
                  static_cast<int>(std::floor(to * length + 0.01))};
  };
  return {.columns = extent(region.left, region.right, width),
          .rows = extent(region.top, region.bottom, height)};
}

class LayoutFinder {
 public:
  LayoutFinder(absl::Span<const Plane> planes, LumaRange range)
      : planes_(planes),
        width_(planes[0].width),
        height_(planes[0].height),
        whole_{{0, width_}, {0, height_}},
        map_(MapSteps(planes, range)) {}

  std::vector<LayoutPart> Find() {
    FindContents();
    const std::vector<Region> inner = FindInners();
    Add({.kind = LayoutPart::Kind::kContent,
         .region = Placed(TakeOffBlurredBorders(map_), whole_)});
    std::vector<Region> grounds = {Region{}};
    for (const LayoutPart& part : parts_) grounds.push_back(part.region);
    std::optional<Grid> grid = LargestGrid(grounds);
    if (!grid) {
      std::vector<Region> wide = inner;
      std::erase_if(wide, [](const Region& region) {
        return region.width() * region.height() < kLeastGround;
      });
      grid = LargestGrid(wide);
      // Of few cells it is rather what stands beside the inner picture.
      if (grid && (grid->rows < 2 || grid->columns < 2)) grid.reset();
    }
    for (const Region& region : inner) {
      if (!grid || !IsMadeOfCells(*grid, region)) {
        Add({.kind = LayoutPart::Kind::kInner, .region = region});
      }
    }
    if (grid) AddTiles(*grid);
    return std::move(parts_);
  }

 private:
  void FindContents() {
    for (const Border border :
         {Border::kColour, Border::kColourAndText, Border::kStill}) {
      const auto box = TakeOffBorders(map_, whole_, border);
      if (!box) continue;
      Add({.kind = LayoutPart::Kind::kContent, .region = Placed(*box, whole_)});
    }
  }

  std::vector<Region> FindInners() const {
    // Borders have no pictures in them, but lines.
    const Box within = parts_.empty()
                           ? whole_
                           : WholeSamples(parts_[0].region, width_, height_);
    std::vector<Region> regions;
    for (const Box& box : FindInner(map_, within, kMostInner)) {
      regions.push_back(Placed(box, whole_));
    }
    return regions;
  }

  std::optional<Grid> LargestGrid(const std::vector<Region>& grounds) const {
    std::optional<Grid> largest;
    for (const Region& ground : grounds) {
      const std::optional<Grid> grid = FindGrid(map_, ground);
      if (grid && StandsExactly(*grid) &&
          (!largest ||
           grid->rows * grid->columns > largest->rows * largest->columns)) {
        largest = grid;
      }
    }
    return largest;
  }

  // Whether the lines of a grid are where they should be, to a fraction of a
  // sample: other lines come near by chance. Wide gaps speak for themselves.
  bool StandsExactly(const Grid& grid) const {
    const Box box = WholeSamples(grid.bounds, width_, height_);
    double off = 0;
    int lines = 0;
    const auto add = [&](Direction direction, double end, double gap,
                         Extent along) {
      if (gap > kThinGap) return;
      const double middle = end - gap / 2;
      const int position = static_cast<int>(std::lround(middle));
      off += std::abs(PlaceLine(planes_, direction, position, along) - middle) -
             gap / 2;
      ++lines;
    };
    for (int column = 1; column < grid.columns; ++column) {
      add(Direction::kUpright, grid.Cell(0, column).left * width_,
          grid.column_gap * width_, box.rows);
    }
    for (int row = 1; row < grid.rows; ++row) {
      add(Direction::kLevel, grid.Cell(row, 0).top * height_,
          grid.row_gap * height_, box.columns);
    }
    return off <= kGridOff * lines;
  }

  bool IsMadeOfCells(const Grid& grid, const Region& region) const {
    const double x = 1.0 / width_, y = 1.0 / height_;
    bool left = false, right = false, top = false, bottom = false;
    for (int row = 0; row < grid.rows; ++row) {
      for (int column = 0; column < grid.columns; ++column) {
        const Region cell = grid.Cell(row, column);
        left |= std::abs(cell.left - region.left) < x;
        right |= std::abs(cell.right - region.right) < x;
        top |= std::abs(cell.top - region.top) < y;
        bottom |= std::abs(cell.bottom - region.bottom) < y;
      }
    }
    return left && right && top && bottom;
  }

  void AddTiles(const Grid& grid) {
    for (int row = 0; row < grid.rows; ++row) {
      for (int column = 0; column < grid.columns; ++column) {
        const std::optional<Region> region = Trimmed(grid.Cell(row, column));
        if (!region || !IsPicture(*region)) continue;
        LayoutPart part{.kind = LayoutPart::Kind::kTile,
                        .region = *region,
                        .row = row,
                        .column = column,
                        .rows = grid.rows,
                        .columns = grid.columns};
        if (parts_.size() < kMaxLayoutParts) parts_.push_back(part);
      }
    }
  }

  // A cell without its borders; none if there is nothing in it.
  std::optional<Region> Trimmed(const Region& cell) const {
    const Box box = WholeSamples(cell, width_, height_);
    if (box.columns.size() < 4 || box.rows.size() < 4) return cell;
    const auto found = TakeOffBorders(map_, box, Border::kColour);
    if (!found) return std::nullopt;
    const Region content = Placed(*found, box);
    // Where there is no border, the cell's edge is known better.
    Region trimmed = cell;
    if (found->columns.from > box.columns.from) trimmed.left = content.left;
    if (found->columns.to < box.columns.to) trimmed.right = content.right;
    if (found->rows.from > box.rows.from) trimmed.top = content.top;
    if (found->rows.to < box.rows.to) trimmed.bottom = content.bottom;
    return trimmed;
  }

  // The exact place of a box in the picture; sides that it shares with `frame`
  // stand where they are.
  Region Placed(const Box& box, const Box& frame) const {
    const auto place = [&](Direction direction, int position, Extent ends,
                           Extent along) {
      if (position == ends.from || position == ends.to) {
        return static_cast<double>(position);
      }
      return PlaceLine(planes_, direction, position, along);
    };
    const auto& [columns, rows] = box;
    return {
        .left = place(Direction::kUpright, columns.from, frame.columns, rows) /
                width_,
        .top =
            place(Direction::kLevel, rows.from, frame.rows, columns) / height_,
        .right = place(Direction::kUpright, columns.to, frame.columns, rows) /
                 width_,
        .bottom =
            place(Direction::kLevel, rows.to, frame.rows, columns) / height_};
  }

  // Whether there are samples enough for a picture.
  bool IsPicture(const Region& region) const {
    return region.width() * width_ >= kFewestSamples &&
           region.height() * height_ >= kFewestSamples;
  }

  // Adds a part unless there is one like it.
  void Add(const LayoutPart& part) {
    if (!IsPicture(part.region)) return;
    const bool known =
        Overlap(part.region, Region{}) > 0.97 ||
        std::any_of(parts_.begin(), parts_.end(), [&](const LayoutPart& other) {
          return Overlap(part.region, other.region) > kSame;
        });
    if (!known) parts_.push_back(part);
  }

  absl::Span<const Plane> planes_;
  int width_;
  int height_;
  Box whole_;
  StepMap map_;
  std::vector<LayoutPart> parts_;
};

}  // namespace

std::vector<LayoutPart> FindLayout(absl::Span<const Plane> planes,
                                   LumaRange range) {
  planes = planes.subspan(0, kMaxLayoutPlanes);
  if (!AreUsable(planes)) return {};
  return LayoutFinder(planes, range).Find();
}

}  // namespace lenscap
