#ifndef LENSCAP_SERVICES_OPEN_CASE_H_
#define LENSCAP_SERVICES_OPEN_CASE_H_

#include "absl/status/status.h"
#include "proto/lenscap/v1/scan.pb.h"
#include "proto/lenscap/v1/verdict.pb.h"
#include "takedown/queue.h"

namespace lenscap {

// Whether a person has to look: REVIEW and BLOCK.
bool NeedsCase(const v1::Verdict& verdict);

// Has the queue take the content that the header names, with the report, whose
// case_id is set to the case that it is in. One that is known stays as it is.
absl::Status OpenCase(TakedownQueue& cases, const v1::UploadHeader& header,
                      int priority, v1::ScanReport& report);

}  // namespace lenscap

#endif  // LENSCAP_SERVICES_OPEN_CASE_H_
