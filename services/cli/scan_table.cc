#include "services/cli/scan_table.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "services/cli/cue_text.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

std::string Seconds(const google::protobuf::Duration& duration) {
  return absl::StrFormat("%.1f s", absl::ToDoubleSeconds(FromProto(duration)));
}

std::vector<std::string> TableRow(const v1::ScanReport& report) {
  std::vector<std::string> row = {Printable(report.file()),
                                  ActionName(report.verdict().action())};
  std::string note;
  if (report.matches().empty()) {
    row.insert(row.end(), {"-", "-", "-", "-"});
  } else {
    const v1::ClipMatch& best = report.matches(0);
    row.insert(row.end(),
               {ClipName(best), FormatSpan(best.query()),
                FormatSpan(best.reference()), DescribeDistance(best)});
    if (report.matches_size() > 1) {
      const int more = report.matches_size() - 1;
      note = absl::StrCat(more, more == 1 ? " more match" : " more matches");
    }
  }
  row.push_back(report.has_timings() ? Seconds(report.timings().total()) : "-");
  if (report.matches().empty() && !report.verdict().reasons().empty() &&
      report.verdict().action() != v1::ACTION_ALLOW) {
    note = Printable(report.verdict().reasons(0));
  }
  row.push_back(note);
  return row;
}

// "" for the whole picture.
std::string DescribePart(const v1::PicturePart& part) {
  switch (part.kind()) {
    case v1::PicturePart::KIND_CONTENT:
      return ", without borders";
    case v1::PicturePart::KIND_TILE:
      return absl::StrFormat(", tile %d/%d of %dx%d", part.row() + 1,
                             part.column() + 1, part.rows(), part.columns());
    case v1::PicturePart::KIND_INNER:
      return ", inner picture";
    case v1::PicturePart::KIND_LOCATED:
      return absl::StrFormat(
          ", %.0f%% of the picture",
          100 * (part.reference().right() - part.reference().left()) *
              (part.reference().bottom() - part.reference().top()));
    default:
      return "";
  }
}

std::string ExplainMatch(const v1::ClipMatch& match) {
  std::string text = absl::StrFormat(
      "  match   %s, version %d of %s: %s of the upload (%.0f%%) is %s of the "
      "clip (%.0f%%)\n",
      ClipName(match), match.list_version(), Printable(match.issuer()),
      FormatSpan(match.query()), match.query_coverage() * 100,
      FormatSpan(match.reference()), match.reference_coverage() * 100);
  absl::StrAppendFormat(
      &text, "          %s; %d of %d frames agree; severity %s\n",
      DescribeDistance(match), match.frames_matched(), match.frames_sampled(),
      ValueName(v1::Severity_Name(match.severity()), "SEVERITY_"));
  return text;
}

}  // namespace

std::string ValueName(absl::string_view name, absl::string_view prefix) {
  return absl::StrReplaceAll(
      absl::AsciiStrToLower(absl::StripPrefix(name, prefix)), {{"_", " "}});
}

std::string ActionName(v1::Action action) {
  if (action == v1::ACTION_UNSPECIFIED) return "-";
  return std::string(absl::StripPrefix(v1::Action_Name(action), "ACTION_"));
}

std::string ClipName(const v1::ClipMatch& match) {
  return Printable(absl::StrCat(match.list_id(), "/", match.entry_id()));
}

std::string DescribeDistance(const v1::ClipMatch& match) {
  if (match.kind() == v1::ClipMatch::KIND_EXACT_FILE) return "exact file";
  std::string text =
      match.kind() == v1::ClipMatch::KIND_SAME_SCENE
          ? "same scene"
          : absl::StrFormat("%d (best %d)", match.median_distance(),
                            match.best_distance());
  const v1::Transform& transform = match.transform();
  if (transform.orientation() > v1::ORIENTATION_UPRIGHT) {
    absl::StrAppend(&text, ", ",
                    ValueName(v1::Orientation_Name(transform.orientation()),
                              "ORIENTATION_"));
  }
  if (transform.speed() > 0 && std::abs(transform.speed() - 1) > 0.005) {
    absl::StrAppendFormat(&text, ", %.2fx", transform.speed());
  }
  if (transform.speed() < 0) absl::StrAppend(&text, ", backwards");
  if (transform.negative()) absl::StrAppend(&text, ", negative");
  absl::StrAppend(&text, DescribePart(match.part()));
  return text;
}

