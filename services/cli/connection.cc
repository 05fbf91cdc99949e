#include "services/cli/connection.h"

#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/cli/dial.h"
#include "services/cli/local_decoder.h"
#include "services/grpc_status.h"
#include "verdict/policy.h"

namespace lenscap::cli {
namespace {

absl::Status CheckDirectory(const Endpoint& endpoint) {
  const std::string& path = endpoint.data_directory;
  std::error_code error;
  const auto status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) return absl::OkStatus();
  if (std::filesystem::exists(status)) {
    return absl::InvalidArgumentError(
        absl::StrCat("data directory ", path, ": not a directory"));
  }
  // A mistyped directory must not pass for one that knows no clips.
  if (!endpoint.create) {
    return absl::NotFoundError(absl::StrCat(
        "data directory ", path,
        ": there is none; 'lenscap list publish --create' makes one"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Server>> StartServer(const Endpoint& endpoint,
                                                    std::set<Role> roles) {
  RETURN_IF_ERROR(CheckDirectory(endpoint));
  ServerOptions options;
  options.data_directory = endpoint.data_directory;
  options.roles = std::move(roles);
  options.open_video = OpenInJailIfPossible();
  // One user, on a machine of their own.
  options.tenant_limits = {.uploads = 0, .waiting_scans = 0};
  options.max_spool_bytes = 0;
  options.cues_unavailable = "stand-alone scans run without the cue model";
  if (!endpoint.policy_file.empty()) {
    ASSIGN_OR_RETURN(options.policy, LoadPolicy(endpoint.policy_file));
  }
  return Server::Start(std::move(options));
}

}  // namespace

Connection::Connection(Endpoint endpoint, std::unique_ptr<Server> server,
                       std::shared_ptr<grpc::Channel> channel)
    : endpoint_(std::move(endpoint)),
      server_(std::move(server)),
      channel_(std::move(channel)) {}

Connection::~Connection() {
  if (server_ != nullptr) server_->Shutdown(absl::ZeroDuration());
}

absl::StatusOr<std::unique_ptr<Connection>> Connection::Open(
    const Endpoint& endpoint, std::set<Role> roles) {
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
  if (endpoint.server.empty()) {
    ASSIGN_OR_RETURN(server, StartServer(endpoint, std::move(roles)));
    channel = server->InProcessChannel();
  } else {
    ASSIGN_OR_RETURN(channel, Dial(endpoint));
  }
  return std::unique_ptr<Connection>(
      new Connection(endpoint, std::move(server), std::move(channel)));
}

absl::Status Connection::ToStatus(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  const std::string& message = status.error_message();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) {
    return absl::UnavailableError(absl::StrCat("cannot reach the server at ",
                                               endpoint_.name(), ": ", message,
                                               "; is lenscapd running there?"));
  }
  return FromGrpc(status);
}

}  // namespace lenscap::cli
