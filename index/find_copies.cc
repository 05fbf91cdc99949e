#include "index/find_copies.h"

#include <algorithm>
#include <iterator>
#include <tuple>
#include <utility>

#include "absl/time/time.h"
#include "index/match_facts.h"
#include "index/match_sighting.h"
#include "index/never_match.h"

namespace lenscap {
namespace {

constexpr size_t kMaxMatches = 256;
constexpr size_t kMaxHitsPerScene = 1024;
constexpr double kSceneScore = 0.2;
// A negative is rare: in a long upload it is looked for in fewer frames first.
constexpr absl::Duration kNegativeInterval = absl::Seconds(2);

using Frames = std::vector<FrameFingerprint>;

std::vector<ClipMatch> FindIn(const SearchState& state,
                              const UploadFingerprint& upload, Frames frames,
                              const MatchOptions& options) {
  UploadFingerprint track;
  track.duration = upload.duration;
  track.frames = std::move(frames);
  return FindMatches(state, track, options);
}

void Append(std::vector<ClipMatch> more, std::vector<ClipMatch>* matches) {
  matches->insert(matches->end(), std::make_move_iterator(more.begin()),
                  std::make_move_iterator(more.end()));
}

// The hash of a negative has all bits inverted. Frames at least `apart`.
Frames NegativesOf(const Frames& frames, absl::Duration apart) {
  Frames negatives;
  for (const FrameFingerprint& frame : frames) {
    if (!negatives.empty() && frame.time - negatives.back().time < apart) {
      continue;
    }
    negatives.push_back(frame);
    for (Hash256& hash : negatives.back().pdq.hashes) {
      for (uint64_t& word : hash.words) word = ~word;
    }
  }
  return negatives;
}

std::vector<ClipMatch> FindNegatives(const SearchState& state,
                                     const UploadFingerprint& upload,
                                     const MatchOptions& options) {
  Frames some = NegativesOf(upload.frames, kNegativeInterval);
  if (some.size() >= 30 &&
      FindIn(state, upload, std::move(some), options).empty()) {
    return {};
  }
  std::vector<ClipMatch> matches = FindIn(
      state, upload, NegativesOf(upload.frames, absl::ZeroDuration()), options);
  for (ClipMatch& match : matches) match.negative = true;
  return matches;
}

PicturePart::Kind KindOf(LayoutPart::Kind kind) {
  switch (kind) {
    case LayoutPart::Kind::kContent:
      return PicturePart::Kind::kContent;
    case LayoutPart::Kind::kTile:
      return PicturePart::Kind::kTile;
    case LayoutPart::Kind::kInner:
      return PicturePart::Kind::kInner;
  }
  return PicturePart::Kind::kInner;
}

std::vector<ClipMatch> FindInPart(const SearchState& state,
                                  const UploadFingerprint& upload,
                                  const PartFingerprint& part,
                                  const MatchOptions& options) {
  std::vector<ClipMatch> matches = FindIn(state, upload, part.frames, options);
  for (ClipMatch& match : matches) {
    match.part = {.kind = KindOf(part.part.kind),
                  .query = part.part.region,
                  .reference = Region(),
                  .row = part.part.row,
                  .column = part.part.column,
                  .rows = part.part.rows,
                  .columns = part.part.columns};
  }
  return matches;
}

ClipMatch SceneMatch(const SearchState& state, const SearchedClip& clip,
                     const ReferenceScene& known, const SceneKey& scene,
                     int distance, int64_t upload) {
  const int64_t whole = absl::ToInt64Microseconds(clip.duration);
  ClipMatch match = MatchOf(state, clip);
  match.kind = ClipMatch::Kind::kSameScene;
  match.score = kSceneScore;
  match.query = SpanOf(absl::ToInt64Microseconds(scene.start),
                       absl::ToInt64Microseconds(scene.end), upload);
  match.reference = SpanOf(absl::ToInt64Microseconds(known.span.start),
                           absl::ToInt64Microseconds(known.span.end), whole);
  match.query_coverage = Coverage(match.query, upload);
  match.reference_coverage = Coverage(match.reference, whole);
  match.frames_sampled = 1;
  SetDistances({distance}, &match);
  return match;
}

std::vector<ClipMatch> FindScenes(const SearchState& state,
                                  const UploadFingerprint& upload,
                                  const MatchOptions& options) {
  std::vector<ClipMatch> matches;
  std::vector<HammingHit> hits;
  for (const SceneKey& scene : upload.scenes) {
    if (scene.pdq.quality < options.min_quality ||
        IsNeverMatched(state, scene.pdq, options.max_distance)) {
      continue;
    }
    for (const Orientation turned :
         {Orientation::kUpright, Orientation::kMirrored}) {
      state.index.Search(scene.pdq.hashes[static_cast<int>(turned)],
                         options.max_distance, kMaxHitsPerScene, &hits);
      for (const HammingHit& hit : hits) {
        const SearchedClip* const clip = state.Findable(hit.ref.clip);
        if (clip == nullptr || hit.ref.frame < clip->hashes.size() ||
            hit.distance > clip->DistanceWithin(options.max_distance)) {
          continue;
        }
        matches.push_back(SceneMatch(
            state, *clip, clip->scenes[hit.ref.frame - clip->hashes.size()],
            scene, hit.distance, absl::ToInt64Microseconds(upload.duration)));
        matches.back().orientation = turned;
      }
    }
  }
  return matches;
}

// Lower is better.
auto Rank(const ClipMatch& match) {
  const int kind = match.kind == ClipMatch::Kind::kExactFile ? 0
                   : match.kind == ClipMatch::Kind::kFrames  ? 1
                                                             : 2;
  return std::tuple(kind, -match.score, static_cast<int>(match.part.kind),
                    match.median_distance, match.clip_id, match.query.start);
}

// Whether `better` says the same thing of the same stretch.
bool Tells(const ClipMatch& better, const ClipMatch& match) {
  if (better.clip_id != match.clip_id) return false;
  const absl::Duration shared = std::min(better.query.end, match.query.end) -
                                std::max(better.query.start, match.query.start);
  return 2 * shared > match.query.length() ||
         (match.query.length() == absl::ZeroDuration() &&
          shared >= absl::ZeroDuration());
}

std::vector<ClipMatch> BestOfEach(std::vector<ClipMatch> matches) {
  std::stable_sort(
      matches.begin(), matches.end(),
      [](const ClipMatch& a, const ClipMatch& b) { return Rank(a) < Rank(b); });
  std::vector<ClipMatch> best;
  for (ClipMatch& match : matches) {
    const bool told = std::any_of(
        best.begin(), best.end(),
        [&](const ClipMatch& better) { return Tells(better, match); });
    if (!told && best.size() < kMaxMatches) best.push_back(std::move(match));
  }
  return best;
}

}  // namespace

std::vector<ClipMatch> FindCopies(const SearchState& state,
                                  const UploadFingerprint& upload,
                                  const MatchOptions& options) {
  std::vector<ClipMatch> matches = FindMatches(state, upload, options);
  Append(FindNegatives(state, upload, options), &matches);
  for (const PartFingerprint& part : upload.parts) {
    Append(FindInPart(state, upload, part, options), &matches);
  }
  for (const SightingFingerprint& sighting : upload.sightings) {
    std::vector<ClipMatch> located =
        MatchSighting(state, sighting, upload.duration);
    std::erase_if(located, [&](const ClipMatch& match) {
      return IsExplainedByNever(state, upload.frames, match.query,
                                options.max_distance, options.min_quality);
    });
    Append(std::move(located), &matches);
  }
  Append(FindScenes(state, upload, options), &matches);
  return BestOfEach(std::move(matches));
}

}  // namespace lenscap
