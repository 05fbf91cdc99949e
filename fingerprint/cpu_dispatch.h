#ifndef LENSCAP_FINGERPRINT_CPU_DISPATCH_H_
#define LENSCAP_FINGERPRINT_CPU_DISPATCH_H_

// Compiles the body of a loop twice and takes the copy for AVX2 where the
// machine has it. The results are the same bit for bit: neither copy may
// contract or reorder what it computes (-ffp-contract=off).
//
//   DISPATCH_AVX2(void, Add, (float* sums, const float* row, int n),
//                 (sums, row, n)) {
//     for (int i = 0; i < n; ++i) sums[i] += row[i];
//   }
//
// The attribute target_clones would say the same, but resolves before
// ThreadSanitizer is ready for it.
#if defined(__x86_64__)
#define DISPATCH_AVX2(result, name, parameters, arguments)              \
  [[gnu::always_inline]] static inline result name##Body parameters;    \
  [[gnu::target("avx2")]] static result name##Avx2 parameters {         \
    return name##Body arguments;                                        \
  }                                                                     \
  static result name##Plain parameters { return name##Body arguments; } \
  static result name parameters {                                       \
    return __builtin_cpu_supports("avx2") ? name##Avx2 arguments        \
                                          : name##Plain arguments;      \
  }                                                                     \
  result name##Body parameters
#else
#define DISPATCH_AVX2(result, name, parameters, arguments) \
  static result name parameters
#endif

#endif  // LENSCAP_FINGERPRINT_CPU_DISPATCH_H_
