#include "services/cli/evidence_plots.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "absl/strings/str_format.h"
#include "services/cli/cue_text.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

constexpr double kPi = 3.14159265358979323846;

constexpr Font kLabel = {.size = 11, .colour = "#6b7280"};
constexpr Font kRightLabel = {
    .size = 11, .colour = "#6b7280", .anchor = Font::Anchor::kEnd};
constexpr Paint kField = {.fill = "#f9fafb", .stroke = "#e5e7eb", .corner = 3};
constexpr Paint kGuide = {.stroke = "#9ca3af", .dashed = true};
constexpr Paint kCurve = {.stroke = "#2563eb", .stroke_width = 1.5};
constexpr Paint kStart = {.fill = "#16a34a"};
constexpr Paint kEnd = {.fill = "#dc2626"};

// The largest box of that aspect within `box`, in the middle of it.
Box FitInto(const Box& box, double aspect) {
  const double width = std::min(box.width, box.height * aspect);
  const double height = width / aspect;
  return {box.x + (box.width - width) / 2, box.y + (box.height - height) / 2,
          width, height};
}

Box Inset(const Box& box, double margin) {
  return {box.x + margin, box.y + margin, box.width - 2 * margin,
          box.height - 2 * margin};
}

// Of the middle of what the camera sees: in shares of the picture's width and
// height from where it began. What it sees goes the other way than it does.
std::vector<Point> PathOf(const v1::CueReport& cues, int moves) {
  std::vector<Point> path = {{0, 0}};
  for (int i = 0; i < moves; ++i) {
    const v1::CameraMove& move = cues.motion(i);
    path.push_back({path.back().x - Bounded(move.dx(), -1, 1),
                    path.back().y - Bounded(move.dy(), -1, 1)});
  }
  return path;
}

// The bounds of the path and of the picture that it begins in.
Box BoundsOf(const std::vector<Point>& path) {
  Point low = {-0.5, -0.5}, high = {0.5, 0.5};
  for (const Point& point : path) {
    low = {std::min(low.x, point.x), std::min(low.y, point.y)};
    high = {std::max(high.x, point.x), std::max(high.y, point.y)};
  }
  return {low.x, low.y, high.x - low.x, high.y - low.y};
}

// Where a lens of that distortion draws what a straight one draws at `radius`;
// both in half diagonals of the picture, whose corners stay where they are.
double BentRadius(double radius, double distortion) {
  const double slope = 2 * std::tan(distortion * kPi / 2);
  if (slope < 1e-3) return radius;
  return std::atan(radius * slope) / std::atan(slope);
}

// A lens at 1 would draw everything at the corners.
double DrawableDistortion(double distortion) {
  return Bounded(distortion, 0, 0.95);
}

// `at` is from -1 to 1 in both directions of the frame.
Point Bend(const Point& at, double distortion, const Box& frame) {
  const Point from_middle = {at.x * frame.width / 2, at.y * frame.height / 2};
  const double half_diagonal = std::hypot(frame.width, frame.height) / 2;
  const double radius =
      std::hypot(from_middle.x, from_middle.y) / std::max(half_diagonal, 1e-9);
  const double scale =
      radius > 1e-9 ? BentRadius(radius, distortion) / radius : 1;
  return {frame.x + frame.width / 2 + from_middle.x * scale,
          frame.y + frame.height / 2 + from_middle.y * scale};
}

// The largest frame of that aspect whose grid stays within `box` when bent:
// the middles of its sides are what bulges most.
Box FrameWithin(const Box& box, double distortion, double aspect) {
  const double diagonal = std::hypot(aspect, 1);
  const double wider = BentRadius(aspect / diagonal, distortion) * diagonal;
  const double higher = BentRadius(1 / diagonal, distortion) * diagonal;
  const double height = std::min(box.width / wider, box.height / higher);
  const double width = height * aspect;
  return {box.x + (box.width - width) / 2, box.y + (box.height - height) / 2,
          width, height};
}

// Lines that a straight lens draws evenly over the frame.
void DrawGrid(double distortion, const Box& frame, const Paint& paint,
              SvgDrawing& drawing) {
  constexpr int kLines = 6;
  constexpr int kSteps = 32;
  for (int i = 0; i <= kLines; ++i) {
    const double across = 2.0 * i / kLines - 1;
    std::vector<Point> column, row;
    for (int j = 0; j <= kSteps; ++j) {
      const double along = 2.0 * j / kSteps - 1;
      column.push_back(Bend({across, along}, distortion, frame));
      row.push_back(Bend({along, across}, distortion, frame));
    }
    drawing.Polyline(column, paint);
    drawing.Polyline(row, paint);
  }
}

