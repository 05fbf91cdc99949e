#ifndef LENSCAP_FINGERPRINT_CPU_DISPATCH_H_
#define LENSCAP_FINGERPRINT_CPU_DISPATCH_H_

#include <algorithm>
#include <cstdlib>

namespace lenscap {

// The vector instructions that a loop may use, fewest first.
enum class Simd { kBaseline, kAvx2, kAvx512 };

// The most that this machine has, and LENSCAP_CPU_LEVEL allows where it is set,
// so that tests can compare them.
inline Simd SimdOfMachine() {
  static const Simd simd = [] {
    Simd has = Simd::kBaseline;
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2")) has = Simd::kAvx2;
    if (__builtin_cpu_supports("avx512bw") &&
        __builtin_cpu_supports("avx512vl")) {
      has = Simd::kAvx512;
    }
#endif
    const char* const most = std::getenv("LENSCAP_CPU_LEVEL");
    return most == nullptr ? has
                           : std::min(has, static_cast<Simd>(std::atoi(most)));
  }();
  return simd;
}

// As many T as fill one register. Unlike an array, GCC keeps it in one.
template <typename T, Simd simd>
struct RegisterOf {
  static constexpr int kBytes = 16 << static_cast<int>(simd);
  using type [[gnu::vector_size(kBytes)]] = T;
};
template <typename T, Simd simd>
using Register = typename RegisterOf<T, simd>::type;

}  // namespace lenscap

// Compiles the body of a loop once for each kind of vector instructions and
// takes the copy for the widest that the machine has, in which kSimd says which
// they are. The results are the same bit for bit: no copy may contract or
// reorder what it computes (-ffp-contract=off).
//
//   DISPATCH_SIMD(void, Add, (float* sums, const float* row, int n),
//                 (sums, row, n)) {
//     for (int i = 0; i < n; ++i) sums[i] += row[i];
//   }
//
// The attribute target_clones would say the same, but resolves before
// ThreadSanitizer is ready for it.
#if defined(__x86_64__)
#define DISPATCH_SIMD(result, name, parameters, arguments)                   \
  template <Simd kSimd>                                                      \
  [[gnu::always_inline]] static inline result name##Body parameters;         \
  [[gnu::target("avx512bw,avx512vl,prefer-vector-width=512")]] static result \
      name##Avx512 parameters {                                              \
    return name##Body<Simd::kAvx512> arguments;                              \
  }                                                                          \
  [[gnu::target("avx2")]] static result name##Avx2 parameters {              \
    return name##Body<Simd::kAvx2> arguments;                                \
  }                                                                          \
  static result name##Baseline parameters {                                  \
    return name##Body<Simd::kBaseline> arguments;                            \
  }                                                                          \
  static result name parameters {                                            \
    switch (SimdOfMachine()) {                                               \
      case Simd::kAvx512:                                                    \
        return name##Avx512 arguments;                                       \
      case Simd::kAvx2:                                                      \
        return name##Avx2 arguments;                                         \
      case Simd::kBaseline:                                                  \
        break;                                                               \
    }                                                                        \
    return name##Baseline arguments;                                         \
  }                                                                          \
  template <Simd kSimd>                                                      \
  result name##Body parameters
#else
#define DISPATCH_SIMD(result, name, parameters, arguments) \
  template <Simd kSimd>                                    \
  static inline result name##Body parameters;              \
  static result name parameters {                          \
    return name##Body<Simd::kBaseline> arguments;          \
  }                                                        \
  template <Simd kSimd>                                    \
  result name##Body parameters
#endif

#endif  // LENSCAP_FINGERPRINT_CPU_DISPATCH_H_
