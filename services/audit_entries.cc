#include "services/audit_entries.h"

#include <algorithm>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "audit/sealed_line.h"
#include "base/digest.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

// Matches that an entry names; the case has them all.
constexpr int kMaxMatches = 20;

std::string ActionOf(v1::CaseEvent::Kind kind) {
  switch (kind) {
    case v1::CaseEvent::KIND_OPENED:
      return "case.open";
    case v1::CaseEvent::KIND_DECIDED:
      return "case.decide";
    case v1::CaseEvent::KIND_APPEALED:
      return "case.reopen";
    case v1::CaseEvent::KIND_DEAD_LETTER:
      return "case.give_up";
    case v1::CaseEvent::KIND_JOINED:
      return "case.join";
    case v1::CaseEvent::KIND_UNDONE:
      return "case.undo";
    case v1::CaseEvent::KIND_ESCALATED:
      return "case.escalate";
    case v1::CaseEvent::KIND_CLOCK:
      return "case.clock";
    default:
      return "case.change";
  }
}

std::string ActionOf(ListChange::Kind kind) {
  switch (kind) {
    case ListChange::Kind::kPublished:
      return "list.publish";
    case ListChange::Kind::kWithdrawn:
      return "list.withdraw";
    case ListChange::Kind::kSigned:
      return "list.apply";
    case ListChange::Kind::kRolledBack:
      return "list.roll_back";
    case ListChange::Kind::kExpired:
      return "list.expire";
    case ListChange::Kind::kHeld:
      return "list.hold";
    case ListChange::Kind::kReleased:
      return "list.release";
    case ListChange::Kind::kModeSet:
      return "list.set_mode";
  }
  return "list.change";
}

// "remove" of OUTCOME_REMOVE.
std::string Word(absl::string_view name) {
  const size_t underscore = name.find('_');
  return absl::AsciiStrToLower(underscore == absl::string_view::npos
                                   ? name
                                   : name.substr(underscore + 1));
}

// Which entry of which version of which list: "list/entry@7#ab12...", where the
// digest is that of a signed list's file.
std::string Named(const v1::ClipMatch& match) {
  std::string named = absl::StrCat(match.list_id(), "/", match.entry_id(), "@");
  if (match.signed_version() == 0) {
    absl::StrAppend(&named, match.list_version());
  } else {
    absl::StrAppend(&named, match.signed_version(), "#",
                    absl::BytesToHexString(match.list_sha256()));
  }
  return named;
}

std::string NamedMatches(const v1::ScanReport& report) {
  std::string named;
  for (int i = 0; i < report.matches_size() && i < kMaxMatches; ++i) {
    absl::StrAppend(&named, i == 0 ? "" : " ", Named(report.matches(i)));
  }
  return named;
}

void AddDecision(const v1::Decision& decision, AuditEntry& entry) {
  entry.actor = absl::StrCat("reviewer:", decision.reviewer());
  entry.reason = decision.note();
  entry.details.emplace_back(
      "outcome", Word(v1::Decision::Outcome_Name(decision.outcome())));
  if (!decision.feedback().empty()) {
    entry.details.emplace_back("feedback", decision.feedback());
  }
}

}  // namespace

AuditEntry AuditEntryOf(const v1::CaseEvent& event, const v1::Case* subject) {
  AuditEntry entry;
  entry.actor = "system";
  entry.action = ActionOf(event.kind());
  entry.subject = absl::StrCat("case/", event.case_id());
  entry.source = "cases";
  entry.source_sequence = event.sequence();
  entry.details.emplace_back("at", FormatAuditTime(FromProto(event.time())));
  if (event.has_decision()) AddDecision(event.decision(), entry);
  // What takes over an earlier decision, nobody has decided.
  if (event.kind() == v1::CaseEvent::KIND_JOINED) entry.actor = "system";
  if (event.kind() == v1::CaseEvent::KIND_JOINED ||
      event.kind() == v1::CaseEvent::KIND_APPEALED) {
    entry.details.emplace_back("content_id", event.content_id());
  }
  if (event.kind() == v1::CaseEvent::KIND_ESCALATED) {
    entry.actor = absl::StrCat("reviewer:", event.reopened_by());
    entry.reason = event.appeal();
  }
  if (event.has_clock())
    entry.details.emplace_back("clock", event.clock().name());
  if (!event.decision().content_ids().empty()) {
    const auto& ids = event.decision().content_ids();
    const int named = std::min(ids.size(), kMaxMatches);
    entry.details.emplace_back(
        "content_ids", absl::StrJoin(ids.begin(), ids.begin() + named, " "));
  }
  if (event.kind() == v1::CaseEvent::KIND_APPEALED) {
    entry.actor = event.reopened_by().empty() ? "unknown" : event.reopened_by();
    entry.reason = event.appeal();
  }
  if (event.advised() != v1::ACTION_UNSPECIFIED) {
    entry.details.emplace_back("advised",
                               Word(v1::Action_Name(event.advised())));
  }
  if (subject != nullptr && subject->report().matches_size() > 0) {
    entry.details.emplace_back("matches", NamedMatches(subject->report()));
  }
  return entry;
}

AuditEntry AuditEntryOf(absl::string_view list_id, const ListChange& change) {
  AuditEntry entry;
  const bool by_itself = change.kind == ListChange::Kind::kExpired;
  entry.actor = !change.actor.empty() ? change.actor
                : by_itself           ? "system"
                                      : "unknown";
  entry.action = ActionOf(change.kind);
  entry.subject = absl::StrCat("list/", list_id);
  entry.reason = change.reason;
  entry.source = absl::StrCat("list:", list_id);
  entry.source_sequence = static_cast<uint64_t>(change.version);
  entry.details.emplace_back("at", FormatAuditTime(change.time));
  entry.details.emplace_back("entries", absl::StrCat(change.entries));
  if (!change.entry_ids.empty()) {
    entry.details.emplace_back("entry_ids",
                               absl::StrJoin(change.entry_ids, " "));
  }
  if (change.signed_version != 0) {
    entry.details.emplace_back("signed_version",
                               absl::StrCat(change.signed_version));
    entry.details.emplace_back("signed_sha256", ToHex(change.signed_sha256));
  }
  return entry;
}

}  // namespace lenscap
