#ifndef LENSCAP_SERVICES_CLI_RUN_ON_H_
#define LENSCAP_SERVICES_CLI_RUN_ON_H_

#include <iostream>
#include <memory>
#include <set>
#include <utility>

#include "absl/status/status.h"
#include "services/cli/connection.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Connects to a service, which a server of our own has with `roles`, runs
// `body(options, connection, stub)` and answers for how it went.
template <typename Service, typename Options, typename Body>
ExitCode RunOn(const Options& options, std::set<Role> roles, Body body) {
  const auto connection = Connection::Open(options.endpoint, std::move(roles));
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = Service::NewStub((*connection)->channel());
  const absl::Status status = body(options, **connection, *stub);
  std::cout << std::flush;
  return status.ok() ? ExitCode::kOk : Fail(status);
}

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_RUN_ON_H_
