#include "services/scan_job_status.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "services/proto_time.h"

namespace lenscap {
namespace {

v1::ScanStatus::State StateOf(const LeaseQueue::Item& item,
                              const services::ScanJob& job) {
  switch (item.state) {
    case LeaseQueue::State::kWaiting:
      return v1::ScanStatus::STATE_WAITING;
    case LeaseQueue::State::kLeased:
      return v1::ScanStatus::STATE_RUNNING;
    case LeaseQueue::State::kSettled:
      if (job.cancelled()) return v1::ScanStatus::STATE_CANCELLED;
      return job.has_report() ? v1::ScanStatus::STATE_DONE
                              : v1::ScanStatus::STATE_FAILED;
    case LeaseQueue::State::kDead:
      return v1::ScanStatus::STATE_FAILED;
  }
  return v1::ScanStatus::STATE_UNSPECIFIED;
}

}  // namespace

absl::StatusOr<services::ScanJob> ParseJob(const LeaseQueue::Item& item) {
  services::ScanJob job;
  if (!job.ParseFromString(item.payload)) {
    return absl::DataLossError(
        absl::StrCat(item.id, ": what the queue kept is damaged"));
  }
  return job;
}

v1::ScanStatus StatusOf(const LeaseQueue::Item& item, services::ScanJob job) {
  v1::ScanStatus status;
  status.set_scan_id(item.id);
  status.set_state(StateOf(item, job));
  *status.mutable_submitted() = ToProto(item.submitted);
  status.set_attempts(item.deliveries);
  status.set_failure(job.failure());
  if (item.state == LeaseQueue::State::kDead) {
    status.set_failure(absl::StrCat("given up after ", item.deliveries,
                                    " tries: the server stopped during each"));
  }
  if (job.has_report()) {
    *status.mutable_report() = std::move(*job.mutable_report());
  }
  return status;
}

}  // namespace lenscap
