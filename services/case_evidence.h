#ifndef LENSCAP_SERVICES_CASE_EVIDENCE_H_
#define LENSCAP_SERVICES_CASE_EVIDENCE_H_

#include <memory>
#include <vector>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "media/byte_source.h"
#include "media/video_reader.h"
#include "proto/lenscap/v1/cue.pb.h"
#include "proto/lenscap/v1/evidence.pb.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "takedown/evidence_store.h"
#include "takedown/queue.h"

namespace lenscap {

// What a reviewer gets to see of an upload.
struct CaseStills {
  std::vector<v1::Still> stills;  // In order of time; EvidenceStore's bounds.
  absl::Status missing;           // Why those of a match are, where they are.
};

// Of the report's first match that has a span: read anew from `source`, by
// services/match_stills.h, unless that is null. The cues' come as they are.
CaseStills CollectStills(const v1::ScanReport& report,
                         absl::Span<const v1::CueStill> cues,
                         const OpenVideo& open,
                         std::unique_ptr<ByteSource> source,
                         const ReaderOptions& options);

// Seals them for the upload, which is in a case, unless its footage was decided
// on: nobody is to see it again. Where that fails, or there are none, the
// reason is logged and kept for who asks; the case is none the worse.
void KeepEvidence(EvidenceStore& evidence, const TakedownQueue& cases,
                  absl::string_view content_id, CaseStills stills);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_CASE_EVIDENCE_H_
