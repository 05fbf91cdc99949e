#ifndef LENSCAP_SERVICES_REPORTED_UPLOADS_H_
#define LENSCAP_SERVICES_REPORTED_UPLOADS_H_

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "base/clock.h"
#include "proto/lenscap/v1/intake.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// How many uploads were found of what people have reported, and removed. Every
// upload in a case is looked at for that, so it is done once for all reports
// and holds for a minute. Thread-safe; what it points to must outlive it.
class ReportedUploads {
 public:
  struct Count {
    int64_t found = 0;
    int64_t removed = 0;
  };

  ReportedUploads(const TakedownQueue* cases, const Clock* clock)
      : cases_(cases), clock_(clock) {}

  // Uploads that match the report's entry, or that it names.
  absl::StatusOr<Count> CountOf(const v1::VictimReport& report) const;

 private:
  static constexpr absl::Duration kHolds = absl::Minutes(1);

  absl::Status Recount(absl::Time now) const;

  const TakedownQueue* const cases_;
  const Clock* const clock_;
  mutable std::mutex mutex_;
  mutable absl::Time counted_ = absl::InfinitePast();  // Guarded by mutex_.
  // By the entry's id; guarded by mutex_.
  mutable std::map<std::string, Count> counts_;
};

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REPORTED_UPLOADS_H_
