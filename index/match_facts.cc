#include "index/match_facts.h"

#include <algorithm>

namespace lenscap {

ClipMatch MatchOf(const SearchState& state, const SearchedClip& clip) {
  ClipMatch match;
  match.list_id = clip.list_id;
  if (const auto list = state.lists.find(clip.list_id);
      list != state.lists.end()) {
    match.list_version = list->second.version;
    match.issuer = list->second.issuer;
    match.signed_version = list->second.version_in_force;
    match.list_sha256 = list->second.sha256_in_force;
    match.shadow = list->second.mode == ListMode::kShadow;
  }
  match.entry_id = clip.entry_id;
  match.clip_id = clip.clip_id;
  match.severity = clip.severity;
  match.category = clip.category;
  match.advice = clip.advice;
  return match;
}

TimeSpan SpanOf(int64_t start, int64_t end, int64_t duration) {
  start = std::clamp<int64_t>(start, 0, duration);
  end = std::clamp<int64_t>(end, start, duration);
  return {absl::Microseconds(start), absl::Microseconds(end)};
}

double Coverage(const TimeSpan& span, int64_t duration) {
  if (duration <= 0) return 1;
  return absl::ToDoubleMicroseconds(span.length()) / duration;
}

void SetDistances(std::vector<int> distances, ClipMatch* match) {
  match->frames_matched = distances.size();
  const auto middle = distances.begin() + distances.size() / 2;
  std::nth_element(distances.begin(), middle, distances.end());
  match->median_distance = *middle;
  match->best_distance = *std::min_element(distances.begin(), distances.end());
}

}  // namespace lenscap
