#ifndef LENSCAP_SERVICES_CLI_CONNECTION_H_
#define LENSCAP_SERVICES_CLI_CONNECTION_H_

#include <memory>
#include <set>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"
#include "grpcpp/support/status.h"
#include "services/cli/endpoint.h"
#include "services/server.h"

namespace lenscap::cli {

// The way to the services: over the network, or to a server of our own in this
// process. Commands cannot tell which. Thread-safe.
class Connection {
 public:
  // FAILED_PRECONDITION where another process has the data directory open,
  // NOT_FOUND where it is missing and may not be made. A server on the network
  // is not contacted yet; one of our own has `roles` alone.
  static absl::StatusOr<std::unique_ptr<Connection>> Open(
      const Endpoint& endpoint, std::set<Role> roles);
  // Ends every call. Scans that a server accepted for later in our own data
  // directory are left to the next one.
  ~Connection();

  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }

  // A call's outcome; where the server could not be reached the message says
  // which one and what to look at.
  absl::Status ToStatus(const grpc::Status& status) const;

 private:
  Connection(Endpoint endpoint, std::unique_ptr<Server> server,
             std::shared_ptr<grpc::Channel> channel);

  const Endpoint endpoint_;
  std::unique_ptr<Server> server_;  // Stand-alone.
  std::shared_ptr<grpc::Channel> channel_;
};

// Makes one call that sends and receives one message each, within `limit`.
template <typename Stub, typename Request, typename Reply>
absl::StatusOr<Reply> Call(const Connection& connection, Stub& stub,
                           grpc::Status (Stub::*method)(grpc::ClientContext*,
                                                        const Request&, Reply*),
                           const Request& request,
                           absl::Duration limit = absl::Minutes(1)) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + limit));
  Reply reply;
  const grpc::Status status = (stub.*method)(&context, request, &reply);
  if (!status.ok()) return connection.ToStatus(status);
  return reply;
}

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_CONNECTION_H_
