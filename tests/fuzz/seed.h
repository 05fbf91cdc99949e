#ifndef LENSCAP_TESTS_FUZZ_SEED_H_
#define LENSCAP_TESTS_FUZZ_SEED_H_

#include <string>
#include <vector>

namespace lenscap {

// An input that mutations start from.
struct Seed {
  std::string name;
  std::string bytes;
};

// Those of one fuzz target; its `corpus` library defines it.
std::vector<Seed> FuzzSeeds();

}  // namespace lenscap

#endif  // LENSCAP_TESTS_FUZZ_SEED_H_
