#include "index/matcher.h"

#include <algorithm>
#include <array>
#include <limits>
#include <memory>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/time/time.h"
#include "index/agreement.h"
#include "index/align.h"
#include "index/common_search.h"
#include "index/match_facts.h"
#include "index/never_match.h"

namespace lenscap {
namespace {

constexpr size_t kMaxHitsPerFrame = 4096;
constexpr int64_t kMaxHitsPerFrameAndClip = 32;
// Kept of a whole upload, in one orientation; bounds memory.
constexpr int64_t kMaxHits = 4'000'000;
constexpr size_t kMaxCandidates = 1000;
constexpr int64_t kMaxComparisons = 1'000'000'000;
constexpr int64_t kMinComparisonsPerCandidate = 2'000'000;
constexpr int64_t kMaxComparisonsPerCandidate = 200'000'000;
constexpr size_t kMaxMatches = 256;

// Places of one scene with no longer pause between them are one.
constexpr int64_t kMaxPause = 4'000'000;

int64_t Micros(absl::Duration time) {
  return absl::ToInt64Microseconds(
      std::clamp(time, absl::ZeroDuration(), 10 * kMaxClipDuration));
}

// The upload's frames, prepared for comparing.
struct Query {
  std::vector<int64_t> all_times;
  int64_t step = 0;      // Typical, of all frames.
  int64_t duration = 0;  // At least the last time.
  // Of the frames that are compared: number among all, time, hashes.
  std::vector<size_t> frames;
  std::vector<int64_t> times;
  std::array<std::vector<Hash256>, kOrientations> hashes;

