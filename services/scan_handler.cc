#include "services/scan_handler.h"

#include <utility>

#include "base/status_macros.h"
#include "services/convert.h"
#include "services/validate.h"

namespace lenscap {
namespace {

constexpr size_t kMaxNameBytes = 256;
constexpr size_t kMaxUriBytes = 4096;

absl::Status ValidateHeader(const v1::UploadHeader& header) {
  RETURN_IF_ERROR(
      CheckLength("header.content_id", header.content_id(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.account", header.account(), 0, kMaxNameBytes));
  RETURN_IF_ERROR(
      CheckLength("header.group", header.group(), 0, kMaxNameBytes));
  return CheckLength("header.uri", header.uri(), 0, kMaxUriBytes);
}

}  // namespace

absl::Status ScanUpload::Take(const v1::UploadRequest& request) {
  return parts_.Take(request, [this](const v1::UploadHeader& header) {
    return Begin(header);
  });
}

absl::StatusOr<std::optional<Upload>> ScanUpload::Begin(
    const v1::UploadHeader& header) {
  RETURN_IF_ERROR(ValidateHeader(header));
  ASSIGN_OR_RETURN(ExpectedFile expected,
                   ExpectedFile::From(header, rooms_->max_bytes));
  if (!header.uri().empty() && kind_ == Kind::kScan) {
    return absl::InvalidArgumentError(
        "header.uri: only Submit takes one; send the file in chunks");
  }
  ASSIGN_OR_RETURN(ticket_, rooms_->admission->Enter());
  if (!header.uri().empty()) return std::nullopt;
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
  ASSIGN_OR_RETURN(auto source, OpenFileSource(upload.file.path()));
  return rooms_->screener->Screen({.scan_id = upload.file.name(),
                                   .header = std::move(header),
                                   .digests = upload.digests,
                                   .source = std::move(source)},
                                  progress, cancellation);
}

absl::StatusOr<v1::SubmitReply> ScanUpload::Submit(
    const Cancellation& cancellation) {
  ASSIGN_OR_RETURN(v1::UploadHeader header, parts_.TakeHeader());
  v1::SubmitReply reply;
  if (!header.uri().empty()) {
    ASSIGN_OR_RETURN(*reply.mutable_scan_id(),
                     rooms_->jobs->AcceptUri(std::move(header)));
    return reply;
  }
  ASSIGN_OR_RETURN(UploadedFile upload, parts_.TakeFile());
  if (header.content_id().empty()) {
    header.set_content_id(DigestName(upload.digests.sha256));
  }
  // A caller that went away in the middle looks like one that has finished.
  RETURN_IF_ERROR(cancellation.status());
  ASSIGN_OR_RETURN(*reply.mutable_scan_id(),
                   rooms_->jobs->Accept(std::move(header), std::move(upload)));
  return reply;
}

absl::StatusOr<v1::ScanStatus> GetScan(const ScanRooms& rooms,
                                       const v1::GetScanRequest& request) {
  RETURN_IF_ERROR(CheckLength("scan_id", request.scan_id(), 1, 64));
  return rooms.jobs->Get(request.scan_id());
}

}  // namespace lenscap
