#include "services/archive_upload.h"

#include <string>
#include <utility>

#include "services/log.h"

namespace lenscap {
namespace {

std::string WithoutFootage(v1::ScanReport report) {
  report.clear_shadow_cues();
  if (report.has_cues()) {
    report.mutable_cues()->clear_stills();
    report.mutable_cues()->clear_texts();
    report.mutable_cues()->clear_motion();
  }
  return report.SerializeAsString();
}

}  // namespace

void ArchiveUpload(UploadStore& uploads, const v1::UploadHeader& header,
                   const UploadFingerprint& fingerprint,
                   const v1::ScanReport& report, uint64_t clips_below,
                   Metrics& metrics) {
  KeptUpload upload;
  upload.content_id = header.content_id();
  upload.account = header.account();
  upload.group = header.group();
  upload.tenant = header.tenant();
  upload.platform_class = header.platform_class();
  upload.action = report.verdict().action();
  upload.case_id = report.case_id();
  upload.clips_below = clips_below;
  upload.report = WithoutFootage(report);
  const auto kept = uploads.Keep(std::move(upload), fingerprint);
  if (kept.ok()) return;
  metrics.CountNotKept();
  Log(LogSeverity::kWarning, "upload_not_kept",
      {{"content_id", header.content_id()},
       {"error", kept.status().ToString()}});
}

}  // namespace lenscap
