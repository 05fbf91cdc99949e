#include "verdict/reasons.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"

namespace lenscap {
namespace {

// Escapes what cannot be printed: control characters and, unless the text is
// known to be UTF-8, bytes beyond ASCII.
std::string Printable(absl::string_view text, bool utf8) {
  std::string printable;
  for (const char& c : text) {
    if (absl::ascii_isprint(c) || (utf8 && (c & 0x80) != 0)) {
      printable += c;
    } else {
      printable += absl::CHexEscape(absl::string_view(&c, 1));
    }
  }
  return printable;
}

std::string QuotedId(absl::string_view id) {
  return absl::StrCat("\"", Printable(id, /*utf8=*/false), "\"");
}

// The names in policies and models are UTF-8.
std::string QuotedName(absl::string_view name) {
  return absl::StrCat("\"", Printable(name, /*utf8=*/true), "\"");
}

absl::string_view Name(Severity severity) {
  switch (severity) {
    case Severity::kSuspected:
      return "suspected";
    case Severity::kConfirmed:
      return "confirmed";
    case Severity::kCritical:
      return "critical";
  }
  return "of unknown severity";
}

absl::string_view Alteration(Orientation orientation) {
  switch (orientation) {
    case Orientation::kUpright:
      return "";
    case Orientation::kRotated90:
      return ", rotated by 90 degrees";
    case Orientation::kRotated180:
      return ", rotated by 180 degrees";
    case Orientation::kRotated270:
      return ", rotated by 270 degrees";
    case Orientation::kFlipped:
      return ", flipped upside down";
    case Orientation::kMirrored:
      return ", mirrored";
    case Orientation::kTransposed:
    case Orientation::kTransversed:
      return ", rotated and mirrored";
  }
  return "";
}

std::string SpeedChange(double speed) {
  if (!(std::abs(speed - 1) > 0.02) || !std::isfinite(speed)) return "";
  if (speed < 0) return ", backwards";
  return absl::StrFormat(", at %.2f times its speed", speed);
}

// Which part of the upload's picture; "" for the whole.
std::string Where(const PicturePart& part) {
  switch (part.kind) {
    case PicturePart::Kind::kWhole:
      return "";
    case PicturePart::Kind::kContent:
      return ", in the picture without its borders";
    case PicturePart::Kind::kTile:
      return absl::StrFormat(
          ", in row %d, column %d of a wall of %d by %d pictures", part.row + 1,
          part.column + 1, part.rows, part.columns);
    case PicturePart::Kind::kInner:
      return ", in a picture within the picture";
    case PicturePart::Kind::kLocated:
      return absl::StrFormat(
          ", showing %.0f %% of the clip's picture in %.0f %% of the upload's",
          100 * part.reference.width() * part.reference.height(),
          100 * part.query.width() * part.query.height());
  }
  return "";
}

std::string Span(const TimeSpan& span) {
  return absl::StrCat(ClockTime(span.start), " to ", ClockTime(span.end));
}

}  // namespace

std::string ClockTime(absl::Duration time) {
  const absl::Duration tenth = absl::Milliseconds(100);
  const bool negative = time < absl::ZeroDuration();
  if (negative) time = -time;
  // Infinite times come out as very long ones.
  time = std::min(time, absl::Hours(1'000'000));
  const int64_t tenths = (time + tenth / 2) / tenth;
  return absl::StrFormat("%s%d:%02d.%d", negative && tenths > 0 ? "-" : "",
                         tenths / 600, tenths / 10 % 60, tenths % 10);
}

std::string MatchReason(const ClipMatch& match, absl::string_view rule) {
  const std::string who = absl::StrCat(
      "Rule ", QuotedName(rule), ": known clip ", QuotedId(match.entry_id),
      " of list ", QuotedId(match.list_id), " (", Name(match.severity), "), ");
  if (match.kind == ClipMatch::Kind::kExactFile) {
    return absl::StrCat(who, "the very same file.");
  }
  if (match.kind == ClipMatch::Kind::kSameScene) {
    return absl::StrCat(
        who, Span(match.query), " of the upload shows what the camera sees at ",
        Span(match.reference), " of the clip", Alteration(match.orientation),
        Where(match.part), ": the same scene, not the same footage.");
  }
  return absl::StrCat(
      who, Span(match.query), " of the upload is ", Span(match.reference),
      " of the clip", Alteration(match.orientation),
      match.negative ? ", as a negative" : "", SpeedChange(match.speed),
      Where(match.part), ": ", match.frames_matched, " of ",
      match.frames_sampled, " frames agree, median distance ",
      match.median_distance, " of 256 bits.");
}

std::string CueReason(const Cue& cue, absl::string_view rule) {
  // Rounded down: what is not certain never reads as certain.
  const double percent = cue.probability > 0
                             ? std::floor(100 * std::min(cue.probability, 1.0))
                             : 0;
  return absl::StrCat("Rule ", QuotedName(rule), ": cue ", QuotedName(cue.name),
                      ", ", static_cast<int>(percent), " % probable",
                      cue.evidence.empty() ? "." : ": ",
                      Printable(cue.evidence, /*utf8=*/true));
}

std::string QuotedForReason(absl::string_view utf8) { return QuotedName(utf8); }

std::string UnreadableReason(absl::string_view error) {
  return Printable(error, /*utf8=*/false);
}

}  // namespace lenscap
