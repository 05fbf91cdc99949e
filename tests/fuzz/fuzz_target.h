#ifndef LENSCAP_TESTS_FUZZ_FUZZ_TARGET_H_
#define LENSCAP_TESTS_FUZZ_FUZZ_TARGET_H_

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

// Feeds one input; each fuzz target defines it. Returns 0, and ends the
// process where a promise is broken.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

// A promise that holds for every input.
#define FUZZ_EXPECT(promise)                                          \
  do {                                                                \
    if (!(promise)) {                                                 \
      std::fprintf(stderr, "%s:%d: broken: %s\n", __FILE__, __LINE__, \
                   #promise);                                         \
      std::abort();                                                   \
    }                                                                 \
  } while (false)

#endif  // LENSCAP_TESTS_FUZZ_FUZZ_TARGET_H_
