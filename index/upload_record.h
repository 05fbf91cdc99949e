#ifndef LENSCAP_INDEX_UPLOAD_RECORD_H_
#define LENSCAP_INDEX_UPLOAD_RECORD_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "index/clip.h"
#include "proto/lenscap/v1/verdict.pb.h"

namespace lenscap {

// A scanned upload, but for its fingerprint.
struct KeptUpload {
  uint64_t sequence = 0;  // Grows with each that is kept.
  absl::Time kept;        // When; does not fall as sequence grows.
  std::string content_id = {};
  std::string account = {};
  std::string group = {};
  std::string tenant = {};
  std::string platform_class = {};
  v1::Action action = v1::ACTION_UNSPECIFIED;  // The latest verdict's.
  std::string case_id = {};                    // Empty where it has none.
  // KnownClips::NextClipId just before it was last matched: the clips from this
  // id on may not have been compared.
  uint64_t clips_below = 0;
  std::string report = {};        // A v1::ScanReport without pictures.
  int64_t fingerprint_bytes = 0;  // Stored.
};

// The values that the upload store keeps, as bytes and back; index/UPLOADS.md
// documents them. Decoding checks everything; DATA_LOSS says what is wrong.

std::string EncodeKeptUpload(const KeptUpload& upload);
absl::StatusOr<KeptUpload> DecodeKeptUpload(uint64_t sequence,
                                            absl::string_view bytes);

// The digests, the frames of the whole picture and those of its parts; times to
// the microsecond. Sightings and scenes are left out. Frames that show the same
// as one before (index/frame_runs.h) come back as that one, evenly spaced;
// others as they were, in all orientations.
std::string EncodeFingerprint(const UploadFingerprint& upload);
absl::StatusOr<UploadFingerprint> DecodeFingerprint(absl::string_view bytes);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_UPLOAD_RECORD_H_
