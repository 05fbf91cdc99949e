#ifndef LENSCAP_TESTS_FUZZ_MUTATIONS_H_
#define LENSCAP_TESTS_FUZZ_MUTATIONS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace lenscap {

// A file that was made wrong on purpose.
struct Mutant {
  std::string how;  // The mutations, joined by "+".
  std::string bytes;
};

// No mutant is longer.
inline constexpr size_t kMaxMutantBytes = 4 << 20;

// `file` after one to three mutations, some of which take parts of `other`.
// The same arguments give the same mutant on every machine.
Mutant Mutate(absl::string_view file, absl::string_view other, uint64_t seed);

// The names of all mutations.
std::vector<std::string> MutationNames();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_MUTATIONS_H_