void DrawLensCurve(double distortion, const Box& box, SvgDrawing& drawing) {
  constexpr int kSteps = 40;
  const auto at = [&](double x, double y) {
    return Point{box.x + x * box.width, box.y + (1 - y) * box.height};
  };
  drawing.Rectangle(box, kField);
  drawing.Polyline({at(0, 0), at(1, 1)}, kGuide);
  std::vector<Point> curve;
  for (int i = 0; i <= kSteps; ++i) {
    const double radius = static_cast<double>(i) / kSteps;
    curve.push_back(at(radius, BentRadius(radius, distortion)));
  }
  drawing.Polyline(curve, kCurve);
}

// Somewhat more than `largest`, and a round number.
double AxisEnd(double largest) {
  for (double unit = 0.01; unit < 10; unit *= 10) {
    for (const double end : {unit, 2 * unit, 5 * unit}) {
      if (largest <= end) return end;
    }
  }
  return 10;
}

}  // namespace

void DrawCameraPath(const v1::CueReport& cues, double aspect, const Box& box,
                    SvgDrawing& drawing) {
  drawing.Rectangle(box, kField);
  const int moves = static_cast<int>(MoveLengths(cues, aspect).size());
  const std::vector<Point> path = PathOf(cues, moves);
  const Box bounds = BoundsOf(path);
  const Box field =
      FitInto(Inset(box, 12), aspect * bounds.width / bounds.height);
  const auto at = [&](double x, double y) {
    return Point{field.x + (x - bounds.x) / bounds.width * field.width,
                 field.y + (y - bounds.y) / bounds.height * field.height};
  };
  const Point corner = at(-0.5, -0.5), opposite = at(0.5, 0.5);
  drawing.Rectangle(
      {corner.x, corner.y, opposite.x - corner.x, opposite.y - corner.y},
      kGuide);
  std::vector<Point> points;
  for (const Point& point : path) points.push_back(at(point.x, point.y));
  drawing.Polyline(points, kCurve);
  drawing.Circle(points.front(), 3.5, kStart);
  if (moves > 0) drawing.Circle(points.back(), 3.5, kEnd);
}

void DrawMoveLengths(const v1::CueReport& cues, double aspect, const Box& box,
                     SvgDrawing& drawing) {
  constexpr double kLeft = 34, kBottom = 16;
  const Box field = {box.x + kLeft, box.y, box.width - kLeft,
                     box.height - kBottom};
  drawing.Rectangle(field, kField);
  const std::vector<MoveLength> moves = MoveLengths(cues, aspect);
  const double end = AxisEnd(LongestMove(moves).length);
  drawing.Text({field.x - 4, field.y + 9}, absl::StrFormat("%g%%", end * 100),
               kRightLabel);
  drawing.Text({field.x - 4, field.y + field.height}, "0", kRightLabel);
  if (moves.empty()) return;
  const absl::Duration first = moves.front().time;
  const absl::Duration last = std::max(moves.back().time, first);
  drawing.Text({field.x, box.y + box.height - 2}, FormatTime(first), kLabel);
  drawing.Text({field.x + field.width, box.y + box.height - 2},
               FormatTime(last), kRightLabel);
  std::vector<Point> points;
  for (const MoveLength& move : moves) {
    const double along =
        last > first
            ? Bounded(absl::FDivDuration(move.time - first, last - first), 0, 1)
            : 0;
    points.push_back({field.x + along * field.width,
                      field.y + (1 - move.length / end) * field.height});
  }
  drawing.Polyline(points, kCurve);
}

void DrawLens(double distortion, double aspect, const Box& box,
              SvgDrawing& drawing) {
  const double drawn = DrawableDistortion(distortion);
  constexpr double kCurveSide = 76, kGap = 12;
  const Box field = {box.x, box.y, box.width - kCurveSide - kGap, box.height};
  drawing.Rectangle(field, kField);
  const Box frame = FrameWithin(Inset(field, 8), drawn, aspect);
  DrawGrid(0, frame, {.stroke = "#d1d5db", .dashed = true}, drawing);
  DrawGrid(drawn, frame, {.stroke = "#2563eb"}, drawing);
  const Box curve = {box.x + box.width - kCurveSide, box.y, kCurveSide,
                     kCurveSide};
  DrawLensCurve(drawn, curve, drawing);
  drawing.Text({curve.x, curve.y + kCurveSide + 14}, "radius", kLabel);
  drawing.Text({curve.x, curve.y + kCurveSide + 27}, "→ straight lens", kLabel);
  drawing.Text({curve.x, curve.y + kCurveSide + 40}, "↑ this lens", kLabel);
}

}  // namespace lenscap::cli
