#include "services/cli/queue_command.h"

#include <iostream>
#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/takedown.grpc.pb.h"
#include "services/cli/case_table.h"
#include "services/cli/connection.h"
#include "services/cli/evidence_file.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::TakedownService::Stub;

// One message as JSON, or as `describe` puts it.
template <typename Message, typename Describe>
absl::Status Print(bool json, const Message& message, Describe describe) {
  if (!json) {
    std::cout << describe(message) << std::flush;
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(message));
  std::cout << line << std::flush;
  return absl::OkStatus();
}

absl::Status ListCases(const ListCasesOptions& options,
                       const Connection& connection, Stub& stub) {
  v1::ListCasesRequest request;
  request.set_state(options.state);
  *request.mutable_filter() = ToFilter(options.filter);
  std::vector<v1::Case> cases;
  v1::ListCasesReply reply;
  do {
    ASSIGN_OR_RETURN(reply, Call(connection, stub, &Stub::ListCases, request));
    for (v1::Case& opened : *reply.mutable_cases()) {
      if (!options.json) {
        cases.push_back(std::move(opened));
        continue;
      }
      RETURN_IF_ERROR(Print(true, opened, DescribeCase));
    }
    request.set_page_token(reply.next_page_token());
  } while (!reply.next_page_token().empty());
  if (!options.json) std::cout << FormatCaseTable(cases);
  return absl::OkStatus();
}

// Says where it is. A case of a known clip alone has no stills, which is no
// error.
absl::Status WriteCaseEvidence(const std::string& directory,
                               const v1::Case& opened, bool json) {
  RETURN_IF_ERROR(MakeEvidenceDirectory(directory));
  v1::ScanReport report = opened.report();
  if (report.case_id().empty()) report.set_case_id(opened.case_id());
  ASSIGN_OR_RETURN(const std::string path, WriteEvidence(directory, report));
  if (path.empty()) {
    std::cerr << "lenscap: warning: the case has no pictures, so there is no "
                 "page of evidence\n";
  } else if (!json) {
    std::cout << "  page    " << Printable(path) << "\n";
  }
  return absl::OkStatus();
}

absl::Status ShowCase(const ShowCaseOptions& options,
                      const Connection& connection, Stub& stub) {
  v1::GetCaseRequest request;
  request.set_case_id(options.case_id);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::GetCase, request));
  RETURN_IF_ERROR(Print(options.json, reply, DescribeCase));
  return options.evidence_directory.empty()
             ? absl::OkStatus()
             : WriteCaseEvidence(options.evidence_directory, reply,
                                 options.json);
}

absl::Status Lease(const LeaseOptions& options, const Connection& connection,
                   Stub& stub) {
  v1::LeaseRequest request;
  request.set_reviewer(options.reviewer);
  request.set_max_cases(options.max_cases);
  request.set_case_id(options.case_id);
  *request.mutable_filter() = ToFilter(options.filter);
  *request.mutable_duration() = ToProto(options.duration);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Lease, request));
  for (const v1::LeasedCase& leased : reply.leases()) {
    RETURN_IF_ERROR(Print(options.json, leased, [](const auto& message) {
      return absl::StrCat(DescribeCase(message.case_()), "  token   ",
                          Printable(message.lease_token()), "\n");
    }));
  }
  if (!options.json && reply.leases().empty()) {
    std::cout << "no case is waiting\n";
  }
  return absl::OkStatus();
}

absl::Status Extend(const ExtendOptions& options, const Connection& connection,
                    Stub& stub) {
  v1::ExtendRequest request;
  request.set_lease_token(options.token);
  *request.mutable_duration() = ToProto(options.duration);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Extend, request));
  return Print(options.json, reply, [](const v1::ExtendReply& extended) {
    return absl::StrCat("leased until ", FormatClock(extended.lease_end()),
                        "\n");
  });
}

absl::Status Release(const ReleaseOptions& options,
                     const Connection& connection, Stub& stub) {
  v1::ReleaseRequest request;
  request.set_lease_token(options.token);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Release, request));
  return Print(options.json, reply,
               [](const v1::ReleaseReply&) { return "released\n"; });
}

absl::Status Settle(const SettleOptions& options, const Connection& connection,
                    Stub& stub) {
  v1::DecideRequest request;
  request.set_lease_token(options.token);
  request.set_outcome(options.outcome);
  request.set_note(options.note);
  request.set_feedback(options.feedback);
  request.mutable_content_ids()->Assign(options.uploads.begin(),
                                        options.uploads.end());
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Decide, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status Appeal(const AppealOptions& options, const Connection& connection,
                    Stub& stub) {
  v1::AppealRequest request;
  request.set_case_id(options.case_id);
  request.set_content_id(options.upload);
  request.set_statement(options.statement);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Appeal, request));
  return Print(options.json, reply.case_(), DescribeCase);
}

absl::Status Stats(const StatsOptions& options, const Connection& connection,
                   Stub& stub) {
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Stats, v1::StatsRequest()));
  return Print(options.json, reply, [](const v1::StatsReply& stats) {
    return absl::StrCat(
        FormatTable(
            {{"WAITING", "LEASED", "HELD", "DECIDED", "DEAD LETTERS",
              "OLDEST WAITS SINCE"},
             {absl::StrCat(stats.waiting()), absl::StrCat(stats.leased()),
              absl::StrCat(stats.held()), absl::StrCat(stats.decided()),
              absl::StrCat(stats.dead_letter()),
              FormatClock(stats.oldest_waiting())}}),
        stats.queues().empty() ? "" : FormatQueueTable(stats));
  });
}

absl::Status Watch(const WatchOptions& options, const Connection& connection,
                   Stub& stub) {
  grpc::ClientContext context;
  v1::WatchRequest request;
  request.set_after_sequence(options.after_sequence);
  const auto reader = stub.Watch(&context, request);
  v1::CaseEvent event;
  while (reader->Read(&event)) {
    absl::Status status = Print(options.json, event, DescribeEvent);
    if (!status.ok() || !std::cout) {
      context.TryCancel();
      return status;
    }
  }
  return connection.ToStatus(reader->Finish());
}

}  // namespace

v1::QueueFilter ToFilter(const CaseFilterOptions& options) {
  v1::QueueFilter filter;
  if (options.queue != v1::CASE_QUEUE_UNSPECIFIED) {
    filter.add_queues(options.queue);
  }
  filter.set_tenant(options.tenant);
  filter.mutable_skills()->Assign(options.skills.begin(), options.skills.end());
  filter.mutable_languages()->Assign(options.languages.begin(),
                                     options.languages.end());
  return filter;
}

ExitCode Run(const ListCasesOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, ListCases);
}
ExitCode Run(const ShowCaseOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, ShowCase);
}
ExitCode Run(const LeaseOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Lease);
}
ExitCode Run(const ExtendOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Extend);
}
ExitCode Run(const ReleaseOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Release);
}
ExitCode Run(const SettleOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Settle);
}
ExitCode Run(const AppealOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Appeal);
}
ExitCode Run(const StatsOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Stats);
}
ExitCode Run(const WatchOptions& options) {
  return RunOn<v1::TakedownService>(options, {Role::kReview}, Watch);
}

}  // namespace lenscap::cli
