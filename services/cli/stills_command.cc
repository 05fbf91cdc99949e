#include "services/cli/stills_command.h"

#include <iostream>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/evidence.grpc.pb.h"
#include "services/cli/evidence_file.h"
#include "services/cli/run_on.h"
#include "services/cli/text.h"
#include "services/proto_time.h"

namespace lenscap::cli {
namespace {

using Stub = v1::EvidenceService::Stub;

std::string WhyNoStills(const v1::ListStillsReply& reply) {
  if (reply.has_destroyed()) {
    return absl::StrCat("its pictures were destroyed at ",
                        FormatClock(reply.destroyed()));
  }
  return reply.unavailable().empty()
             ? "the case has no pictures"
             : absl::StrCat("the case has no pictures: ",
                            Printable(reply.unavailable()));
}

// In place of the blurred ones, all of them as they are.
absl::Status RevealAll(const Connection& connection, Stub& stub,
                       const std::string& token, v1::ListStillsReply& listed) {
  if (listed.stills().empty()) return absl::OkStatus();
  v1::RevealRequest request;
  request.set_lease_token(token);
  for (const v1::Still& still : listed.stills()) {
    request.add_still_ids(still.still_id());
  }
  ASSIGN_OR_RETURN(v1::RevealReply revealed,
                   Call(connection, stub, &Stub::Reveal, request));
  *listed.mutable_stills() = std::move(*revealed.mutable_stills());
  if (revealed.exposure().near_budget()) {
    std::cerr << "lenscap: warning: that is near the day's budget of footage; "
                 "time for other work\n";
  }
  return absl::OkStatus();
}

std::string DescribeExposure(const v1::Exposure& exposure) {
  return absl::StrCat(
      absl::FormatDuration(FromProto(exposure.revealed())), " of ",
      absl::FormatDuration(FromProto(exposure.budget())), " shown today",
      exposure.near_budget() ? ": near the budget" : "", "\n");
}

absl::Status ShowExposure(const ExposureOptions& options,
                          const Connection& connection, Stub& stub) {
  v1::GetExposureRequest request;
  request.set_reviewer(options.reviewer);
  ASSIGN_OR_RETURN(const v1::Exposure reply,
                   Call(connection, stub, &Stub::GetExposure, request));
  if (!options.json) {
    std::cout << DescribeExposure(reply);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(reply));
  std::cout << line;
  return absl::OkStatus();
}

}  // namespace

ExitCode Run(const ExposureOptions& options) {
  return RunOn<v1::EvidenceService>(options, {Role::kReview}, ShowExposure);
}

absl::Status WriteCaseEvidence(const Connection& connection,
                               const v1::Case& opened,
                               const CaseEvidenceOptions& options) {
  RETURN_IF_ERROR(MakeEvidenceDirectory(options.directory));
  const auto stub = v1::EvidenceService::NewStub(connection.channel());
  v1::ListStillsRequest request;
  request.set_case_id(opened.case_id());
  ASSIGN_OR_RETURN(v1::ListStillsReply listed,
                   Call(connection, *stub, &Stub::ListStills, request));
  if (!options.lease_token.empty()) {
    RETURN_IF_ERROR(RevealAll(connection, *stub, options.lease_token, listed));
  }
  v1::ScanReport report = opened.report();
  if (report.case_id().empty()) report.set_case_id(opened.case_id());
  report.mutable_cues()->clear_stills();
  for (v1::Still& still : *listed.mutable_stills()) {
    v1::CueStill& shown = *report.mutable_cues()->add_stills();
    *shown.mutable_time() = still.time();
    shown.set_jpeg(std::move(*still.mutable_jpeg()));
  }
  ASSIGN_OR_RETURN(const std::string path,
                   WriteEvidence(options.directory, report));
  if (path.empty()) {
    std::cerr << "lenscap: warning: " << WhyNoStills(listed)
              << ", so there is no page of evidence\n";
  } else if (!options.quiet) {
    std::cout << "  page    " << Printable(path) << "\n";
  }
  return absl::OkStatus();
}

}  // namespace lenscap::cli
