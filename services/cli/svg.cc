#include "services/cli/svg.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

std::string Number(double value) {
  constexpr double kFar = 1e5;
  const double drawn = std::isnan(value) ? 0 : std::clamp(value, -kFar, kFar);
  return absl::StrFormat("%.2f", drawn);
}

// Text as XML has it, in content and in attributes.
std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(Printable(text), {{"&", "&amp;"},
                                               {"<", "&lt;"},
                                               {">", "&gt;"},
                                               {"\"", "&quot;"},
                                               {"'", "&apos;"},
                                               // No characters to XML.
                                               {"\xef\xbf\xbe", "?"},
                                               {"\xef\xbf\xbf", "?"}});
}

std::string Attributes(const Paint& paint) {
  std::string text = absl::StrFormat(R"( fill="%s")", paint.fill);
  if (paint.stroke != absl::string_view("none")) {
    absl::StrAppendFormat(&text, R"( stroke="%s" stroke-width="%s")",
                          paint.stroke, Number(paint.stroke_width));
    if (paint.dashed) absl::StrAppend(&text, R"( stroke-dasharray="4 3")");
  }
  if (paint.corner > 0) {
    absl::StrAppendFormat(&text, R"( rx="%s")", Number(paint.corner));
  }
  return text;
}

std::string Attributes(const Font& font) {
  std::string text = absl::StrFormat(R"( font-size="%s" fill="%s")",
                                     Number(font.size), font.colour);
  if (font.bold) absl::StrAppend(&text, R"( font-weight="bold")");
  if (font.monospaced) absl::StrAppend(&text, R"( font-family="monospace")");
  if (font.anchor == Font::Anchor::kMiddle) {
    absl::StrAppend(&text, R"( text-anchor="middle")");
  }
  if (font.anchor == Font::Anchor::kEnd) {
    absl::StrAppend(&text, R"( text-anchor="end")");
  }
  return text;
}

std::string Attributes(const Box& box) {
  return absl::StrFormat(
      R"( x="%s" y="%s" width="%s" height="%s")", Number(box.x), Number(box.y),
      Number(std::max(box.width, 0.0)), Number(std::max(box.height, 0.0)));
}

}  // namespace

void SvgDrawing::Rectangle(const Box& box, const Paint& paint) {
  absl::StrAppend(&body_, "<rect", Attributes(box), Attributes(paint), "/>\n");
}

void SvgDrawing::Circle(const Point& centre, double radius,
                        const Paint& paint) {
  absl::StrAppendFormat(&body_, "<circle cx=\"%s\" cy=\"%s\" r=\"%s\"%s/>\n",
                        Number(centre.x), Number(centre.y),
                        Number(std::max(radius, 0.0)), Attributes(paint));
}

void SvgDrawing::Polyline(const std::vector<Point>& points,
                          const Paint& paint) {
  if (points.size() < 2) return;
  absl::StrAppend(&body_, "<polyline points=\"");
  for (const Point& point : points) {
    absl::StrAppend(&body_, Number(point.x), ",", Number(point.y), " ");
  }
  body_.back() = '"';
  absl::StrAppend(&body_, Attributes(paint), R"( stroke-linejoin="round")",
                  "/>\n");
}

void SvgDrawing::Text(const Point& at, absl::string_view text,
                      const Font& font) {
  absl::StrAppendFormat(&body_, "<text x=\"%s\" y=\"%s\"%s>%s</text>\n",
                        Number(at.x), Number(at.y), Attributes(font),
                        Escaped(text));
}

void SvgDrawing::Jpeg(const Box& box, absl::string_view jpeg) {
  absl::StrAppend(
      &body_, "<image", Attributes(box), R"( preserveAspectRatio="none")",
      " href=\"data:image/jpeg;base64,", absl::Base64Escape(jpeg), "\"/>\n");
}

std::string SvgDrawing::Finish(double width, double height,
                               absl::string_view title) const {
  const std::string w = Number(width);
  const std::string h = Number(height);
  return absl::StrCat(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"",
      w, "\" height=\"", h, "\" viewBox=\"0 0 ", w, " ", h,
      "\" font-family=\"Helvetica, Arial, sans-serif\">\n<title>",
      Escaped(title), "</title>\n<rect width=\"", w, "\" height=\"", h,
      "\" fill=\"#ffffff\"/>\n", body_, "</svg>\n");
}

}  // namespace lenscap::cli
