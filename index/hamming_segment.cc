#include "index/hamming_segment.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "index/cpu_dispatch.h"

namespace lenscap {
namespace {

// The values of a slot that a search visits differ from the query's by these,
// by how many bits they have; of a budget, the first so many.
constexpr int kMaxRuns = 137;
constexpr int kRunsByBudget[] = {0, 1, 17, kMaxRuns};

constexpr std::array<uint16_t, kMaxRuns> kMasks = [] {
  std::array<uint16_t, kMaxRuns> masks = {};
  int count = 1;
  for (int a = 0; a < 16; ++a) masks[count++] = 1 << a;
  for (int a = 0; a < 16; ++a) {
    for (int b = 0; b < a; ++b) masks[count++] = 1 << a | 1 << b;
  }
  return masks;
}();

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

// `limit` is 0 to 5: two budgets of at most 3 each, less 1.
[[gnu::always_inline]] inline bool AnyWithin(const uint16_t* values,
                                             uint16_t value, int limit) {
  switch (limit) {
    case 0:
      return AnyWithin<0>(values, value);
    case 1:
      return AnyWithin<1>(values, value);
    case 2:
      return AnyWithin<2>(values, value);
    case 3:
      return AnyWithin<3>(values, value);
    case 4:
      return AnyWithin<4>(values, value);
    default:
      return AnyWithin<5>(values, value);
  }
}

// Which bit of a word is the one after `ones` others.
[[gnu::always_inline]] inline int BitAt(uint64_t word, uint32_t ones) {
  if (ones == 0) return std::countr_zero(word);
  if (ones == 1) return std::countr_zero(word & (word - 1));
  int at = 0;
  for (int half = 32; half >= 8; half /= 2) {
    const uint64_t low = word & ((uint64_t{1} << half) - 1);
    const uint32_t here = std::popcount(low);
    if (here > ones) {
      word = low;
    } else {
      ones -= here;
      word >>= half;
      at += half;
    }
  }
  for (; ones > 0; --ones) word &= word - 1;
  return at + std::countr_zero(word);
}

// Whether two hashes have a start in a slot from 1 up to `end` that the
// difference of their rests alone shows.
[[gnu::always_inline]] inline bool HasStartBefore(const HashRest& a,
                                                  const HashRest& b, int end,
                                                  const SlotBudgets& budgets) {
  for (int s = 1; s < end; ++s) {
    const int next = NextSlot(s);
    if (s == NextSlot(0) || next == 0 || next == NextSlot(0)) continue;
    const int distance =
        std::popcount(static_cast<uint16_t>(SlotValue(a, s) ^ SlotValue(b, s)));
    if (distance >= budgets[s]) continue;
    const int next_distance = std::popcount(
        static_cast<uint16_t>(SlotValue(a, next) ^ SlotValue(b, next)));
    if (distance + next_distance < budgets[s] + budgets[next]) return true;
  }
  return false;
}

}  // namespace

// One search of one segment. Memory latency is what it costs, so the slots of
// all queries go through as one line of steps: what a step will touch is asked
// for while steps before it are worked on.
class SegmentSearch {
 public:
  SegmentSearch(const SegmentArrays& arrays, const HammingQueries& queries,
                size_t max_hits, absl::Span<std::vector<HammingHit>> hits)
      : arrays_(arrays), queries_(queries), max_hits_(max_hits), hits_(hits) {}

  [[gnu::always_inline]] inline void Run() {
    for (int s = 0; s < kSlots; ++s) {
      if (queries_.budgets[s] > 0) slots_[slot_count_++] = s;
    }
    Step now = {0, slots_[0], 0};
    Step next = After(now);
    Step after_next = After(next);
    PrefetchOffsets(now);
    PrefetchOffsets(next);
    LoadRuns(now, &runs_[0]);
    for (int r = 0; r < runs_[0].count; ++r) {
      PrefetchRun(now.slot, runs_[0].run[r]);
    }
    for (int parity = 0; !IsEnd(now); parity ^= 1) {
      PrefetchOffsets(after_next);
      Runs& next_runs = runs_[parity ^ 1];
      LoadRuns(next, &next_runs);
      const uint32_t found_before = found_;
      ScanRuns(now, runs_[parity], next.slot, next_runs);
      Verify(located_);
      Locate(std::min(found_before, found_));
      now = std::exchange(next, std::exchange(after_next, After(after_next)));
    }
    VerifyAll();
  }

