#ifndef LENSCAP_SERVICES_SCAN_HANDLER_H_
#define LENSCAP_SERVICES_SCAN_HANDLER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/admission.h"
#include "services/byte_allowance.h"
#include "services/caller.h"
#include "services/cancellation.h"
#include "services/scan_jobs.h"
#include "services/screen_video.h"
#include "services/spool.h"
#include "services/tenants.h"
#include "services/upload_parts.h"
#include "takedown/held_uploads.h"

namespace lenscap {

// What the scan service works with; all must outlive it.
struct ScanRooms {
  const Spool* spool = nullptr;
  ScanJobs* jobs = nullptr;
  const VideoScreener* screener = nullptr;
  Admission* admission = nullptr;
  Tenants* tenants = nullptr;
  int64_t max_bytes = 0;
  HeldUploads* holds = nullptr;  // Null where none are held.
};

// What each call does for a caller who may make it: a platform with a tenant
// sends for that one, and finds no scans of others.

// One Scan or Submit call. Blocks on the disk and on the decoder; not
// thread-safe. See scan.proto for what is promised.
class ScanUpload {
 public:
  enum class Kind { kScan, kSubmit };
  ScanUpload(const ScanRooms* rooms, Caller caller, Kind kind)
      : rooms_(rooms), caller_(std::move(caller)), kind_(kind) {}

  // Takes the next message of the stream.
  absl::Status Take(const v1::UploadRequest& request);
  int64_t bytes_received() const { return parts_.bytes(); }
  // What it takes turns by; "" before the header.
  std::string turn_key() const { return tenant_ ? tenant_->key() : ""; }

  // Once the stream has ended, one of these.
  absl::StatusOr<v1::ScanReport> Scan(
      const VideoScreener::ProgressCallback& progress,
      const Cancellation& cancellation);
  absl::StatusOr<v1::SubmitReply> Submit(const Cancellation& cancellation);

 private:
  absl::StatusOr<std::optional<Upload>> Begin(v1::UploadHeader& header);
  absl::Status BeginHold(const v1::UploadHeader& header) const;

  const ScanRooms* const rooms_;
  const Caller caller_;
  const Kind kind_;
  Admission::Ticket ticket_;
  std::shared_ptr<Tenant> tenant_;
  Tenant::Place open_place_;
  Tenant::Place waiting_place_;  // Of what is submitted.
  std::optional<ByteAllowance> allowance_;
  UploadParts<v1::UploadRequest> parts_;
};

absl::StatusOr<v1::ScanStatus> GetScan(const ScanRooms& rooms,
                                       const Caller& caller,
                                       const v1::GetScanRequest& request);
absl::StatusOr<v1::ScanStatus> CancelScan(const ScanRooms& rooms,
                                          const Caller& caller,
                                          const v1::GetScanRequest& request);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_SCAN_HANDLER_H_
