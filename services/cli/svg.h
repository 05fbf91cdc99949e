#ifndef LENSCAP_SERVICES_CLI_SVG_H_
#define LENSCAP_SERVICES_CLI_SVG_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap::cli {

struct Point {
  double x = 0;
  double y = 0;
};

// A rectangle, in pixels from the top left corner of the drawing.
struct Box {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

// How something is drawn; the colours are CSS's and trusted.
struct Paint {
  const char* fill = "none";
  const char* stroke = "none";
  double stroke_width = 1;
  bool dashed = false;
  double corner = 0;  // Radius of a rectangle's corners.
};

struct Font {
  double size = 13;
  const char* colour = "#1f2937";
  bool bold = false;
  bool monospaced = false;
  enum class Anchor { kStart, kMiddle, kEnd } anchor = Anchor::kStart;
};

// An SVG document in the making: without scripts, links or anything outside
// itself, and well-formed XML whatever it is given. Text may be anybody's: it
// is made printable and escaped. A number that is none is drawn as 0, and one
// far outside of the drawing is cut. Not thread-safe.
class SvgDrawing {
 public:
  void Rectangle(const Box& box, const Paint& paint);
  void Circle(const Point& centre, double radius, const Paint& paint);
  // Nothing where there are fewer than two points.
  void Polyline(const std::vector<Point>& points, const Paint& paint);
  // `at` is on the text's base line.
  void Text(const Point& at, absl::string_view text, const Font& font);
  // Stretched to the box; what lies within is drawn over it.
  void Jpeg(const Box& box, absl::string_view jpeg);

  // The whole document, on white.
  std::string Finish(double width, double height,
                     absl::string_view title) const;

 private:
  std::string body_;
};

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_SVG_H_
