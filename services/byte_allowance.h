#ifndef LENSCAP_SERVICES_BYTE_ALLOWANCE_H_
#define LENSCAP_SERVICES_BYTE_ALLOWANCE_H_

#include <algorithm>
#include <cstdint>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "base/status_macros.h"
#include "services/tenants.h"

namespace lenscap {

// The bytes of one upload on its tenant's account. What was reserved and did
// not come is given back in the end. Not thread-safe.
class ByteAllowance {
 public:
  explicit ByteAllowance(std::shared_ptr<Tenant> tenant)
      : tenant_(std::move(tenant)) {}
  ~ByteAllowance() { tenant_->GiveBackBytes(reserved_); }
  ByteAllowance(const ByteAllowance&) = delete;
  ByteAllowance& operator=(const ByteAllowance&) = delete;

  // So that uploads that were let in together are not all cut short.
  // RESOURCE_EXHAUSTED, as Take, where the tenant may not upload so much.
  absl::Status Reserve(int64_t bytes) {
    RETURN_IF_ERROR(tenant_->TakeBytes(bytes));
    reserved_ += bytes;
    return absl::OkStatus();
  }
  absl::Status Take(int64_t bytes) {
    const int64_t from_reserve = std::min(bytes, reserved_);
    RETURN_IF_ERROR(tenant_->TakeBytes(bytes - from_reserve));
    reserved_ -= from_reserve;
    return absl::OkStatus();
  }

 private:
  const std::shared_ptr<Tenant> tenant_;
  int64_t reserved_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_BYTE_ALLOWANCE_H_
