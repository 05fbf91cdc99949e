#ifndef LENSCAP_TESTS_FUZZ_DICE_H_
#define LENSCAP_TESTS_FUZZ_DICE_H_

#include <cstddef>
#include <cstdint>
#include <random>

namespace lenscap {

// Numbers that look random and are the same for a seed on every machine, which
// the standard library's distributions do not promise. Not thread-safe.
class Dice {
 public:
  explicit Dice(uint64_t seed) : engine_(seed * 0x9E3779B97F4A7C15u + 1) {}

  uint64_t Bits() { return engine_(); }
  // From 0 to `count` - 1; 0 where `count` is 0.
  size_t Below(size_t count) { return count == 0 ? 0 : engine_() % count; }
  // From `least` to `most`, both included.
  size_t Between(size_t least, size_t most) {
    return least + Below(most - least + 1);
  }
  bool OneIn(size_t count) { return Below(count) == 0; }
  // Small numbers as often as large ones: 1 to 2^max_log.
  size_t Scale(int max_log) {
    return Between(1, size_t{1} << Below(max_log + 1));
  }

 private:
  std::mt19937_64 engine_;
};

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_DICE_H_
