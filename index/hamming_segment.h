#ifndef LENSCAP_INDEX_HAMMING_SEGMENT_H_
#define LENSCAP_INDEX_HAMMING_SEGMENT_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "base/page_buffer.h"
#include "fingerprint/hash256.h"
#include "index/hash_slots.h"
#include "index/segment_arrays.h"

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
};

struct HammingHit {
  FrameRef ref;
  int distance = 0;
  friend auto operator<=>(const HammingHit&, const HammingHit&) = default;
};

// What is looked for: hashes spread over slots, and how far away.
struct HammingQueries {
  HammingQueries(absl::Span<const Hash256> hashes, int radius);

  std::vector<Hash256> spread;
  std::vector<HashRest> rests;
  int radius;
  SlotBudgets budgets;
};

// An immutable set of frames that is searched exactly within a Hamming radius
// by multi-index hashing (index/hash_slots.h). Each distinct hash is there
// once, with the frames that have it. Takes 98 bytes a hash, 12 bytes a run of
// frames, and 4.2 MB. One block of memory, which is saved and loaded as it is
// (index/segment_arrays.h). Thread-safe.
class HammingSegment {
 public:
  // In ascending order of clip and frame, at most kMaxSegmentFrames. Takes
  // half a second per million.
  static std::shared_ptr<const HammingSegment> Of(
      absl::Span<const SpreadFrame> frames);

  // All frames of segments that each have later clips than the one before,
  // except those of the clips in `left_out` (sorted).
  static std::shared_ptr<const HammingSegment> Merged(
      absl::Span<const std::shared_ptr<const HammingSegment>> segments,
      absl::Span<const uint32_t> left_out);

  // As Save left it. NOT_FOUND; FAILED_PRECONDITION for another version's;
  // DATA_LOSS, naming the file, for anything else.
  static absl::StatusOr<std::shared_ptr<const HammingSegment>> Load(
      const std::string& path);
  // On disk, whole, when it returns OK.
  absl::Status Save(const std::string& path) const;

  // Appends the frames within the radius of each query to its `hits`, in no
  // particular order. Stops for a query that has `max_hits`.
  void Search(const HammingQueries& queries, size_t max_hits,
              absl::Span<std::vector<HammingHit>> hits) const;

  // Calls `visit` with each clip, ascending, and how many frames it has here.
  template <typename Visit>
  void ForEachClip(const Visit& visit) const {
    const uint64_t runs = arrays_.counts.runs;
    uint32_t begin = 0;
    for (uint64_t r = 0; r < runs; ++r) {
      const bool more = r + 1 < runs;
      if (more && arrays_.runs[r + 1].clip == arrays_.runs[r].clip) continue;
      const uint32_t end =
          more ? arrays_.runs[r + 1].ordinal : arrays_.counts.frames;
      visit(arrays_.runs[r].clip, size_t{end - begin});
      begin = end;
    }
  }

  size_t hashes() const { return arrays_.counts.hashes; }
  size_t frames() const { return arrays_.counts.frames; }
  size_t bytes() const { return memory_.size(); }
  // The greatest number of a clip; 0 if empty.
  uint32_t last_clip() const { return arrays_.counts.last_clip; }

 private:
  friend class SegmentBuilder;
  friend class SegmentReader;

  HammingSegment(PageBuffer memory, const SegmentCounts& counts)
      : memory_(std::move(memory)), arrays_(memory_.data(), counts) {}

  PageBuffer memory_;
  SegmentArrays arrays_;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_HAMMING_SEGMENT_H_
