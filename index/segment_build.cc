// Building and merging segments.

#include <algorithm>
#include <bit>
#include <iterator>
#include <numeric>
#include <utility>

#include "index/hamming_segment.h"

namespace lenscap {
namespace {

// The order of the hashes of a segment: by slot 0, then whatever is quick.
std::array<uint64_t, 4> OrderOf(const Hash256& spread) {
  return {std::rotr(spread.words[0], 16), spread.words[1], spread.words[2],
          spread.words[3]};
}

// The runs of frames whose refs are added in ascending order.
class RunList {
 public:
  void Add(const FrameRef& ref) {
    if (runs_.empty() || runs_.back().clip != ref.clip ||
        runs_.back().frame + (frames_ - runs_.back().ordinal) != ref.frame) {
      runs_.push_back({static_cast<uint32_t>(frames_), ref.clip, ref.frame});
    }
    ++frames_;
  }
  void Add(const FrameRun& first, uint64_t count) {
    Add(FrameRef{first.clip, first.frame});
    frames_ += count - 1;
  }

  uint64_t frames() const { return frames_; }
  const std::vector<FrameRun>& runs() const { return runs_; }

 private:
  std::vector<FrameRun> runs_;
  uint64_t frames_ = 0;
};

}  // namespace

// Goes through the frames of a segment in order of hash.
class SegmentReader {
 public:
  // Frames get ordinals from `runs`, to which those not left out are added.
  SegmentReader(const HammingSegment& segment,
                absl::Span<const uint32_t> left_out, RunList* runs)
      : arrays_(segment.arrays_) {
    const uint64_t count = arrays_.counts.runs;
    ordinals_.reserve(count);
    for (uint64_t r = 0; r < count; ++r) {
      const FrameRun& run = arrays_.runs[r];
      const bool kept =
          !std::binary_search(left_out.begin(), left_out.end(), run.clip);
      ordinals_.push_back(kept ? runs->frames() : kLeftOut);
      if (kept) {
        runs->Add(run, (r + 1 < count ? arrays_.runs[r + 1].ordinal
                                      : arrays_.counts.frames) -
                           run.ordinal);
      }
    }
    Rewind();
  }

  void Rewind() {
    number_ = 0;
    first_ = 0;
    ReadHash();
  }
  bool AtEnd() const { return number_ == arrays_.counts.hashes; }
  const Hash256& hash() const { return hash_; }
  const std::array<uint64_t, 4>& order() const { return order_; }
  void Next() {
    ++number_;
    ReadHash();
  }

  // Calls `visit` with the ordinals of the frames with this hash, ascending.
  template <typename Visit>
  void ForEachFrame(const Visit& visit) const {
    const uint32_t first = arrays_.first_frame[number_];
    if ((first & kShared) == 0) return VisitKept(first, visit);
    const uint32_t* const list = arrays_.shared + (first & ~kShared);
    for (uint32_t i = 1; i <= list[0]; ++i) VisitKept(list[i], visit);
  }

 private:
  static constexpr uint32_t kLeftOut = ~uint32_t{0};

  template <typename Visit>
  void VisitKept(uint32_t ordinal, const Visit& visit) const {
    const FrameRun* const run = &arrays_.run_of(ordinal);
    const uint32_t begins = ordinals_[run - arrays_.runs];
    if (begins != kLeftOut) visit(begins + (ordinal - run->ordinal));
  }

  void ReadHash() {
    if (AtEnd()) return;
    while (arrays_.offsets(0)[first_ + 1] <= number_) ++first_;
    hash_ = FromRest(arrays_.rests[number_], first_,
                     arrays_.next_value(0, number_));
    order_ = OrderOf(hash_);
  }

