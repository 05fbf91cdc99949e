#ifndef LENSCAP_INDEX_SEARCH_STATE_H_
#define LENSCAP_INDEX_SEARCH_STATE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.h"
#include "fingerprint/hash256.h"
#include "index/clip.h"
#include "index/digest_table.h"
#include "index/hamming_index.h"
#include "index/path_fit.h"
#include "index/persistent_vector.h"

namespace lenscap {

// A clip as it is searched: without the frames whose quality is too low.
struct SearchedClip {
  uint32_t clip_id = 0;
  std::string list_id;
  std::string entry_id;
  Severity severity = Severity::kSuspected;
  absl::Duration duration;
  std::optional<Sha256> sha256;
  std::optional<Md5> md5;
  std::vector<Hash256> hashes;
  std::vector<int64_t> times;   // Microseconds, by frame.
  std::vector<int64_t> untils;  // As of a Track: empty if no frame stays.
  int64_t step = 0;             // Typical, of all frames.

  // Of footage: kWindows hashes a picture, and the median quality of each.
  PictureSize size;
  std::vector<Hash256> windows;
  std::vector<int64_t> window_times;  // Microseconds, by picture.
  std::vector<int64_t> window_untils;
  std::array<int, kWindows> window_quality = {};
  std::vector<Keypoint> keypoints;
  std::vector<ReferenceScene> scenes;

  Track track() const {
    return {.hashes = hashes, .times = times, .step = step, .untils = untils};
  }
};

std::shared_ptr<const SearchedClip> MakeSearchedClip(const Clip& clip,
                                                     uint32_t clip_id,
                                                     int min_quality);

// What one change makes of what is searched. Clips are added before others are
// removed; of several states of one list, the last counts.
struct SearchChange {
  std::vector<std::shared_ptr<const SearchedClip>> added;  // Ascending clip_id.
  std::vector<uint32_t> removed;
  std::vector<ListInfo> lists;
};

// Everything that a match looks at, as of one moment. Immutable; the next state
// shares what has not changed.
struct SearchState {
  // A clip's frames by their number, then its scenes.
  HammingIndex index;
  HammingIndex keypoints;
  PersistentVector<std::shared_ptr<const SearchedClip>> clips;  // By clip_id.
  DigestTable digests;
  std::map<std::string, ListInfo, std::less<>> lists;

  SearchState With(const SearchChange& change) const;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SEARCH_STATE_H_
