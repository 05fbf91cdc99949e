#ifndef LENSCAP_INDEX_TRACK_RECORD_H_
#define LENSCAP_INDEX_TRACK_RECORD_H_

#include <cstdint>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "fingerprint/fingerprint.h"
#include "index/upload_record.pb.h"

namespace lenscap {

// The frames of an upload, or of a part of its picture, as the upload store
// keeps them, and back; upload_record.h says what is lost. Pure.

// Microseconds as they are stored: 0 to ten times the longest clip.
int64_t TrackMicros(absl::Duration time);

void EncodeTrack(const std::vector<FrameFingerprint>& frames,
                 index::TrackRecord* record);
// DATA_LOSS, saying what is wrong.
absl::StatusOr<std::vector<FrameFingerprint>> DecodeTrack(
    const index::TrackRecord& record);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_TRACK_RECORD_H_
