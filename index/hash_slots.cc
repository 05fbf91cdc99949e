#include "index/hash_slots.h"

namespace lenscap {
namespace {

uint16_t Row(const Hash256& hash, int row) { return SlotValue(hash, row); }

}  // namespace

Hash256 SpreadOverSlots(const Hash256& hash) {
  // Rotated by 5k, row k holds the bit of slot s at bit s; what is left is to
  // transpose 16x16 bits, by blocks of 8, 4, 2 and 1.
  std::array<uint16_t, kSlots> m;
  for (int k = 0; k < kSlots; ++k) m[k] = std::rotr(Row(hash, k), 5 * k % 16);
  uint16_t low = 0x00ff;  // The columns that stay in the upper blocks.
  for (int block = 8; block > 0; block /= 2, low ^= low << block) {
    for (int row = 0; row < kSlots; ++row) {
      if (row & block) continue;
      const uint16_t swapped = (m[row] >> block ^ m[row | block]) & low;
      m[row] ^= swapped << block;
      m[row | block] ^= swapped;
    }
  }
  Hash256 spread;
  for (int s = 0; s < kSlots; ++s) {
    spread.words[s / 4] |= uint64_t{m[s]} << (s % 4 * 16);
  }
  return spread;
}

SlotBudgets BudgetsFor(int radius) {
  SlotBudgets budgets{};
  int slot = 0;
  for (int i = 0; i < kSlots; ++i, slot = NextSlot(slot)) {
    budgets[slot] = (i + 1) * (radius + 1) / kSlots - i * (radius + 1) / kSlots;
  }
  return budgets;
}

}  // namespace lenscap
