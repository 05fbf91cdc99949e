#include "services/cli/evidence_page.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "services/cli/cue_text.h"
#include "services/cli/evidence_plots.h"
#include "services/cli/scan_table.h"
#include "services/cli/svg.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

// In pixels. Three columns fit between the margins.
constexpr double kWidth = 900;
constexpr double kMargin = 30;
constexpr double kInner = kWidth - 2 * kMargin;
constexpr double kGap = 15;
constexpr double kColumn = (kInner - 2 * kGap) / 3;
constexpr double kMaxStillHeight = 320;

// Of what a server sends.
constexpr size_t kMaxStills = 16;
constexpr size_t kStillsInARow = 3;
constexpr size_t kMaxStillBytes = 1 << 20;
constexpr int kMaxTexts = 8;
constexpr int kMaxCues = 32;
constexpr int kMaxSpans = 64;
constexpr int kMaxReasons = 4;
constexpr int kMaxViews = 16;

constexpr char kMuted[] = "#6b7280";
constexpr char kMark[] = "#ea580c";    // Boxes of texts; towards hidden_camera.
constexpr char kAccent[] = "#2563eb";  // Measures; away from hidden_camera.
constexpr Paint kTrack = {.fill = "#eef0f3", .corner = 2};
constexpr Font kBody;
constexpr Font kSmall = {.size = 12, .colour = kMuted};
constexpr Font kBold = {.bold = true};

struct Still {
  const v1::CueStill* still = nullptr;
  double aspect = 1;  // Width by height.
};

// Width by height as the JPEG's frame header has them; nothing where there is
// no such header.
std::optional<double> JpegAspect(absl::string_view jpeg) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(jpeg[i]); };
  const auto word = [&](size_t i) { return byte(i) << 8 | byte(i + 1); };
  if (jpeg.size() < 4 || word(0) != 0xffd8) return std::nullopt;
  // Segments: a marker of two bytes, a length that counts itself.
  for (size_t at = 2; at + 9 <= jpeg.size() && byte(at) == 0xff;
       at += 2 + static_cast<size_t>(word(at + 2))) {
    const uint8_t marker = byte(at + 1);
    const bool is_frame = marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 &&
                          marker != 0xc8 && marker != 0xcc;
    if (!is_frame) continue;
    const double height = word(at + 5), width = word(at + 7);
    if (width == 0 || height == 0) return std::nullopt;
    return Bounded(width / height, 1.0 / 8, 8);
  }
  return std::nullopt;
}

std::vector<Still> UsableStills(const v1::CueReport& cues) {
  std::vector<Still> stills;
  for (const v1::CueStill& still : cues.stills()) {
    if (stills.size() == kMaxStills) break;
    if (still.jpeg().size() > kMaxStillBytes) continue;
    const std::optional<double> aspect = JpegAspect(still.jpeg());
    if (aspect) stills.push_back({&still, *aspect});
  }
  return stills;
}

const char* ActionColour(v1::Action action) {
  switch (action) {
    case v1::ACTION_BLOCK:
      return "#b91c1c";
    case v1::ACTION_REVIEW:
      return "#b45309";
    case v1::ACTION_ALLOW:
      return "#15803d";
    default:
      return kMuted;
  }
}

std::string DescribeMedia(const v1::ScanReport& report) {
  if (!report.has_media()) return "";
  const v1::MediaFacts& media = report.media();
  return absl::StrFormat("%dx%d, %s, %s", media.width(), media.height(),
                         Printable(media.codec()),
                         FormatTime(MediaTime(media.duration())));
}

// One page, drawn from its top to its bottom.
class Page {
 public:
  Page(const v1::ScanReport& report, std::vector<Still> stills)
      : report_(report), stills_(std::move(stills)) {}

  std::string Draw() {
    DrawHeading();
    DrawReasons();
    DrawStills();
    DrawTexts();
    DrawCues();
    DrawMeasures();
    drawing_.Text({kMargin, y_ + 14},
                  "This page shows footage: guard it as you would the upload.",
                  kSmall);
    return drawing_.Finish(kWidth, y_ + 32, Subject());
  }

