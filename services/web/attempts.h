#ifndef LENSCAP_SERVICES_WEB_ATTEMPTS_H_
#define LENSCAP_SERVICES_WEB_ATTEMPTS_H_

#include <cstddef>
#include <map>
#include <mutex>
#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "services/token_bucket.h"

namespace lenscap {

// How often each address may do something: so many times an hour, also at once.
// An IPv6 address stands for its /64, which is what one site is given.
// Thread-safe.
class Attempts {
 public:
  struct Options {
    double per_hour = 60;
    size_t addresses = 10'000;  // Told apart; those beyond share one account.
    const Clock* clock = Clock::Real();  // Must outlive this.
  };

  explicit Attempts(Options options) : options_(options) {}

  // How long to wait before the next one; zero where it may be made now.
  absl::Duration Wait(absl::string_view address);
  void Count(absl::string_view address);

 private:
  TokenBucket& BucketLocked(absl::string_view address, absl::Time now);

  const Options options_;
  std::mutex mutex_;
  std::map<std::string, TokenBucket> buckets_;  // Guarded by mutex_.
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_WEB_ATTEMPTS_H_
