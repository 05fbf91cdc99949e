#include "services/cli/webhook_command.h"

#include <iostream>
#include <iterator>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/clock.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "proto/lenscap/v1/outcome.grpc.pb.h"
#include "services/cli/connection.h"
#include "services/cli/run_on.h"
#include "services/cli/scan_table.h"
#include "services/cli/text.h"
#include "services/cli/webhook_request.h"
#include "services/webhooks/webhook_signature.h"

namespace lenscap::cli {
namespace {

using Stub = v1::OutcomeService::Stub;

constexpr size_t kMaxRequestBytes = 16 << 20;

// One message as JSON, or as `describe` puts it.
template <typename Message, typename Describe>
absl::Status Print(bool json, const Message& message, Describe describe) {
  if (!json) {
    std::cout << describe(message);
    return absl::OkStatus();
  }
  ASSIGN_OR_RETURN(const std::string line, ToJsonLine(message));
  std::cout << line;
  return absl::OkStatus();
}

std::string TypesOf(const v1::Endpoint& endpoint) {
  std::vector<std::string> names;
  for (const int type : endpoint.types()) {
    names.push_back(ValueName(
        v1::Outcome::Type_Name(static_cast<v1::Outcome::Type>(type)), "TYPE_"));
  }
  return names.empty() ? "all but clock" : absl::StrJoin(names, ", ");
}

std::string DescribeEndpoint(const v1::Endpoint& endpoint) {
  return absl::StrCat(
      Printable(endpoint.endpoint_id()), "\n  url     ",
      Printable(endpoint.url()), "\n  tenant  ",
      endpoint.tenant().empty() ? "all" : Printable(endpoint.tenant()),
      "\n  types   ", TypesOf(endpoint), "\n  key     ",
      Printable(endpoint.public_key()), "\n");
}

absl::Status Create(const CreateWebhookOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::CreateEndpointRequest request;
  request.set_url(options.url);
  request.set_tenant(options.tenant);
  for (const v1::Outcome::Type type : options.types) request.add_types(type);
  ASSIGN_OR_RETURN(const auto created,
                   Call(connection, stub, &Stub::CreateEndpoint, request));
  return Print(options.json, created, DescribeEndpoint);
}

absl::Status List(const ListWebhooksOptions& options,
                  const Connection& connection, Stub& stub) {
  ASSIGN_OR_RETURN(
      const auto reply,
      Call(connection, stub, &Stub::ListEndpoints, v1::ListEndpointsRequest()));
  std::vector<std::vector<std::string>> rows = {
      {"ENDPOINT", "TENANT", "URL", "LAST FAILED", "WHY"}};
  for (const v1::Endpoint& endpoint : reply.endpoints()) {
    if (options.json) {
      RETURN_IF_ERROR(Print(true, endpoint, DescribeEndpoint));
      continue;
    }
    rows.push_back(
        {Printable(endpoint.endpoint_id()),
         endpoint.tenant().empty() ? "all" : Printable(endpoint.tenant()),
         Printable(endpoint.url()), FormatClock(endpoint.last_failed()),
         endpoint.last_error().empty() ? "-"
                                       : Printable(endpoint.last_error())});
  }
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status Delete(const DeleteWebhookOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::DeleteEndpointRequest request;
  request.set_endpoint_id(options.endpoint_id);
  ASSIGN_OR_RETURN(const auto deleted,
                   Call(connection, stub, &Stub::DeleteEndpoint, request));
  return Print(options.json, deleted, [](const v1::Endpoint& endpoint) {
    return absl::StrCat("deleted ", Printable(endpoint.endpoint_id()), "\n");
  });
}

absl::StatusOr<v1::TestEndpointReply> Test(const TestWebhookOptions& options,
                                           const Connection& connection,
                                           Stub& stub) {
  v1::TestEndpointRequest request;
  request.set_endpoint_id(options.endpoint_id);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::TestEndpoint, request));
  RETURN_IF_ERROR(
      Print(options.json, reply, [](const v1::TestEndpointReply& answer) {
        return answer.error().empty()
                   ? absl::StrCat("taken: HTTP ", answer.http_status(), "\n")
                   : absl::StrCat("not taken: ", Printable(answer.error()),
                                  "\n");
      }));
  return reply;
}

std::vector<std::string> RowOf(const v1::Delivery& delivery) {
  const v1::Outcome& outcome = delivery.outcome();
  return {
      Printable(delivery.delivery_id()),
      ValueName(v1::Outcome::Type_Name(outcome.type()), "TYPE_"),
      FormatClock(outcome.time()),
      absl::StrCat(delivery.attempts()),
      FormatClock(delivery.next_attempt()),
      delivery.last_error().empty() ? "-" : Printable(delivery.last_error())};
}

absl::Status Deliveries(const ListDeliveriesOptions& options,
                        const Connection& connection, Stub& stub) {
  v1::ListDeliveriesRequest request;
  request.set_endpoint_id(options.endpoint_id);
  request.set_state(options.state);
  std::vector<std::vector<std::string>> rows = {
      {"DELIVERY", "TYPE", "HAPPENED", "ATTEMPTS", "NEXT", "WHY"}};
  v1::ListDeliveriesReply reply;
  do {
    ASSIGN_OR_RETURN(reply,
                     Call(connection, stub, &Stub::ListDeliveries, request));
    for (const v1::Delivery& delivery : reply.deliveries()) {
      if (!options.json) {
        rows.push_back(RowOf(delivery));
        continue;
      }
      ASSIGN_OR_RETURN(const std::string line, ToJsonLine(delivery));
      std::cout << line;
    }
    request.set_page_token(reply.next_page_token());
  } while (!reply.next_page_token().empty());
  if (!options.json) std::cout << FormatTable(rows);
  return absl::OkStatus();
}

absl::Status Replay(const ReplayWebhookOptions& options,
                    const Connection& connection, Stub& stub) {
  v1::ReplayRequest request;
  request.set_endpoint_id(options.endpoint_id);
  for (const std::string& id : options.delivery_ids) {
    request.add_delivery_ids(id);
  }
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::Replay, request));
  return Print(options.json, reply, [](const v1::ReplayReply& replayed) {
    return absl::StrCat(replayed.replayed(), " will be delivered again\n");
  });
}

