#include "index/recent_frames.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>

#include "index/cpu_dispatch.h"

namespace lenscap {

// Room for some frames, hashes word by word. The first `used` are taken; who
// holds a RecentFrames looks at no more than its own.
struct RecentFrames::Block {
  explicit Block(size_t capacity) : capacity(capacity), refs(capacity) {
    for (auto& word : words) word.resize(capacity);
  }

  void Set(size_t i, const SpreadFrame& frame) {
    for (int w = 0; w < 4; ++w) words[w][i] = frame.spread.words[w];
    refs[i] = frame.ref;
  }

  const size_t capacity;
  std::array<std::vector<uint64_t>, 4> words;
  std::vector<FrameRef> refs;
  std::atomic<size_t> used = 0;
};

namespace {

constexpr size_t kScanned = 64;  // At a time.

DISPATCH_BY_CPU(void, ScanHashes,
                (const std::array<const uint64_t*, 4>& words,
                 const FrameRef* refs, size_t count, const Hash256& query,
                 uint64_t radius, size_t max_hits,
                 std::vector<HammingHit>* hits),
                (words, refs, count, query, radius, max_hits, hits)) {
  const auto distance = [&](size_t i) -> uint64_t {
    return std::popcount(words[0][i] ^ query.words[0]) +
           std::popcount(words[1][i] ^ query.words[1]) +
           std::popcount(words[2][i] ^ query.words[2]) +
           std::popcount(words[3][i] ^ query.words[3]);
  };
  for (size_t at = 0; at < count; at += kScanned) {
    const size_t end = std::min(at + kScanned, count);
    if (end - at == kScanned) {
      uint64_t smallest = 256;
      for (size_t i = 0; i < kScanned; ++i) {
        smallest = std::min(smallest, distance(at + i));
      }
      if (smallest > radius) continue;
    }
    for (size_t i = at; i < end; ++i) {
      const uint64_t d = distance(i);
      if (d > radius) continue;
      if (hits->size() >= max_hits) return;
      hits->push_back({refs[i], static_cast<int>(d)});
    }
  }
}

}  // namespace

RecentFrames RecentFrames::With(absl::Span<const SpreadFrame> frames) const {
  RecentFrames next = *this;
  next.count_ += frames.size();
  size_t taken = count_;
  if (block_ == nullptr || next.count_ > block_->capacity ||
      !block_->used.compare_exchange_strong(taken, next.count_)) {
    next.block_ = std::make_shared<Block>(std::bit_ceil(next.count_));
    for (size_t i = 0; i < count_; ++i) next.block_->Set(i, (*this)[i]);
    next.block_->used = next.count_;
  }
  for (size_t i = 0; i < frames.size(); ++i) {
    next.block_->Set(count_ + i, frames[i]);
  }
  return next;
}

void RecentFrames::Search(const HammingQueries& queries, size_t max_hits,
                          absl::Span<std::vector<HammingHit>> hits) const {
  if (count_ == 0) return;
  std::array<const uint64_t*, 4> words;
  for (int w = 0; w < 4; ++w) words[w] = block_->words[w].data();
  for (size_t q = 0; q < queries.spread.size(); ++q) {
    ScanHashes(words, block_->refs.data(), count_, queries.spread[q],
               queries.radius, max_hits, &hits[q]);
  }
}

SpreadFrame RecentFrames::operator[](size_t i) const {
  SpreadFrame frame;
  for (int w = 0; w < 4; ++w) frame.spread.words[w] = block_->words[w][i];
  frame.ref = block_->refs[i];
  return frame;
}

size_t RecentFrames::bytes() const {
  return block_ == nullptr
             ? 0
             : block_->capacity * (sizeof(Hash256) + sizeof(FrameRef));
}

}  // namespace lenscap
