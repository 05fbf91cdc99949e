#include "index/hamming_segment.h"

#include <algorithm>
#include <bit>
#include <span>

#include "index/cpu_dispatch.h"

namespace lenscap {
namespace {

// Next values are compared in blocks of this many; the array is padded so that
// a block may begin at any position.
constexpr uint32_t kBlock = 32;
constexpr size_t kSlotOffsets = kSlotValues + 1;

// Whether one of a block of values differs from `value` in at most `limit`
// bits, that is, has no bit left when `limit` bits are cleared.
template <int limit>
[[gnu::always_inline]] inline bool AnyWithin(const uint16_t* values,
                                             uint16_t value) {
  uint16_t smallest = 0xffff;
  for (uint32_t i = 0; i < kBlock; ++i) {
    uint16_t bits = values[i] ^ value;
    for (int cleared = 0; cleared < limit; ++cleared) bits &= bits - 1;
    smallest = std::min(smallest, bits);
  }
  return smallest == 0;
}

// `limit` is 0 to 3: two budgets of at most 2 each, less 1.
[[gnu::always_inline]] inline bool AnyWithin(const uint16_t* values,
                                             uint16_t value, int limit) {
  switch (limit) {
    case 0:
      return AnyWithin<0>(values, value);
    case 1:
      return AnyWithin<1>(values, value);
    case 2:
      return AnyWithin<2>(values, value);
    default:
      return AnyWithin<3>(values, value);
  }
}

template <typename T>
size_t BytesOf(const std::vector<T>& vector) {
  return vector.capacity() * sizeof(T);
}

}  // namespace

// One search of one segment. Memory latency is what it costs, so what a slot
// will touch is asked for while the slots before it are looked at.
class SegmentSearch {
 public:
  SegmentSearch(const HammingSegment& segment, const HammingQuery& query,
                size_t max_hits, std::vector<HammingHit>* hits)
      : segment_(segment), query_(query), max_hits_(max_hits), hits_(hits) {}

  [[gnu::always_inline]] inline bool Run() {
    std::array<int, kSlots> slots;
    int count = 0;
    for (int s = 0; s < kSlots; ++s) {
      if (query_.budgets[s] > 0) slots[count++] = s;
    }
    PrefetchOffsets(slots[0]);
    if (count > 1) PrefetchOffsets(slots[1]);
    LoadRuns(slots[0], &runs_[0]);
    for (int i = 0; i < count; ++i) {
      if (i + 2 < count) PrefetchOffsets(slots[i + 2]);
      if (i + 1 < count) LoadRuns(slots[i + 1], &runs_[(i + 1) % 2]);
      if (!ScanRuns(slots[i], runs_[i % 2])) return false;
    }
    return Verify();
  }

 private:
  static constexpr int kMaxRuns = 17;  // The value and its 16 neighbours.
  static constexpr uint32_t kMaxCandidates = 1024;

  struct Runs {
    int count = 0;
    struct {
      uint32_t begin, end;
      int limit;  // Of the distance in the next slot.
    } run[kMaxRuns];
  };
  struct Candidate {
    size_t position;  // In numbers_ and next_values_, over all slots.
    int slot;
  };

  int Probes(int slot) const { return query_.budgets[slot] > 1 ? kMaxRuns : 1; }
  static int Mask(int probe) { return probe == 0 ? 0 : 1 << (probe - 1); }

  [[gnu::always_inline]] inline void PrefetchOffsets(int slot) const {
    const uint32_t* offsets = &segment_.offsets_[slot * kSlotOffsets];
    const int value = SlotValue(query_.spread, slot);
    // Up to bit 3, neighbours mostly lie in the same cache line.
    for (int p = 0; p < Probes(slot); p = p == 0 ? 5 : p + 1) {
      __builtin_prefetch(offsets + (value ^ Mask(p)));
    }
  }

  [[gnu::always_inline]] inline void LoadRuns(int slot, Runs* runs) const {
    const uint32_t* offsets = &segment_.offsets_[slot * kSlotOffsets];
    const uint16_t* next_values =
        &segment_.next_values_[slot * segment_.hashes_.size()];
    const int value = SlotValue(query_.spread, slot);
    const int limit = query_.budgets[slot] + query_.budgets[NextSlot(slot)] - 1;
    runs->count = 0;
    for (int p = 0; p < Probes(slot); ++p) {
      const uint32_t begin = offsets[value ^ Mask(p)];
      const uint32_t end = offsets[(value ^ Mask(p)) + 1];
      if (begin == end) continue;
      runs->run[runs->count++] = {begin, end, limit - (p > 0)};
      // The processor itself fetches what follows in long runs.
      __builtin_prefetch(next_values + begin);
      __builtin_prefetch(next_values + std::min(begin + 32, end - 1));
    }
  }

  [[gnu::always_inline]] inline bool ScanRuns(int slot, const Runs& runs) {
    const size_t base = slot * segment_.hashes_.size();
    const uint16_t* next_values = &segment_.next_values_[base];
    const uint16_t value = SlotValue(query_.spread, NextSlot(slot));
    for (int r = 0; r < runs.count; ++r) {
      const auto& run = runs.run[r];
      for (uint32_t at = run.begin; at < run.end; at += kBlock) {
        const uint32_t end = std::min(at + kBlock, run.end);
        // Of a short block, the values after it are compared too: at worst in
        // vain.
        if (!AnyWithin(next_values + at, value, run.limit)) continue;
        if (candidate_count_ + kBlock > kMaxCandidates && !Verify()) {
          return false;
        }
        for (uint32_t i = at; i < end; ++i) {
          const uint16_t difference = next_values[i] ^ value;
          candidates_[candidate_count_] = {base + i, slot};
          candidate_count_ += std::popcount(difference) <= run.limit;
        }
      }
    }
    return true;
  }

