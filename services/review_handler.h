#ifndef LENSCAP_SERVICES_REVIEW_HANDLER_H_
#define LENSCAP_SERVICES_REVIEW_HANDLER_H_

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "audit/audit_record.h"
#include "proto/lenscap/v1/takedown.pb.h"
#include "services/caller.h"
#include "takedown/golden_queue.h"

namespace lenscap {

// The calls of the takedown service about reviewing itself: golden cases, how
// reviewers fare, and figures over time. Each may block on the disk. See
// takedown.proto for what each promises.
struct ReviewRooms {
  GoldenQueue* cases = nullptr;  // Must outlive it.
  // Puts what an administrator has done on record.
  std::function<absl::Status(const AuditEntry&)> record;
};

// Puts a decision on record that is hidden until another reviewer has decided:
// no event of the queue tells of it.
absl::Status RecordReview(const ReviewRooms& rooms, const Caller& caller,
                          const v1::DecideReply& decided);

absl::StatusOr<v1::GoldenCase> AddGolden(const ReviewRooms& rooms,
                                         const Caller& caller,
                                         const v1::AddGoldenRequest& request);
absl::StatusOr<v1::ListGoldenReply> ListGolden(const ReviewRooms& rooms);
absl::StatusOr<v1::GoldenCase> RemoveGolden(
    const ReviewRooms& rooms, const Caller& caller,
    const v1::RemoveGoldenRequest& request);
absl::StatusOr<v1::ReviewerStatsReply> CountReviewers(
    const ReviewRooms& rooms, const v1::ReviewerStatsRequest& request);
absl::StatusOr<v1::TrendsReply> ReadTrends(const ReviewRooms& rooms,
                                           const v1::TrendsRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_REVIEW_HANDLER_H_
