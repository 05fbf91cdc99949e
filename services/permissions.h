#ifndef LENSCAP_SERVICES_PERMISSIONS_H_
#define LENSCAP_SERVICES_PERMISSIONS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "services/caller.h"

namespace lenscap {

// The route on which Prometheus reads metrics.
inline constexpr char kMetricsRoute[] = "/metrics";

// Whether callers of this role may use what `guarded` names: a method as its
// proto does ("lenscap.v1.ScanService.Scan"), or a route over HTTP. What the
// table has no row for is denied to everybody. Of what a regulator may it has
// its own issuer's lists alone, of what a platform may its own tenant's
// uploads: the handlers see to that. gRPC's health service answers everybody.
bool MayUse(CallerRole role, absl::string_view guarded);

// Everything that has a row.
std::vector<std::string> Guarded();

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_PERMISSIONS_H_
