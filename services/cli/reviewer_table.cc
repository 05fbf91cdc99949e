#include "services/cli/reviewer_table.h"

#include <cstdint>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

// "9 of 10, 90 %"; "-" of none.
std::string ShareOf(int64_t part, int64_t all) {
  if (all == 0) return "-";
  return absl::StrFormat(
      "%d of %d, %.0f %%", part, all,
      100.0 * static_cast<double>(part) / static_cast<double>(all));
}

}  // namespace

std::string FormatGoldenTable(const v1::ListGoldenReply& reply) {
  if (reply.golden().empty()) return "no case is golden\n";
  std::vector<std::vector<std::string>> rows = {
      {"GOLDEN", "CASE", "ANSWER", "RIGHT", "NOTE"}};
  for (const v1::GoldenCase& golden : reply.golden()) {
    rows.push_back(
        {Printable(golden.golden_id()), Printable(golden.case_id()),
         golden.outcome() == v1::Decision::OUTCOME_REMOVE ? "remove" : "keep",
         ShareOf(golden.answered_rightly(), golden.answered()),
         Printable(golden.note())});
  }
  return FormatTable(rows);
}

std::string FormatReviewerTable(const v1::ReviewerStatsReply& reply) {
  if (reply.reviewers().empty()) return "nobody decided in this period\n";
  std::vector<std::vector<std::string>> rows = {{"REVIEWER", "DECISIONS",
                                                 "MEDIAN", "GOLDEN RIGHT",
                                                 "AGREED", "REVERSED"}};
  for (const v1::ReviewerFigures& figures : reply.reviewers()) {
    rows.push_back(
        {Printable(figures.reviewer()), absl::StrCat(figures.decisions()),
         figures.has_median_time()
             ? absl::FormatDuration(absl::Trunc(
                   FromProto(figures.median_time()), absl::Seconds(1)))
             : "-",
         ShareOf(figures.golden_right(), figures.golden()),
         ShareOf(figures.agreed(), figures.reviewed_twice()),
         absl::StrCat(figures.reversed())});
  }
  return FormatTable(rows);
}

}  // namespace lenscap::cli
