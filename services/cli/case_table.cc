#include "services/cli/case_table.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"

namespace lenscap::cli {
namespace {

std::string StateName(v1::Case::State state) {
  return ValueName(v1::Case::State_Name(state), "STATE_");
}

std::string DescribeDecision(const v1::Decision& decision) {
  std::string text = absl::StrCat(
      ValueName(v1::Decision::Outcome_Name(decision.outcome()), "OUTCOME_"),
      " by ", Printable(decision.reviewer()), " at ",
      FormatClock(decision.time()));
  if (!decision.note().empty()) {
    absl::StrAppend(&text, ": ", Printable(decision.note()));
  }
  return text;
}

}  // namespace

std::string FormatCaseTable(const std::vector<v1::Case>& cases) {
  std::vector<std::vector<std::string>> rows = {
      {"CASE", "STATE", "PRIORITY", "ADVISED", "CLIP", "OPENED", "CONTENT"}};
  for (const v1::Case& opened : cases) {
    const v1::ScanReport& report = opened.report();
    rows.push_back(
        {Printable(opened.case_id()), StateName(opened.state()),
         absl::StrCat(opened.priority()), ActionName(report.verdict().action()),
         report.matches().empty() ? "-" : ClipName(report.matches(0)),
         FormatClock(opened.opened()), Printable(opened.content_id())});
  }
  return FormatTable(rows);
}

std::string DescribeCase(const v1::Case& opened) {
  std::string text = absl::StrFormat(
      "%s: %s, priority %d, opened %s, delivered %d times\n",
      Printable(opened.case_id()), StateName(opened.state()), opened.priority(),
      FormatClock(opened.opened()), opened.deliveries());
  absl::StrAppend(&text, "  content ", Printable(opened.content_id()), "\n");
  if (!opened.account().empty()) {
    absl::StrAppend(&text, "  account ", Printable(opened.account()), "\n");
  }
  if (!opened.group().empty()) {
    absl::StrAppend(&text, "  group   ", Printable(opened.group()), "\n");
  }
  if (opened.state() == v1::Case::STATE_LEASED) {
    absl::StrAppend(&text, "  leased  by ", Printable(opened.reviewer()),
                    " until ", FormatClock(opened.lease_end()), "\n");
  }
  for (const v1::WithdrawnBasis& mark : opened.withdrawn_basis()) {
    absl::StrAppend(&text, "  not in force: ", Printable(mark.list_id()), "/",
                    Printable(mark.entry_id()), ": ", Printable(mark.reason()),
                    "\n");
  }
  if (!opened.appeal().empty()) {
    absl::StrAppend(&text, "  appeal  ", Printable(opened.appeal()), "\n");
  }
  for (const v1::Decision& decision : opened.decisions()) {
    absl::StrAppend(&text, "  decided ", DescribeDecision(decision), "\n");
  }
  return text + ExplainReport("  advised", opened.report());
}

std::string DescribeEvent(const v1::CaseEvent& event) {
  std::string text = absl::StrCat(
      event.sequence(), "  ", FormatClock(event.time()), "  ",
      ValueName(v1::CaseEvent::Kind_Name(event.kind()), "KIND_"), "  ",
      Printable(event.case_id()), "  ", Printable(event.content_id()));
  if (event.has_decision()) {
    absl::StrAppend(&text, "  ", DescribeDecision(event.decision()));
  }
  if (event.advised() != v1::ACTION_UNSPECIFIED) {
    absl::StrAppend(&text, "  advised ", ActionName(event.advised()));
  }
  return text + "\n";
}

}  // namespace lenscap::cli
