#ifndef LENSCAP_SERVICES_VISIBLE_LIST_H_
#define LENSCAP_SERVICES_VISIBLE_LIST_H_

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "index/known_clips.h"
#include "services/caller.h"

namespace lenscap {

// The list that a request names in `field`, if the caller may know of it.
// INVALID_ARGUMENT for what is no id; NOT_FOUND also for a list that is there
// for others alone.
absl::StatusOr<ListInfo> FindVisibleList(const KnownClips& clips,
                                         const Caller& caller,
                                         absl::string_view field,
                                         absl::string_view list_id);

// The NOT_FOUND of it.
absl::Status UnknownList(absl::string_view field, absl::string_view list_id);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_VISIBLE_LIST_H_