 private:
  std::string Subject() const {
    const std::string& name =
        report_.file().empty() ? report_.content_id() : report_.file();
    return Shorten(name, 64);
  }

  void DrawHeading() {
    drawing_.Rectangle({0, 0, kWidth, 124}, {.fill = "#f3f4f6"});
    drawing_.Text({kMargin, 40}, Subject(), {.size = 20, .bold = true});
    const Box chip = {kWidth - kMargin - 116, 20, 116, 28};
    drawing_.Rectangle(
        chip, {.fill = ActionColour(report_.verdict().action()), .corner = 14});
    drawing_.Text({chip.x + chip.width / 2, chip.y + 19},
                  ActionName(report_.verdict().action()),
                  {.size = 14,
                   .colour = "#ffffff",
                   .bold = true,
                   .anchor = Font::Anchor::kMiddle});
    const v1::Verdict& verdict = report_.verdict();
    DrawFact(0, 66, "policy", verdict.policy_version());
    DrawFact(1, 66, "cue model", report_.cues().model_version());
    DrawFact(2, 66, "video", DescribeMedia(report_));
    DrawFact(0, 98, "scan", report_.scan_id());
    DrawFact(1, 98, "case", report_.case_id());
    DrawFact(2, 98, "content", report_.content_id());
    y_ = 124;
  }

  void DrawFact(int column, double y, absl::string_view name,
                absl::string_view value) {
    const double x = kMargin + column * (kColumn + kGap);
    drawing_.Text({x, y}, name, {.size = 11, .colour = kMuted});
    drawing_.Text({x, y + 14}, value.empty() ? "-" : Shorten(value, 38),
                  {.size = 12});
  }

  void DrawReasons() {
    const v1::Verdict& verdict = report_.verdict();
    y_ += 10;
    const int shown = std::min(verdict.reasons_size(), kMaxReasons);
    for (int i = 0; i < shown; ++i) {
      for (const std::string& line : WrapText(verdict.reasons(i), 120, 2)) {
        y_ += 18;
        drawing_.Text({kMargin, y_}, line, kBody);
      }
    }
  }

  void DrawTitle(absl::string_view title, absl::string_view note) {
    y_ += 38;
    drawing_.Text({kMargin, y_}, title, {.size = 16, .bold = true});
    if (!note.empty()) {
      drawing_.Text(
          {kWidth - kMargin, y_}, note,
          {.size = 12, .colour = kMuted, .anchor = Font::Anchor::kEnd});
    }
    y_ += 10;
  }

  // Side by side, all as high as the lowest of them has to be.
  void DrawStills() {
    DrawTitle("Pictures", DescribeViews(report_.cues()));
    for (size_t first = 0; first < stills_.size(); first += kStillsInARow) {
      DrawRow(absl::MakeSpan(stills_).subspan(first, kStillsInARow));
    }
  }

  void DrawRow(absl::Span<const Still> stills) {
    const auto columns = static_cast<double>(stills.size());
    const double slot =
        std::min((kInner - kGap * (columns - 1)) / columns, 1.5 * kColumn);
    double height = kMaxStillHeight;
    for (const Still& still : stills) {
      height = std::min(height, slot / still.aspect);
    }
    double x = kMargin;
    for (const Still& still : stills) {
      const Box box = {x, y_, height * still.aspect, height};
      drawing_.Jpeg(box, still.still->jpeg());
      DrawViews(box);
      DrawTextBoxes(box);
      drawing_.Rectangle(box, {.stroke = "#9ca3af"});
      drawing_.Text({x, y_ + height + 15},
                    FormatTime(MediaTime(still.still->time())), kSmall);
      x += box.width + kGap;
    }
    y_ += height + 20;
  }

  void DrawViews(const Box& box) {
    const int rows = std::clamp(report_.cues().rows(), 1, kMaxViews);
    const int columns = std::clamp(report_.cues().columns(), 1, kMaxViews);
    constexpr Paint kLine = {.stroke = "#22d3ee", .stroke_width = 1.5};
    for (int row = 1; row < rows; ++row) {
      const double y = box.y + box.height * row / rows;
      drawing_.Polyline({{box.x, y}, {box.x + box.width, y}}, kLine);
    }
    for (int column = 1; column < columns; ++column) {
      const double x = box.x + box.width * column / columns;
      drawing_.Polyline({{x, box.y}, {x, box.y + box.height}}, kLine);
    }
  }

