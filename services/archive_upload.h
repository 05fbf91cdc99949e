#ifndef LENSCAP_SERVICES_ARCHIVE_UPLOAD_H_
#define LENSCAP_SERVICES_ARCHIVE_UPLOAD_H_

#include <cstdint>

#include "index/clip.h"
#include "index/upload_store.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "services/metrics.h"

namespace lenscap {

// Keeps what a later clip can be found by: the fingerprint, and of the report
// what has neither pictures nor texts of the footage. `clips_below` is
// KnownClips::NextClipId before anything was compared. What cannot be kept is
// logged and counted.
void ArchiveUpload(UploadStore& uploads, const v1::UploadHeader& header,
                   const UploadFingerprint& fingerprint,
                   const v1::ScanReport& report, uint64_t clips_below,
                   Metrics& metrics);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_ARCHIVE_UPLOAD_H_
