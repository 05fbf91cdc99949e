#ifndef LENSCAP_SERVICES_TOKEN_BUCKET_H_
#define LENSCAP_SERVICES_TOKEN_BUCKET_H_

#include <algorithm>

#include "absl/time/time.h"

namespace lenscap {

// So much of something an hour: it holds at most an hour's worth, with which it
// begins, and refills steadily. Charges may leave it below zero. `now` is the
// caller's; a clock that goes back refills nothing. Not thread-safe.
class TokenBucket {
 public:
  // At least 0; 0 is without a bound.
  TokenBucket(double per_hour, absl::Time now)
      : per_hour_(per_hour), level_(per_hour), refilled_(now) {}

  // False, and nothing is taken, where less is there.
  bool Take(double amount, absl::Time now) {
    if (LevelAt(now) < amount && per_hour_ != 0) return false;
    Charge(amount, now);
    return true;
  }
  // Takes it in any case; below zero gives back.
  void Charge(double amount, absl::Time now) {
    if (per_hour_ == 0) return;
    level_ = std::min(per_hour_, LevelAt(now) - amount);
    refilled_ = std::max(refilled_, now);
  }

  // How long until `amount` can be taken, if nobody takes any; infinite where
  // it is more than an hour's worth.
  absl::Duration Until(double amount, absl::Time now) const {
    if (per_hour_ == 0) return absl::ZeroDuration();
    if (amount > per_hour_) return absl::InfiniteDuration();
    const double missing = std::max(0.0, amount - LevelAt(now));
    return missing / per_hour_ * absl::Hours(1);
  }
  bool full(absl::Time now) const { return LevelAt(now) >= per_hour_; }

 private:
  double LevelAt(absl::Time now) const {
    const double hours = std::max(0.0, absl::ToDoubleHours(now - refilled_));
    return std::min(per_hour_, level_ + hours * per_hour_);
  }

  const double per_hour_;
  double level_;
  absl::Time refilled_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_TOKEN_BUCKET_H_
