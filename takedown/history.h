#ifndef LENSCAP_TAKEDOWN_HISTORY_H_
#define LENSCAP_TAKEDOWN_HISTORY_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "proto/lenscap/v1/takedown.pb.h"

namespace lenscap {

// Counts the history of an account or a group from its uploads, which come one
// by one, each once. Not thread-safe.
class HistoryCounter {
 public:
  // A removal counts for `strike_expiry`.
  explicit HistoryCounter(absl::Duration strike_expiry)
      : strike_expiry_(strike_expiry) {}

  // With the decisions on it; `neighbour` is the group where this counts an
  // account, and the account where it counts a group. Empty for none.
  void Add(const v1::CaseUpload& upload, bool decided,
           const std::string& neighbour);
  v1::History Finish() const;

 private:
  struct Seen {
    absl::Time time;
    std::string case_id;
    std::string content_id;
  };

  const absl::Duration strike_expiry_;
  v1::History counted_;
  absl::Time first_ = absl::InfiniteFuture();
  absl::Time last_ = absl::InfinitePast();
  std::vector<Seen> removals_;
  std::map<std::string, int64_t> neighbours_;
  std::map<std::string, absl::Time> cases_;  // And when each was last joined.
};

}  // namespace lenscap

#endif  // LENSCAP_TAKEDOWN_HISTORY_H_
