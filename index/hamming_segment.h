#ifndef LENSCAP_INDEX_HAMMING_SEGMENT_H_
#define LENSCAP_INDEX_HAMMING_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "fingerprint/hash256.h"
#include "index/hash_slots.h"

namespace lenscap {

// Which frame of which clip.
struct FrameRef {
  uint32_t clip = 0;
  uint32_t frame = 0;
  friend auto operator<=>(const FrameRef&, const FrameRef&) = default;
};

// A frame to be searched, its hash spread over slots.
struct SpreadFrame {
  Hash256 spread;
  FrameRef ref;
  friend auto operator<=>(const SpreadFrame&, const SpreadFrame&) = default;
};

struct HammingHit {
  FrameRef ref;
  int distance = 0;
  friend auto operator<=>(const HammingHit&, const HammingHit&) = default;
};

// What is looked for: a hash spread over slots, and how far away.
struct HammingQuery {
  HammingQuery(const Hash256& hash, int radius)
      : spread(SpreadOverSlots(hash)),
        radius(radius),
        budgets(BudgetsFor(radius)) {}

  Hash256 spread;
  int radius;
  SlotBudgets budgets;
};

// An immutable set of frames that is searched exactly within a Hamming radius
// by multi-index hashing (index/hash_slots.h). Each distinct hash is there
// once, with the frames that have it. Takes 128 bytes a hash, 8 a frame and
// 4.2 MB. Thread-safe.
class HammingSegment {
 public:
  // In any order, at most 2^32 - 1 frames.
  explicit HammingSegment(std::vector<SpreadFrame> frames);

  // Appends the frames within the radius, in no particular order. Stops once
  // `hits` holds at least `max_hits`, and returns false if so.
  bool Search(const HammingQuery& query, size_t max_hits,
              std::vector<HammingHit>* hits) const;

  size_t hashes() const { return hashes_.size(); }
  size_t frames() const { return refs_.size(); }
  size_t bytes() const;

  // Appends all frames except those of the clips in `left_out` (sorted).
  void AppendFrames(absl::Span<const uint32_t> left_out,
                    std::vector<SpreadFrame>* frames) const;
  // The greatest number of a clip; 0 if empty.
  uint32_t last_clip() const { return last_clip_; }

 private:
  friend class SegmentSearch;

  void FillSlot(int slot);

  // The distinct hashes, ascending, and the frames of each:
  // refs_[first_ref_[i]] up to refs_[first_ref_[i + 1]].
  std::vector<Hash256> hashes_;
  std::vector<uint32_t> first_ref_;
  std::vector<FrameRef> refs_;
  uint32_t last_clip_ = 0;

  // By slot: which hashes have which value there. The hashes with value v in
  // slot s are at positions offsets_[s * (kSlotValues + 1) + v] up to the next
  // offset of the slot's part of the other two, which hold a hash's number and
  // its value in the next slot.
  std::vector<uint32_t> offsets_;
  std::vector<uint32_t> numbers_;
  std::vector<uint16_t> next_values_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_HAMMING_SEGMENT_H_
