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
  uint32_t words[7] = {};
};

inline HashRest RestOf(const Hash256& spread) {
  static_assert(NextSlot(0) == 7);
  HashRest rest;
  const char* const bytes = reinterpret_cast<const char*>(&spread.words[0]);
  std::memcpy(&rest.words[0], bytes + 2, 12);
  std::memcpy(&rest.words[3], bytes + 16, 16);
  return rest;
}

inline Hash256 FromRest(const HashRest& rest, uint16_t first, uint16_t next) {
  Hash256 spread;
  char* const bytes = reinterpret_cast<char*>(&spread.words[0]);
  std::memcpy(bytes, &first, 2);
  std::memcpy(bytes + 2, &rest.words[0], 12);
  std::memcpy(bytes + 14, &next, 2);
  std::memcpy(bytes + 16, &rest.words[3], 16);
  return spread;
}

// Of a slot that is neither 0 nor next to it.
inline uint16_t SlotValue(const HashRest& rest, int slot) {
  uint16_t value;
  std::memcpy(&value,
              reinterpret_cast<const char*>(&rest.words[0]) +
                  2 * (slot < NextSlot(0) ? slot - 1 : slot - 2),
              2);
  return value;
}

[[gnu::always_inline]] inline int RestDistance(const HashRest& a,
                                               const HashRest& b) {
  uint64_t x[4] = {}, y[4] = {};
  std::memcpy(x, a.words, sizeof(a));
  std::memcpy(y, b.words, sizeof(b));
  return std::popcount(x[0] ^ y[0]) + std::popcount(x[1] ^ y[1]) +
         std::popcount(x[2] ^ y[2]) + std::popcount(x[3] ^ y[3]);
}

// Postings stand in blocks of this many: first their values in the next slot, a
// cache line that is compared at once, then the low 16 bits of their numbers.
inline constexpr uint32_t kBlock = 32;
// Of every so many postings, where its bit is.
inline constexpr uint32_t kBitSample = 512;
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

 private:
  // Elements of the next values of a slot.
  size_t slot_stride() const {
    return (counts.hashes + kBlock - 1) / kBlock * kBlock;
  }
  size_t bit_words() const {
    return (counts.hashes + kSlotValues * counts.blocks()) / 64 + 1;
  }
  size_t samples() const { return counts.hashes / kBitSample + 1; }

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
    return at;
  }

  uint32_t* offsets_ = nullptr;
  uint16_t* postings_ = nullptr;
  uint64_t* high_bits_ = nullptr;
  uint32_t* bit_samples_ = nullptr;
};

}  // namespace lenscap

#endif  // LENSCAP_INDEX_SEGMENT_ARRAYS_H_
