#include "index/clip_set.h"

#include <utility>

#include "index/find_copies.h"
#include "index/search_state.h"
#include "index/searched_clip.h"
#include "index/sighting.h"

namespace lenscap {
namespace {

std::shared_ptr<const SearchState> StateOf(absl::Span<const Clip> clips) {
  const MatchOptions options;
  SearchChange all;
  for (const Clip& clip : clips) {
    all.added.push_back(
        MakeSearchedClip(clip, all.added.size() + 1, options.min_quality));
  }
  return std::make_shared<const SearchState>(SearchState().With(all));
}

}  // namespace

ClipSet::ClipSet(absl::Span<const Clip> clips) : state_(StateOf(clips)) {}
ClipSet::ClipSet(const Clip& clip) : ClipSet(absl::MakeSpan(&clip, 1)) {}
ClipSet::ClipSet(std::shared_ptr<const SearchState> state, MatchOptions options)
    : state_(std::move(state)), options_(options) {}
ClipSet::~ClipSet() = default;

std::vector<ClipMatch> ClipSet::Match(const UploadFingerprint& upload) const {
  return FindCopies(*state_, upload, options_);
}

bool ClipSet::KnowsDetails() const { return !state_->keypoints.empty(); }

std::vector<PictureSighting> ClipSet::FindSightings(
    absl::Span<const Keypoint> keypoints, absl::Span<const Keypoint> mirrored,
    double width) const {
  return lenscap::FindSightings(*state_, keypoints, mirrored, width);
}

bool ClipSet::HasFrameLike(const DihedralPdq& picture) const {
  return lenscap::HasFrameLike(*state_, picture, options_.max_distance);
}

std::vector<Lookalike> ClipSet::FindLookalikes(
    const DihedralPdq& picture) const {
  return lenscap::FindLookalikes(*state_, picture, options_.max_distance);
}

}  // namespace lenscap
