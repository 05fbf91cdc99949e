#ifndef LENSCAP_INDEX_RECENT_FRAMES_H_
#define LENSCAP_INDEX_RECENT_FRAMES_H_

#include <cstddef>
#include <memory>
#include <vector>

#include "absl/types/span.h"
#include "index/hamming_segment.h"

namespace lenscap {

// The latest frames, compared one by one. A value that changes by making the
// next one, which shares the memory of this one where nobody else made a next
// one of it before: adding costs what is added. Cheap to copy. Thread-safe.
class RecentFrames {
 public:
  RecentFrames With(absl::Span<const SpreadFrame> frames) const;

  // As HammingSegment::Search.
  void Search(const HammingQueries& queries, size_t max_hits,
              absl::Span<std::vector<HammingHit>> hits) const;

  size_t size() const { return count_; }
  SpreadFrame operator[](size_t i) const;
  size_t bytes() const;

 private:
  struct Block;

  std::shared_ptr<Block> block_;  // Perhaps with later frames than ours.
  size_t count_ = 0;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_RECENT_FRAMES_H_
