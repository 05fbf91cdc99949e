#include "index/match_sighting.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <iterator>
#include <numbers>
#include <utility>

#include "index/agreement.h"
#include "index/align.h"
#include "index/common_search.h"
#include "index/match_facts.h"
#include "index/path_finder.h"
#include "index/path_fit.h"

namespace lenscap {
namespace {

// Of windows that agree. They are seen through a rectification, so they are
// farther from each other than whole pictures; unrelated ones are at 128.
constexpr int kMaxDistance = 56;
// Of whole pictures.
constexpr int kHashDistance = 31;
// Of a window over the whole clip, or the whole upload: below it is flat. That
// is far less than what whole pictures need, since the clip has been sighted.
constexpr int kMinQuality = 4;
// A window counts if so many frames are like some frame of the clip in it.
constexpr size_t kAgreeingFrames = 3;
constexpr int64_t kMaxComparisons = 50'000'000;
constexpr int64_t kMaxHits = 1'000'000;
constexpr int64_t kMaxMomentsPerHit = 256;

// Many details agree, and again: the camera's place, whoever is in it now.
constexpr int kPicturesOfScene = 3;
constexpr int kPairsOfScene = 12;
constexpr int kPairsOfSceneInOne = 24;
constexpr double kSceneScore = 0.2;
constexpr int kNoDistance = 256;  // Details agree; no hashes were compared.

struct OwnedTrack {
  std::vector<Hash256> hashes;
  std::vector<int64_t> times;
  std::vector<int64_t> untils;
  int64_t step = 0;
  size_t hashes_per_frame = 1;

