#ifndef LENSCAP_TESTS_INDEX_UPLOADS_H_
#define LENSCAP_TESTS_INDEX_UPLOADS_H_

#include <string>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "fingerprint/derive_dihedral.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"
#include "index/upload_record.h"
#include "tests/index/hashes.h"

namespace lenscap {

// An upload without a finding, with every field set.
inline KeptUpload CleanUpload(const std::string& content_id) {
  return {.sequence = 0,
          .kept = {},
          .content_id = content_id,
          .account = "account of " + content_id,
          .group = "group",
          .tenant = "tenant",
          .action = v1::ACTION_ALLOW,
          .case_id = "",
          .clips_below = 1,
          .report = "report",
          .fingerprint_bytes = 0};
}

// Frames half a second apart whose other hashes are as PDQ makes them: flips
// nearly derived from the upright one, up to 40 bits off, transposes exactly.
inline std::vector<FrameFingerprint> FramesOf(
    const std::vector<Hash256>& hashes, Random& random) {
  std::vector<FrameFingerprint> frames;
  for (const Hash256& upright : hashes) {
    DihedralPdq pdq = DeriveDihedral({.hash = upright, .quality = 90});
    for (const auto& [straight, transposed] :
         {std::pair(Orientation::kFlipped, Orientation::kRotated270),
          std::pair(Orientation::kMirrored, Orientation::kRotated90),
          std::pair(Orientation::kRotated180, Orientation::kTransversed)}) {
      Hash256& hash = pdq.hashes[static_cast<int>(straight)];
      hash = AtDistance(hash, Below(41, random), random);
      pdq.hashes[static_cast<int>(transposed)] =
          DeriveDihedral({.hash = hash, .quality = 90})
              .hashes[static_cast<int>(Orientation::kTransposed)];
    }
    frames.push_back(
        {.time = frames.size() * absl::Milliseconds(500), .pdq = pdq});
  }
  return frames;
}

}  // namespace lenscap

#endif  // LENSCAP_TESTS_INDEX_UPLOADS_H_
