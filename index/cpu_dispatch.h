#ifndef LENSCAP_INDEX_CPU_DISPATCH_H_
#define LENSCAP_INDEX_CPU_DISPATCH_H_

#include <algorithm>
#include <cstdlib>

// Compiles the body of a function several times, for processors with AVX-512
// (bit counts in vectors), with AVX2 and POPCNT, and for any, and calls the
// best that this machine has. What the body calls must be inlined into it.
//
//   DISPATCH_BY_CPU(int, Count, (const uint64_t* words, int n), (words, n)) {
//     ...
//   }
//
// The attribute target_clones would say the same, but resolves before
// ThreadSanitizer is ready for it.
#if defined(__x86_64__)

namespace lenscap {

// 2 with AVX-512, 1 with AVX2, else 0; at most what LENSCAP_CPU_LEVEL says,
// where it is set, so that tests can compare them.
inline int CpuLevel() {
  static const int level = [] {
    const int has = !__builtin_cpu_supports("avx2")              ? 0
                    : !__builtin_cpu_supports("avx512bitalg")    ? 1
                    : !__builtin_cpu_supports("avx512vpopcntdq") ? 1
                                                                 : 2;
    const char* const most = std::getenv("LENSCAP_CPU_LEVEL");
    return most == nullptr ? has : std::min(has, std::atoi(most));
  }();
  return level;
}

}  // namespace lenscap

#define LENSCAP_AVX512_                                                       \
  "avx512f,avx512bw,avx512dq,avx512vl,avx512vpopcntdq,avx512bitalg,avx2,bmi," \
  "bmi2,popcnt"
#define DISPATCH_BY_CPU(result, name, parameters, arguments)               \
  [[gnu::always_inline]] static inline result name##Body parameters;       \
  [[gnu::target(LENSCAP_AVX512_)]] static result name##Avx512 parameters { \
    return name##Body arguments;                                           \
  }                                                                        \
  [[gnu::target(                                                           \
      "avx2,bmi,bmi2,popcnt")]] static result name##Avx2 parameters {      \
    return name##Body arguments;                                           \
  }                                                                        \
  static result name##Plain parameters { return name##Body arguments; }    \
  static result name parameters {                                          \
    const int level = CpuLevel();                                          \
    return level == 2   ? name##Avx512 arguments                           \
           : level == 1 ? name##Avx2 arguments                             \
                        : name##Plain arguments;                           \
  }                                                                        \
  result name##Body parameters
#else
#define DISPATCH_BY_CPU(result, name, parameters, arguments) \
  static result name parameters
#endif

#endif  // LENSCAP_INDEX_CPU_DISPATCH_H_