  // Compares the candidates' whole hashes, and forgets the candidates.
  [[gnu::always_inline]] inline bool Verify() {
    const auto candidates = std::span(candidates_, candidate_count_);
    candidate_count_ = 0;
    for (const Candidate& candidate : candidates) {
      __builtin_prefetch(&segment_.numbers_[candidate.position]);
    }
    for (const Candidate& candidate : candidates) {
      __builtin_prefetch(
          &segment_.hashes_[segment_.numbers_[candidate.position]]);
    }
    for (const Candidate& candidate : candidates) {
      const uint32_t number = segment_.numbers_[candidate.position];
      Hash256 difference;
      int distance = 0;
      for (int w = 0; w < 4; ++w) {
        difference.words[w] =
            segment_.hashes_[number].words[w] ^ query_.spread.words[w];
        distance += std::popcount(difference.words[w]);
      }
      if (distance > query_.radius || Reported(difference, candidate.slot)) {
        continue;
      }
      for (uint32_t r = segment_.first_ref_[number];
           r < segment_.first_ref_[number + 1]; ++r) {
        hits_->push_back({segment_.refs_[r], distance});
        if (hits_->size() >= max_hits_) return false;
      }
    }
    return true;
  }

  // Whether an earlier slot was a start too, so that the hash was met there.
  [[gnu::always_inline]] inline bool Reported(const Hash256& difference,
                                              int slot) const {
    for (int s = 0; s < slot; ++s) {
      if (IsStart(difference, s, query_.budgets)) return true;
    }
    return false;
  }

  const HammingSegment& segment_;
  const HammingQuery& query_;
  const size_t max_hits_;
  std::vector<HammingHit>* const hits_;
  Runs runs_[2];
  uint32_t candidate_count_ = 0;
  Candidate candidates_[kMaxCandidates + 1];
};

HammingSegment::HammingSegment(std::vector<SpreadFrame> frames) {
  std::sort(frames.begin(), frames.end());
  refs_.reserve(frames.size());
  for (const SpreadFrame& frame : frames) {
    if (hashes_.empty() || hashes_.back() != frame.spread) {
      hashes_.push_back(frame.spread);
      first_ref_.push_back(refs_.size());
    }
    refs_.push_back(frame.ref);
    last_clip_ = std::max(last_clip_, frame.ref.clip);
  }
  first_ref_.push_back(refs_.size());
  hashes_.shrink_to_fit();
  first_ref_.shrink_to_fit();
  std::vector<SpreadFrame>().swap(frames);

  offsets_.resize(kSlots * kSlotOffsets);
  numbers_.resize(kSlots * hashes_.size());
  next_values_.resize(kSlots * hashes_.size() + kBlock);
  for (int s = 0; s < kSlots; ++s) FillSlot(s);
}

// A counting sort of the hashes by their value in the slot.
void HammingSegment::FillSlot(int slot) {
  const size_t count = hashes_.size();
  uint32_t* offsets = &offsets_[slot * kSlotOffsets];
  uint32_t* numbers = numbers_.data() + slot * count;
  uint16_t* next_values = next_values_.data() + slot * count;
  for (const Hash256& hash : hashes_) ++offsets[SlotValue(hash, slot) + 1];
  for (int v = 0; v < kSlotValues; ++v) offsets[v + 1] += offsets[v];
  std::vector<uint32_t> at(offsets, offsets + kSlotValues);
  for (size_t i = 0; i < count; ++i) {
    const uint32_t position = at[SlotValue(hashes_[i], slot)]++;
    numbers[position] = i;
    next_values[position] = SlotValue(hashes_[i], NextSlot(slot));
  }
}

DISPATCH_BY_CPU(bool, SearchSegment,
                (const HammingSegment& segment, const HammingQuery& query,
                 size_t max_hits, std::vector<HammingHit>* hits),
                (segment, query, max_hits, hits)) {
  return SegmentSearch(segment, query, max_hits, hits).Run();
}

bool HammingSegment::Search(const HammingQuery& query, size_t max_hits,
                            std::vector<HammingHit>* hits) const {
  if (hashes_.empty()) return true;
  if (hits->size() >= max_hits) return false;
  return SearchSegment(*this, query, max_hits, hits);
}

size_t HammingSegment::bytes() const {
  return BytesOf(hashes_) + BytesOf(first_ref_) + BytesOf(refs_) +
         BytesOf(offsets_) + BytesOf(numbers_) + BytesOf(next_values_);
}

void HammingSegment::AppendFrames(absl::Span<const uint32_t> left_out,
                                  std::vector<SpreadFrame>* frames) const {
  for (size_t i = 0; i < hashes_.size(); ++i) {
    for (uint32_t r = first_ref_[i]; r < first_ref_[i + 1]; ++r) {
      if (std::binary_search(left_out.begin(), left_out.end(), refs_[r].clip)) {
        continue;
      }
      frames->push_back({hashes_[i], refs_[r]});
    }
  }
}

}  // namespace lenscap
