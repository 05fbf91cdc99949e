#ifndef LENSCAP_INDEX_HASH_SLOTS_H_
#define LENSCAP_INDEX_HASH_SLOTS_H_

#include <array>
#include <bit>
#include <cstdint>

#include "fingerprint/hash256.h"

namespace lenscap {

// Cutting a hash into 16 slots of 16 bits, and what must hold of them for two
// hashes to be near: the arithmetic of multi-index hashing with the ring
// filter ("Pigeonring", Qin and Xiao, VLDB 2018).
//
// Let d(s) be the distance of two hashes in slot s, and share out budgets t(s)
// that add up to radius + 1. If the whole distance is at most the radius, the
// sum of d(s) - t(s) around the ring is negative, so by the cycle lemma there
// is a slot from which on every partial sum is negative; the first two say
//     d(s) < t(s)   and   d(s) + d(next(s)) < t(s) + t(next(s)).
// A slot for which both hold is a start. So every hash within the radius has a
// start; a search visits the few values within t(s) - 1 bits of each slot and
// drops most of what it meets by the next slot alone.

inline constexpr int kSlots = 16;
inline constexpr int kSlotValues = 1 << 16;
// The budgets are at most 2 up to radius 31, so starts have d(s) <= 1, and at
// most 3 up to this one, at eight times the values to visit.
inline constexpr int kMaxSearchRadius = 47;

using SlotBudgets = std::array<uint8_t, kSlots>;

// Moves the bits so that slot s holds bit (s + 5k) % 16 of every row k of the
// hash: neighbouring bits of a PDQ hash are correlated, and slots that held
// whole rows would fill unevenly. Distances stay what they were.
Hash256 SpreadOverSlots(const Hash256& hash);

// Of a hash that SpreadOverSlots made, as the next functions.
inline uint16_t SlotValue(const Hash256& spread, int slot) {
  return static_cast<uint16_t>(spread.words[slot / 4] >> (slot % 4 * 16));
}

inline constexpr int NextSlot(int slot) { return (slot + 7) % kSlots; }

// `radius` is 0 to kMaxSearchRadius. Spread evenly along the ring.
SlotBudgets BudgetsFor(int radius);

// Whether `slot` is a start for two hashes that differ in `difference`.
inline bool IsStart(const Hash256& difference, int slot,
                    const SlotBudgets& budgets) {
  const int next = NextSlot(slot);
  const int distance = std::popcount(SlotValue(difference, slot));
  return distance < budgets[slot] &&
         distance + std::popcount(SlotValue(difference, next)) <
             budgets[slot] + budgets[next];
}

}  // namespace lenscap

#endif  // LENSCAP_INDEX_HASH_SLOTS_H_
