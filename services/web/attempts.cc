#include "services/web/attempts.h"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace lenscap {
namespace {

std::string SiteOf(absl::string_view address) {
  const std::string text(address);
  in6_addr v6;
  if (inet_pton(AF_INET6, text.c_str(), &v6) != 1) return text;
  if (IN6_IS_ADDR_V4MAPPED(&v6)) return text;
  return std::string(reinterpret_cast<const char*>(&v6), 8);
}

}  // namespace

TokenBucket& Attempts::BucketLocked(absl::string_view address, absl::Time now) {
  std::string site = SiteOf(address);
  if (const auto it = buckets_.find(site); it != buckets_.end()) {
    return it->second;
  }
  if (buckets_.size() >= options_.addresses) {
    std::erase_if(buckets_,
                  [now](const auto& entry) { return entry.second.full(now); });
  }
  if (buckets_.size() >= options_.addresses) site.clear();
  return buckets_.try_emplace(site, options_.per_hour, now).first->second;
}

absl::Duration Attempts::Wait(absl::string_view address) {
  const absl::Time now = options_.clock->Now();
  std::lock_guard lock(mutex_);
  return BucketLocked(address, now).Until(1, now);
}

void Attempts::Count(absl::string_view address) {
  const absl::Time now = options_.clock->Now();
  std::lock_guard lock(mutex_);
  BucketLocked(address, now).Charge(1, now);
}

}  // namespace lenscap