std::string FormatScanTable(const std::vector<v1::ScanReport>& reports) {
  std::vector<std::vector<std::string>> rows = {{"FILE", "VERDICT", "CLIP",
                                                 "IN UPLOAD", "IN CLIP",
                                                 "DISTANCE", "TIME", ""}};
  for (const v1::ScanReport& report : reports) {
    rows.push_back(TableRow(report));
  }
  return FormatTable(rows);
}

std::string ExplainReport(absl::string_view subject,
                          const v1::ScanReport& report) {
  const v1::Verdict& verdict = report.verdict();
  std::string text = absl::StrCat(subject, " ", ActionName(verdict.action()));
  if (!verdict.policy_version().empty()) {
    absl::StrAppend(&text, " by policy ", Printable(verdict.policy_version()));
  }
  if (!report.case_id().empty()) {
    absl::StrAppend(&text, ", ", Printable(report.case_id()));
  }
  absl::StrAppend(&text, "\n");
  for (const std::string& reason : verdict.reasons()) {
    absl::StrAppend(&text, "  reason  ", Printable(reason), "\n");
  }
  for (const std::string& reason : verdict.shadow_reasons()) {
    absl::StrAppend(&text, "  shadow  ", ActionName(verdict.shadow_action()),
                    ": ", Printable(reason), "\n");
  }
  for (const v1::ClipMatch& match : report.matches()) {
    absl::StrAppend(&text, ExplainMatch(match));
  }
  absl::StrAppend(&text, ExplainCues(report));
  if (report.has_media()) {
    const v1::MediaFacts& media = report.media();
    absl::StrAppendFormat(
        &text, "  media   %s in %s, %dx%d, %s, %d frames sampled%s\n",
        Printable(media.codec()), Printable(media.container()), media.width(),
        media.height(), FormatTime(FromProto(media.duration())),
        media.frames_sampled(), media.truncated() ? ", truncated" : "");
  }
  return text;
}

std::string SummarizeScan(const std::vector<v1::ScanReport>& reports,
                          int64_t failed, int64_t skipped,
                          absl::Duration elapsed) {
  const auto count = [&](v1::Action action) {
    return std::count_if(reports.begin(), reports.end(), [&](const auto& r) {
      return r.verdict().action() == action;
    });
  };
  absl::Duration played;
  for (const v1::ScanReport& report : reports) {
    played += FromProto(report.media().duration());
  }
  const int64_t files = static_cast<int64_t>(reports.size()) + failed;
  std::string text = absl::StrFormat(
      "%d file%s: %d blocked, %d to review, %d allowed, %d unreadable", files,
      files == 1 ? "" : "s", count(v1::ACTION_BLOCK), count(v1::ACTION_REVIEW),
      count(v1::ACTION_ALLOW), count(v1::ACTION_UNREADABLE));
  if (failed > 0) absl::StrAppend(&text, ", ", failed, " not scanned");
  if (skipped > 0) {
    absl::StrAppend(&text, "; ", skipped, " other file",
                    skipped == 1 ? "" : "s", " left out");
  }
  const double seconds = absl::ToDoubleSeconds(elapsed);
  absl::StrAppendFormat(&text, ". %.1f s", seconds);
  if (played > absl::ZeroDuration() && seconds > 0) {
    const double speed = absl::ToDoubleSeconds(played) / seconds;
    absl::StrAppendFormat(&text, ", %.*f times as fast as they play",
                          speed < 10 ? 1 : 0, speed);
  }
  return text + "\n";
}

}  // namespace lenscap::cli
