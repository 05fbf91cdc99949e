#ifndef LENSCAP_INDEX_SAVED_SEARCH_H_
#define LENSCAP_INDEX_SAVED_SEARCH_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "index/clip_shelf.h"
#include "index/hamming_index.h"
#include "index/search_state.h"

namespace lenscap {

// What is searched, kept in files so that a start need not build it anew: the
// segments of both indexes and the shelves of clips. All of it follows from the
// clip store and may be deleted at any time. index/FORMAT.md documents it. Not
// thread-safe; one at a time per directory.
class SavedSearch {
 public:
  // What it was made from.
  struct Source {
    std::string store_id;
    uint64_t sequence = 0;  // Of the last write to the store.
    int min_quality = 0;
  };

  struct Content {
    HammingIndex::Segments frames;
    HammingIndex::Segments keypoints;
    std::vector<SearchedClip> clips;  // Ascending, without their entries.
  };

  explicit SavedSearch(std::string directory)
      : directory_(std::move(directory)) {}

  // NOT_FOUND where nothing is saved; FAILED_PRECONDITION where it is another
  // version's or another store's, of a later state of this store, or with
  // another quality; DATA_LOSS where it is damaged.
  absl::StatusOr<Content> Load(const Source& source);

  // Whether so much of a state is not saved that it should be: frames that take
  // more than a sixteenth of the time to build it all.
  bool IsDue(const SearchState& state) const;

  // Writes what is not there yet, and only then deletes what is not needed any
  // more. Returns those clips of the state that are on a shelf now, to take
  // the place of what is in memory. Where it fails, Load gives what was saved
  // before; RESOURCE_EXHAUSTED where the disk is full.
  absl::StatusOr<SearchedClips> Save(const SearchState& state,
                                     const Source& source);

  // Deletes everything.
  void Discard();

 private:
  struct SegmentFile {
    std::weak_ptr<const HammingSegment> segment;
    uint64_t number = 0;
  };
  struct Shelf {
    uint64_t number = 0;
    std::weak_ptr<const void> memory;  // Of its clips.
    size_t bytes = 0;
  };
  struct ShelfPlan;

  std::string PathOf(uint64_t number) const;
  std::string ManifestPath() const;
  uint64_t NumberOf(const std::shared_ptr<const HammingSegment>& segment) const;
  absl::StatusOr<SearchedClips> TrySave(const SearchState& state,
                                        const Source& source);
  absl::Status SaveSegments(const HammingIndex& index,
                            std::vector<SegmentFile>* files);
  absl::StatusOr<SearchedClips> SaveClips(const SearchState& state,
                                          std::vector<Shelf>* shelves);
  void DeleteAllBut(const std::vector<uint64_t>& numbers) const;

  const std::string directory_;
  uint64_t next_number_ = 1;
  std::vector<SegmentFile> files_;
  std::vector<Shelf> shelves_;  // From older to newer.
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SAVED_SEARCH_H_
