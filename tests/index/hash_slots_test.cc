#include "index/hash_slots.h"

#include <algorithm>
#include <numeric>
#include <set>

#include "gtest/gtest.h"
#include "tests/index/hashes.h"

namespace lenscap {
namespace {

bool HasStart(const Hash256& difference, int radius) {
  const SlotBudgets budgets = BudgetsFor(radius);
  for (int s = 0; s < kSlots; ++s) {
    if (IsStart(difference, s, budgets)) return true;
  }
  return false;
}

// A difference with so many bits in each slot.
Hash256 WithBitsPerSlot(const std::array<int, kSlots>& bits, Random& random) {
  Hash256 difference;
  for (int s = 0; s < kSlots; ++s) {
    std::array<int, 16> order;
    std::iota(order.begin(), order.end(), 0);
    std::shuffle(order.begin(), order.end(), random);
    uint64_t value = 0;
    for (int i = 0; i < bits[s]; ++i) value |= uint64_t{1} << order[i];
    difference.words[s / 4] |= value << (s % 4 * 16);
  }
  return difference;
}

TEST(HashSlotsTest, SlotSHoldsBitSPlus5KOfEveryRowK) {
  Random random(1);
  for (int round = 0; round < 100; ++round) {
    const Hash256 hash = RandomHash(random);
    const Hash256 spread = SpreadOverSlots(hash);
    for (int s = 0; s < kSlots; ++s) {
      for (int k = 0; k < 16; ++k) {
        const int bit = k * 16 + (s + 5 * k) % 16;
        ASSERT_EQ(SlotValue(spread, s) >> k & 1,
                  static_cast<int>(hash.words[bit / 64] >> (bit % 64) & 1))
            << "slot " << s << ", row " << k;
      }
    }
  }
}

TEST(HashSlotsTest, SpreadingKeepsDistances) {
  Random random(2);
  for (int distance = 0; distance <= 256; ++distance) {
    const Hash256 hash = CorrelatedHash(random);
    const Hash256 other = AtDistance(hash, distance, random);
    EXPECT_EQ(HammingDistance(SpreadOverSlots(hash), SpreadOverSlots(other)),
              distance);
  }
}

TEST(HashSlotsTest, TheRingGoesThroughEverySlot) {
  std::set<int> seen;
  for (int s = 0; seen.insert(s).second; s = NextSlot(s)) {
  }
  EXPECT_EQ(seen.size(), kSlots);
}

TEST(HashSlotsTest, BudgetsAddUpToTheRadiusAndOne) {
  for (int radius = 0; radius <= kMaxSearchRadius; ++radius) {
    const SlotBudgets budgets = BudgetsFor(radius);
    EXPECT_EQ(std::accumulate(budgets.begin(), budgets.end(), 0), radius + 1);
    EXPECT_LE(*std::max_element(budgets.begin(), budgets.end()),
              radius < 32 ? 2 : 3);
  }
}

TEST(HashSlotsTest, WithinTheRadiusThereIsAlwaysAStart) {
  Random random(3);
  for (int radius = 0; radius <= kMaxSearchRadius; ++radius) {
    for (int round = 0; round < 2000; ++round) {
      ASSERT_TRUE(HasStart(AtDistance({}, radius, random), radius));
      // Crowded into few slots, too.
      std::array<int, kSlots> bits{};
      const int slots = 1 + Below(kSlots, random);
      for (int placed = 0; placed < radius;) {
        int& slot = bits[Below(slots, random) * 7 % kSlots];
        if (slot == 16 && slots * 16 >= radius) continue;
        ++(slot < 16 ? slot : *std::min_element(bits.begin(), bits.end()));
        ++placed;
      }
      const Hash256 difference = WithBitsPerSlot(bits, random);
      ASSERT_EQ(HammingDistance(difference, {}), radius);
      ASSERT_TRUE(HasStart(difference, radius));
    }
  }
}

// Any one bit fewer than every slot's budget leaves a start: as near to none as
// the radius allows.
TEST(HashSlotsTest, TheTightestDifferencesHaveAStart) {
  Random random(4);
  for (int radius = 0; radius <= kMaxSearchRadius; ++radius) {
    const SlotBudgets budgets = BudgetsFor(radius);
    for (int s = 0; s < kSlots; ++s) {
      if (budgets[s] == 0) continue;
      std::array<int, kSlots> bits;
      std::copy(budgets.begin(), budgets.end(), bits.begin());
      --bits[s];
      EXPECT_TRUE(HasStart(WithBitsPerSlot(bits, random), radius));
    }
  }
}

TEST(HashSlotsTest, BeyondTheRadiusThereMayBeNone) {
  Random random(5);
  for (int radius = 0; radius <= kMaxSearchRadius; ++radius) {
    std::array<int, kSlots> bits;
    const SlotBudgets budgets = BudgetsFor(radius);
    std::copy(budgets.begin(), budgets.end(), bits.begin());
    EXPECT_FALSE(HasStart(WithBitsPerSlot(bits, random), radius)) << radius;
  }
}

}  // namespace
}  // namespace lenscap
