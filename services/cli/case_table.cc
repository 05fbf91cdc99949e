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

std::string QueueName(v1::CaseQueue queue) {
  return ValueName(v1::CaseQueue_Name(queue), "CASE_QUEUE_");
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
      {"CASE", "QUEUE", "STATE", "PRIORITY", "UPLOADS", "ADVISED", "CLIP",
       "OPENED", "CONTENT"}};
  for (const v1::Case& opened : cases) {
    const v1::ScanReport& report = opened.report();
    rows.push_back(
        {Printable(opened.case_id()), QueueName(opened.queue()),
         StateName(opened.state()), absl::StrCat(opened.priority()),
         absl::StrCat(opened.reach().uploads()),
         ActionName(report.verdict().action()),
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
  const v1::Reach& reach = opened.reach();
  if (reach.uploads() > 1) {
    absl::StrAppend(&text, "  uploads ", reach.uploads(), ", ",
                    reach.undecided(), " undecided, of ", reach.accounts(),
                    " accounts in ", reach.groups(), " groups\n");
  }
  if (!opened.shared().empty()) {
    absl::StrAppend(
        &text, "  shared  ",
        ValueName(v1::Case::GroupedBy_Name(opened.grouped_by()), "GROUPED_BY_"),
        " ", Printable(opened.shared()), "\n");
  }
  for (const v1::Clock& clock : opened.clocks()) {
    absl::StrAppend(&text, "  clock   ", Printable(clock.name()), " until ",
                    FormatClock(clock.deadline()),
                    clock.has_met() ? ", met\n" : "\n");
  }
  if (opened.has_hold()) {
    absl::StrAppend(&text, "  on hold until ",
                    FormatClock(opened.hold().until()), ": ",
                    Printable(opened.hold().reason()), "\n");
  }
  for (const v1::Escalation& escalation : opened.escalations()) {
    absl::StrAppend(&text, "  escalated by ", Printable(escalation.reviewer()),
                    " for ", Printable(escalation.skill()), ": ",
                    Printable(escalation.reason()), "\n");
  }
  if (!opened.assigned_to().empty()) {
    absl::StrAppend(&text, "  assigned to ", Printable(opened.assigned_to()),
                    "\n");
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

std::string FormatQueueTable(const v1::StatsReply& stats) {
  std::vector<std::vector<std::string>> rows = {
      {"QUEUE", "TENANT", "WAITING", "LEASED", "DUE IN A DAY", "OVERDUE",
       "OLDEST WAITS SINCE"}};
  for (const v1::QueueStats& queue : stats.queues()) {
    rows.push_back({QueueName(queue.queue()),
                    queue.tenant().empty() ? "-" : Printable(queue.tenant()),
                    absl::StrCat(queue.waiting()), absl::StrCat(queue.leased()),
                    absl::StrCat(queue.due_soon()),
                    absl::StrCat(queue.overdue()),
                    FormatClock(queue.oldest_waiting())});
  }
  return FormatTable(rows);
}

std::string FormatUploadTable(const std::vector<v1::CaseUpload>& uploads) {
  std::vector<std::vector<std::string>> rows = {
      {"NUMBER", "CONTENT", "ACCOUNT", "GROUP", "SEEN", "CLIP", "DECIDED"}};
  for (const v1::CaseUpload& upload : uploads) {
    const v1::ScanReport& report = upload.report();
    std::string decided = "-";
    if (!upload.decisions().empty()) {
      decided =
          absl::StrCat(ValueName(v1::Decision::Outcome_Name(
                                     upload.decisions().rbegin()->outcome()),
                                 "OUTCOME_"),
                       upload.inherited() ? ", inherited" : "");
    }
    rows.push_back(
        {absl::StrCat(upload.number()), Printable(upload.content_id()),
         upload.account().empty() ? "-" : Printable(upload.account()),
         upload.group().empty() ? "-" : Printable(upload.group()),
         FormatClock(upload.seen()),
         report.matches().empty() ? "-" : ClipName(report.matches(0)),
         decided});
  }
  return FormatTable(rows);
}

std::string DescribeHistory(const v1::History& history) {
  std::string text =
      absl::StrCat(Printable(history.name()), ": ", history.uploads(),
                   " uploads, ", history.removed(), " removed, ",
                   history.kept(), " kept, ", history.undecided(),
                   " undecided\n  seen    ", FormatClock(history.first_seen()),
                   " to ", FormatClock(history.last_seen()), "\n");
  for (const v1::Strike& strike : history.strikes()) {
    absl::StrAppend(&text, "  strike  ", FormatClock(strike.time()), " for ",
                    Printable(strike.content_id()), ", until ",
                    FormatClock(strike.expires()), "\n");
  }
  for (const v1::Neighbour& neighbour : history.neighbours()) {
    absl::StrAppend(&text, "  with    ", Printable(neighbour.name()), ", ",
                    neighbour.uploads(), " uploads\n");
  }
  for (const std::string& id : history.case_ids()) {
    absl::StrAppend(&text, "  case    ", Printable(id), "\n");
  }
  return text;
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
