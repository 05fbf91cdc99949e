#include "index/live_search.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace lenscap {
namespace {

// What is due to be merged in a state, if anything.
struct DueMerge {
  HammingIndex SearchState::*index;
  HammingIndex::Merge merge;
};

std::optional<DueMerge> PlanMerge(const SearchState& state) {
  for (const auto index : {&SearchState::index, &SearchState::keypoints}) {
    auto merge = (state.*index).PlanMerge();
    if (merge) return DueMerge{index, *std::move(merge)};
  }
  return std::nullopt;
}

// Changes wait while there are more segments than this: each one costs every
// search some microseconds.
constexpr size_t kFarBehind = 4 * HammingIndex::kMaxSegments;

}  // namespace

LiveSearch::LiveSearch()
    : state_(std::make_shared<SearchState>()),
      merger_([this] { MergeInBackground(); }) {}

LiveSearch::~LiveSearch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  merger_.join();
}

void LiveSearch::Apply(const SearchChange& change) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const auto state = state_.Get();
    return std::max(state->index.segments().size(),
                    state->keypoints.segments().size()) <= kFarBehind ||
           !merging_;
  });
  Set(state_.Get()->With(change));
}

void LiveSearch::WaitForMerges() {
  std::unique_lock lock(mutex_);
  changed_.wait(
      lock, [&] { return !merging_ && !PlanMerge(*state_.Get()).has_value(); });
}

void LiveSearch::Set(SearchState state) {
  state_.Set(std::make_shared<SearchState>(std::move(state)));
  changed_.notify_all();
}

void LiveSearch::MergeInBackground() {
  std::unique_lock lock(mutex_);
  while (true) {
    std::optional<DueMerge> due;
    changed_.wait(lock, [&] {
      if (!stopping_) due = PlanMerge(*state_.Get());
      return stopping_ || due.has_value();
    });
    if (stopping_) return;
    merging_ = true;
    lock.unlock();
    due->merge.Run();
    lock.lock();
    merging_ = false;
    SearchState state = *state_.Get();
    state.*due->index = (state.*due->index).Merged(due->merge);
    Set(std::move(state));
  }
}

}  // namespace lenscap