  void DrawTextBoxes(const Box& box) {
    const int shown = std::min(report_.cues().texts_size(), kMaxTexts);
    for (int i = 0; i < shown; ++i) {
      const v1::Region& region = report_.cues().texts(i).region();
      const double left = box.x + box.width * Bounded(region.left(), 0, 1);
      const double top = box.y + box.height * Bounded(region.top(), 0, 1);
      const double right = box.x + box.width * Bounded(region.right(), 0, 1);
      const double bottom = box.y + box.height * Bounded(region.bottom(), 0, 1);
      drawing_.Rectangle({left, top, right - left, bottom - top},
                         {.stroke = kMark, .stroke_width = 1.5});
      // Beside the box, so that it hides no text.
      const bool room = right + 16 <= box.x + box.width;
      DrawTag({room ? right + 9 : left - 9, (top + bottom) / 2}, i);
    }
  }

  void DrawTag(const Point& at, int number) {
    drawing_.Circle(at, 7.5, {.fill = kMark});
    drawing_.Text({at.x, at.y + 4}, absl::StrCat(number + 1),
                  {.size = 11,
                   .colour = "#ffffff",
                   .bold = true,
                   .anchor = Font::Anchor::kMiddle});
  }

  void DrawTexts() {
    const int shown = std::min(report_.cues().texts_size(), kMaxTexts);
    for (int i = 0; i < shown; ++i) {
      const v1::BurnedInText& text = report_.cues().texts(i);
      y_ += 22;
      DrawTag({kMargin + 8, y_ - 4.5}, i);
      drawing_.Text({kMargin + 24, y_}, PlaceName(text.region()), kSmall);
      drawing_.Text({kMargin + 112, y_}, Shorten(text.text(), 64),
                    {.monospaced = true});
      drawing_.Text({kWidth - kMargin, y_}, DescribeClock(text),
                    {.bold = true, .anchor = Font::Anchor::kEnd});
    }
  }

  // The columns of the table of cues.
  static constexpr double kProbability = kMargin + 190;
  static constexpr double kProbabilityWidth = 150;
  static constexpr double kAdded = kProbability + 250;
  static constexpr double kAddedWidth = 130;
  static constexpr double kSpans = kAdded + 215;
  static constexpr double kSpansWidth = kWidth - kMargin - kSpans;

  void DrawCues() {
    if (report_.cues().cues().empty()) return;
    DrawTitle("Cues", "");
    y_ += 8;
    drawing_.Text({kProbability, y_}, "probability", kSmall);
    drawing_.Text({kAdded, y_}, "adds to hidden_camera, log odds", kSmall);
    drawing_.Text({kSpans, y_}, "when", kSmall);
    const int shown = std::min(report_.cues().cues_size(), kMaxCues);
    double most = 1;
    for (int i = 0; i < shown; ++i) {
      const double added = report_.cues().cues(i).contribution();
      most = std::max({most, Bounded(added, 0, 99), -Bounded(added, -99, 0)});
    }
    for (int i = 0; i < shown; ++i) DrawCue(report_.cues().cues(i), most);
    if (shown < report_.cues().cues_size()) {
      y_ += 20;
      drawing_.Text(
          {kMargin, y_},
          absl::StrCat("and ", report_.cues().cues_size() - shown, " more"),
          kSmall);
    }
  }

  // `most` is the greatest contribution, either way.
  void DrawCue(const v1::Cue& cue, double most) {
    y_ += 26;
    drawing_.Text({kMargin, y_}, Shorten(cue.name(), 24), kBold);
    const double probability = Bounded(cue.probability(), 0, 1);
    const Box track = {kProbability, y_ - 10, kProbabilityWidth, 11};
    drawing_.Rectangle(track, kTrack);
    drawing_.Rectangle({track.x, track.y, track.width * probability, 11},
                       {.fill = "#475569", .corner = 2});
    drawing_.Text({track.x + track.width + 8, y_},
                  absl::StrFormat("%.2f", probability), kBody);
    DrawContribution(cue, most);
    DrawSpans(cue);
    for (const std::string& line : WrapText(cue.evidence(), 105, 2)) {
      y_ += 16;
      drawing_.Text({kProbability, y_}, line, kSmall);
    }
  }

