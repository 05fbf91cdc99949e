#ifndef LENSCAP_INDEX_SEGMENT_ARRAYS_H_
#define LENSCAP_INDEX_SEGMENT_ARRAYS_H_

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "fingerprint/hash256.h"
#include "index/hash_slots.h"

namespace lenscap {

static_assert(std::endian::native == std::endian::little);

// How a segment lies in memory and on disk: one block, array after array, each
// at a multiple of 64 bytes. index/FORMAT.md describes it.
//
// The distinct hashes are numbered in order of slot 0, which therefore needs no
// postings. The postings of the other slots are in order of the slot's value,
// then of the hash's number. Of a number they keep the low 16 bits; the rest
// ascends within a value, and takes two bits a posting as an Elias-Fano code: a
// one for each posting, and before it a zero for each step up of the rest, from
// 0 at each value's first bit.

// How much there is of everything.
struct SegmentCounts {
  uint64_t hashes = 0;  // Distinct.
  uint64_t frames = 0;
  uint64_t runs = 0;
  uint64_t shared = 0;
  uint64_t last_clip = 0;

  // How many values the bits of a hash's number above the low 16 may have.
  uint64_t blocks() const { return (hashes + 0xffff) >> 16; }
};

// So many frames at most: ordinals have 31 bits, places of bits 32.
inline constexpr uint64_t kMaxSegmentFrames = uint64_t{1} << 30;

// Frames are numbered in order of clip and frame; these are some in a row of
// one clip, from this ordinal up to the next run's.
struct FrameRun {
  uint32_t ordinal = 0;
  uint32_t clip = 0;
  uint32_t frame = 0;  // The first one's.
};

// A spread hash without slot 0, which its number tells, and the one next to
// it, which stands with the postings.
struct HashRest {
  uint16_t values[kSlots - 2] = {};
};

template <typename Word>
[[gnu::always_inline]] inline Word WordAt(const HashRest& rest, int value) {
  Word word;
  std::memcpy(&word, &rest.values[value], sizeof(word));
  return word;
}

inline HashRest RestOf(const Hash256& spread) {
  static_assert(NextSlot(0) == 7);
  const auto& words = spread.words;
  const uint64_t low = words[0] >> 16 | words[1] << 48;
  const uint32_t middle = static_cast<uint32_t>(words[1] >> 16);
  HashRest rest;
  std::memcpy(&rest.values[0], &low, 8);
  std::memcpy(&rest.values[4], &middle, 4);
  std::memcpy(&rest.values[6], &words[2], 16);
  return rest;
}

[[gnu::always_inline]] inline Hash256 FromRest(const HashRest& rest,
                                               uint16_t first, uint16_t next) {
  const uint64_t low = WordAt<uint64_t>(rest, 0);
  const uint64_t middle = WordAt<uint32_t>(rest, 4);
  return {{low << 16 | first, low >> 48 | middle << 16 | uint64_t{next} << 48,
           WordAt<uint64_t>(rest, 6), WordAt<uint64_t>(rest, 10)}};
}

// Of a slot that is neither 0 nor next to it.
inline uint16_t SlotValue(const HashRest& rest, int slot) {
  return rest.values[slot < NextSlot(0) ? slot - 1 : slot - 2];
}

[[gnu::always_inline]] inline int RestDistance(const HashRest& a,
                                               const HashRest& b) {
  return std::popcount(WordAt<uint64_t>(a, 0) ^ WordAt<uint64_t>(b, 0)) +
         std::popcount(WordAt<uint32_t>(a, 4) ^ WordAt<uint32_t>(b, 4)) +
         std::popcount(WordAt<uint64_t>(a, 6) ^ WordAt<uint64_t>(b, 6)) +
         std::popcount(WordAt<uint64_t>(a, 10) ^ WordAt<uint64_t>(b, 10));
}

// Postings stand in blocks of this many: first their values in the next slot, a
// cache line that is compared at once, then the low 16 bits of their numbers.
inline constexpr uint32_t kBlock = 32;
// Of every so many postings, where its bit is.
inline constexpr uint32_t kBitSample = 512;
// Of every so many hashes, which value they have in slot 0, and of every so
// many frames, which run they are in.
inline constexpr uint32_t kPlaceSample = 256;
// Offsets of a slot: one for each value, the end, and padding.
inline constexpr size_t kSlotOffsets = kSlotValues + 16;
// In first_frame: the frames of this hash are several, in `shared`.
inline constexpr uint32_t kShared = uint32_t{1} << 31;

// The arrays of one segment. Its postings of value v in slot s have positions
// offsets(s)[v] up to offsets(s)[v + 1].
class SegmentArrays {
 public:
  SegmentArrays() = default;
  // In `memory`, which has BytesFor(counts) bytes and is not owned.
  SegmentArrays(char* memory, const SegmentCounts& counts) : counts(counts) {
    Place(memory);
  }
  static size_t BytesFor(const SegmentCounts& counts) {
    SegmentArrays arrays;
    arrays.counts = counts;
    return arrays.Place(nullptr);
  }

