#include "services/cli/cue_text.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

// Of what a server sends; a model has far fewer of each.
constexpr int kMaxCues = 64;
constexpr int kMaxTexts = 8;
constexpr int kMaxSpans = 8;
constexpr int kMaxMoves = 255;

constexpr size_t kNameColumns = 40;
constexpr size_t kEvidenceColumns = 300;
constexpr size_t kTextColumns = 64;
constexpr size_t kSparklineColumns = 60;
// The rows of shadow cues, as far as names allow.
constexpr size_t kRowColumns = 78;

// A camera that moves less than this between two frames looks still, so the
// sparkline does not blow it up.
constexpr double kStillMove = 0.005;

bool IsContinuation(char c) {
  return (static_cast<unsigned char>(c) & 0xc0) == 0x80;
}

// The longest head of printable text that fits into `columns` and `bytes`.
absl::string_view Head(absl::string_view text, size_t columns, size_t bytes) {
  size_t width = 0;
  for (size_t end = 0; end < text.size();) {
    size_t next = end + 1;
    while (next < text.size() && IsContinuation(text[next])) ++next;
    width += DisplayWidth(text.substr(end, next - end));
    if (width > columns || next > bytes) return text.substr(0, end);
    end = next;
  }
  return text;
}

std::string CueName(const v1::Cue& cue) {
  return Shorten(cue.name(), kNameColumns);
}

double Probability(const v1::Cue& cue) {
  return Bounded(cue.probability(), 0, 1);
}

std::string CueSpans(const v1::Cue& cue) {
  std::string text;
  const int shown = std::min(cue.spans_size(), kMaxSpans);
  for (int i = 0; i < shown; ++i) {
    absl::StrAppend(&text, " ", FormatSpan(cue.spans(i)));
  }
  if (shown < cue.spans_size()) {
    absl::StrAppend(&text, " and ", cue.spans_size() - shown, " more");
  }
  return text;
}

// `width` is that of the widest name.
std::string CueLine(const v1::Cue& cue, size_t width) {
  const std::string name = CueName(cue);
  std::string text = absl::StrFormat(
      "  cue     %s%s %.2f", name, std::string(width - DisplayWidth(name), ' '),
      Probability(cue));
  if (const std::string added = DescribeContribution(cue); !added.empty()) {
    absl::StrAppend(&text, " (hidden_camera ", added, ")");
  }
  absl::StrAppend(&text, CueSpans(cue), ": ",
                  Shorten(cue.evidence(), kEvidenceColumns), "\n");
  return text;
}

std::string CueLines(const v1::CueReport& cues) {
  const int shown = std::min(cues.cues_size(), kMaxCues);
  size_t width = 0;
  for (int i = 0; i < shown; ++i) {
    width = std::max(width, DisplayWidth(CueName(cues.cues(i))));
  }
  std::string text;
  for (int i = 0; i < shown; ++i) {
    absl::StrAppend(&text, CueLine(cues.cues(i), width));
  }
  if (shown < cues.cues_size()) {
    absl::StrAppend(&text, "  cue     and ", cues.cues_size() - shown,
                    " more\n");
  }
  return text;
}

std::string TextLines(const v1::CueReport& cues) {
  std::string lines;
  const int shown = std::min(cues.texts_size(), kMaxTexts);
  for (int i = 0; i < shown; ++i) {
    const v1::BurnedInText& text = cues.texts(i);
    const std::string clock = DescribeClock(text);
    absl::StrAppend(&lines, "  text    ", PlaceName(text.region()), ": \"",
                    Shorten(text.text(), kTextColumns), "\"",
                    clock.empty() ? "" : ", ", clock, "\n");
  }
  return lines;
}

std::string MotionLine(const v1::ScanReport& report) {
  const std::vector<MoveLength> moves =
      MoveLengths(report.cues(), PictureAspect(report.media()));
  if (moves.empty()) return "";
  std::vector<double> lengths;
  for (const MoveLength& move : moves) lengths.push_back(move.length);
  const MoveLength longest = LongestMove(moves);
  return absl::StrFormat(
      "  motion  %s  largest move %.1f%% of the width, at %s\n",
      Sparkline(lengths, std::max(longest.length, kStillMove),
                kSparklineColumns),
      longest.length * 100, FormatTime(longest.time));
}

