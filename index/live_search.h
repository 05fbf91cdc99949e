#ifndef LENSCAP_INDEX_LIVE_SEARCH_H_
#define LENSCAP_INDEX_LIVE_SEARCH_H_

#include <array>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "base/snapshot.h"
#include "index/search_state.h"

namespace lenscap {

// Keeps states beyond this process. Called by one thread at a time.
class StateSaver {
 public:
  virtual ~StateSaver() = default;
  // Whether a state differs so much from what is saved that it should be.
  virtual bool IsDue(const SearchState& state) = 0;
  // Returns clips of the state that may take the place of those in memory.
  virtual std::vector<std::shared_ptr<const SearchedClip>> Save(
      const SearchState& state) = 0;
};

// The state that is searched now, and the threads that merge segments of its
// indexes and save it. Readers get a state and keep it; they never wait for a
// change, a merge or a save. Thread-safe.
class LiveSearch {
 public:
  // `saver` may be null, and must outlive this. What is due is saved at the
  // end, too.
  explicit LiveSearch(StateSaver* saver = nullptr);
  ~LiveSearch();

  std::shared_ptr<const SearchState> Get() const { return state_.Get(); }

  // Before anything else.
  void Start(SearchState state);

  // Part of the state when it returns. Waits for the merging threads only where
  // they have fallen far behind.
  void Apply(const SearchChange& change);

  // Waits until no merge and no save is due.
  void WaitForMerges();

 private:
  // A merge of one of the indexes.
  struct IndexMerge {
    HammingIndex SearchState::*index = nullptr;
    HammingIndex::Merge merge;
  };
  // A large merge takes minutes; a second thread merges what comes after it.
  using Running = std::array<const IndexMerge*, 2>;

  std::optional<IndexMerge> PlanMerge() const;
  bool IsMerging() const;
  bool IsSaveDue() const;
  void MergeInBackground(size_t thread);
  void SaveInBackground();
  void Set(SearchState state);

  StateSaver* const saver_;
  Snapshot<SearchState> state_;
  std::mutex mutex_;  // Held while the next state is made of the current one.
  std::condition_variable changed_;  // Any of what follows, or the state.
  Running running_ = {};             // By merging thread; null while it waits.
  bool saving_ = false;
  bool stopping_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_LIVE_SEARCH_H_