  Track track() const {
    return {hashes, times, step, hashes_per_frame, untils};
  }
};

std::vector<int> WindowsOf(WindowSet set) {
  std::vector<int> windows;
  for (int w = 0; w < kWindows; ++w) {
    if (set >> w & 1) windows.push_back(w);
  }
  return windows;
}

WindowSet WindowsWithQuality(const SightingFingerprint& sighting,
                             const SearchedClip& clip) {
  WindowSet good = 0;
  std::vector<int> qualities(sighting.windows.size());
  for (const int w : WindowsOf(sighting.visible)) {
    for (size_t i = 0; i < qualities.size(); ++i) {
      qualities[i] = sighting.windows[i].windows[w].quality;
    }
    const auto middle = qualities.begin() + qualities.size() / 2;
    std::nth_element(qualities.begin(), middle, qualities.end());
    if (*middle >= kMinQuality && clip.window_quality[w] >= kMinQuality) {
      good |= 1 << w;
    }
  }
  return good;
}

OwnedTrack QueryTrack(const SightingFingerprint& sighting, WindowSet set) {
  const std::vector<int> windows = WindowsOf(set);
  OwnedTrack track;
  track.hashes_per_frame = windows.size();
  for (const WindowFrame& frame : sighting.windows) {
    const int64_t before = track.times.empty() ? 0 : track.times.back();
    track.times.push_back(
        std::max(before, absl::ToInt64Microseconds(frame.time)));
    for (const int w : windows) {
      track.hashes.push_back(frame.windows[w].hash);
    }
  }
  track.step = TypicalStep(track.times);
  return track;
}

OwnedTrack ReferenceTrack(const SearchedClip& clip, WindowSet set) {
  const std::vector<int> windows = WindowsOf(set);
  OwnedTrack track;
  track.hashes_per_frame = windows.size();
  track.times.assign(clip.window_times.begin(), clip.window_times.end());
  track.untils.assign(clip.window_untils.begin(), clip.window_untils.end());
  for (size_t i = 0; i < track.times.size(); ++i) {
    for (const int w : windows) {
      track.hashes.push_back(clip.windows[i * kWindows + w]);
    }
  }
  track.step = TypicalStep(track.times, track.untils);
  return track;
}

// Every so-manieth frame of the query is compared with every one of the clip.
size_t Stride(const Track& query, const Track& reference) {
  const int64_t all = static_cast<int64_t>(query.size()) * reference.size() *
                      query.hashes_per_frame;
  return 1 + all / kMaxComparisons;
}

// Those of `windows` in which the upload is like the clip: others are covered
// by something, or lie beyond what is seen.
WindowSet WindowsAlike(const SightingFingerprint& sighting,
                       const SearchedClip& clip, WindowSet windows) {
  WindowSet alike = 0;
  for (const int w : WindowsOf(windows)) {
    const WindowSet only = 1 << w;
    const OwnedTrack query = QueryTrack(sighting, only);
    const OwnedTrack reference = ReferenceTrack(clip, only);
    const size_t stride = Stride(query.track(), reference.track());
    size_t frames = 0;
    for (size_t q = 0; q < query.times.size() && frames < kAgreeingFrames;
         q += stride) {
      frames += std::any_of(reference.hashes.begin(), reference.hashes.end(),
                            [&](const Hash256& hash) {
                              return HammingDistance(hash, query.hashes[q]) <=
                                     kMaxDistance;
                            });
    }
    if (frames >= std::min(kAgreeingFrames, query.times.size())) alike |= only;
  }
  return alike;
}

std::vector<FrameHit> HitsOf(const Track& query, const Track& reference,
                             bool* complete) {
  const size_t stride = Stride(query, reference);
  *complete = stride == 1;
  std::vector<FrameHit> hits;
  for (size_t q = 0; q < query.size(); q += stride) {
    for (size_t r = 0; r < reference.size(); ++r) {
      if (FrameDistance(query, q, reference, r) > kMaxDistance) continue;
      const int64_t most =
          std::min(kMaxMomentsPerHit, kMaxHits - std::ssize(hits));
      *complete &= AddHits(q, r, reference, most, &hits);
    }
  }
  return hits;
}

Region Bounds(const PictureMap& map, PictureSize from, PictureSize to) {
  Region bounds = {1, 1, 0, 0};
  for (const double x : {0.0, from.width}) {
    for (const double y : {0.0, from.height}) {
      const PicturePoint at = map({x, y});
      bounds.left = std::min(bounds.left, at.x / to.width);
      bounds.right = std::max(bounds.right, at.x / to.width);
      bounds.top = std::min(bounds.top, at.y / to.height);
      bounds.bottom = std::max(bounds.bottom, at.y / to.height);
    }
  }
  return {std::clamp(bounds.left, 0.0, 1.0), std::clamp(bounds.top, 0.0, 1.0),
          std::clamp(bounds.right, 0.0, 1.0),
          std::clamp(bounds.bottom, 0.0, 1.0)};
}

PicturePart PartOf(const SightingFingerprint& sighting) {
  const PictureSighting& seen = sighting.sighting;
  return {
      .kind = PicturePart::Kind::kLocated,
      .query = Bounds(seen.map, seen.size, sighting.upload_size),
      .reference = Bounds(seen.map.Inverse(), sighting.upload_size, seen.size),
      .row = 0,
      .column = 0};
}

// The nearest quarter turn.
Orientation OrientationOf(const PictureSighting& sighting) {
  const PictureMap& map = sighting.map;
  const double sign = sighting.mirrored ? -1 : 1;
  const double clockwise = std::atan2(map.yx, sign * map.xx);
  const int quarters =
      (static_cast<int>(std::lround(clockwise / (std::numbers::pi / 2))) + 4) %
      4;
  constexpr std::array kTurned = {
      Orientation::kUpright, Orientation::kRotated270, Orientation::kRotated180,
      Orientation::kRotated90};
  constexpr std::array kMirrored = {
      Orientation::kMirrored, Orientation::kTransposed, Orientation::kFlipped,
      Orientation::kTransversed};
  return sighting.mirrored ? kMirrored[quarters] : kTurned[quarters];
}

// What is the same of a place and its clip, however they were aligned.
ClipMatch MatchIn(const SearchState& state, const SearchedClip& clip,
                  const SightingFingerprint& sighting) {
  ClipMatch match = MatchOf(state, clip);
  match.orientation = OrientationOf(sighting.sighting);
  match.part = PartOf(sighting);
  return match;
}

void SetSpans(int64_t start, int64_t end, int64_t from, int64_t to,
              absl::Duration upload, const SearchedClip& clip,
              ClipMatch* match) {
  const int64_t query = absl::ToInt64Microseconds(upload);
  const int64_t reference = absl::ToInt64Microseconds(clip.duration);
  match->query = SpanOf(start, end, query);
  match->reference = SpanOf(std::min(from, to), std::max(from, to), reference);
  match->query_coverage = Coverage(match->query, query);
  match->reference_coverage = Coverage(match->reference, reference);
}

std::vector<ClipMatch> MatchWindows(const SearchState& state,
                                    const SearchedClip& clip,
                                    const SightingFingerprint& sighting,
                                    WindowSet windows,
                                    absl::Duration duration) {
  const OwnedTrack query = QueryTrack(sighting, windows);
  const OwnedTrack reference = ReferenceTrack(clip, windows);
  bool complete = true;
  const std::vector<FrameHit> hits =
      HitsOf(query.track(), reference.track(), &complete);
  const AlignOptions options = {
      .max_distance = kMaxDistance,
      .max_comparisons =
          kMaxComparisons / static_cast<int64_t>(query.hashes_per_frame)};
  std::vector<ClipMatch> matches;
  for (const Alignment& alignment :
       Align(query.track(), reference.track(), hits, complete, options)) {
    const size_t frames = alignment.last - alignment.first + 1;
    if (2 * alignment.distances.size() < frames) continue;
    const Agreement agreement =
        Judge(query.track(), reference.track(),
              {alignment.path, alignment.first, alignment.last}, kMaxDistance);
    const int64_t start = query.times[alignment.first];
    const int64_t end = query.times[alignment.last] + query.step;
    const int64_t from = alignment.path.At(start);
    ClipMatch match = MatchIn(state, clip, sighting);
    SetSpans(
        start, end, from,
        alignment.path.still ? from + reference.step : alignment.path.At(end),
        duration, clip, &match);
    match.kind = agreement.same_footage ? ClipMatch::Kind::kFrames
                                        : ClipMatch::Kind::kSameScene;
    match.score = ScoreOf(agreement);
    if (agreement.same_footage && !alignment.path.still) {
      match.speed = alignment.path.speed;
      if (IsCommonStretch(
              state, clip, absl::ToInt64Microseconds(match.reference.start),
              absl::ToInt64Microseconds(match.reference.end), kHashDistance)) {
        match.score = std::min(match.score, kMaxCommonScore);
      }
    }
    match.frames_sampled = frames;
    SetDistances(alignment.distances, &match);
    matches.push_back(std::move(match));
  }
  return matches;
}

// Of a moving camera, hardly two pictures show the same place alike.
bool IsScene(const SightingFingerprint& sighting) {
  return sighting.pairs >= (sighting.pictures >= kPicturesOfScene
                                ? kPairsOfScene
                                : kPairsOfSceneInOne);
}

ClipMatch SceneMatch(const SearchState& state, const SearchedClip& clip,
                     const SightingFingerprint& sighting,
                     absl::Duration duration) {
  ClipMatch match = MatchIn(state, clip, sighting);
  match.kind = ClipMatch::Kind::kSameScene;
  match.score = kSceneScore;
  const TimeSpan scene = clip.scenes.empty()
                             ? TimeSpan{absl::ZeroDuration(), clip.duration}
                             : clip.scenes.front().span;
  SetSpans(absl::ToInt64Microseconds(sighting.seen.start),
           absl::ToInt64Microseconds(sighting.windows.back().time),
           absl::ToInt64Microseconds(scene.start),
           absl::ToInt64Microseconds(scene.end), duration, clip, &match);
  match.frames_matched = sighting.pictures;
  match.frames_sampled = sighting.windows.size();
  match.best_distance = match.median_distance = kNoDistance;
  return match;
}

}  // namespace

std::vector<ClipMatch> MatchSighting(const SearchState& state,
                                     const SightingFingerprint& sighting,
                                     absl::Duration duration) {
  const SearchedClip* const clip = state.Findable(sighting.sighting.clip_id);
  if (clip == nullptr || clip->window_times.empty() ||
      sighting.windows.empty()) {
    return {};
  }
  const WindowSet windows =
      WindowsAlike(sighting, *clip, WindowsWithQuality(sighting, *clip));
  std::vector<ClipMatch> matches;
  if (windows != 0) {
    matches = MatchWindows(state, *clip, sighting, windows, duration);
  }
  if (matches.empty() && IsScene(sighting)) {
    matches.push_back(SceneMatch(state, *clip, sighting, duration));
  }
  return matches;
}

}  // namespace lenscap
