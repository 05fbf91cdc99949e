#ifndef LENSCAP_LISTS_FORMATS_THREAT_EXCHANGE_SEVERITY_H_
#define LENSCAP_LISTS_FORMATS_THREAT_EXCHANGE_SEVERITY_H_

#include "absl/strings/string_view.h"
#include "index/clip_match.h"

namespace lenscap {

// ThreatExchange's words for how grave something is, and ours; the first one of
// each of ours is written.
struct ThreatExchangeSeverity {
  absl::string_view word;
  Severity severity = Severity::kSuspected;
};
inline constexpr ThreatExchangeSeverity kThreatExchangeSeverities[] = {
    {"SUSPICIOUS", Severity::kSuspected}, {"SEVERE", Severity::kConfirmed},
    {"APOCALYPSE", Severity::kCritical},  {"INFO", Severity::kSuspected},
    {"WARNING", Severity::kSuspected},
};

}  // namespace lenscap

#endif  // LENSCAP_LISTS_FORMATS_THREAT_EXCHANGE_SEVERITY_H_