 private:
  static constexpr uint32_t kMaxCandidates = 1024;
  static constexpr uint32_t kPrefetched = 16 * kBlock;

  struct Step {
    uint32_t query;
    int slot;
    int index;  // Of the slot in slots_.
  };
  // The postings of a value that is visited.
  struct PostingRun {
    uint32_t begin, end;
    uint16_t value;
    int16_t limit;  // Of the distance in the next slot.
  };
  struct Runs {
    int count = 0;
    PostingRun run[kMaxRuns];
  };
  struct Candidate {
    uint32_t query;
    uint32_t position;  // Among the slot's postings; once located, the number.
    uint16_t value;
    uint16_t slot;
  };

  bool IsEnd(const Step& step) const {
    return step.query == queries_.spread.size();
  }
  Step After(const Step& step) const {
    if (IsEnd(step)) return step;
    const int index = step.index + 1 < slot_count_ ? step.index + 1 : 0;
    return {step.query + (index == 0), slots_[index], index};
  }

  [[gnu::always_inline]] inline void PrefetchOffsets(const Step& step) const {
    if (IsEnd(step)) return;
    const uint32_t* const offsets = arrays_.offsets(step.slot);
    const int value = SlotValue(queries_.spread[step.query], step.slot);
    const int runs = kRunsByBudget[queries_.budgets[step.slot]];
    for (int r = 0; r < runs; ++r) {
      // Values that differ in the low bits lie in the same cache line.
      if (kMasks[r] % 16 == 0)
        __builtin_prefetch(offsets + (value ^ kMasks[r]));
    }
  }

  [[gnu::always_inline]] inline void LoadRuns(const Step& step,
                                              Runs* runs) const {
    runs->count = 0;
    if (IsEnd(step)) return;
    const uint32_t* const offsets = arrays_.offsets(step.slot);
    const int value = SlotValue(queries_.spread[step.query], step.slot);
    const int budget = queries_.budgets[step.slot];
    const int limit = budget + queries_.budgets[NextSlot(step.slot)] - 1;
    for (int r = 0; r < kRunsByBudget[budget]; ++r) {
      const uint16_t near = value ^ kMasks[r];
      const uint32_t begin = offsets[near];
      const uint32_t end = offsets[near + 1];
      if (begin == end) continue;
      const int bits = r == 0 ? 0 : r < 17 ? 1 : 2;
      runs->run[runs->count++] = {begin, end, near,
                                  static_cast<int16_t>(limit - bits)};
    }
  }

  [[gnu::always_inline]] inline void PrefetchRun(int slot,
                                                 const PostingRun& run) const {
    // The processor itself fetches what follows in long runs.
    const uint32_t last = std::min(run.end - 1, run.begin + kPrefetched);
    for (uint32_t b = run.begin / kBlock; b <= last / kBlock; ++b) {
      __builtin_prefetch(arrays_.next_values(slot, b));
    }
  }

  // Between its runs it asks for those of the next step: memory is busy while
  // they are compared.
  [[gnu::always_inline]] inline void ScanRuns(const Step& step,
                                              const Runs& runs, int next_slot,
                                              const Runs& next_runs) {
    const uint16_t value =
        SlotValue(queries_.spread[step.query], NextSlot(step.slot));
    const int count = std::max(runs.count, next_runs.count);
    for (int r = 0; r < count; ++r) {
      if (r < next_runs.count) PrefetchRun(next_slot, next_runs.run[r]);
      if (r < runs.count && hits_[step.query].size() < max_hits_) {
        ScanRun(step, runs.run[r], value);
      }
    }
  }