  Track track(int orientation) const {
    return {hashes[orientation], times, step};
  }
};

Query PrepareQuery(const SearchState& state, const UploadFingerprint& upload,
                   const MatchOptions& options) {
  Query query;
  for (const FrameFingerprint& frame : upload.frames) {
    // In order even if the upload's frames are not.
    const int64_t before = query.all_times.empty() ? 0 : query.all_times.back();
    query.all_times.push_back(std::max(before, Micros(frame.time)));
    if (frame.quality() < options.min_quality ||
        IsNeverMatched(state, frame.pdq, options.max_distance)) {
      continue;
    }
    query.frames.push_back(query.all_times.size() - 1);
    query.times.push_back(query.all_times.back());
    for (int o = 0; o < kOrientations; ++o) {
      query.hashes[o].push_back(frame.pdq.hashes[o]);
    }
  }
  query.step = TypicalStep(query.all_times);
  query.duration = Micros(upload.duration);
  if (!query.all_times.empty()) {
    query.duration = std::max(query.duration, query.all_times.back());
  }
  return query;
}

// A clip that the upload, turned as `orientation` says, has hits in.
struct Candidate {
  const SearchedClip* clip = nullptr;
  int orientation = 0;
  std::vector<FrameHit> hits;
  bool complete = true;
  int64_t frames = 0;  // Of the upload, with a hit.
  // While hits are collected: the last such frame, and its hits.
  size_t last_frame = std::numeric_limits<size_t>::max();
  int64_t last_hits = 0;
};

std::vector<Candidate> FindCandidates(const SearchState& state,
                                      const Query& query, int orientation,
                                      int max_distance) {
  absl::flat_hash_map<uint32_t, Candidate> by_clip;
  std::vector<HammingHit> hits;
  int64_t kept = 0;
  for (size_t f = 0; f < query.frames.size(); ++f) {
    const bool complete = state.index.Search(
        query.hashes[orientation][f], max_distance, kMaxHitsPerFrame, &hits);
    for (const HammingHit& hit : hits) {
      const SearchedClip* const clip = state.Findable(hit.ref.clip);
      if (clip == nullptr || hit.ref.frame >= clip->times.size() ||
          hit.distance > clip->DistanceWithin(max_distance)) {
        continue;
      }
      Candidate& candidate = by_clip[hit.ref.clip];
      if (candidate.last_frame != f) {
        candidate.last_frame = f;
        candidate.last_hits = 0;
        ++candidate.frames;
      }
      if (!complete) candidate.complete = false;
      const int64_t most = std::min(
          kMaxHitsPerFrameAndClip - candidate.last_hits, kMaxHits - kept);
      const size_t before = candidate.hits.size();
      candidate.complete &=
          AddHits(f, hit.ref.frame, clip->track(), most, &candidate.hits);
      candidate.last_hits += candidate.hits.size() - before;
      kept += candidate.hits.size() - before;
    }
  }
  std::vector<Candidate> candidates;
  for (auto& [clip_id, candidate] : by_clip) {
    const auto& clip = state.clips[clip_id];
    const int64_t needed = std::min<int64_t>(
        {3, std::ssize(query.frames), std::ssize(clip->hashes)});
    if (candidate.complete && candidate.frames < needed) continue;
    candidate.clip = clip.get();
    candidate.orientation = orientation;
    candidates.push_back(std::move(candidate));
  }
  return candidates;
}

// A place where the upload shows a clip.
struct Found {
  const SearchedClip* clip = nullptr;
  int orientation = 0;
  Alignment alignment;
  Agreement agreement;
  // Of the reference, in microseconds.
  int64_t start = 0;
  int64_t end = 0;
  double score = 0;
};

// The query times of the first frame and of the end of the last one, which
// stands until the next one was sampled.
std::pair<int64_t, int64_t> QueryTimes(const Query& query,
                                       const Alignment& alignment) {
  return {query.times[alignment.first],
          query.all_times.size() == 1
              ? query.duration
              : query.times[alignment.last] + query.step};
}

Found MakeFound(const Query& query, const Candidate& candidate,
                Alignment alignment, int max_distance) {
  Found place;
  place.clip = candidate.clip;
  place.orientation = candidate.orientation;
  place.alignment = std::move(alignment);
  const Alignment& found = place.alignment;
  place.agreement =
      Judge(query.track(candidate.orientation), candidate.clip->track(),
            {found.path, found.first, found.last}, max_distance);
  const auto [start, end] = QueryTimes(query, found);
  place.start = found.path.At(start);
  place.end = found.path.still ? found.path.offset + candidate.clip->step
                               : found.path.At(end);
  if (place.end < place.start) std::swap(place.start, place.end);
  return place;
}

// Where the scene alone is the same, one path is as good as another.
bool IsOneScene(const Query& query, const Found& a, const Found& b) {
  return !a.agreement.same_footage && !b.agreement.same_footage &&
         query.times[b.alignment.first] - query.times[a.alignment.last] <=
             std::max(kMaxPause, 3 * query.step);
}

// `next` comes later in the query.
void Join(Found next, Found* place) {
  Alignment& alignment = place->alignment;
  alignment.last = next.alignment.last;
  alignment.score += next.alignment.score;
  alignment.distances.insert(alignment.distances.end(),
                             next.alignment.distances.begin(),
                             next.alignment.distances.end());
  place->agreement.evidence += next.agreement.evidence;
  place->start = std::min(place->start, next.start);
  place->end = std::max(place->end, next.end);
}

// The candidate's places, in order of query time.
std::vector<Found> FoundOf(const Query& query, const Candidate& candidate,
                           const AlignOptions& options) {
  std::vector<Found> places;
  for (Alignment& alignment :
       Align(query.track(candidate.orientation), candidate.clip->track(),
             candidate.hits, candidate.complete, options)) {
    Found place =
        MakeFound(query, candidate, std::move(alignment), options.max_distance);
    if (!places.empty() && IsOneScene(query, places.back(), place)) {
      Join(std::move(place), &places.back());
    } else {
      places.push_back(std::move(place));
    }
  }
  return places;
}

int64_t Overlap(const Alignment& a, const Alignment& b) {
  const int64_t first = std::max(a.first, b.first);
  const int64_t last = std::min(a.last, b.last);
  return std::max<int64_t>(0, last - first + 1);
}

// One stretch of the upload shows one clip one way: of places that share more
// than half of their frames, the better one stays.
std::vector<Found> WithoutOverlaps(std::vector<Found> places) {
  std::sort(places.begin(), places.end(), [](const Found& a, const Found& b) {
    return std::pair(b.alignment.score, a.orientation) <
           std::pair(a.alignment.score, b.orientation);
  });
  std::vector<Found> kept;
  for (Found& place : places) {
    const Alignment& alignment = place.alignment;
    const int64_t length = alignment.last - alignment.first + 1;
    const bool shown =
        std::any_of(kept.begin(), kept.end(), [&](const Found& better) {
          return better.clip == place.clip &&
                 2 * Overlap(better.alignment, alignment) > length;
        });
    if (!shown) kept.push_back(std::move(place));
  }
  return kept;
}

std::vector<Found> AlignCandidates(const Query& query,
                                   std::vector<Candidate> candidates,
                                   int max_distance) {
  std::sort(candidates.begin(), candidates.end(),
            [](const Candidate& a, const Candidate& b) {
              if (a.clip->severity != b.clip->severity) {
                return a.clip->severity > b.clip->severity;
              }
              if (a.frames != b.frames) return a.frames > b.frames;
              return std::pair(a.clip->clip_id, a.orientation) <
                     std::pair(b.clip->clip_id, b.orientation);
            });
  if (candidates.size() > kMaxCandidates) candidates.resize(kMaxCandidates);
  int64_t left = kMaxComparisons;
  std::vector<Found> places;
  for (size_t c = 0; c < candidates.size(); ++c) {
    const Candidate& candidate = candidates[c];
    const int64_t share =
        std::clamp(left / static_cast<int64_t>(candidates.size() - c),
                   kMinComparisonsPerCandidate, kMaxComparisonsPerCandidate);
    left = std::max<int64_t>(0, left - share);
    const AlignOptions options{
        .max_distance = candidate.clip->DistanceWithin(max_distance),
        .max_comparisons = share};
    for (Found& place : FoundOf(query, candidate, options)) {
      places.push_back(std::move(place));
    }
  }
  return WithoutOverlaps(std::move(places));
}

void Score(const SearchState& state, int max_distance,
           std::vector<Found>* places) {
  for (Found& place : *places) {
    place.score = ScoreOf(place.agreement);
    if (place.agreement.same_footage && !place.alignment.path.still &&
        IsCommonStretch(state, *place.clip, place.start, place.end,
                        max_distance)) {
      place.score = std::min(place.score, kMaxCommonScore);
    }
  }
}

// How the copy was altered, where turning it so gives the reference.
Orientation Undone(int orientation) {
  switch (static_cast<Orientation>(orientation)) {
    case Orientation::kRotated90:
      return Orientation::kRotated270;
    case Orientation::kRotated270:
      return Orientation::kRotated90;
    default:  // Every other undoes itself.
      return static_cast<Orientation>(orientation);
  }
}

ClipMatch FrameMatch(const SearchState& state, const Query& query,
                     const Found& place) {
  const Alignment& alignment = place.alignment;
  const int64_t clip_duration = Micros(place.clip->duration);
  ClipMatch match = MatchOf(state, *place.clip);
  match.kind = place.agreement.same_footage ? ClipMatch::Kind::kFrames
                                            : ClipMatch::Kind::kSameScene;
  match.score = place.score;

  const auto [start, end] = QueryTimes(query, alignment);
  match.query = SpanOf(start, end, query.duration);
  match.reference = SpanOf(place.start, place.end, clip_duration);
  if (place.agreement.same_footage && !alignment.path.still) {
    match.speed = alignment.path.speed;
  }
  match.query_coverage = Coverage(match.query, query.duration);
  match.reference_coverage = Coverage(match.reference, clip_duration);

  match.frames_sampled =
      query.frames[alignment.last] - query.frames[alignment.first] + 1;
  SetDistances(alignment.distances, &match);
  match.orientation = Undone(place.orientation);
  return match;
}

std::vector<ClipMatch> FindSameFiles(const SearchState& state,
                                     const FileDigests& digests,
                                     const Query& query) {
  std::vector<ClipMatch> matches;
  for (const uint32_t clip_id : state.digests.Find(digests)) {
    const auto& clip = state.clips[clip_id];
    if (clip == nullptr || clip->held || !clip->IsFile(digests)) continue;
    if (clip->never_match) return {};
    ClipMatch match = MatchOf(state, *clip);
    match.kind = ClipMatch::Kind::kExactFile;
    match.score = 1;
    match.query = SpanOf(0, query.duration, query.duration);
    match.reference = {absl::ZeroDuration(), clip->duration};
    match.query_coverage = 1;
    match.reference_coverage = 1;
    match.frames_matched = query.all_times.size();
    match.frames_sampled = query.all_times.size();
    matches.push_back(std::move(match));
  }
  return matches;
}

}  // namespace

std::vector<ClipMatch> FindMatches(const SearchState& state,
                                   const UploadFingerprint& upload,
                                   const MatchOptions& options) {
  const Query query = PrepareQuery(state, upload, options);
  std::vector<ClipMatch> matches = FindSameFiles(state, upload.digests, query);
  std::vector<Candidate> candidates;
  for (int o = 0; o < kOrientations; ++o) {
    for (Candidate& candidate :
         FindCandidates(state, query, o, options.max_distance)) {
      // A file that is the clip need not be looked through for it.
      if (candidate.clip->IsFile(upload.digests)) continue;
      candidates.push_back(std::move(candidate));
    }
  }
  std::vector<Found> places =
      AlignCandidates(query, std::move(candidates), options.max_distance);
  if (places.size() > kMaxMatches) {
    std::stable_sort(
        places.begin(), places.end(), [](const Found& a, const Found& b) {
          return std::pair(a.clip->severity, a.agreement.same_footage) >
                 std::pair(b.clip->severity, b.agreement.same_footage);
        });
    places.resize(kMaxMatches);
  }
  Score(state, options.max_distance, &places);
  std::sort(places.begin(), places.end(), [](const Found& a, const Found& b) {
    return std::tuple(b.score, b.alignment.score, a.orientation,
                      a.clip->clip_id, a.alignment.first) <
           std::tuple(a.score, a.alignment.score, b.orientation,
                      b.clip->clip_id, b.alignment.first);
  });
  for (const Found& place : places) {
    matches.push_back(FrameMatch(state, query, place));
  }
  return matches;
}

}  // namespace lenscap
