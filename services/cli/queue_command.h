#ifndef LENSCAP_SERVICES_CLI_QUEUE_COMMAND_H_
#define LENSCAP_SERVICES_CLI_QUEUE_COMMAND_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Which cases, where it is not all of them.
struct CaseFilterOptions {
  v1::CaseQueue queue = v1::CASE_QUEUE_UNSPECIFIED;
  std::string tenant;
  std::vector<std::string> skills;
  std::vector<std::string> languages;
};
v1::QueueFilter ToFilter(const CaseFilterOptions& options);

// lenscap queue ls
struct ListCasesOptions {
  Endpoint endpoint;
  v1::Case::State state = v1::Case::STATE_WAITING;
  CaseFilterOptions filter;
  bool json = false;
};

// lenscap queue show CASE
struct ShowCaseOptions {
  Endpoint endpoint;
  std::string case_id;
  // Where a page of evidence goes, if the case has stills; empty for none.
  std::string evidence_directory;
  bool json = false;
};

// lenscap queue lease
struct LeaseOptions {
  Endpoint endpoint;
  std::string reviewer;
  int max_cases = 1;
  CaseFilterOptions filter;
  std::string case_id;  // This one; empty for the gravest.
  absl::Duration duration = absl::Minutes(5);
  bool json = false;
};

// lenscap queue extend TOKEN
struct ExtendOptions {
  Endpoint endpoint;
  std::string token;
  absl::Duration duration = absl::Minutes(5);
  bool json = false;
};

// lenscap queue release TOKEN
struct ReleaseOptions {
  Endpoint endpoint;
  std::string token;
  bool json = false;
};

// lenscap queue settle TOKEN
struct SettleOptions {
  Endpoint endpoint;
  std::string token;
  v1::Decision::Outcome outcome = v1::Decision::OUTCOME_UNSPECIFIED;
  std::string note;
  std::string feedback;              // To the issuers of the lists.
  std::vector<std::string> uploads;  // None for all that are undecided.
  bool json = false;
};

// lenscap queue appeal CASE
struct AppealOptions {
  Endpoint endpoint;
  std::string case_id;
  std::string upload;  // Where the case has more than one.
  std::string statement;
  bool json = false;
};

// lenscap queue stats
struct StatsOptions {
  Endpoint endpoint;
  bool json = false;
};

// lenscap queue watch, until it is interrupted
struct WatchOptions {
  Endpoint endpoint;
  uint64_t after_sequence = 0;
  bool json = false;
};

ExitCode Run(const ListCasesOptions& options);
ExitCode Run(const ShowCaseOptions& options);
ExitCode Run(const LeaseOptions& options);
ExitCode Run(const ExtendOptions& options);
ExitCode Run(const ReleaseOptions& options);
ExitCode Run(const SettleOptions& options);
ExitCode Run(const AppealOptions& options);
ExitCode Run(const StatsOptions& options);
ExitCode Run(const WatchOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_QUEUE_COMMAND_H_
