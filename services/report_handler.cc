#include "services/report_handler.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/proto_time.h"
#include "services/validate.h"
#include "takedown/campaign.h"
#include "takedown/compliance.h"
#include "takedown/decided.h"
#include "takedown/statement.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxJurisdictionBytes = 8;
constexpr size_t kMaxAuditBytes = size_t{4} << 20;

template <typename Request>
absl::StatusOr<Period> PeriodOf(const Request& request) {
  Period period;
  if (request.has_start()) period.start = FromProto(request.start());
  if (request.has_end()) period.end = FromProto(request.end());
  if (period.start >= period.end) {
    return absl::InvalidArgumentError("end: must be after the start");
  }
  return period;
}

absl::StatusOr<v1::CaseFilter> FilterFor(const Caller& caller,
                                         v1::CaseFilter filter) {
  RETURN_IF_ERROR(
      CheckLength("filter.list_id", filter.list_id(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("filter.issuer", filter.issuer(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckLength("filter.jurisdiction", filter.jurisdiction(), 0,
                              kMaxJurisdictionBytes));
  RETURN_IF_ERROR(CheckLength("filter.platform_class", filter.platform_class(),
                              0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("filter.tenant", filter.tenant(), 0, kMaxNameBytes));
  if (caller.role != CallerRole::kRegulator) return filter;
  if (!filter.issuer().empty() && filter.issuer() != caller.issuer) {
    return absl::PermissionDeniedError(
        absl::StrCat("filter.issuer: ", ActorOf(caller),
                     " sees figures of its own lists alone"));
  }
  if (!filter.tenant().empty()) {
    return absl::PermissionDeniedError(
        "filter.tenant: a regulator sees figures of all tenants together");
  }
  filter.set_issuer(caller.issuer);
  return filter;
}

JurisdictionsOf JurisdictionsIn(const KnownClips& lists) {
  return [&lists](absl::string_view list_id) {
    const auto list = lists.GetList(list_id);
    return list.ok() ? list->terms.jurisdictions : std::vector<std::string>();
  };
}

v1::AuditRecord MessageOf(const AuditRecord& record, absl::string_view line) {
  v1::AuditRecord message;
  message.set_sequence(record.sequence);
  *message.mutable_time() = ToProto(record.time);
  message.set_actor(record.entry.actor);
  message.set_action(record.entry.action);
  message.set_subject(record.entry.subject);
  message.set_reason(record.entry.reason);
  message.set_previous_sha256(ToBytes(record.previous));
  for (const auto& [name, value] : record.entry.details) {
    (*message.mutable_details())[name] = value;
  }
  message.set_line(std::string(line));
  return message;
}

}  // namespace

absl::StatusOr<v1::CampaignReport> CountCampaign(
    const ReportRooms& rooms, const Caller& caller,
    const v1::CampaignRequest& request) {
  ASSIGN_OR_RETURN(const Period period, PeriodOf(request));
  ASSIGN_OR_RETURN(v1::CaseFilter filter, FilterFor(caller, request.filter()));
  CampaignCounter counter(period, std::move(filter),
                          JurisdictionsIn(*rooms.lists));
  RETURN_IF_ERROR(rooms.cases->ForEachUpload(
      [&](const v1::Case& opened, const v1::CaseUpload& upload) {
        counter.Add(AsCase(opened, upload));
        return absl::OkStatus();
      }));
  return counter.Finish();
}

absl::StatusOr<v1::ComplianceReply> CountCompliance(
    const ReportRooms& rooms, const Caller& caller,
    const v1::ComplianceRequest& request) {
  ASSIGN_OR_RETURN(const Period period, PeriodOf(request));
  ASSIGN_OR_RETURN(v1::CaseFilter filter, FilterFor(caller, request.filter()));
  ComplianceCounter counter(period, std::move(filter),
                            JurisdictionsIn(*rooms.lists), rooms.clock->Now());
  RETURN_IF_ERROR(rooms.cases->ForEach([&](const v1::Case& opened) {
    counter.Add(opened);
    return absl::OkStatus();
  }));
  v1::ComplianceReply reply = counter.Finish();
  // A regulator learns of figures, and of no case.
  if (caller.role == CallerRole::kRegulator) {
    for (v1::ClockFigures& figures : *reply.mutable_clocks()) {
      figures.clear_missed_case_ids();
    }
  }
  return reply;
}

absl::StatusOr<std::vector<v1::StatementOfReasons>> ListStatements(
    const ReportRooms& rooms, const Caller& caller,
    const v1::StatementsRequest& request) {
  ASSIGN_OR_RETURN(const Period period, PeriodOf(request));
  ASSIGN_OR_RETURN(const v1::CaseFilter filter,
                   FilterFor(caller, request.filter()));
  const JurisdictionsOf jurisdictions_of = JurisdictionsIn(*rooms.lists);
  const ListBasisOf basis_of = [&](absl::string_view list_id) {
    const auto list = rooms.lists->GetList(list_id);
    return list.ok()
               ? ListBasis{list->terms.legal_basis, list->terms.jurisdictions}
               : ListBasis();
  };
  std::vector<v1::StatementOfReasons> statements;
  RETURN_IF_ERROR(rooms.cases->ForEachUpload(
      [&](const v1::Case& of, const v1::CaseUpload& upload) {
        const v1::Case opened = AsCase(of, upload);
        if (!Apply(filter, opened, jurisdictions_of).passes) {
          return absl::OkStatus();
        }
        for (int i = 0; i < opened.decisions_size(); ++i) {
          if (Removes(opened, i) &&
              period.Has(TimeOf(opened.decisions(i).time()))) {
            statements.push_back(StatementOf(opened, i, basis_of));
          }
        }
        return absl::OkStatus();
      }));
  return statements;
}

absl::StatusOr<std::vector<v1::AuditRecord>> ReadAudit(const ReportRooms& rooms,
                                                       uint64_t after) {
  std::vector<v1::AuditRecord> records;
  size_t bytes = 0;
  const absl::Status read = rooms.log->ForEach(
      after, [&](const AuditRecord& record, absl::string_view line) {
        if (bytes >= kMaxAuditBytes) return absl::CancelledError("enough");
        bytes += line.size();
        records.push_back(MessageOf(record, line));
        return absl::OkStatus();
      });
  if (!read.ok() && !absl::IsCancelled(read)) return read;
  return records;
}

}  // namespace lenscap