  const SegmentArrays& arrays_;
  std::vector<uint32_t> ordinals_;  // Of each run's first frame from now on.
  uint64_t number_ = 0;
  uint32_t first_ = 0;  // The value in slot 0 of the hash here.
  Hash256 hash_;
  std::array<uint64_t, 4> order_;
};

// Makes a segment of frames that come in order of hash, those with the same
// hash in order of ordinal, twice: first they are counted.
class SegmentBuilder {
 public:
  template <typename Walk>
  static std::shared_ptr<const HammingSegment> Build(const RunList& runs,
                                                     const Walk& walk) {
    SegmentCounts counts;
    counts.frames = runs.frames();
    counts.runs = runs.runs().size();
    counts.last_clip = runs.runs().empty() ? 0 : runs.runs().back().clip;
    {
      Hash256 last;
      uint64_t of_last = 0;
      walk([&](const Hash256& hash, uint32_t) {
        if (of_last == 0 || hash != last) {
          ++counts.hashes;
          last = hash;
          of_last = 1;
        } else {
          counts.shared += ++of_last == 2 ? 3 : 1;
        }
      });
    }
    SegmentBuilder builder(counts);
    builder.FillRuns(runs);
    walk([&](const Hash256& hash, uint32_t ordinal) {
      builder.Add(hash, ordinal);
    });
    builder.FillSlot0();
    for (int s = 1; s < kSlots; ++s) builder.FillSlot(s);
    return builder.segment_;
  }

 private:
  explicit SegmentBuilder(const SegmentCounts& counts)
      : segment_(new HammingSegment(PageBuffer(SegmentArrays::BytesFor(counts)),
                                    counts)),
        arrays_(segment_->arrays_) {}

  void Add(const Hash256& hash, uint32_t ordinal) {
    if (count_ > 0 && hash == last_) return Share(ordinal);
    last_ = hash;
    arrays_.rests[count_] = RestOf(hash);
    arrays_.next_value(0, count_) = SlotValue(hash, NextSlot(0));
    ++arrays_.offsets(0)[SlotValue(hash, 0) + 1];
    arrays_.first_frame[count_] = ordinal;
    ++count_;
  }

  // One more frame has the last hash.
  void Share(uint32_t ordinal) {
    uint32_t& first = arrays_.first_frame[count_ - 1];
    if ((first & kShared) == 0) {
      list_ = &arrays_.shared[shared_];
      list_[0] = 1;
      list_[1] = first;
      first = shared_ | kShared;
      shared_ += 2;
    }
    list_[++list_[0]] = ordinal;
    ++shared_;
  }

  static void AddUp(uint32_t* offsets) {
    for (int v = 0; v < kSlotValues; ++v) offsets[v + 1] += offsets[v];
  }

  void FillSlot0() {
    const uint32_t* const offsets = arrays_.offsets(0);
    AddUp(arrays_.offsets(0));
    uint32_t value = 0;
    for (uint64_t i = 0; i <= count_ / kPlaceSample + 1; ++i) {
      const uint64_t number = std::min(i * kPlaceSample, count_ - 1);
      while (count_ > 0 && offsets[value + 1] <= number) ++value;
      arrays_.first_samples[i] = value;
    }
  }

  void FillRuns(const RunList& list) {
    const std::vector<FrameRun>& runs = list.runs();
    std::copy(runs.begin(), runs.end(), arrays_.runs);
    uint32_t run = 0;
    for (uint64_t i = 0; i <= list.frames() / kPlaceSample + 1; ++i) {
      const uint64_t ordinal = std::min(i * kPlaceSample, list.frames() - 1);
      while (run + 1 < runs.size() && runs[run + 1].ordinal <= ordinal) ++run;
      arrays_.run_samples[i] = run;
    }
  }

  uint16_t ValueAt(uint64_t number, int slot) const {
    return slot == 0             ? first_values_[number]
           : slot == NextSlot(0) ? arrays_.next_value(0, number)
                                 : SlotValue(arrays_.rests[number], slot);
  }

