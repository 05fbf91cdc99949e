#ifndef LENSCAP_INDEX_STORE_SAVER_H_
#define LENSCAP_INDEX_STORE_SAVER_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "base/snapshot.h"
#include "index/clip_store.h"
#include "index/live_search.h"
#include "index/saved_search.h"

namespace lenscap {

// Saves states beside the store that they were made from.
class StoreSaver final : public StateSaver {
 public:
  StoreSaver(const ClipStore* store, std::string store_id, int min_quality,
             const std::string& directory)
      : store_(*store),
        store_id_(std::move(store_id)),
        min_quality_(min_quality),
        saved_(absl::StrCat(directory, "/search")) {}

  absl::StatusOr<SavedSearch::Content> Load() { return saved_.Load(Source()); }
  void Discard() { saved_.Discard(); }

  // A save that failed is tried again when there is something else to save.
  bool IsDue(const SearchState& state) override {
    return SegmentsOf(state) != failed_ && saved_.IsDue(state);
  }

  SearchedClips Save(const SearchState& state) override {
    auto shelved = saved_.Save(state, Source());
    status_.Set(std::make_shared<absl::Status>(shelved.status()));
    failed_ = shelved.ok() ? HammingIndex::Segments() : SegmentsOf(state);
    return shelved.ok() ? *std::move(shelved) : SearchedClips();
  }

  // Of the last save, OK before any.
  absl::Status status() const {
    const auto status = status_.Get();
    return status == nullptr ? absl::OkStatus() : *status;
  }

 private:
  SavedSearch::Source Source() const {
    return {.store_id = store_id_,
            .sequence = store_.Sequence(),
            .min_quality = min_quality_};
  }
  static HammingIndex::Segments SegmentsOf(const SearchState& state) {
    HammingIndex::Segments segments = state.index.segments();
    const HammingIndex::Segments more = state.keypoints.segments();
    segments.insert(segments.end(), more.begin(), more.end());
    return segments;
  }

  const ClipStore& store_;
  const std::string store_id_;
  const int min_quality_;
  SavedSearch saved_;
  HammingIndex::Segments failed_;
  Snapshot<absl::Status> status_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_STORE_SAVER_H_
