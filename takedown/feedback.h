#ifndef LENSCAP_TAKEDOWN_FEEDBACK_H_
#define LENSCAP_TAKEDOWN_FEEDBACK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "takedown/queue.h"

namespace lenscap {

// What the issuer of a list learns of one decision on one case that cited one
// of its entries: nothing of the upload, of who posted it or of who decided.
struct Feedback {
  std::string entry_id;
  int64_t signed_version = 0;  // Of the list when the upload was scanned.
  bool upheld = false;         // Taken down; otherwise left.
  std::string reason;          // What the reviewer says to the issuer.
  absl::Time decided;
};

struct FeedbackPage {
  std::vector<Feedback> feedback;
  // Where to go on, also once there is more; how far decisions were looked at.
  uint64_t next = 0;
  bool more = false;  // Whether there are decisions yet to be looked at.
};

// In order of the decisions, after the place `after` of an earlier page (0 for
// the first), as a rule at most `limit`: the entries of one case are not torn
// apart. A page may be short, or empty, before the end. Matches of the same
// scene say nothing of the clip and are left out.
absl::StatusOr<FeedbackPage> FeedbackOn(const TakedownQueue& cases,
                                        absl::string_view list_id,
                                        uint64_t after, int limit);

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_FEEDBACK_H_