  [[gnu::always_inline]] inline void ScanRun(const Step& step,
                                             const PostingRun& run,
                                             uint16_t value) {
    for (uint32_t b = run.begin / kBlock; b * kBlock < run.end; ++b) {
      // Of other runs' values in the block, too: at worst in vain.
      const uint16_t* const next_values = arrays_.next_values(step.slot, b);
      if (!AnyWithin(next_values, value, run.limit)) continue;
      if (found_ + kBlock > kMaxCandidates) {
        VerifyAll();
        if (hits_[step.query].size() >= max_hits_) return;
      }
      const uint32_t before = found_;
      const uint32_t begin = std::max(run.begin, b * kBlock);
      const uint32_t end = std::min(run.end, b * kBlock + kBlock);
      for (uint32_t i = begin; i < end; ++i) {
        const uint16_t difference = next_values[i % kBlock] ^ value;
        candidates_[found_] = {step.query, i, run.value,
                               static_cast<uint16_t>(step.slot)};
        found_ += std::popcount(difference) <= run.limit;
      }
      for (uint32_t c = before; c < found_; ++c) {
        PrefetchNumber(candidates_[c]);
      }
    }
  }

  // At which bit the postings of a value begin.
  [[gnu::always_inline]] inline uint32_t FirstBit(int slot,
                                                  uint16_t value) const {
    return arrays_.offsets(slot)[value] + value * arrays_.counts.blocks();
  }

  [[gnu::always_inline]] inline void PrefetchNumber(
      const Candidate& candidate) const {
    if (candidate.slot == 0) return;
    __builtin_prefetch(&arrays_.low_number(candidate.slot, candidate.position));
    // Mostly the bits of a value take one or two cache lines.
    const uint64_t* const words = arrays_.high_bits(candidate.slot);
    const uint32_t bit = FirstBit(candidate.slot, candidate.value);
    const uint32_t before =
        candidate.position - arrays_.offsets(candidate.slot)[candidate.value];
    __builtin_prefetch(words + bit / 64);
    if (before <= kBitSample) {
      __builtin_prefetch(words + (bit + 2 * before) / 64);
    } else {
      __builtin_prefetch(arrays_.bit_samples(candidate.slot) +
                         candidate.position / kBitSample);
    }
  }

  // Where in the high bits of a value's postings the last number was found.
  struct BitCursor {
    int slot = 0;
    uint16_t value = 0;
    uint32_t position = 0;  // Whose bit is the first one of `word`.
    uint32_t word_at = 0;
    uint64_t word = 0;  // What is left of it.
  };

  [[gnu::always_inline]] inline uint32_t NumberAt(const Candidate& candidate) {
    const int slot = candidate.slot;
    const uint32_t position = candidate.position;
    if (slot == 0) return position;
    const uint64_t* const words = arrays_.high_bits(slot);
    const uint32_t begin = arrays_.offsets(slot)[candidate.value];
    const uint32_t first_bit = FirstBit(slot, candidate.value);
    BitCursor& cursor = cursor_;
    // Candidates of one query ascend within a value; other queries begin anew.
    if (cursor.slot != slot || cursor.value != candidate.value ||
        cursor.position > position || position - cursor.position > kBitSample) {
      // In most values, going through all of it is quicker than one more place
      // in memory.
      const bool far = position - begin > kBitSample;
      const uint32_t from = far ? position / kBitSample * kBitSample : begin;
      const uint32_t bit =
          far ? arrays_.bit_samples(slot)[from / kBitSample] : first_bit;
      cursor = {slot, candidate.value, from, bit / 64,
                words[bit / 64] & ~uint64_t{0} << bit % 64};
    }
    uint32_t ones = position - cursor.position;
    for (uint32_t here; (here = std::popcount(cursor.word)) <= ones;
         ones -= here) {
      cursor.word = words[++cursor.word_at];
    }
    const int bit = BitAt(cursor.word, ones);
    cursor.word &= ~uint64_t{0} << bit;
    cursor.position = position;
    const uint32_t zeros =
        cursor.word_at * 64 + bit - first_bit - (position - begin);
    return zeros << 16 | arrays_.low_number(slot, position);
  }

