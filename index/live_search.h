#ifndef LENSCAP_INDEX_LIVE_SEARCH_H_
#define LENSCAP_INDEX_LIVE_SEARCH_H_

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "base/snapshot.h"
#include "index/search_state.h"

namespace lenscap {

// The state that is searched now, and the thread that merges segments of its
// index. Readers get a state and keep it; they never wait for a change or a
// merge. Thread-safe.
class LiveSearch {
 public:
  LiveSearch();
  ~LiveSearch();

  std::shared_ptr<const SearchState> Get() const { return state_.Get(); }

  // Part of the state when it returns. Waits for the merging thread only where
  // that has fallen far behind.
  void Apply(const SearchChange& change);

  // Waits until no merge is due.
  void WaitForMerges();

 private:
  void MergeInBackground();
  void Set(SearchState state);

  Snapshot<SearchState> state_;
  std::mutex mutex_;  // Held while the next state is made of the current one.
  std::condition_variable changed_;  // The state, `merging_` or `stopping_`.
  bool merging_ = false;
  bool stopping_ = false;
  std::thread merger_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_LIVE_SEARCH_H_
