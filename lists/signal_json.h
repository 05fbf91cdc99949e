#ifndef LENSCAP_LISTS_SIGNAL_JSON_H_
#define LENSCAP_LISTS_SIGNAL_JSON_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/clip.h"
#include "nlohmann/json.hpp"

namespace lenscap {

// The member "signals" of an entry (lists/LISTS.md): what of a clip can be
// matched.

// Into the clip's frames, digests and detail, which are empty before.
// INVALID_ARGUMENT: "signals[n].field: problem".
absl::Status ParseSignals(const nlohmann::json& signals, Clip* clip);

// At least one, or INVALID_ARGUMENT.
absl::StatusOr<nlohmann::json> FormatSignals(const Clip& clip);

}  // namespace lenscap

#endif  // LENSCAP_LISTS_SIGNAL_JSON_H_
