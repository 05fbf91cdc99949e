#ifndef LENSCAP_SERVICES_TENANTS_H_
#define LENSCAP_SERVICES_TENANTS_H_

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/token_bucket.h"

namespace lenscap {

// What one tenant may use; 0 is without a bound.
struct TenantLimits {
  // Uploads open at a time, a direct scan's until its report.
  int uploads = 128;
  // Scans at a time, direct and submitted; more wait for their turn.
  int running_scans = 0;
  // Submitted scans that wait, and uploads that will be some.
  int waiting_scans = 10'000;
  // Bytes uploaded in an hour, and wall-clock time spent decoding.
  int64_t bytes_per_hour = 0;
  absl::Duration decode_per_hour = absl::ZeroDuration();
};

// What one tenant uses. Refusals are RESOURCE_EXHAUSTED with limit_status.h's
// payloads, and name the tenant, the limit and when to try again. Thread-safe.
class Tenant : public std::enable_shared_from_this<Tenant> {
 public:
  using Place = std::shared_ptr<void>;  // Given back when it goes.

  // What its scans take turns by. Shared by the tenants beyond the bound.
  const std::string& key() const { return key_; }

  absl::StatusOr<Place> EnterUpload();
  absl::StatusOr<Place> EnterWaiting();
  // The same without a bound: for what was accepted before.
  Place StayWaiting();

  absl::Status TakeBytes(int64_t bytes);
  void GiveBackBytes(int64_t bytes);

  // Whether a scan may start. What it took is charged when it has ended, so
  // scans that run together may run the tenant into debt; it waits that off.
  absl::Status CheckDecode() const;
  void ChargeDecode(absl::Duration time);

 private:
  friend class Tenants;
  struct Totals;
  Tenant(std::string key, const TenantLimits& limits, const Clock* clock,
         std::shared_ptr<Totals> totals);
  std::string Describe() const;
  Place WaitingPlaceLocked();
  bool Idle();  // As if it had never been there.

  const std::string key_;
  const TenantLimits limits_;
  const Clock* const clock_;
  const std::shared_ptr<Totals> totals_;
  mutable std::mutex mutex_;
  int uploads_ = 0;  // Guarded by mutex_, as what follows.
  int waiting_ = 0;
  TokenBucket bytes_;
  TokenBucket decode_;  // Seconds.
};

// The tenants that are known by now: at most `max_tenants`. One that uses
// nothing and whose allowances are full makes way for a new name; where none
// does, new names share one account, so that inventing names gains nothing.
// Thread-safe.
class Tenants {
 public:
  struct Options {
    TenantLimits limits;  // Of each.
    size_t max_tenants = 10'000;
    int max_waiting_scans = 0;  // Of all together; 0 is without a bound.
    const Clock* clock = Clock::Real();  // Must outlive the tenants.
  };
  explicit Tenants(Options options);

  // By a name of ValidateTenant's form; "" is "default". Hold on to it for as
  // long as it uses something. O(1), but for a few looks for one to forget.
  std::shared_ptr<Tenant> Get(absl::string_view name);
  size_t size() const;

 private:
  using Entry = std::shared_ptr<Tenant>;
  std::shared_ptr<Tenant> Make(std::string key) const;
  bool MakeRoom();

  const Options options_;
  const std::shared_ptr<Tenant::Totals> totals_;
  const Entry others_;
  mutable std::mutex mutex_;
  std::list<Entry> by_use_;  // The latest first; guarded by mutex_.
  std::unordered_map<std::string, std::list<Entry>::iterator>
      by_name_;  // Guarded by mutex_.
};

// INVALID_ARGUMENT, naming `field`, unless it is at most 64 bytes of printable
// ASCII.
absl::Status ValidateTenant(absl::string_view field, absl::string_view name);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TENANTS_H_