  void DrawContribution(const v1::Cue& cue, double most) {
    const std::string text = DescribeContribution(cue);
    if (text.empty()) return;
    const double middle = kAdded + kAddedWidth / 2;
    const double length =
        Bounded(cue.contribution() / most, -1, 1) * kAddedWidth / 2;
    drawing_.Rectangle({kAdded, y_ - 10, kAddedWidth, 11}, kTrack);
    drawing_.Rectangle(
        {std::min(middle, middle + length), y_ - 10, std::abs(length), 11},
        {.fill = length > 0 ? kMark : kAccent});
    drawing_.Polyline({{middle, y_ - 12}, {middle, y_ + 3}},
                      {.stroke = "#6b7280"});
    drawing_.Text({kAdded + kAddedWidth + 8, y_}, text, kBody);
  }

  // Where in the video it shows.
  void DrawSpans(const v1::Cue& cue) {
    if (cue.spans().empty()) {
      drawing_.Text({kSpans, y_}, "whole video", kSmall);
      return;
    }
    const Box track = {kSpans, y_ - 10, kSpansWidth, 11};
    drawing_.Rectangle(track, kTrack);
    const int shown = std::min(cue.spans_size(), kMaxSpans);
    absl::Duration whole = MediaTime(report_.media().duration());
    for (int i = 0; i < shown; ++i) {
      whole = std::max(whole, MediaTime(cue.spans(i).end()));
    }
    if (whole == absl::ZeroDuration()) return;
    for (int i = 0; i < shown; ++i) {
      const double from = Bounded(
          absl::FDivDuration(MediaTime(cue.spans(i).start()), whole), 0, 1);
      const double to =
          absl::FDivDuration(MediaTime(cue.spans(i).end()), whole);
      drawing_.Rectangle({track.x + from * track.width, track.y,
                          std::max((to - from) * track.width, 1.0), 11},
                         {.fill = kAccent});
    }
  }

  void DrawMeasures() {
    DrawTitle("What the cues rest on", "");
    const v1::CueReport& cues = report_.cues();
    const double aspect = stills_.front().aspect;
    const double distortion = Bounded(cues.distortion(), 0, 1);
    constexpr double kHeight = 150;
    const double top = y_ + 26;
    const auto box = [&](int i) {
      return Box{kMargin + i * (kColumn + kGap), top, kColumn, kHeight};
    };
    const MoveLength longest = LongestMove(MoveLengths(cues, aspect));
    DrawCaption(box(0), "Camera path", "over one picture (dashed)");
    DrawCameraPath(cues, aspect, box(0), drawing_);
    DrawCaption(
        box(1), "Each move",
        absl::StrFormat("at most %.1f%% of the width", longest.length * 100));
    DrawMoveLengths(cues, aspect, box(1), drawing_);
    DrawCaption(
        box(2), "Lens",
        absl::StrFormat(
            "distortion %.2f%s", distortion,
            distortion > kVisibleDistortion ? "" : ": keeps lines straight"));
    DrawLens(distortion, aspect, box(2), drawing_);
    y_ = top + kHeight + 12;
  }

  void DrawCaption(const Box& box, absl::string_view title,
                   absl::string_view note) {
    drawing_.Text({box.x, box.y - 8}, title, kBold);
    drawing_.Text({box.x + box.width, box.y - 8}, note,
                  {.size = 12, .colour = kMuted, .anchor = Font::Anchor::kEnd});
  }

  const v1::ScanReport& report_;
  const std::vector<Still> stills_;
  SvgDrawing drawing_;
  double y_ = 0;  // Where the next part begins.
};

}  // namespace

std::string EvidencePage(const v1::ScanReport& report) {
  std::vector<Still> stills = UsableStills(report.cues());
  if (stills.empty()) return "";
  return Page(report, std::move(stills)).Draw();
}

}  // namespace lenscap::cli
