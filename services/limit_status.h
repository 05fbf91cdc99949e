#ifndef LENSCAP_SERVICES_LIMIT_STATUS_H_
#define LENSCAP_SERVICES_LIMIT_STATUS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace lenscap {

// The bounds that a caller can run into, as the metrics name them. Tenants are
// in no name: anybody may make some up.
inline constexpr char kBusyLimit[] = "busy";
inline constexpr char kUploadsLimit[] = "uploads";
inline constexpr char kWaitingScansLimit[] = "waiting_scans";
inline constexpr char kSpoolBytesLimit[] = "spool_bytes";
inline constexpr char kTenantUploadsLimit[] = "tenant_uploads";
inline constexpr char kTenantWaitingScansLimit[] = "tenant_waiting_scans";
inline constexpr char kTenantBytesLimit[] = "tenant_bytes";
inline constexpr char kTenantDecodeLimit[] = "tenant_decode";

// RESOURCE_EXHAUSTED: "`problem`: try again in 3s". The time is rounded up to
// seconds, at least one; infinite where it is no use to try again.
absl::Status OverLimit(absl::string_view limit, absl::string_view problem,
                       absl::Duration retry_after);

// Of such a status, the limit's name and the seconds as digits; "" of another,
// and where it is no use to try again.
std::string LimitOf(const absl::Status& status);
std::string RetryAfterOf(const absl::Status& status);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_LIMIT_STATUS_H_
