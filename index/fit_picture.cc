#include "index/fit_picture.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <random>
#include <set>
#include <utility>
#include <vector>

namespace lenscap {
namespace {

constexpr size_t kMaxPairs = 512;
constexpr int kTries = 2000;
constexpr int kMinPairs = 8;
// How far a point may be from where the map says it is, in the query's unit; a
// turned or far smaller copy is not exact.
constexpr double kNear = 0.02;
constexpr double kExact = 0.012;
// What the keypoints themselves say of scale and angle is rough.
constexpr double kMaxScaleError = 1.7;
constexpr double kMaxAngleError = 0.5;
constexpr double kMinApart = 0.08;   // Of two points that a map is made of.
constexpr double kMinSpread = 0.06;  // Standard deviation of the points.
constexpr double kMaxSlant = 0.5;
constexpr size_t kMinPairsForSlant = 16;
constexpr double kSmallestScale = 1.0 / 12;
constexpr double kGreatestScale = 12;

double AngleBetween(double a, double b) {
  return std::abs(std::remainder(a - b, 2 * std::numbers::pi));
}

// The map that scales, turns and shifts so that both pairs agree.
std::optional<PictureMap> MapOfTwo(const KeypointPair& a,
                                   const KeypointPair& b) {
  const double rx = b.reference->at.x - a.reference->at.x;
  const double ry = b.reference->at.y - a.reference->at.y;
  const double qx = b.query->at.x - a.query->at.x;
  const double qy = b.query->at.y - a.query->at.y;
  const double length = rx * rx + ry * ry;
  if (length < kMinApart * kMinApart) return std::nullopt;
  const double c = (qx * rx + qy * ry) / length;
  const double s = (qy * rx - qx * ry) / length;
  const double scale = std::hypot(c, s);
  if (scale < kSmallestScale || scale > kGreatestScale) return std::nullopt;
  const double angle = std::atan2(s, c);
  for (const KeypointPair& pair : {a, b}) {
    const double error = pair.query->size / pair.reference->size / scale;
    if (error > kMaxScaleError || error < 1 / kMaxScaleError) {
      return std::nullopt;
    }
    if (AngleBetween(pair.query->angle - pair.reference->angle, angle) >
        kMaxAngleError) {
      return std::nullopt;
    }
  }
  PictureMap map = {.xx = c, .xy = -s, .x0 = 0, .yx = s, .yy = c, .y0 = 0};
  const PicturePoint at = map(a.reference->at);
  map.x0 = a.query->at.x - at.x;
  map.y0 = a.query->at.y - at.y;
  return map;
}

bool Agrees(const PictureMap& map, const KeypointPair& pair, double within) {
  const PicturePoint at = map(pair.reference->at);
  const double dx = at.x - pair.query->at.x;
  const double dy = at.y - pair.query->at.y;
  return dx * dx + dy * dy <= within * within;
}

std::vector<KeypointPair> Agreeing(const PictureMap& map,
                                   absl::Span<const KeypointPair> pairs,
                                   double within) {
  std::vector<KeypointPair> agreeing;
  std::set<const Keypoint*> used;
  for (const KeypointPair& pair : pairs) {
    if (!Agrees(map, pair, within) || used.contains(pair.query) ||
        used.contains(pair.reference)) {
      continue;
    }
    used.insert(pair.query);
    used.insert(pair.reference);
    agreeing.push_back(pair);
  }
  return agreeing;
}

// Solves the equations by elimination, in place; the last column is the right
// side. False where they have no one solution.
template <size_t n>
bool Solve(std::array<std::array<double, n + 1>, n>* equations) {
  auto& rows = *equations;
  for (size_t c = 0; c < n; ++c) {
    const auto pivot = std::max_element(
        rows.begin() + c, rows.end(), [c](const auto& a, const auto& b) {
          return std::abs(a[c]) < std::abs(b[c]);
        });
    if (std::abs((*pivot)[c]) < 1e-9) return false;
    std::swap(rows[c], *pivot);
    for (size_t r = 0; r < n; ++r) {
      if (r == c) continue;
      const double factor = rows[r][c] / rows[c][c];
      for (size_t k = c; k <= n; ++k) rows[r][k] -= factor * rows[c][k];
    }
  }
  for (size_t c = 0; c < n; ++c) rows[c][n] /= rows[c][c];
  return true;
}

// The map with the least squared error, at a slant if there are `parameters`
// 8, else 6; nothing where the points are too few or lie on one line.
template <size_t parameters>
std::optional<PictureMap> LeastSquares(absl::Span<const KeypointPair> pairs) {
  std::array<std::array<double, parameters + 1>, parameters> normal = {};
  const auto add = [&](const std::array<double, 8>& row, double right) {
    for (size_t i = 0; i < parameters; ++i) {
      for (size_t j = 0; j < parameters; ++j) normal[i][j] += row[i] * row[j];
      normal[i][parameters] += row[i] * right;
    }
  };
  for (const KeypointPair& pair : pairs) {
    const auto [x, y] = pair.reference->at;
    const auto [u, v] = pair.query->at;
    add({x, y, 1, 0, 0, 0, -u * x, -u * y}, u);
    add({0, 0, 0, x, y, 1, -v * x, -v * y}, v);
  }
  if (!Solve<parameters>(&normal)) return std::nullopt;
  const auto value = [&](size_t i) {
    return i < parameters ? normal[i][parameters] : 0;
  };
  return PictureMap{value(0), value(1), value(2), value(3),
                    value(4), value(5), value(6), value(7)};
}

// Whether it is more than one small spot of the reference.
bool IsSpread(absl::Span<const KeypointPair> pairs) {
  double x = 0, y = 0, xx = 0, yy = 0;
  for (const KeypointPair& pair : pairs) {
    const PicturePoint at = pair.reference->at;
    x += at.x, y += at.y, xx += at.x * at.x, yy += at.y * at.y;
  }
  const double n = pairs.size();
  const double variance =
      (xx / n - x / n * (x / n)) + (yy / n - y / n * (y / n));
  return variance >= 2 * kMinSpread * kMinSpread;
}

bool IsSane(const PictureMap& map) {
  const double determinant = map.xx * map.yy - map.xy * map.yx;
  if (determinant <= 0 || map.determinant() <= 0) return false;
  if (std::abs(map.zx) + std::abs(map.zy) > kMaxSlant) return false;
  const double along_x = std::hypot(map.xx, map.yx);
  const double along_y = std::hypot(map.xy, map.yy);
  // Not stretched by more than 2.2, nor sheared by more than some 45 degrees.
  return along_x < 2.2 * along_y && along_y < 2.2 * along_x &&
         determinant > 0.7 * along_x * along_y;
}

}  // namespace

std::optional<PictureFit> FitPicture(absl::Span<const KeypointPair> pairs) {
  pairs = pairs.subspan(0, kMaxPairs);
  if (pairs.size() < kMinPairs) return std::nullopt;
  std::minstd_rand random(1);
  PictureMap best;
  int most = 0;
  for (int i = 0; i < kTries; ++i) {
    const KeypointPair& a = pairs[random() % pairs.size()];
    const KeypointPair& b = pairs[random() % pairs.size()];
    const auto map = MapOfTwo(a, b);
    if (!map) continue;
    int agree = 0;
    for (const KeypointPair& pair : pairs) agree += Agrees(*map, pair, kNear);
    if (agree > most) {
      most = agree;
      best = *map;
    }
  }
  if (most < kMinPairs) return std::nullopt;
  std::vector<KeypointPair> agreeing = Agreeing(best, pairs, kNear);
  for (int round = 0; round < 3; ++round) {
    if (agreeing.size() < kMinPairs || !IsSpread(agreeing)) return std::nullopt;
    const auto map = LeastSquares<6>(agreeing);
    if (!map) return std::nullopt;
    best = *map;
    agreeing = Agreeing(best, pairs, kExact);
  }
  for (int round = 0; round < 2 && agreeing.size() >= kMinPairsForSlant;
       ++round) {
    const auto slant = LeastSquares<8>(agreeing);
    if (!slant || !IsSane(*slant)) break;
    std::vector<KeypointPair> more = Agreeing(*slant, pairs, kExact);
    if (more.size() < agreeing.size()) break;
    best = *slant;
    agreeing = std::move(more);
  }
  if (agreeing.size() < kMinPairs || !IsSpread(agreeing) || !IsSane(best)) {
    return std::nullopt;
  }
  return PictureFit{.map = best, .pairs = static_cast<int>(agreeing.size())};
}

}  // namespace lenscap