  // A counting sort of the hashes by their value in the slot.
  void FillSlot(int slot) {
    uint32_t* const offsets = arrays_.offsets(slot);
    uint64_t* const high_bits = arrays_.high_bits(slot);
    uint32_t* const bit_samples = arrays_.bit_samples(slot);
    const uint32_t blocks = arrays_.counts.blocks();
    for (uint64_t i = 0; i < count_; ++i) ++offsets[ValueAt(i, slot) + 1];
    AddUp(offsets);
    if (NextSlot(slot) == 0) FillFirstValues();
    std::vector<uint32_t> at(offsets, offsets + kSlotValues);
    for (uint64_t i = 0; i < count_; ++i) {
      const uint16_t value = ValueAt(i, slot);
      const uint32_t position = at[value]++;
      arrays_.next_value(slot, position) = ValueAt(i, NextSlot(slot));
      arrays_.low_number(slot, position) = static_cast<uint16_t>(i);
      const uint32_t bit = position + value * blocks + (i >> 16);
      high_bits[bit / 64] |= uint64_t{1} << bit % 64;
      if (position % kBitSample == 0) bit_samples[position / kBitSample] = bit;
    }
    first_values_ = {};
  }

  // For the slot before slot 0 in the ring.
  void FillFirstValues() {
    first_values_.resize(count_);
    const uint32_t* const offsets = arrays_.offsets(0);
    for (int v = 0; v < kSlotValues; ++v) {
      std::fill(first_values_.begin() + offsets[v],
                first_values_.begin() + offsets[v + 1], v);
    }
  }

  const std::shared_ptr<HammingSegment> segment_;
  const SegmentArrays& arrays_;
  Hash256 last_;
  uint64_t count_ = 0;        // Of hashes so far.
  uint64_t shared_ = 0;       // Of elements of `shared` so far.
  uint32_t* list_ = nullptr;  // Of the last hash, in `shared`.
  std::vector<uint16_t> first_values_;
};

std::shared_ptr<const HammingSegment> HammingSegment::Of(
    absl::Span<const SpreadFrame> frames) {
  RunList runs;
  for (const SpreadFrame& frame : frames) runs.Add(frame.ref);
  // Sorted by the value in slot 0, then within each value.
  std::vector<uint32_t> ends(kSlotValues + 1);
  for (const SpreadFrame& frame : frames) ++ends[SlotValue(frame.spread, 0)];
  std::partial_sum(ends.begin(), ends.end(), ends.begin());
  std::vector<uint32_t> order(frames.size());
  for (size_t i = frames.size(); i-- > 0;) {
    order[--ends[SlotValue(frames[i].spread, 0)]] = i;
  }
  ends.back() = frames.size();  // What were ends are beginnings now.
  for (int v = 0; v < kSlotValues; ++v) {
    std::sort(order.begin() + ends[v], order.begin() + ends[v + 1],
              [&](uint32_t a, uint32_t b) {
                return std::pair(OrderOf(frames[a].spread), a) <
                       std::pair(OrderOf(frames[b].spread), b);
              });
  }
  return SegmentBuilder::Build(runs, [&](const auto& add) {
    for (const uint32_t i : order) add(frames[i].spread, i);
  });
}

std::shared_ptr<const HammingSegment> HammingSegment::Merged(
    absl::Span<const std::shared_ptr<const HammingSegment>> segments,
    absl::Span<const uint32_t> left_out) {
  RunList runs;
  std::vector<SegmentReader> readers;
  readers.reserve(segments.size());
  for (const auto& segment : segments) {
    readers.emplace_back(*segment, left_out, &runs);
  }
  return SegmentBuilder::Build(runs, [&](const auto& add) {
    std::vector<SegmentReader*> left;
    for (SegmentReader& reader : readers) {
      reader.Rewind();
      if (!reader.AtEnd()) left.push_back(&reader);
    }
    while (!left.empty()) {
      // Of the same hash, the frames of earlier segments first.
      const auto least =
          std::min_element(left.begin(), left.end(),
                           [](const SegmentReader* a, const SegmentReader* b) {
                             return a->order() < b->order();
                           });
      SegmentReader& reader = **least;
      reader.ForEachFrame(
          [&](uint32_t ordinal) { add(reader.hash(), ordinal); });
      reader.Next();
      if (reader.AtEnd()) left.erase(least);
    }
  });
}

}  // namespace lenscap