  // Finds the numbers of the candidates before `end`, and asks for what will be
  // compared.
  [[gnu::always_inline]] inline void Locate(uint32_t end) {
    for (; located_ < end; ++located_) {
      Candidate& candidate = candidates_[located_];
      candidate.position = NumberAt(candidate);
      const char* const rest =
          reinterpret_cast<const char*>(&arrays_.rests[candidate.position]);
      __builtin_prefetch(rest);
      __builtin_prefetch(rest + sizeof(HashRest) - 1);
    }
  }

  // Compares the located candidates before `end`.
  [[gnu::always_inline]] inline void Verify(uint32_t end) {
    for (; verified_ < end; ++verified_) {
      const Candidate& candidate = candidates_[verified_];
      const HashRest& wanted = queries_.rests[candidate.query];
      const HashRest& rest = arrays_.rests[candidate.position];
      // Where an earlier slot was a start too, the hash was met there.
      if (RestDistance(rest, wanted) <= queries_.radius &&
          !HasStartBefore(rest, wanted, candidate.slot, queries_.budgets)) {
        Report(candidate, queries_.spread[candidate.query]);
      }
    }
    if (verified_ == found_) verified_ = located_ = found_ = 0;
  }

  [[gnu::always_inline]] inline void VerifyAll() {
    Locate(found_);
    Verify(found_);
  }

  // The distance of the rest is within the radius.
  [[gnu::always_inline]] inline void Report(const Candidate& candidate,
                                            const Hash256& query) {
    const uint32_t number = candidate.position;
    const Hash256 hash =
        FromRest(arrays_.rests[number], arrays_.first_value(number),
                 arrays_.next_value(0, number));
    Hash256 difference;
    int distance = 0;
    for (int w = 0; w < 4; ++w) {
      difference.words[w] = hash.words[w] ^ query.words[w];
      distance += std::popcount(difference.words[w]);
    }
    if (distance > queries_.radius) return;
    for (int s = 0; s < candidate.slot; ++s) {
      if (IsStart(difference, s, queries_.budgets)) return;
    }
    const uint32_t first = arrays_.first_frame[number];
    if ((first & kShared) == 0) return AddHit(candidate.query, first, distance);
    const uint32_t* const list = arrays_.shared + (first & ~kShared);
    for (uint32_t i = 1; i <= list[0]; ++i) {
      AddHit(candidate.query, list[i], distance);
    }
  }

  void AddHit(uint32_t query, uint32_t ordinal, int distance) {
    std::vector<HammingHit>& hits = hits_[query];
    if (hits.size() >= max_hits_) return;
    const FrameRun& run = arrays_.run_of(ordinal);
    hits.push_back({{run.clip, run.frame + (ordinal - run.ordinal)}, distance});
  }

  const SegmentArrays& arrays_;
  const HammingQueries& queries_;
  const size_t max_hits_;
  const absl::Span<std::vector<HammingHit>> hits_;
  std::array<int, kSlots> slots_ = {};  // With a budget.
  int slot_count_ = 0;
  Runs runs_[2];
  BitCursor cursor_;
  // The candidates: found, of these located, of these verified.
  uint32_t found_ = 0;
  uint32_t located_ = 0;
  uint32_t verified_ = 0;
  Candidate candidates_[kMaxCandidates + 1];
};

DISPATCH_BY_CPU(void, SearchSegment,
                (const SegmentArrays& arrays, const HammingQueries& queries,
                 size_t max_hits, absl::Span<std::vector<HammingHit>> hits),
                (arrays, queries, max_hits, hits)) {
  SegmentSearch(arrays, queries, max_hits, hits).Run();
}

HammingQueries::HammingQueries(absl::Span<const Hash256> hashes, int radius)
    : radius(radius), budgets(BudgetsFor(radius)) {
  spread.reserve(hashes.size());
  rests.reserve(hashes.size());
  for (const Hash256& hash : hashes) {
    spread.push_back(SpreadOverSlots(hash));
    rests.push_back(RestOf(spread.back()));
  }
}

void HammingSegment::Search(const HammingQueries& queries, size_t max_hits,
                            absl::Span<std::vector<HammingHit>> hits) const {
  if (hashes() == 0 || queries.spread.empty()) return;
  SearchSegment(arrays_, queries, max_hits, hits);
}

}  // namespace lenscap
