#ifndef LENSCAP_SERVICES_CLI_DIAL_H_
#define LENSCAP_SERVICES_CLI_DIAL_H_

#include <memory>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "services/cli/endpoint.h"

namespace lenscap::cli {

// A channel to the endpoint's server, over TLS where it names an authority,
// whose calls carry the endpoint's token. Does not contact it yet. A token goes
// in plain text to this machine alone: FAILED_PRECONDITION for another. What
// else cannot be used is named by its path.
absl::StatusOr<std::shared_ptr<grpc::Channel>> Dial(const Endpoint& endpoint);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_DIAL_H_
