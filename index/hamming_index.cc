#include "index/hamming_index.h"

#include <algorithm>
#include <bit>
#include <iterator>
#include <utility>

#include "index/cpu_dispatch.h"
#include "index/hash_slots.h"

namespace lenscap {
namespace {

// A segment is rebuilt without its removed frames when they are more than one
// in this many.
constexpr size_t kMaxRemovedShare = 4;
constexpr size_t kBlock = 64;

// Calls `near` with the number and distance of each hash within the radius,
// until it returns false; then returns false.
template <typename Near>
[[gnu::always_inline]] inline bool ScanHashes(
    const std::array<std::vector<uint64_t>, 4>& words, const Hash256& query,
    uint64_t radius, const Near& near) {
  const size_t count = words[0].size();
  const uint64_t* w[4] = {words[0].data(), words[1].data(), words[2].data(),
                          words[3].data()};
  const auto distance = [&](size_t i) -> uint64_t {
    return std::popcount(w[0][i] ^ query.words[0]) +
           std::popcount(w[1][i] ^ query.words[1]) +
           std::popcount(w[2][i] ^ query.words[2]) +
           std::popcount(w[3][i] ^ query.words[3]);
  };
  size_t at = 0;
  for (; at + kBlock <= count; at += kBlock) {
    uint64_t smallest = 256;
    for (size_t i = 0; i < kBlock; ++i) {
      smallest = std::min(smallest, distance(at + i));
    }
    if (smallest > radius) continue;
    for (size_t i = 0; i < kBlock; ++i) {
      const uint64_t d = distance(at + i);
      if (d <= radius && !near(at + i, d)) return false;
    }
  }
  for (; at < count; ++at) {
    const uint64_t d = distance(at);
    if (d <= radius && !near(at, d)) return false;
  }
  return true;
}

DISPATCH_BY_CPU(bool, ScanRecent,
                (const std::array<std::vector<uint64_t>, 4>& words,
                 const std::vector<FrameRef>& refs, const HammingQuery& query,
                 size_t max_hits, std::vector<HammingHit>* hits),
                (words, refs, query, max_hits, hits)) {
  return ScanHashes(words, query.spread, query.radius,
                    [&](size_t i, uint64_t distance) {
                      hits->push_back({refs[i], static_cast<int>(distance)});
                      return hits->size() < max_hits;
                    });
}

}  // namespace

void HammingIndex::Merge::Run() {
  std::vector<SpreadFrame> frames;
  size_t count = 0;
  for (const auto& segment : from_) count += segment->frames();
  frames.reserve(count);
  for (const auto& segment : from_) segment->AppendFrames(*removed_, &frames);
  to_ = std::make_shared<HammingSegment>(std::move(frames));
}

HammingIndex::HammingIndex()
    : recent_(std::make_shared<Recent>()),
      removed_(std::make_shared<std::vector<uint32_t>>()) {}

HammingIndex HammingIndex::Added(absl::Span<const IndexedFrame> frames) const {
  HammingIndex next = *this;
  if (recent_->refs.size() + frames.size() <= kMaxRecent) {
    auto recent = std::make_shared<Recent>(*recent_);
    for (const IndexedFrame& frame : frames) {
      const Hash256 spread = SpreadOverSlots(frame.hash);
      for (int w = 0; w < 4; ++w) recent->words[w].push_back(spread.words[w]);
      recent->refs.push_back(frame.ref);
    }
    next.recent_ = std::move(recent);
    return next;
  }
  // The recent frames and these become a segment.
  std::vector<SpreadFrame> spread;
  spread.reserve(recent_->refs.size() + frames.size());
  for (size_t i = 0; i < recent_->refs.size(); ++i) {
    if (IsRemoved(recent_->refs[i].clip)) continue;
    const auto& words = recent_->words;
    spread.push_back(
        {.spread = {{words[0][i], words[1][i], words[2][i], words[3][i]}},
         .ref = recent_->refs[i]});
  }
  for (const IndexedFrame& frame : frames) {
    spread.push_back({SpreadOverSlots(frame.hash), frame.ref});
  }
  next.parts_.push_back({std::make_shared<HammingSegment>(std::move(spread))});
  next.recent_ = std::make_shared<Recent>();
  return next;
}

HammingIndex HammingIndex::Removed(absl::Span<const RemovedClip> clips) const {
  HammingIndex next = *this;
  std::vector<uint32_t> more;
  for (const RemovedClip& removed : clips) {
    more.push_back(removed.clip);
    const auto part = std::find_if(
        next.parts_.begin(), next.parts_.end(), [&](const Part& part) {
          return part.segment->last_clip() >= removed.clip;
        });
    if (part != next.parts_.end()) part->removed += removed.frames;
  }
  std::sort(more.begin(), more.end());
  auto removed = std::make_shared<std::vector<uint32_t>>();
  removed->reserve(removed_->size() + more.size());
  std::set_union(removed_->begin(), removed_->end(), more.begin(), more.end(),
                 std::back_inserter(*removed));
  next.removed_ = std::move(removed);
  return next;
}

std::optional<HammingIndex::Merge> HammingIndex::PlanMerge() const {
  Merge merge;
  merge.removed_ = removed_;
  for (const Part& part : parts_) {
    if (part.removed * kMaxRemovedShare > part.segment->frames()) {
      merge.from_ = {part.segment};
      return merge;
    }
  }
  if (parts_.size() <= kMaxSegments) return std::nullopt;
  // Together with the newest, all before it that are not much larger than what
  // is merged anyway: each frame is then moved a logarithmic number of times.
  size_t first = parts_.size() - 1;
  size_t frames = parts_[first].segment->frames();
  while (first > 0 && (parts_[first - 1].segment->frames() <= 2 * frames ||
                       first + 1 > kMaxSegments)) {
    frames += parts_[--first].segment->frames();
  }
  for (; first < parts_.size(); ++first) {
    merge.from_.push_back(parts_[first].segment);
  }
  return merge;
}

HammingIndex HammingIndex::Merged(const Merge& merge) const {
  HammingIndex next = *this;
  const auto first = std::find_if(
      next.parts_.begin(), next.parts_.end(),
      [&](const Part& part) { return part.segment == merge.from_.front(); });
  const auto last = first + merge.from_.size();
  // The clips whose frames were gone through.
  const uint32_t first_clip =
      first == next.parts_.begin() ? 0 : (first - 1)->segment->last_clip() + 1;
  const uint32_t last_clip = (last - 1)->segment->last_clip();
  const auto was_dropped = [&](uint32_t clip) {
    return first_clip <= clip && clip <= last_clip &&
           std::binary_search(merge.removed_->begin(), merge.removed_->end(),
                              clip);
  };

  auto removed = std::make_shared<std::vector<uint32_t>>();
  std::remove_copy_if(removed_->begin(), removed_->end(),
                      std::back_inserter(*removed), was_dropped);
  next.removed_ = std::move(removed);

  Part part{merge.to_};
  size_t frames = 0;
  for (auto from = first; from != last; ++from) {
    part.removed += from->removed;
    frames += from->segment->frames();
  }
  // Removed since the merge was planned.
  part.removed -= std::min(part.removed, frames - merge.to_->frames());
  const auto after = next.parts_.erase(first, last);
  if (merge.to_->frames() > 0) next.parts_.insert(after, std::move(part));
  return next;
}

bool HammingIndex::Search(const Hash256& hash, int radius, size_t max_hits,
                          std::vector<HammingHit>* hits) const {
  hits->clear();
  const HammingQuery query(hash, radius);
  bool complete = true;
  for (const Part& part : parts_) {
    if (complete) complete = part.segment->Search(query, max_hits, hits);
  }
  if (complete) {
    complete = ScanRecent(recent_->words, recent_->refs, query, max_hits, hits);
  }
  if (!removed_->empty()) {
    std::erase_if(
        *hits, [&](const HammingHit& hit) { return IsRemoved(hit.ref.clip); });
  }
  return complete;
}

bool HammingIndex::IsRemoved(uint32_t clip) const {
  return std::binary_search(removed_->begin(), removed_->end(), clip);
}

size_t HammingIndex::bytes() const {
  size_t bytes = removed_->capacity() * sizeof(uint32_t) +
                 recent_->refs.capacity() * sizeof(FrameRef);
  for (const auto& words : recent_->words) bytes += words.capacity() * 8;
  for (const Part& part : parts_) bytes += part.segment->bytes();
  return bytes;
}

}  // namespace lenscap