absl::Status Watch(const WatchOutcomesOptions& options,
                   const Connection& connection, Stub& stub) {
  grpc::ClientContext context;
  v1::WatchOutcomesRequest request;
  request.set_after(options.after);
  const auto reader = stub.Watch(&context, request);
  v1::Outcome outcome;
  while (reader->Read(&outcome)) {
    const auto line = ToJsonLine(outcome);
    if (line.ok()) std::cout << *line << std::flush;
    if (!line.ok() || !std::cout) {
      context.TryCancel();
      return line.status();
    }
  }
  return connection.ToStatus(reader->Finish());
}

absl::Status ShowState(const UploadStateOptions& options,
                       const Connection& connection, Stub& stub) {
  v1::GetUploadStateRequest request;
  request.set_content_id(options.content_id);
  ASSIGN_OR_RETURN(const auto reply,
                   Call(connection, stub, &Stub::GetUploadState, request));
  return Print(options.json, reply, [](const v1::UploadState& state) {
    std::string text =
        ValueName(v1::UploadState::State_Name(state.state()), "STATE_");
    if (!state.case_id().empty()) {
      absl::StrAppend(&text, ", ", Printable(state.case_id()));
    }
    if (state.has_deadline()) {
      absl::StrAppend(
          &text, ", until ", FormatClock(state.deadline()), ", then ",
          ValueName(v1::Fallback_Name(state.fallback()), "FALLBACK_"));
    }
    return absl::StrCat(text, "\n");
  });
}

absl::StatusOr<std::string> ReadRequest(const std::string& path) {
  if (path != "-") return ReadSmallFile(path, kMaxRequestBytes);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

}  // namespace

ExitCode Run(const CreateWebhookOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, Create);
}
ExitCode Run(const ListWebhooksOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, List);
}
ExitCode Run(const DeleteWebhookOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, Delete);
}
ExitCode Run(const TestWebhookOptions& options) {
  bool taken = false;
  const ExitCode code = RunOn<v1::OutcomeService>(
      options, {Role::kReview},
      [&](const TestWebhookOptions&, const Connection& connection,
          Stub& stub) -> absl::Status {
        ASSIGN_OR_RETURN(const auto reply, Test(options, connection, stub));
        taken = reply.error().empty();
        return absl::OkStatus();
      });
  return code == ExitCode::kOk && !taken ? ExitCode::kFound : code;
}
ExitCode Run(const ListDeliveriesOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, Deliveries);
}
ExitCode Run(const ReplayWebhookOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, Replay);
}
ExitCode Run(const WatchOutcomesOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, Watch);
}
ExitCode Run(const UploadStateOptions& options) {
  return RunOn<v1::OutcomeService>(options, {Role::kReview}, ShowState);
}

ExitCode Run(const VerifyWebhookOptions& options) {
  const auto key = ParseWebhookKey(options.key);
  if (!key.ok()) {
    return Fail(absl::InvalidArgumentError(
                    absl::StrCat("--key: ", key.status().message())),
                ExitCode::kUsage);
  }
  const auto bytes = ReadRequest(options.path);
  if (!bytes.ok()) return Fail(bytes.status(), ExitCode::kUnreadable);
  const auto request = ParseWebhookRequest(*bytes);
  if (!request.ok()) return Fail(request.status(), ExitCode::kUnreadable);
  const absl::Status good = VerifyWebhook(
      *key, request->headers, request->body, absl::Now(),
      options.any_time ? absl::InfiniteDuration() : kWebhookTolerance);
  if (!good.ok()) return Fail(good, ExitCode::kFound);
  std::cout << "good: " << Printable(request->headers.id) << "\n";
  return ExitCode::kOk;
}

}  // namespace lenscap::cli
