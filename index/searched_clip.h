#ifndef LENSCAP_INDEX_SEARCHED_CLIP_H_
#define LENSCAP_INDEX_SEARCHED_CLIP_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "absl/types/span.h"
#include "base/digest.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"
#include "index/hamming_index.h"
#include "index/path_fit.h"

namespace lenscap {

// The most that an entry may allow (EntryTerms).
inline constexpr int kMaxEntryDistance = 31;

// A clip as it is searched: without the frames whose quality is too low, and
// without what says nothing (index/says_nothing.h). What is long lies
// elsewhere, in memory or in a mapped file.
struct SearchedClip {
  uint32_t clip_id = 0;
  std::string list_id;
  std::string entry_id;
  Severity severity = Severity::kSuspected;
  absl::Duration duration;
  std::optional<Sha256> sha256;
  std::optional<Sha1> sha1;
  std::optional<Md5> md5;
  std::string category = {};
  Advice advice = Advice::kNone;
  // Of a frame. kMaxEntryDistance leaves it to the installation.
  int max_distance = kMaxEntryDistance;
  bool held = false;         // By hand: never found.
  bool never_match = false;  // Of a list of that purpose.
  absl::Span<const Hash256> hashes;
  absl::Span<const int64_t> times;   // Microseconds, by frame.
  absl::Span<const int64_t> untils;  // As of a Track: empty if no frame stays.
  int64_t step = 0;                  // Typical, of all frames.

  // Of footage: kWindows hashes a picture, and the median quality of each.
  PictureSize size;
  absl::Span<const Hash256> windows;
  absl::Span<const int64_t> window_times;  // Microseconds, by picture.
  absl::Span<const int64_t> window_untils;
  std::array<int, kWindows> window_quality = {};
  absl::Span<const Keypoint> keypoints;
  std::vector<ReferenceScene> scenes;

  std::shared_ptr<const void> memory;  // What the spans point into.

  Track track() const {
    return {.hashes = hashes, .times = times, .step = step, .untils = untils};
  }
  // How far a frame may be from one of the clip's; `most` is the
  // installation's bound.
  int DistanceWithin(int most) const {
    return max_distance < kMaxEntryDistance ? std::min(max_distance, most)
                                            : most;
  }
  bool IsFile(const FileDigests& digests) const;
  // How many hashes FramesOf has.
  size_t frames() const { return hashes.size() + scenes.size(); }
};

// What the clip store says of a clip beyond what was published.
struct ClipStanding {
  bool held = false;
  bool never_match = false;
};
std::shared_ptr<SearchedClip> MakeSearchedClip(const Clip& clip,
                                               uint32_t clip_id,
                                               int min_quality,
                                               ClipStanding standing = {});
// Those of the digests that say something.
void SetDigests(const std::optional<Sha256>& sha256,
                const std::optional<Sha1>& sha1, const std::optional<Md5>& md5,
                SearchedClip* clip);

// What is searched of a clip: its frames by their number, then its scenes.
std::vector<IndexedFrame> FramesOf(const SearchedClip& clip);
std::vector<IndexedFrame> KeypointsOf(const SearchedClip& clip);

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SEARCHED_CLIP_H_
