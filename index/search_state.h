#ifndef LENSCAP_INDEX_SEARCH_STATE_H_
#define LENSCAP_INDEX_SEARCH_STATE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "index/clip.h"
#include "index/digest_table.h"
#include "index/hamming_index.h"
#include "index/persistent_vector.h"
#include "index/searched_clip.h"

namespace lenscap {

// What one change makes of what is searched. Clips are added before others are
// removed or held; of several states of one list, the last counts.
struct SearchChange {
  std::vector<std::shared_ptr<const SearchedClip>> added;  // Ascending clip_id.
  std::vector<uint32_t> removed;
  std::vector<ListInfo> lists;
  // Clips that are held (true) or released, in this order.
  std::vector<std::pair<uint32_t, bool>> holds = {};
};

// Everything that a match looks at, as of one moment. Immutable; the next state
// shares what has not changed.
struct SearchState {
  // A clip's frames by their number, then its scenes.
  HammingIndex index;
  HammingIndex keypoints;
  // Of these frames those of lists that say what never to match.
  HammingIndex never;
  PersistentVector<std::shared_ptr<const SearchedClip>> clips;  // By clip_id.
  DigestTable digests;
  std::map<std::string, ListInfo, std::less<>> lists;

  // Null for one that is not there, or that is not to be found.
  const SearchedClip* Findable(uint32_t clip_id) const {
    const SearchedClip* clip = clips[clip_id].get();
    return clip == nullptr || clip->held || clip->never_match ? nullptr : clip;
  }

  SearchState With(const SearchChange& change) const;

  // What `all` makes of nothing, where the segments already have the frames of
  // all clips up to the last one that they know, and perhaps of others, which
  // are not there any more. DATA_LOSS where they do not fit the clips.
  static absl::StatusOr<SearchState> Of(
      const SearchChange& all, const HammingIndex::Segments& frames,
      const HammingIndex::Segments& keypoints);

  // With these in place of the clips of the same id and content, where they
  // still are. What is held stays held.
  SearchState WithSame(
      const std::vector<std::shared_ptr<const SearchedClip>>& same) const;

 private:
  // All but the indexes. Returns the clips that are removed.
  std::vector<std::shared_ptr<const SearchedClip>> ChangeClips(
      const SearchChange& change);
  void ChangeHolds(const SearchChange& change);
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SEARCH_STATE_H_