std::string LensLine(const v1::CueReport& cues) {
  const double distortion = Bounded(cues.distortion(), 0, 1);
  if (distortion <= kVisibleDistortion) return "";
  return absl::StrFormat(
      "  lens    distortion %.2f: 0 keeps lines straight, 1 sees 180 degrees\n",
      distortion);
}

std::string GridLine(const v1::CueReport& cues) {
  const std::string views = DescribeViews(cues);
  return views.empty() ? "" : absl::StrCat("  grid    ", views, "\n");
}

// "fixed_angle 0.91 (0.95)"; in brackets what the model that counts says.
std::string ShadowCue(const v1::Cue& cue, const v1::CueReport& beside) {
  std::string text = absl::StrFormat("%s %.2f", CueName(cue), Probability(cue));
  for (const v1::Cue& other : beside.cues()) {
    if (other.name() != cue.name()) continue;
    absl::StrAppendFormat(&text, " (%.2f)", Probability(other));
    break;
  }
  return text;
}

std::string ShadowLines(const v1::CueReport& shadow,
                        const v1::CueReport& beside) {
  if (shadow.cues().empty() && shadow.unavailable().empty()) return "";
  const std::string version = Shorten(shadow.model_version(), kNameColumns);
  std::string text =
      absl::StrCat("  shadow  ", version.empty() ? "model" : version, ":");
  if (shadow.cues().empty()) {
    return absl::StrCat(
        text, " none: ", Shorten(shadow.unavailable(), kEvidenceColumns), "\n");
  }
  size_t columns = DisplayWidth(text);
  const int shown = std::min(shadow.cues_size(), kMaxCues);
  for (int i = 0; i < shown; ++i) {
    const std::string cue = absl::StrCat(ShadowCue(shadow.cues(i), beside),
                                         i + 1 < shown ? "," : "");
    const size_t width = DisplayWidth(cue);
    if (i > 0 && columns + 1 + width > kRowColumns) {
      absl::StrAppend(&text, "\n         ");
      columns = 9;
    }
    absl::StrAppend(&text, " ", cue);
    columns += 1 + width;
  }
  return text + "\n";
}

}  // namespace

double Bounded(double value, double low, double high) {
  return std::clamp(std::isnan(value) ? 0 : value, low, high);
}

absl::Duration MediaTime(const google::protobuf::Duration& time) {
  return std::clamp(FromProto(time), absl::ZeroDuration(), absl::Hours(1000));
}

double PictureAspect(const v1::MediaFacts& media) {
  if (media.width() <= 0 || media.height() <= 0) return 1;
  return Bounded(static_cast<double>(media.width()) / media.height(), 1.0 / 8,
                 8);
}

std::string Shorten(absl::string_view text, size_t columns) {
  // Marks that take no column are not free: four bytes for each is plenty.
  const size_t most = 4 * columns;
  const std::string printable = Printable(text.substr(0, most + 4));
  const bool fits = text.size() <= most && DisplayWidth(printable) <= columns;
  if (fits) return printable;
  const size_t dots = std::min<size_t>(columns, 3);
  return absl::StrCat(Head(printable, columns - dots, most),
                      std::string(dots, '.'));
}

std::vector<std::string> WrapText(absl::string_view text, size_t columns,
                                  size_t lines) {
  // The spaces at which it breaks take no column.
  std::string rest = Shorten(text, (columns + 1) * lines);
  std::vector<std::string> wrapped;
  while (wrapped.size() + 1 < lines && DisplayWidth(rest) > columns) {
    std::string line(Head(rest, columns, rest.size()));
    const size_t space = line.rfind(' ');
    const bool at_a_word = rest[line.size()] == ' ';
    if (!at_a_word && space != std::string::npos && space > 0) {
      line.resize(space);
    }
    if (line.empty()) break;
    rest.erase(0, line.size());
    rest.erase(0, std::min(rest.find_first_not_of(' '), rest.size()));
    wrapped.push_back(line);
  }
  if (!rest.empty()) wrapped.push_back(Shorten(rest, columns));
  return wrapped;
}

