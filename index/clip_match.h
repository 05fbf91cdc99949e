#ifndef LENSCAP_INDEX_CLIP_MATCH_H_
#define LENSCAP_INDEX_CLIP_MATCH_H_

#include <cstdint>
#include <string>

#include "base/digest.h"
#include "base/time_span.h"
#include "fingerprint/pdq.h"
#include "fingerprint/region.h"

namespace lenscap {

// How grave the publisher says a clip is. Values are frozen: on disk and in
// the API.
enum class Severity { kSuspected = 1, kConfirmed = 2, kCritical = 3 };

// The gravest action that the issuer asks for; it limits what the policy does,
// and never raises it. Values are frozen: on disk and in the API.
enum class Advice { kNone = 0, kReview = 1, kBlock = 2 };

// Which part of the upload's picture shows the clip, and what of the clip's
// picture is seen there.
struct PicturePart {
  // Values are frozen: in the API.
  enum class Kind {
    kWhole = 1,
    kContent = 2,
    kTile = 3,
    kInner = 4,
    kLocated = 5
  };
  Kind kind = Kind::kWhole;
  Region query = {};
  Region reference = {};
  int row = 0, column = 0, rows = 1, columns = 1;  // Of a tile.
};

// A known clip that was found in an upload; see proto/lenscap/v1/match.proto
// for the meaning of each field.
struct ClipMatch {
  enum class Kind { kExactFile = 1, kFrames = 2, kSameScene = 3 };

  std::string list_id;
  int64_t list_version = 0;
  // Of a signed list: the issuer's version that is in force, and the SHA-256 of
  // its file, which proves what was listed. 0 otherwise.
  int64_t signed_version = 0;
  Sha256 list_sha256 = {};
  std::string issuer;
  std::string entry_id;
  uint64_t clip_id = 0;
  Severity severity = Severity::kSuspected;
  std::string category = {};
  Advice advice = Advice::kNone;
  bool shadow = false;  // Of a list in shadow: reported, never acted on.
  Kind kind = Kind::kFrames;
  double score = 0;  // 0 to 1, how sure.
  TimeSpan query;
  TimeSpan reference;
  double query_coverage = 0;      // 0 to 1.
  double reference_coverage = 0;  // 0 to 1.
  int frames_matched = 0;
  int frames_sampled = 0;
  int best_distance = 0;    // Bits, 0 to 256.
  int median_distance = 0;  // Bits, 0 to 256.
  Orientation orientation = Orientation::kUpright;
  double speed = 1;  // Reference seconds per upload second.
  bool negative = false;
  PicturePart part;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_MATCH_H_
