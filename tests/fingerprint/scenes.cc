#include "tests/fingerprint/scenes.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

namespace lenscap {
namespace {

constexpr int kThings = 200;

struct Thing {
  double x, y, half_width, half_height;
  bool round;
  uint8_t grey;

  bool Holds(PicturePoint point) const {
    const double dx = (point.x - x) / half_width;
    const double dy = (point.y - y) / half_height;
    return round ? dx * dx + dy * dy <= 1
                 : std::abs(dx) <= 1 && std::abs(dy) <= 1;
  }
};

std::vector<Thing> ThingsOf(uint32_t seed) {
  std::mt19937 random(seed);
  const auto share = [&] { return random() / 4294967296.0; };
  std::vector<Thing> things;
  for (int i = 0; i < kThings; ++i) {
    // The large ones lie at the back.
    const double size = 0.01 + 0.2 * std::pow(1 - i / double{kThings}, 3);
    things.push_back({.x = share(),
                      .y = share(),
                      .half_width = size * (0.3 + share()),
                      .half_height = size * (0.3 + share()),
                      .round = share() < 0.5,
                      .grey = static_cast<uint8_t>(20 + 215 * share())});
  }
  return things;
}

}  // namespace

Picture DrawScene(uint32_t seed, int width, int height,
                  const PictureMap& view) {
  const std::vector<Thing> things = ThingsOf(seed);
  const PictureMap to_scene = view.Inverse();
  const double unit = std::max(width, height);
  Picture picture(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const PicturePoint point = to_scene({(x + 0.5) / unit, (y + 0.5) / unit});
      const auto front =
          std::find_if(things.rbegin(), things.rend(),
                       [&](const Thing& thing) { return thing.Holds(point); });
      picture.at(x, y) = front == things.rend() ? 128 : front->grey;
    }
  }
  return picture;
}

PictureMap ViewOf(double scale, double angle, double x, double y,
                  PictureSize size) {
  const double c = scale * std::cos(angle);
  const double s = scale * std::sin(angle);
  const double middle_x = size.width / 2;
  const double middle_y = size.height / 2;
  return {.xx = c,
          .xy = -s,
          .x0 = middle_x - c * middle_x + s * middle_y + x,
          .yx = s,
          .yy = c,
          .y0 = middle_y - s * middle_x - c * middle_y + y};
}

}  // namespace lenscap