std::string PlaceName(const v1::Region& region) {
  const auto third = [](double low, double high) {
    return static_cast<int>(
        Bounded((Bounded(low, 0, 1) + Bounded(high, 0, 1)) * 1.5, 0, 2.99));
  };
  static constexpr const char* kNames[3][3] = {
      {"top left", "top", "top right"},
      {"left", "middle", "right"},
      {"bottom left", "bottom", "bottom right"}};
  return kNames[third(region.top(), region.bottom())]
               [third(region.left(), region.right())];
}

std::string DescribeClock(const v1::BurnedInText& text) {
  switch (text.clock()) {
    case v1::BurnedInText::CLOCK_UNKNOWN:
      return "a clock, running or not";
    case v1::BurnedInText::CLOCK_TICKS:
      return "ticks with the video";
    case v1::BurnedInText::CLOCK_FROZEN:
      return "stands still";
    case v1::BurnedInText::CLOCK_OTHER_RATE: {
      const double rate = Bounded(text.rate(), -9999, 9999);
      return absl::StrFormat("runs %.1f times as fast%s", std::abs(rate),
                             rate < 0 ? ", backwards" : "");
    }
    default:
      return "";
  }
}

std::string DescribeContribution(const v1::Cue& cue) {
  const double added = Bounded(cue.contribution(), -99, 99);
  return added == 0 ? "" : absl::StrFormat("%+.2f", added);
}

std::string DescribeViews(const v1::CueReport& cues) {
  if (cues.rows() <= 1 && cues.columns() <= 1) return "";
  return absl::StrCat(std::max(cues.rows(), 1), " x ",
                      std::max(cues.columns(), 1), " views");
}

std::vector<MoveLength> MoveLengths(const v1::CueReport& cues, double aspect) {
  std::vector<MoveLength> lengths;
  const int count = std::min(cues.motion_size(), kMaxMoves);
  for (int i = 0; i < count; ++i) {
    const v1::CameraMove& move = cues.motion(i);
    lengths.push_back({MediaTime(move.time()),
                       Bounded(std::hypot(Bounded(move.dx(), -1, 1),
                                          Bounded(move.dy(), -1, 1) / aspect),
                               0, 9)});
  }
  return lengths;
}

MoveLength LongestMove(const std::vector<MoveLength>& moves) {
  const auto longest = std::max_element(
      moves.begin(), moves.end(), [](const MoveLength& a, const MoveLength& b) {
        return a.length < b.length;
      });
  return longest == moves.end() ? MoveLength() : *longest;
}

std::string Sparkline(const std::vector<double>& values, double full,
                      size_t columns) {
  static constexpr const char* kBlocks[] = {"▁", "▂", "▃", "▄",
                                            "▅", "▆", "▇", "█"};
  constexpr int kHighest = static_cast<int>(std::size(kBlocks)) - 1;
  columns = std::min(columns, values.size());
  std::string line;
  for (size_t i = 0; i < columns; ++i) {
    const auto from = values.begin() + i * values.size() / columns;
    const auto to = values.begin() + (i + 1) * values.size() / columns;
    const double share = Bounded(*std::max_element(from, to) / full, 0, 1);
    line += kBlocks[std::lround(share * kHighest)];
  }
  return line;
}

std::string ExplainCues(const v1::ScanReport& report) {
  const v1::CueReport& cues = report.cues();
  std::string text = CueLines(cues);
  if (!cues.unavailable().empty()) {
    absl::StrAppend(&text, "  cues    none: ",
                    Shorten(cues.unavailable(), kEvidenceColumns), "\n");
  }
  absl::StrAppend(&text, TextLines(cues), MotionLine(report), LensLine(cues),
                  GridLine(cues), ShadowLines(report.shadow_cues(), cues));
  return text;
}

}  // namespace lenscap::cli
