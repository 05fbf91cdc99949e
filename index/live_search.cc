#include "index/live_search.h"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

namespace lenscap {
namespace {

// Changes wait while there are more segments than this: each one costs every
// search some microseconds.
constexpr size_t kFarBehind = 4 * HammingIndex::kMaxSegments;

// Searches and changes go before what this thread does.
void WorkInBackground() {
  constexpr int kNice = 10;
  setpriority(PRIO_PROCESS, gettid(), kNice);  // Where refused, it competes.
}

}  // namespace

LiveSearch::LiveSearch(StateSaver* saver)
    : saver_(saver), state_(std::make_shared<SearchState>()) {
  for (size_t thread = 0; thread < running_.size(); ++thread) {
    threads_.emplace_back([this, thread] { MergeInBackground(thread); });
  }
  if (saver_ != nullptr) threads_.emplace_back([this] { SaveInBackground(); });
}

LiveSearch::~LiveSearch() {
  {
    std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& thread : threads_) thread.join();
  const auto state = state_.Get();
  if (saver_ != nullptr && saver_->IsDue(*state)) saver_->Save(*state);
}

void LiveSearch::Start(SearchState state) {
  std::lock_guard lock(mutex_);
  Set(std::move(state));
}

void LiveSearch::Apply(const SearchChange& change) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    const auto state = state_.Get();
    return std::max(state->index.segments().size(),
                    state->keypoints.segments().size()) <= kFarBehind ||
           !IsMerging();
  });
  Set(state_.Get()->With(change));
}

void LiveSearch::WaitForMerges() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] {
    return !IsMerging() && !PlanMerge().has_value() && !saving_ && !IsSaveDue();
  });
}

void LiveSearch::Set(SearchState state) {
  state_.Set(std::make_shared<SearchState>(std::move(state)));
  changed_.notify_all();
}

bool LiveSearch::IsMerging() const {
  return std::any_of(running_.begin(), running_.end(),
                     [](const IndexMerge* merge) { return merge != nullptr; });
}

bool LiveSearch::IsSaveDue() const {
  return saver_ != nullptr && saver_->IsDue(*state_.Get());
}

std::optional<LiveSearch::IndexMerge> LiveSearch::PlanMerge() const {
  const auto state = state_.Get();
  for (const auto index :
       {&SearchState::index, &SearchState::keypoints, &SearchState::never}) {
    const HammingIndex::Merge* running = nullptr;
    for (const IndexMerge* merge : running_) {
      if (merge != nullptr && merge->index == index) running = &merge->merge;
    }
    auto merge = ((*state).*index).PlanMerge(running);
    if (merge) return IndexMerge{index, *std::move(merge)};
  }
  return std::nullopt;
}

void LiveSearch::MergeInBackground(size_t thread) {
  WorkInBackground();
  std::unique_lock lock(mutex_);
  while (true) {
    std::optional<IndexMerge> due;
    changed_.wait(lock, [&] {
      if (!stopping_) due = PlanMerge();
      return stopping_ || due.has_value();
    });
    if (stopping_) return;
    running_[thread] = &*due;
    lock.unlock();
    due->merge.Run();
    lock.lock();
    running_[thread] = nullptr;
    SearchState state = *state_.Get();
    state.*due->index = (state.*due->index).Merged(due->merge);
    Set(std::move(state));
  }
}

// States are saved while nothing is about to be merged: what a merge makes is
// saved instead.
void LiveSearch::SaveInBackground() {
  WorkInBackground();
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [&] {
      return stopping_ ||
             (!IsMerging() && !PlanMerge().has_value() && IsSaveDue());
    });
    if (stopping_) return;
    saving_ = true;
    const auto state = state_.Get();
    lock.unlock();
    const auto shelved = saver_->Save(*state);
    lock.lock();
    saving_ = false;
    Set(state_.Get()->WithSame(shelved));
  }
}

}  // namespace lenscap
