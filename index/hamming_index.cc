#include "index/hamming_index.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "index/hash_slots.h"

namespace lenscap {
namespace {

// A segment is rebuilt without its removed frames when they are more than one
// in this many.
constexpr size_t kMaxRemovedShare = 4;
// How many times more hits to ask for where removed clips took their place.
constexpr size_t kMoreHits = 8;
// While a merge runs, so many segments after it may wait.
constexpr size_t kMaxSegmentsBehind = 2;

}  // namespace

void HammingIndex::Merge::Run() {
  to_ = HammingSegment::Merged(from_, *removed_);
}

HammingIndex::HammingIndex()
    : removed_(std::make_shared<std::vector<uint32_t>>()) {}

HammingIndex HammingIndex::Of(
    const Segments& segments,
    const std::function<bool(uint32_t clip)>& is_there) {
  HammingIndex index;
  std::vector<uint32_t> removed;
  for (const auto& segment : segments) {
    Part& part = index.parts_.emplace_back(Part{segment, 0});
    segment->ForEachClip([&](uint32_t clip, size_t frames) {
      if (is_there(clip)) return;
      removed.push_back(clip);
      part.removed += frames;
    });
  }
  index.removed_ = std::make_shared<std::vector<uint32_t>>(std::move(removed));
  return index;
}

HammingIndex HammingIndex::Added(absl::Span<const IndexedFrame> frames) const {
  HammingIndex next = *this;
  std::vector<SpreadFrame> spread;
  const bool fit = recent_.size() + frames.size() <= kMaxRecent;
  if (!fit) {
    // The recent frames and these become a segment.
    spread.reserve(recent_.size() + frames.size());
    for (size_t i = 0; i < recent_.size(); ++i) {
      const SpreadFrame frame = recent_[i];
      if (!IsRemoved(frame.ref.clip)) spread.push_back(frame);
    }
  }
  for (const IndexedFrame& frame : frames) {
    spread.push_back({SpreadOverSlots(frame.hash), frame.ref});
  }
  if (fit) {
    next.recent_ = recent_.With(spread);
  } else {
    next.parts_.push_back({HammingSegment::Of(spread), 0});
    next.recent_ = RecentFrames();
  }
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

std::vector<HammingIndex::Part>::const_iterator HammingIndex::Find(
    const std::shared_ptr<const HammingSegment>& segment) const {
  return std::find_if(parts_.begin(), parts_.end(), [&](const Part& part) {
    return part.segment == segment;
  });
}

std::optional<HammingIndex::Merge> HammingIndex::PlanMerge(
    const Merge* running) const {
  Merge merge;
  merge.removed_ = removed_;
  const auto begin =
      running == nullptr ? parts_.begin() : Find(running->from_.back()) + 1;
  const size_t most = running == nullptr ? kMaxSegments : kMaxSegmentsBehind;
  for (auto part = begin; part != parts_.end(); ++part) {
    if (part->removed * kMaxRemovedShare > part->segment->frames()) {
      merge.from_ = {part->segment};
      return merge;
    }
  }
  const size_t count = parts_.end() - begin;
  if (count <= most) return std::nullopt;
  // Together with the newest, all before it that are not much larger than what
  // is merged anyway: each frame is then moved a logarithmic number of times.
  auto first = parts_.end() - 1;
  size_t frames = first->segment->frames();
  while (first != begin) {
    const size_t before = (first - 1)->segment->frames();
    const size_t left = first - begin + 1;
    if (before > 2 * frames && left <= most) break;
    if (before + frames > kMaxSegmentFrames) break;
    frames += before;
    --first;
  }
  if (parts_.end() - first < 2) return std::nullopt;
  for (; first != parts_.end(); ++first) {
    merge.from_.push_back(first->segment);
  }
  return merge;
}

HammingIndex HammingIndex::Merged(const Merge& merge) const {
  HammingIndex next = *this;
  const auto first =
      next.parts_.begin() + (Find(merge.from_.front()) - parts_.begin());
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

  Part part{merge.to_, 0};
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
  const HammingQueries query({&hash, 1}, radius);
  // Hits of removed clips must not take the place of others.
  for (size_t limit = max_hits;; limit *= kMoreHits) {
    hits->clear();
    for (const Part& part : parts_) {
      part.segment->Search(query, limit, {hits, 1});
    }
    recent_.Search(query, limit, {hits, 1});
    const bool complete = hits->size() < limit;
    DropRemoved(hits);
    if (complete || hits->size() >= max_hits) {
      if (hits->size() > max_hits) hits->resize(max_hits);
      return complete && hits->size() < max_hits;
    }
  }
}

std::vector<bool> HammingIndex::SearchAll(
    absl::Span<const Hash256> hashes, int radius, size_t max_hits,
    std::vector<std::vector<HammingHit>>* hits) const {
  hits->resize(hashes.size());
  for (std::vector<HammingHit>& of_one : *hits) of_one.clear();
  const HammingQueries queries(hashes, radius);
  for (const Part& part : parts_) {
    part.segment->Search(queries, max_hits, absl::MakeSpan(*hits));
  }
  recent_.Search(queries, max_hits, absl::MakeSpan(*hits));
  std::vector<bool> complete(hashes.size());
  for (size_t i = 0; i < hashes.size(); ++i) {
    std::vector<HammingHit>& of_one = (*hits)[i];
    complete[i] = of_one.size() < max_hits;
    DropRemoved(&of_one);
    if (!complete[i] && of_one.size() < max_hits) {
      complete[i] = Search(hashes[i], radius, max_hits, &of_one);
    }
  }
  return complete;
}

void HammingIndex::DropRemoved(std::vector<HammingHit>* hits) const {
  if (removed_->empty()) return;
  std::erase_if(*hits,
                [&](const HammingHit& hit) { return IsRemoved(hit.ref.clip); });
}

bool HammingIndex::IsRemoved(uint32_t clip) const {
  return std::binary_search(removed_->begin(), removed_->end(), clip);
}

HammingIndex::Segments HammingIndex::segments() const {
  Segments segments;
  for (const Part& part : parts_) segments.push_back(part.segment);
  return segments;
}

size_t HammingIndex::bytes() const {
  size_t bytes = removed_->capacity() * sizeof(uint32_t) + recent_.bytes();
  for (const Part& part : parts_) bytes += part.segment->bytes();
  return bytes;
}

}  // namespace lenscap
