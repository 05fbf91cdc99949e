#ifndef LENSCAP_INDEX_CLIP_SET_H_
#define LENSCAP_INDEX_CLIP_SET_H_

#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "index/clip.h"
#include "index/clip_match.h"
#include "index/clip_matcher.h"
#include "index/matcher.h"
#include "index/search_state.h"

namespace lenscap {

// A few clips that are known without any store, and what is found of them as
// KnownClips with the same options, or its default ones, would find it.
// Immutable; thread-safe.
class ClipSet final : public ClipMatcher {
 public:
  // Their clip ids are 1, 2, ... in this order. Of their lists nothing is
  // known: matches have no issuer and no version.
  explicit ClipSet(absl::Span<const Clip> clips);
  explicit ClipSet(const Clip& clip);
  // The clips and lists of a state that was made elsewhere.
  explicit ClipSet(std::shared_ptr<const SearchState> state,
                   MatchOptions options = {});
  ~ClipSet() override;

  std::vector<ClipMatch> Match(const UploadFingerprint& upload) const override;
  bool KnowsDetails() const override;
  std::vector<PictureSighting> FindSightings(
      absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
      double width) const override;
  bool HasFrameLike(const DihedralPdq& picture) const override;
  std::vector<Lookalike> FindLookalikes(
      const DihedralPdq& picture) const override;

 private:
  const std::shared_ptr<const SearchState> state_;
  const MatchOptions options_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_CLIP_SET_H_
