#ifndef LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ENDPOINTS_H_
#define LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ENDPOINTS_H_

#include <cstdint>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "base/ed25519.h"
#include "proto/lenscap/v1/outcome.pb.h"
#include "services/webhooks/webhook_address.h"

namespace lenscap {

// Somewhere that outcomes are posted to.
struct WebhookEndpoint {
  std::string id;
  std::string tenant;  // Whose outcomes; "" for everybody's.
  std::string url;
  std::set<v1::Outcome::Type> types;  // None means all but CLOCK.
  absl::Time created;
  Ed25519PrivateKey key;
  uint64_t after = 0;  // Hears of outcomes with greater numbers alone.
  bool public_only = true;

  bool Wants(uint64_t number, const v1::Outcome& outcome) const;
  WebhookReach reach() const { return ReachOf(url, public_only); }
};

// The endpoints there are: one file (services/webhooks/webhook_record.proto)
// with their private keys, readable for this user alone, replaced as a whole
// and synced before a call returns. Thread-safe; one process at a time.
class WebhookEndpoints {
 public:
  static constexpr size_t kMaxEndpoints = 64;
  static constexpr size_t kMaxOfTenant = 8;

  // `clock` must outlive this. DATA_LOSS where the file is damaged.
  static absl::StatusOr<std::unique_ptr<WebhookEndpoints>> Open(
      const std::string& directory, const Clock* clock);

  struct Wish {
    std::string tenant;
    std::string url;  // INVALID_ARGUMENT unless CheckWebhookUrl lets it be.
    std::set<v1::Outcome::Type> types;
    bool public_only = true;
    uint64_t after = 0;
  };
  // With a new key. RESOURCE_EXHAUSTED where there are as many as may be.
  absl::StatusOr<WebhookEndpoint> Create(const Wish& wish);
  // NOT_FOUND for an unknown one, as below.
  absl::StatusOr<WebhookEndpoint> Delete(absl::string_view id);
  absl::StatusOr<WebhookEndpoint> Get(absl::string_view id) const;
  // Oldest first.
  std::vector<WebhookEndpoint> List() const;

 private:
  WebhookEndpoints(std::string directory, const Clock* clock)
      : directory_(std::move(directory)), clock_(clock) {}
  std::string Path() const { return directory_ + "/endpoints"; }
  absl::Status Load();
  absl::Status Replace(std::vector<WebhookEndpoint> endpoints);

  const std::string directory_;
  const Clock* const clock_;
  std::mutex writing_;  // Held from reading endpoints_ until they are replaced.
  mutable std::mutex mutex_;
  // Guarded by mutex_; changed with writing_ held too.
  std::vector<WebhookEndpoint> endpoints_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEBHOOKS_WEBHOOK_ENDPOINTS_H_
