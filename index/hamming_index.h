#ifndef LENSCAP_INDEX_HAMMING_INDEX_H_
#define LENSCAP_INDEX_HAMMING_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/hash256.h"
#include "index/hamming_segment.h"
#include "index/recent_frames.h"

namespace lenscap {

// A frame to be searched.
struct IndexedFrame {
  Hash256 hash;
  FrameRef ref;
};

// Frames that are searched exactly within a Hamming radius, as they stand at
// one moment: a value that changes only by making the next one. Large immutable
// segments are shared from one to the next; the latest frames, at most 16,384,
// are compared one by one; frames of removed clips are left out of results
// until a merge drops them. Cheap to copy. Thread-safe.
class HammingIndex {
 public:
  static constexpr size_t kMaxRecent = 16'384;
  // More segments than this are due to be merged.
  static constexpr size_t kMaxSegments = 3;

  using Segments = std::vector<std::shared_ptr<const HammingSegment>>;

  // Neighbouring segments that become one. Run takes half a second per
  // million frames and needs no lock.
  class Merge {
   public:
    void Run();

   private:
    friend class HammingIndex;
    Segments from_;
    std::shared_ptr<const std::vector<uint32_t>> removed_;
    std::shared_ptr<const HammingSegment> to_;
  };

  // A clip that is no longer to be found, and how many frames it had.
  struct RemovedClip {
    uint32_t clip = 0;
    size_t frames = 0;
  };

  HammingIndex();

  // Of segments that each have later clips than the one before, without the
  // clips that are not there any more.
  static HammingIndex Of(const Segments& segments,
                         const std::function<bool(uint32_t clip)>& is_there);

  // With these frames too. A clip's frames come in one call, in ascending
  // order, and clips in ascending order over all calls.
  HammingIndex Added(absl::Span<const IndexedFrame> frames) const;

  // Without the frames of these clips.
  HammingIndex Removed(absl::Span<const RemovedClip> clips) const;

  // What to merge, if anything is due, while `running` is not done (null if
  // nothing is); then, after Run, the index with it done. What was added or
  // removed in between stays so.
  std::optional<Merge> PlanMerge(const Merge* running = nullptr) const;
  HammingIndex Merged(const Merge& merge) const;

  // Replaces `hits` by the frames within `radius` (0 to kMaxSearchRadius) of
  // `hash`, in no particular order. Once there are `max_hits` it stops there
  // and returns false: which hits are left out is unspecified.
  bool Search(const Hash256& hash, int radius, size_t max_hits,
              std::vector<HammingHit>* hits) const;
  // The same for several at once: `hits` and what is returned are by hash, true
  // where all was found.
  std::vector<bool> SearchAll(absl::Span<const Hash256> hashes, int radius,
                              size_t max_hits,
                              std::vector<std::vector<HammingHit>>* hits) const;

  // Whether nothing was ever added.
  bool empty() const { return parts_.empty() && recent_.size() == 0; }
  // From older to newer.
  Segments segments() const;
  size_t bytes() const;

 private:
  struct Part {
    std::shared_ptr<const HammingSegment> segment;
    size_t removed = 0;  // Frames of removed clips.
  };

  bool IsRemoved(uint32_t clip) const;
  void DropRemoved(std::vector<HammingHit>* hits) const;
  std::vector<Part>::const_iterator Find(
      const std::shared_ptr<const HammingSegment>& segment) const;

  // From older to newer: each holds later clips than the one before.
  std::vector<Part> parts_;
  RecentFrames recent_;
  // Sorted; some of their frames are still in a segment or among the recent.
  std::shared_ptr<const std::vector<uint32_t>> removed_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_HAMMING_INDEX_H_
