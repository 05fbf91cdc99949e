#include "services/webhooks/webhook_endpoints.h"

#include <openssl/rand.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <system_error>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "base/small_file.h"
#include "base/status_macros.h"
#include "services/webhooks/webhook_record.pb.h"

namespace lenscap {
namespace {

constexpr size_t kMaxFileBytes = 1 << 20;

absl::Status NoSuchEndpoint() {
  return absl::NotFoundError("endpoint_id: there is no such endpoint");
}

absl::StatusOr<std::string> NewId() {
  std::array<uint8_t, 8> id;
  if (RAND_bytes(id.data(), static_cast<int>(id.size())) != 1) {
    return absl::InternalError("no random numbers can be had");
  }
  return absl::StrCat(
      "endpoint-", absl::BytesToHexString(absl::string_view(
                       reinterpret_cast<const char*>(id.data()), id.size())));
}

services::WebhookEndpointRecord ToRecord(const WebhookEndpoint& endpoint) {
  services::WebhookEndpointRecord record;
  record.set_endpoint_id(endpoint.id);
  record.set_tenant(endpoint.tenant);
  record.set_url(endpoint.url);
  for (const v1::Outcome::Type type : endpoint.types) record.add_types(type);
  record.set_created_ns(absl::ToUnixNanos(endpoint.created));
  record.set_private_key(endpoint.key.ToPem());
  record.set_after(endpoint.after);
  record.set_public_only(endpoint.public_only);
  return record;
}

absl::StatusOr<WebhookEndpoint> FromRecord(
    const services::WebhookEndpointRecord& record) {
  ASSIGN_OR_RETURN(Ed25519PrivateKey key,
                   Ed25519PrivateKey::FromPem(record.private_key()));
  WebhookEndpoint endpoint = {
      .id = record.endpoint_id(),
      .tenant = record.tenant(),
      .url = record.url(),
      .types = {},
      .created = absl::FromUnixNanos(record.created_ns()),
      .key = std::move(key),
      .after = record.after(),
      .public_only = record.public_only()};
  for (const int type : record.types()) {
    endpoint.types.insert(static_cast<v1::Outcome::Type>(type));
  }
  return endpoint;
}

}  // namespace

bool WebhookEndpoint::Wants(uint64_t number, const v1::Outcome& outcome) const {
  if (number <= after || (!tenant.empty() && tenant != outcome.tenant())) {
    return false;
  }
  return types.empty() ? outcome.type() != v1::Outcome::TYPE_CLOCK
                       : types.contains(outcome.type());
}

absl::StatusOr<std::unique_ptr<WebhookEndpoints>> WebhookEndpoints::Open(
    const std::string& directory, const Clock* clock) {
  std::error_code error;
  if (std::filesystem::create_directories(directory, error)) {
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all,
                                 error);
  }
  if (error) return absl::ErrnoToStatus(error.value(), directory);
  std::unique_ptr<WebhookEndpoints> endpoints(
      new WebhookEndpoints(directory, clock));
  RETURN_IF_ERROR(endpoints->Load());
  return endpoints;
}

absl::Status WebhookEndpoints::Load() {
  const absl::StatusOr<std::string> bytes =
      ReadSmallFile(Path(), kMaxFileBytes);
  if (absl::IsNotFound(bytes.status())) return absl::OkStatus();
  RETURN_IF_ERROR(bytes.status());
  services::WebhookEndpointFile file;
  bool good = file.ParseFromString(*bytes);
  for (const services::WebhookEndpointRecord& record : file.endpoints()) {
    absl::StatusOr<WebhookEndpoint> endpoint = FromRecord(record);
    good = good && endpoint.ok();
    if (good) endpoints_.push_back(*std::move(endpoint));
  }
  if (good) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat(
      Path(), ": damaged; move it away, and make the endpoints anew"));
}

// With writing_ held.
absl::Status WebhookEndpoints::Replace(std::vector<WebhookEndpoint> endpoints) {
  services::WebhookEndpointFile file;
  for (const WebhookEndpoint& endpoint : endpoints) {
    *file.add_endpoints() = ToRecord(endpoint);
  }
  RETURN_IF_ERROR(WriteSmallFile(Path(), file.SerializeAsString(), 0600));
  std::lock_guard lock(mutex_);
  endpoints_ = std::move(endpoints);
  return absl::OkStatus();
}

absl::StatusOr<WebhookEndpoint> WebhookEndpoints::Create(const Wish& wish) {
  RETURN_IF_ERROR(CheckWebhookUrl(wish.url));
  ASSIGN_OR_RETURN(std::string id, NewId());
  WebhookEndpoint created = {.id = std::move(id),
                             .tenant = wish.tenant,
                             .url = wish.url,
                             .types = wish.types,
                             .created = clock_->Now(),
                             .key = Ed25519PrivateKey::Generate(),
                             .after = wish.after,
                             .public_only = wish.public_only};
  std::lock_guard writing(writing_);
  std::vector<WebhookEndpoint> endpoints = endpoints_;
  const auto of_tenant = std::count_if(
      endpoints.begin(), endpoints.end(),
      [&](const auto& endpoint) { return endpoint.tenant == wish.tenant; });
  if (endpoints.size() >= kMaxEndpoints ||
      static_cast<size_t>(of_tenant) >= kMaxOfTenant) {
    return absl::ResourceExhaustedError(
        absl::StrCat("there are ", of_tenant, " endpoints of this tenant and ",
                     endpoints.size(), " in all, as many as may be"));
  }
  endpoints.push_back(created);
  RETURN_IF_ERROR(Replace(std::move(endpoints)));
  return created;
}

absl::StatusOr<WebhookEndpoint> WebhookEndpoints::Delete(absl::string_view id) {
  std::lock_guard writing(writing_);
  std::vector<WebhookEndpoint> endpoints = endpoints_;
  const auto found = std::find_if(
      endpoints.begin(), endpoints.end(),
      [id](const WebhookEndpoint& endpoint) { return endpoint.id == id; });
  if (found == endpoints.end()) return NoSuchEndpoint();
  WebhookEndpoint deleted = *found;
  endpoints.erase(found);
  RETURN_IF_ERROR(Replace(std::move(endpoints)));
  return deleted;
}

absl::StatusOr<WebhookEndpoint> WebhookEndpoints::Get(
    absl::string_view id) const {
  std::lock_guard lock(mutex_);
  for (const WebhookEndpoint& endpoint : endpoints_) {
    if (endpoint.id == id) return endpoint;
  }
  return NoSuchEndpoint();
}

std::vector<WebhookEndpoint> WebhookEndpoints::List() const {
  std::lock_guard lock(mutex_);
  return endpoints_;
}

}  // namespace lenscap
