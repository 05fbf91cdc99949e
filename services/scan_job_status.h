#ifndef LENSCAP_SERVICES_SCAN_JOB_STATUS_H_
#define LENSCAP_SERVICES_SCAN_JOB_STATUS_H_

#include "absl/status/statusor.h"
#include "base/lease_queue.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/scan_job.pb.h"

namespace lenscap {

// What the queue keeps of a scan; DATA_LOSS where that is damaged.
absl::StatusOr<services::ScanJob> ParseJob(const LeaseQueue::Item& item);

// What its caller is told of it, without progress.
v1::ScanStatus StatusOf(const LeaseQueue::Item& item, services::ScanJob job);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_JOB_STATUS_H_
