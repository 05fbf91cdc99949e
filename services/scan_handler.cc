#include "services/scan_handler.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "base/status_macros.h"
#include "services/convert.h"
#include "services/proto_time.h"
#include "services/stopwatch.h"
#include "services/take_tenant.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxClassBytes = 64;
constexpr size_t kMaxLanguageBytes = 32;
constexpr size_t kMaxUriBytes = 4096;
constexpr absl::Duration kMinHold = absl::Seconds(1);
constexpr absl::Duration kMaxHold = absl::Hours(24 * 30);

absl::Status ValidatePrePublish(const v1::UploadHeader& header) {
  RETURN_IF_ERROR(CheckDuration("header.pre_publish.deadline",
                                header.pre_publish().deadline(), kMinHold,
                                kMaxHold)
                      .status());
  if (!v1::Fallback_IsValid(header.pre_publish().fallback())) {
    return absl::InvalidArgumentError(absl::StrCat(
        "header.pre_publish.fallback: expected a known value, got ",
        static_cast<int>(header.pre_publish().fallback())));
  }
  // What is held has to be told apart before it is read.
  if (header.content_id().empty() && !header.uri().empty()) {
    return absl::InvalidArgumentError(
        "header.content_id: an upload that is held, and named by a URI, needs "
        "one");
  }
  return absl::OkStatus();
}

absl::Status ValidateHeader(const v1::UploadHeader& header) {
  RETURN_IF_ERROR(
      CheckLength("header.content_id", header.content_id(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.account", header.account(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.group", header.group(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(ValidateTenant("header.tenant", header.tenant()));
  RETURN_IF_ERROR(
      ValidateTenant("header.platform_class", header.platform_class()));
  RETURN_IF_ERROR(
      CheckLength("header.language", header.language(), 0, kMaxLanguageBytes));
  RETURN_IF_ERROR(
      CheckLength("header.camera", header.camera(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(CheckLength("header.uri", header.uri(), 0, kMaxUriBytes));
  return header.has_pre_publish() ? ValidatePrePublish(header)
                                  : absl::OkStatus();
}

// NOT_FOUND where it is no scan that the caller may know of.
absl::Status CheckScan(const ScanRooms& rooms, const Caller& caller,
                       const v1::GetScanRequest& request) {
  RETURN_IF_ERROR(CheckLength("scan_id", request.scan_id(), 1, 64));
  ASSIGN_OR_RETURN(const std::string tenant,
                   rooms.jobs->TenantOf(request.scan_id()));
  return SeesUploadsOf(caller, tenant) ? absl::OkStatus() : NoSuchScan();
}

}  // namespace

absl::Status ScanUpload::Take(const v1::UploadRequest& request) {
  if (allowance_) {
    RETURN_IF_ERROR(
        allowance_->Take(static_cast<int64_t>(request.chunk().data().size())));
  }
  return parts_.Take(
      request, [this](v1::UploadHeader& header) { return Begin(header); });
}

absl::StatusOr<std::optional<Upload>> ScanUpload::Begin(
    v1::UploadHeader& header) {
  RETURN_IF_ERROR(ValidateHeader(header));
  RETURN_IF_ERROR(TakeTenant(caller_, "header.tenant", header));
  ASSIGN_OR_RETURN(ExpectedFile expected,
                   ExpectedFile::From(header, rooms_->max_bytes));
  if (!header.uri().empty() && kind_ == Kind::kScan) {
    return absl::InvalidArgumentError(
        "header.uri: only Submit takes one; send the file in chunks");
  }
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  tenant_ = rooms_->tenants->Get(header.tenant());
  ASSIGN_OR_RETURN(open_place_, tenant_->EnterUpload());
  RETURN_IF_ERROR(tenant_->CheckDecode());
  if (kind_ == Kind::kSubmit) {
    ASSIGN_OR_RETURN(waiting_place_, tenant_->EnterWaiting());
  }
  if (!header.uri().empty()) return std::nullopt;
  allowance_.emplace(tenant_);
  RETURN_IF_ERROR(allowance_->Reserve(header.total_bytes()));
  return Upload::Begin(*rooms_->spool, std::move(expected), rooms_->max_bytes);
}

absl::StatusOr<v1::ScanReport> ScanUpload::Scan(
    const VideoScreener::ProgressCallback& progress,
    const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(v1::UploadHeader header, parts_.TakeHeader());
  ASSIGN_OR_RETURN(const UploadedFile upload, parts_.TakeFile());
  if (header.content_id().empty()) {
    header.set_content_id(DigestName(upload.digests.sha256));
  }
  RETURN_IF_ERROR(BeginHold(header));
  ASSIGN_OR_RETURN(auto source, OpenFileSource(upload.file.path()));
  // Others may have used it up since the header.
  RETURN_IF_ERROR(tenant_->CheckDecode());
  absl::Duration spent;
  absl::StatusOr<v1::ScanReport> report = Timed(&spent, [&] {
    return rooms_->screener->Screen({.scan_id = upload.file.name(),
                                     .header = std::move(header),
                                     .digests = upload.digests,
                                     .source = std::move(source)},
                                    progress, cancellation);
  });
  tenant_->ChargeDecode(report.ok() ? FromProto(report->timings().decode())
                                    : spent);
  return report;
}

absl::Status ScanUpload::BeginHold(const v1::UploadHeader& header) const {
  if (!header.has_pre_publish()) return absl::OkStatus();
  if (rooms_->holds == nullptr) {
    return absl::UnimplementedError(
        "header.pre_publish: this server holds no uploads");
  }
  return rooms_->holds->Begin(header);
}

absl::StatusOr<v1::SubmitReply> ScanUpload::Submit(
    const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(v1::UploadHeader header, parts_.TakeHeader());
  v1::SubmitReply reply;
  if (!header.uri().empty()) {
    RETURN_IF_ERROR(BeginHold(header));
    ASSIGN_OR_RETURN(
        *reply.mutable_scan_id(),
        rooms_->jobs->AcceptUri(std::move(header), std::move(waiting_place_)));
    return reply;
  }
  ASSIGN_OR_RETURN(UploadedFile upload, parts_.TakeFile());
  if (header.content_id().empty()) {
    header.set_content_id(DigestName(upload.digests.sha256));
  }
  // A caller that went away in the middle looks like one that has finished.
  RETURN_IF_ERROR(cancellation.status());
  // Before the scan is on disk: one that no hold is on would have no deadline.
  RETURN_IF_ERROR(BeginHold(header));
  ASSIGN_OR_RETURN(*reply.mutable_scan_id(),
                   rooms_->jobs->Accept(std::move(header), std::move(upload),
                                        std::move(waiting_place_)));
  return reply;
}

absl::StatusOr<v1::ScanStatus> GetScan(const ScanRooms& rooms,
                                       const Caller& caller,
                                       const v1::GetScanRequest& request) {
  RETURN_IF_ERROR(CheckScan(rooms, caller, request));
  return rooms.jobs->Get(request.scan_id());
}

absl::StatusOr<v1::ScanStatus> CancelScan(const ScanRooms& rooms,
                                          const Caller& caller,
                                          const v1::GetScanRequest& request) {
  RETURN_IF_ERROR(CheckScan(rooms, caller, request));
  return rooms.jobs->Cancel(request.scan_id());
}

}  // namespace lenscap
