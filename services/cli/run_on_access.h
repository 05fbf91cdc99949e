#ifndef LENSCAP_SERVICES_CLI_RUN_ON_ACCESS_H_
#define LENSCAP_SERVICES_CLI_RUN_ON_ACCESS_H_

#include <iostream>
#include <memory>

#include "proto/lenscap/v1/access.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// Connects to the access service, which every server has whatever its roles,
// runs `body(options, connection, stub)` and answers for how it went.
template <typename Options, typename Body>
ExitCode RunOnAccess(const Options& options, Body body) {
  const auto connection = Connection::Open(options.endpoint, {});
  if (!connection.ok()) return Fail(connection.status());
  const auto stub = v1::AccessService::NewStub((*connection)->channel());
  const absl::Status status = body(options, **connection, *stub);
  std::cout << std::flush;
  return status.ok() ? ExitCode::kOk : Fail(status);
}

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_RUN_ON_ACCESS_H_
