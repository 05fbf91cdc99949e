#ifndef LENSCAP_SERVICES_CLI_WEBHOOK_COMMAND_H_
#define LENSCAP_SERVICES_CLI_WEBHOOK_COMMAND_H_

#include <string>
#include <vector>

#include "proto/lenscap/v1/outcome.pb.h"
#include "services/cli/endpoint.h"
#include "services/cli/exit_code.h"

namespace lenscap::cli {

// lenscap webhook create URL
struct CreateWebhookOptions {
  Endpoint endpoint;
  std::string url;
  std::string tenant;  // Whose outcomes; "" for the caller's own, or all.
  std::vector<v1::Outcome::Type> types;  // None for all but clocks.
  bool json = false;
};

// lenscap webhook ls
struct ListWebhooksOptions {
  Endpoint endpoint;
  bool json = false;
};

// lenscap webhook rm ENDPOINT
struct DeleteWebhookOptions {
  Endpoint endpoint;
  std::string endpoint_id;
  bool json = false;
};

// lenscap webhook test ENDPOINT
struct TestWebhookOptions {
  Endpoint endpoint;
  std::string endpoint_id;
  bool json = false;
};

// lenscap webhook deliveries ENDPOINT
struct ListDeliveriesOptions {
  Endpoint endpoint;
  std::string endpoint_id;
  v1::Delivery::State state = v1::Delivery::STATE_DEAD_LETTER;
  bool json = false;
};

// lenscap webhook replay ENDPOINT [DELIVERY...]
struct ReplayWebhookOptions {
  Endpoint endpoint;
  std::string endpoint_id;
  std::vector<std::string> delivery_ids;  // None for all dead letters.
  bool json = false;
};

// lenscap webhook verify FILE; needs no server.
struct VerifyWebhookOptions {
  std::string path;  // Of a request as it was received; "-" for standard input.
  std::string key;   // "whpk_...".
  bool any_time = false;  // However long ago it was sent.
};

// lenscap outcomes watch, until it is interrupted
struct WatchOutcomesOptions {
  Endpoint endpoint;
  std::string after;  // A cursor.
};

// lenscap outcomes show CONTENT_ID
struct UploadStateOptions {
  Endpoint endpoint;
  std::string content_id;
  bool json = false;
};

ExitCode Run(const CreateWebhookOptions& options);
ExitCode Run(const ListWebhooksOptions& options);
ExitCode Run(const DeleteWebhookOptions& options);
// kFound where the receiver did not take it.
ExitCode Run(const TestWebhookOptions& options);
ExitCode Run(const ListDeliveriesOptions& options);
ExitCode Run(const ReplayWebhookOptions& options);
// kFound where the signature is not good.
ExitCode Run(const VerifyWebhookOptions& options);
ExitCode Run(const WatchOutcomesOptions& options);
ExitCode Run(const UploadStateOptions& options);

}  // namespace lenscap::cli

#endif  // LENSCAP_SERVICES_CLI_WEBHOOK_COMMAND_H_