  SegmentCounts counts;

  uint32_t* offsets(int slot) const { return offsets_ + slot * kSlotOffsets; }
  // The values in the next slot of the postings from block * kBlock on.
  uint16_t* next_values(int slot, uint32_t block) const {
    return postings_ + (slot == 0 ? 0 : (2 * slot - 1) * slot_stride()) +
           size_t{block} * (slot == 0 ? kBlock : 2 * kBlock);
  }
  uint16_t& next_value(int slot, uint32_t position) const {
    return next_values(slot, position / kBlock)[position % kBlock];
  }
  // Of a posting, except of slot 0: the low 16 bits of the hash's number.
  uint16_t& low_number(int slot, uint32_t position) const {
    return next_values(slot, position / kBlock)[kBlock + position % kBlock];
  }
  uint64_t* high_bits(int slot) const {
    return high_bits_ + (slot - 1) * bit_words();
  }
  // Which bit is that of posting i * kBitSample.
  uint32_t* bit_samples(int slot) const {
    return bit_samples_ + (slot - 1) * samples();
  }

  HashRest* rests = nullptr;  // By number.
  // By number: the frame's ordinal, or kShared and where in `shared` the count
  // and the ordinals of its frames begin.
  uint32_t* first_frame = nullptr;
  uint32_t* shared = nullptr;
  FrameRun* runs = nullptr;
  // Of the hash i * kPlaceSample, or of the last one: the value in slot 0.
  uint16_t* first_samples = nullptr;
  // Of the frame i * kPlaceSample, or of the last one: its run.
  uint32_t* run_samples = nullptr;

  // The value in slot 0 of a hash.
  [[gnu::always_inline]] inline uint16_t first_value(uint32_t number) const {
    const uint16_t* const sample = first_samples + number / kPlaceSample;
    const uint32_t* const all = offsets(0);
    return std::upper_bound(all + sample[0] + 1, all + sample[1] + 1, number) -
           all - 1;
  }
  // The run of a frame.
  [[gnu::always_inline]] inline const FrameRun& run_of(uint32_t ordinal) const {
    const uint32_t* const sample = run_samples + ordinal / kPlaceSample;
    const auto is_before = [](uint32_t o, const FrameRun& r) {
      return o < r.ordinal;
    };
    return *(std::upper_bound(runs + sample[0] + 1, runs + sample[1] + 1,
                              ordinal, is_before) -
             1);
  }

 private:
  // Elements of the next values of a slot.
  size_t slot_stride() const {
    return (counts.hashes + kBlock - 1) / kBlock * kBlock;
  }
  size_t bit_words() const {
    return (counts.hashes + kSlotValues * counts.blocks()) / 64 + 1;
  }
  size_t samples() const { return counts.hashes / kBitSample + 1; }

  static size_t places(uint64_t count) { return count / kPlaceSample + 2; }

  // Returns where the block ends.
  size_t Place(char* memory) {
    size_t at = 0;
    const auto place = [&]<typename T>(T** array, size_t count) {
      *array = memory == nullptr ? nullptr : reinterpret_cast<T*>(memory + at);
      at = (at + count * sizeof(T) + 63) / 64 * 64;
    };
    place(&offsets_, kSlots * kSlotOffsets);
    place(&postings_, (2 * kSlots - 1) * slot_stride());
    place(&high_bits_, (kSlots - 1) * bit_words());
    place(&bit_samples_, (kSlots - 1) * samples());
    place(&rests, counts.hashes);
    place(&first_frame, counts.hashes);
    place(&shared, counts.shared);
    place(&runs, counts.runs);
    place(&first_samples, places(counts.hashes));
    place(&run_samples, places(counts.frames));
    return at;
  }

  uint32_t* offsets_ = nullptr;
  uint16_t* postings_ = nullptr;
  uint64_t* high_bits_ = nullptr;
  uint32_t* bit_samples_ = nullptr;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SEGMENT_ARRAYS_H_
